import assert from "node:assert/strict";
import test from "node:test";
import {
  after,
  andMore,
  type Dials,
  linesOf,
  NOTHING_FOUND,
  PRESETS,
  RECOMMENDED,
  STOPS,
  sharesAt,
  USUAL,
  verdictOf,
} from "./dials";

const found = (ms: readonly number[], split: number, endless = 0) =>
  andMore(
    NOTHING_FOUND,
    Float64Array.from([...ms.map((one) => one * 1000), ...Array<number>(endless).fill(-1)]),
    Uint8Array.from([...ms, ...Array<number>(endless).fill(0)].map((_, i) => (i < split ? 1 : 0))),
  );

test("only what is not as usual is written", () => {
  assert.deepEqual(linesOf(USUAL), { header: [], actions: [] });
  const dials: Dials = { election: [150, 150], heartbeat: 75, latency: [5, 10], loss: 5 };
  assert.deepEqual(linesOf(dials), {
    header: ["election 150ms", "heartbeat 75ms"],
    actions: ["latency 5ms..10ms", "loss 5%"],
  });
});

test("every preset is where its dials can stand", () => {
  for (const { id, dials } of PRESETS) {
    const { election, heartbeat, latency, loss } = dials;
    const has = (stops: readonly number[], value: number): void =>
      assert.ok(stops.includes(value), `${id} ${value}`);
    for (const one of [...election, ...RECOMMENDED]) has(STOPS.election, one);
    for (const one of latency) has(STOPS.latency, one);
    has(STOPS.heartbeat, heartbeat);
    has(STOPS.loss, loss);
  }
});

test("what was found is counted with what had no end", () => {
  const some = found([30, 10, 20], 1, 1);
  assert.deepEqual(some, { ms: [10, 20, 30], count: 4, deposed: 0, split: 1, splitSeed: 1 });
  // The seeds go on where they ended, whatever became of the leaders.
  const more = andMore(some, Float64Array.of(-1, -2, 40_000), Uint8Array.of(0, 0, 1));
  assert.deepEqual(more, { ms: [10, 20, 30, 40], count: 6, deposed: 1, split: 2, splitSeed: 1 });
  assert.equal(after(some, 0.5), 20);
  assert.equal(after(some, 0.99), undefined);
  assert.deepEqual(sharesAt(some, [5, 10, 25, 99]), [0, 0.25, 0.5, 0.75]);
  assert.deepEqual(sharesAt(NOTHING_FOUND, [1]), [null]);
});

test("the verdict names the heaviest trouble", () => {
  const many = Array.from({ length: 98 }, (_, i) => i);
  const dials: Dials = { election: [150, 300], heartbeat: 75, latency: [5, 10], loss: 0 };
  assert.deepEqual(verdictOf(dials, found(many, 2)), { kind: "fine" });
  assert.deepEqual(verdictOf(dials, found(many, 14)), { kind: "splits", oneIn: 7 });
  assert.deepEqual(verdictOf(dials, found(many, 50, 10)), {
    kind: "endless",
    endless: 10,
    count: 108,
  });
  assert.deepEqual(verdictOf({ ...dials, heartbeat: 150 }, found(many, 0)), { kind: "deposes" });
  const deposed = andMore(
    found(many, 0),
    Float64Array.from(Array(20).fill(-2)),
    new Uint8Array(20),
  );
  assert.deepEqual(verdictOf(dials, deposed), { kind: "deposes" });
});
