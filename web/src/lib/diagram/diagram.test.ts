import assert from "node:assert/strict";
import { test } from "node:test";
import { causalAxis, physicalAxis } from "./axis";
import { cameOf, coneOf, ledTo } from "./cone";
import { type EventColumns, FATE, History, MARK, type Struck, WHAT } from "./history";
import { arrowOf, eventAt, isShown, type Sight, struckArrow, toneOf } from "./sight";
import { firstSpan, followed, panned, zoomed } from "./span";
import { ticksOf } from "./ticks";

interface Happening {
  readonly at: number;
  readonly server?: number;
  readonly cause?: number;
  readonly from?: number;
  readonly to?: number;
  readonly what?: number;
  readonly fate?: number;
  readonly mark?: number;
  readonly said?: number;
}

const NOTHING: Struck = {
  event: new Int32Array(),
  cause: new Int32Array(),
  from: new Uint8Array(),
  to: new Uint8Array(),
  dueAt: new Float64Array(),
};

function columnsOf(all: readonly Happening[]): EventColumns {
  return {
    at: Float64Array.from(all, ({ at }) => at),
    cause: Int32Array.from(all, ({ cause }) => cause ?? -1),
    server: Uint8Array.from(all, ({ server }) => server ?? 0),
    from: Uint8Array.from(all, ({ from }) => from ?? 0),
    to: Uint8Array.from(all, ({ to }) => to ?? 0),
    what: Uint8Array.from(all, ({ what }) => what ?? 0),
    fate: Uint8Array.from(all, ({ fate }) => fate ?? FATE.taken),
    mark: Uint8Array.from(all, ({ mark }) => mark ?? MARK.none),
    said: Int32Array.from(all, ({ said }, k) => said ?? k + 1),
  };
}

function historyOf(all: readonly Happening[]): History {
  const history = new History();
  history.add(columnsOf(all), NOTHING);
  return history;
}

/** Draws numbers below `below`, the same ones every time. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Events on three servers; most come of an earlier one, as messages or timers do. */
function randomRun(seed: number, length: number): Happening[] {
  const draw = drawing(seed);
  const all: Happening[] = [];
  let at = 0;
  for (let k = 0; k < length; k++) {
    at += draw(3) * 1000;
    const cause = k > 0 && draw(4) > 0 ? k - 1 - draw(Math.min(k, 9)) : undefined;
    const from = cause === undefined ? undefined : all[cause]?.server;
    const server = draw(12) === 0 ? 0 : 1 + draw(3);
    const isMessage = from && server > 0 && from !== server;
    all.push({
      at,
      server,
      ...(cause === undefined ? {} : { cause }),
      ...(isMessage ? { from, to: server, what: WHAT.append } : {}),
    });
  }
  return all;
}

/** A leader S1 that is silent but for heartbeats between two elections, the second one a second later. */
function quietRun(): History {
  const all: Happening[] = [
    { at: 0, server: 1, what: WHAT.heartbeatTimer, mark: MARK.startsElection },
  ];
  for (let k = 0; k < 10; k++) {
    const timer = all.length;
    all.push({ at: 100_000 * (k + 1), server: 1, what: WHAT.heartbeatTimer });
    const sent = { cause: timer, from: 1, to: 2 };
    all.push({ at: 100_000 * (k + 1) + 10_000, server: 2, what: WHAT.heartbeat, ...sent });
    const answered = { cause: timer + 1, from: 2, to: 1 };
    all.push({ at: 100_000 * (k + 1) + 20_000, server: 1, what: WHAT.appended, ...answered });
  }
  all.push({ at: 1_200_000, server: 2, mark: MARK.startsElection });
  return historyOf(all);
}

const LANES = [undefined, 40, 80, 120];

function sightOf(history: History, more: Partial<Sight> = {}): Sight {
  const axis = more.axis ?? physicalAxis(history, history.at[history.count - 1] ?? 0, false);
  const cone = coneOf(history, -1, 3);
  return {
    ...{ history, axis, cone, from: 0, perPixel: 1000, width: 1200, lanes: LANES },
    ...{ kinds: "all", isFolded: false },
    ...more,
  };
}

test("past and future are Lamport's: what any chain of causes and of a server's own events reaches", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const all = randomRun(seed, 60);
    const history = historyOf(all);
    const reaches = all.map(() => new Set<number>());
    // From each event back to all before it, by both kinds of steps.
    for (const [k, { server, cause }] of all.entries()) {
      const last = server ? all.findLastIndex((one, i) => i < k && one.server === server) : -1;
      for (const before of [last, cause ?? -1].filter((one) => one >= 0)) {
        reaches[k]?.add(before);
        for (const earlier of reaches[before] ?? []) reaches[k]?.add(earlier);
      }
    }
    for (const selected of [5, 30, 59]) {
      const cone = coneOf(history, selected, 3);
      for (const [k, { server }] of all.entries()) {
        if (!server || k === selected) continue;
        const told = [ledTo(history, cone, k), cameOf(history, cone, k)];
        const is = [reaches[selected]?.has(k) ?? false, reaches[k]?.has(selected) ?? false];
        assert.deepEqual(told, is, `seed ${seed}: event ${k} of ${selected}`);
      }
    }
  }
});

test("the columns may come in any portions", () => {
  const all = randomRun(7, 700);
  const whole = historyOf(all);
  const grown = new History();
  for (let from = 0; from < all.length; from += 90)
    grown.add(columnsOf(all.slice(from, from + 90)), NOTHING);
  assert.equal(grown.count, 700);
  for (const column of ["at", "cause", "previous", "next", "effect", "depth"] as const)
    assert.deepEqual(grown[column].slice(0, 700), whole[column].slice(0, 700), column);
  assert.deepEqual(grown.blockTimes, whole.blockTimes);
});

test("a stretch in which nothing but heartbeats happens is shrunk, and says what it hides", () => {
  const history = quietRun();
  const axis = physicalAxis(history, 1_200_000, true);
  assert.equal(axis.tears.length, 1);
  const [tear] = axis.tears;
  assert.ok(tear && tear.end - tear.start < 100_000, "it is short");
  assert.ok(tear.hiddenUs > 1_000_000);
  assert.equal(tear.heartbeats, 10);
  assert.equal(physicalAxis(history, 1_200_000, false).tears.length, 0);
});

test("a heartbeat that changed something is no routine, and neither is the answer to it", () => {
  const all: Happening[] = [
    { at: 0, server: 1, what: WHAT.heartbeatTimer },
    { at: 10, server: 2, what: WHAT.heartbeat, cause: 0, from: 1, to: 2, mark: MARK.follows },
    { at: 20, server: 1, what: WHAT.appended, cause: 1, from: 2, to: 1 },
    { at: 30, server: 1, what: WHAT.heartbeatTimer },
    { at: 40, server: 2, what: WHAT.heartbeat, cause: 3, from: 1, to: 2 },
    { at: 50, server: 1, what: WHAT.appended, cause: 4, from: 2, to: 1 },
  ];
  assert.deepEqual([...historyOf(all).routine.slice(0, 6)], [1, 0, 0, 1, 1, 1]);
});

test("both axes go forward, and the physical one leads back to its instants", () => {
  const history = quietRun();
  const axis = physicalAxis(history, 1_200_000, true);
  let last = -1;
  for (let us = 0; us <= 1_200_000; us += 7_000) {
    const place = axis.at(us);
    assert.ok(place > last, `at ${us}`);
    assert.ok(Math.abs(axis.usAt(place) - us) < 1, `${us} comes back as ${axis.usAt(place)}`);
    last = place;
  }
  const random = historyOf(randomRun(3, 500));
  const causal = causalAxis(random);
  for (let k = 0; k < random.count; k++) {
    const [cause, previous] = [random.cause[k] ?? -1, random.previous[k] ?? -1];
    if (cause >= 0) assert.ok(causal.of(cause) < causal.of(k));
    if (previous >= 0) assert.ok(causal.of(previous) < causal.of(k));
  }
});

test("ticks are round, apart, and within the run", () => {
  const history = quietRun();
  for (const perPixel of [10, 700, 3000]) {
    const sight = sightOf(history, { perPixel });
    const ticks = ticksOf(sight, false);
    assert.ok(ticks.length > 0);
    for (const [i, { place }] of ticks.entries()) {
      assert.ok(place >= 0 && place <= sight.axis.extent);
      const before = ticks[i - 1];
      if (before) assert.ok((place - before.place) / perPixel >= 50);
    }
  }
});

test("a message slants from where it was sent to where it came, and is what a pointer means", () => {
  const history = historyOf([
    { at: 100_000, server: 1 },
    { at: 200_000, server: 2, cause: 0, from: 1, to: 2, what: WHAT.append },
    { at: 600_000, server: 3, what: WHAT.requestVote },
  ]);
  const sight = sightOf(history);
  assert.deepEqual(arrowOf(sight, 1), { event: 1, x0: 100, y0: 40, x1: 200, y1: 80 });
  assert.equal(eventAt(sight, 150, 60), 1, "on the arrow");
  assert.equal(eventAt(sight, 602, 118), 2, "near the event");
  assert.equal(eventAt(sight, 400, 60), undefined);
  const hidden = sightOf(history, { lanes: [undefined, 40, undefined, 120] });
  assert.equal(arrowOf(hidden, 1), undefined, "one end of it is hidden");
});

test("a message that was dropped on its way ends as far as it had come", () => {
  const history = historyOf([
    { at: 100_000, server: 1 },
    { at: 125_000 },
    { at: 700_000, server: 1 },
  ]);
  history.add(columnsOf([]), {
    event: Int32Array.of(1, 2),
    cause: Int32Array.of(0, 0),
    from: Uint8Array.of(1, 1),
    to: Uint8Array.of(2, 3),
    dueAt: Float64Array.of(200_000, 150_000),
  });
  const sight = sightOf(history);
  // A quarter of the way; the other one had come to its end and waited there.
  assert.deepEqual(struckArrow(sight, 0), { event: 1, x0: 100, y0: 40, x1: 125, y1: 50 });
  assert.deepEqual(struckArrow(sight, 1), { event: 2, x0: 100, y0: 40, x1: 700, y1: 120 });
});

test("what is asked for is shown, and what is selected always", () => {
  const history = historyOf([
    { at: 0, server: 1 },
    { at: 10, server: 2, cause: 0, from: 1, to: 2, what: WHAT.append },
    { at: 20, server: 3, cause: 0, from: 1, to: 3, what: WHAT.requestVote },
  ]);
  const shown = (more: Partial<Sight>) => [1, 2].map((k) => isShown(sightOf(history, more), k));
  assert.deepEqual(shown({}), [true, true]);
  assert.deepEqual(shown({ kinds: "elections" }), [false, true]);
  assert.deepEqual(shown({ kinds: "replication" }), [true, false]);
  const cone = coneOf(history, 1, 3);
  assert.deepEqual(shown({ kinds: "elections", cone }), [true, true]);
  assert.equal(toneOf(sightOf(history, { cone }), 1), "led");
  assert.equal(toneOf(sightOf(history, { cone }), 2), "neither");
});

test("zooming keeps what is under the pointer, and neither zooming nor moving leaves the run", () => {
  const axis = physicalAxis(quietRun(), 1_200_000, false);
  const span = { from: 100_000, perPixel: 500 };
  const near = zoomed(span, 0.5, 300, axis, 1000);
  assert.equal(near.from + 300 * near.perPixel, span.from + 300 * span.perPixel);
  const far = zoomed(span, 1e9, 300, axis, 1000);
  assert.ok(far.perPixel <= 1_220);
  assert.ok(panned(span, 1e9, axis, 1000).from < axis.extent);
  assert.ok(panned(span, -1e9, axis, 1000).from <= 0);
});

test("the present is followed when it leaves what is in sight, and only then", () => {
  const span = { from: 0, perPixel: 100 };
  assert.equal(followed(span, 50_000, 1000), span);
  const next = followed(span, 99_000, 1000);
  assert.ok(next.from > 0 && next.from < 10_000, "it goes on at the edge");
  const leap = followed(span, 900_000, 1000);
  assert.equal(leap.from, 900_000 - 50_000, "after a leap it is in the middle");
});

test("of a message that came twice the second one is doubled, and others of its event are not", () => {
  const message = { from: 1, cause: 0, what: WHAT.append };
  const history = historyOf([
    { at: 0, server: 1, what: 20 },
    { ...message, at: 10, server: 2, to: 2, said: 7 },
    { ...message, at: 11, server: 3, to: 3, said: 7 },
    { ...message, at: 12, server: 2, to: 2, said: 8 },
    { ...message, at: 30, server: 2, to: 2, said: 7 },
  ]);
  assert.deepEqual([...history.doubled.slice(0, 5)], [0, 0, 0, 0, 1]);
});

test("a narrow diagram begins with fewer journeys, each wide enough to be told apart", () => {
  const history = historyOf(randomRun(3, 4000));
  const axis = physicalAxis(history, history.at[3999] ?? 0, false);
  const [narrow, wide] = [300, 1400].map((width) => firstSpan(axis, 0, 1, width, false).perPixel);
  assert.ok(narrow !== undefined && narrow <= 1 / 12 + 1e-9, `${narrow}`);
  assert.ok(wide !== undefined && wide <= narrow, `${wide}`);
});

test("an axis of many tears still says when", () => {
  const all = Array.from({ length: 400 }, (_, i) => ({
    at: i * 1e6,
    server: 1,
    what: 20,
    mark: 10,
  }));
  const history = historyOf(all);
  const axis = physicalAxis(history, 400e6, true);
  assert.ok(axis.tears.length > 300);
  const sight = sightOf(history, { axis, perPixel: axis.extent / 1000 });
  const ticks = ticksOf(sight, false);
  assert.ok(ticks.length >= 4, `${ticks.length}`);
  const places = ticks.map(({ place }) => place);
  assert.deepEqual(
    [...places].sort((one, other) => one - other),
    places,
  );
});

test("a block that is narrower than a mark tells of its marks by lane", () => {
  const all = Array.from({ length: 600 }, (_, i) => ({
    at: i,
    server: 1 + (i % 2),
    mark: i === 300 ? MARK.crash : MARK.none,
  }));
  const history = historyOf(all);
  const isMarked = (block: number, lane: number): boolean =>
    ((history.blockMarks[10 * block + lane] ?? 0) & (1 << MARK.crash)) !== 0;
  assert.deepEqual([isMarked(0, 1), isMarked(1, 1), isMarked(1, 2)], [false, true, false]);
});
