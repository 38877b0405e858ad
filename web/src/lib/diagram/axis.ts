/**
 * The two axes of the diagram. In physical time a message slants by how long it travelled, and stretches in
 * which nothing but routine happens are shrunk; in causal time an event stands one step after the last
 * of those that had to happen before it, however long that took.
 */
import { BLOCK, type Extent, type History } from "./history";

/** A stretch that is shrunk: where it is drawn, how much it hides, and how many heartbeats. */
export interface Tear {
  readonly start: number;
  readonly end: number;
  readonly hiddenUs: number;
  readonly heartbeats: number;
}

export interface Axis {
  /** Where it ends. */
  readonly extent: number;
  readonly tears: readonly Tear[];
  /** Where event `k` stands, and where the message began that ended in it. */
  of(k: number): number;
  startOf(k: number): number;
  /** Where an instant is, and which instant is at a place. */
  at(us: number): number;
  usAt(place: number): number;
  /** The extent of each block of events. */
  readonly blocks: readonly Extent[];
}

/** A stretch of physical time that is drawn true to scale. */
interface Kept extends Extent {
  /** Where it is drawn. */
  place: number;
}

/** Around an event and a message so much is drawn, in times that a message usually travels. */
const PAD = 1.5;
/** What is longer than this is shrunk to the length below, in the same measure. */
const LONGEST = 12;
const SHRUNK = 4;

/** Physical time up to `endUs`; whole if nothing is to be shrunk. */
export function physicalAxis(history: History, endUs: number, isShrunk: boolean): Axis {
  const kept = isShrunk ? keptOf(history, endUs) : [{ start: 0, end: endUs, place: 0 }];
  const last = kept.at(-1) ?? { start: 0, end: endUs, place: 0 };
  const shrunk = SHRUNK * history.travelUs;
  const place = (us: number): number => {
    const number = lastWhere(kept, ({ start }) => start <= us);
    const span = kept[number] ?? last;
    const next = kept[number + 1];
    const inside = us - span.start;
    const length = span.end - span.start;
    if (inside <= length || !next) return span.place + inside;
    return span.place + length + (shrunk * (inside - length)) / (next.start - span.end);
  };
  return {
    extent: last.place + last.end - last.start,
    tears: tearsBetween(history, kept),
    of: (k) => place(history.at[k] ?? 0),
    startOf: (k) => place(history.startedAt(k)),
    at: place,
    usAt: (to) => {
      const number = lastWhere(kept, (span) => span.place <= to);
      const span = kept[number] ?? last;
      const inside = to - span.place;
      const length = span.end - span.start;
      const next = kept[number + 1];
      if (inside <= length || !next) return span.start + inside;
      return span.end + ((inside - length) * (next.start - span.end)) / shrunk;
    },
    blocks: history.blockTimes.map(({ start, end }) => ({ start: place(start), end: place(end) })),
  };
}

/** Causal time. */
export function causalAxis(history: History): Axis {
  const of = (k: number): number => history.depth[k] ?? 0;
  const deepest = history.blockDepths.reduce((most, { end }) => Math.max(most, end), 0);
  return {
    extent: deepest + 1,
    tears: [],
    of,
    startOf: (k) => (history.isArrow(k) ? of(history.cause[k] ?? k) : of(k)),
    at: (us) => of(history.countUntil(us) - 1),
    usAt: (place) => {
      const number = history.blockDepths.findIndex(({ end }) => end >= place);
      for (let k = Math.max(0, number) * BLOCK; k < history.count; k++)
        if (of(k) >= place) return history.at[k] ?? 0;
      return history.at[history.count - 1] ?? 0;
    },
    blocks: history.blockDepths,
  };
}

/** The stretches in which something happens that is no routine, with some room around them. */
function keptOf(history: History, endUs: number): Kept[] {
  const [pad, longest] = [PAD * history.travelUs, LONGEST * history.travelUs];
  const kept: Kept[] = [{ start: 0, end: Math.min(pad, endUs), place: 0 }];
  const keep = (from: number, to: number): void => {
    let [start, end] = [from, to];
    // A message that was long on its way reaches back over what has been kept since.
    for (let last = kept.at(-1); last && last.end + longest >= start; last = kept.at(-1)) {
      start = Math.min(start, last.start);
      end = Math.max(end, last.end);
      kept.pop();
    }
    kept.push({ start, end, place: 0 });
  };
  for (let k = 0; k < history.count; k++) {
    if (history.routine[k] === 1) continue;
    keep(Math.max(0, history.startedAt(k) - pad), Math.min(endUs, (history.at[k] ?? 0) + pad));
  }
  keep(Math.max(0, endUs - pad), endUs);
  let place = 0;
  for (const span of kept) {
    span.place = place;
    place += span.end - span.start + SHRUNK * history.travelUs;
  }
  return kept;
}

function tearsBetween(history: History, kept: readonly Kept[]): Tear[] {
  return kept.slice(1).map((next, i) => {
    const last = kept[i] ?? next;
    return {
      start: last.place + last.end - last.start,
      end: next.place,
      hiddenUs: next.start - last.end,
      heartbeats: history.beatsUntil(next.start) - history.beatsUntil(last.end),
    };
  });
}

/** The last place at which `is` is true, of places of which it is true up to somewhere; at least 0. */
function lastWhere<T>(all: readonly T[], is: (one: T) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = all[middle];
    if (one !== undefined && is(one)) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
