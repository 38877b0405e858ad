/**
 * What can be turned before a run begins: how long servers wait for a leader, how often it is heard of,
 * and what the network does meanwhile. Times are milliseconds.
 */

export type Range = readonly [from: number, to: number];

export interface Dials {
  readonly election: Range;
  readonly heartbeat: number;
  /** One way. */
  readonly latency: Range;
  /** Of a hundred messages. */
  readonly loss: number;
}

/** How a cluster is of which a header says nothing. */
export const USUAL: Dials = {
  election: [500, 1000],
  heartbeat: 100,
  latency: [10, 15],
  loss: 0,
};

/** The values that each dial can have. */
export const STOPS = {
  election: [
    10, 12, 15, 20, 24, 30, 40, 50, 75, 100, 125, 150, 155, 175, 200, 250, 300, 400, 500, 600, 750,
    1000, 1500, 2000,
  ],
  heartbeat: [5, 6, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500],
  latency: [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200],
  loss: [0, 1, 2, 5, 10, 20, 30, 50],
} as const;

/** Settings that others have published. */
export const PRESETS: readonly { readonly id: Preset; readonly dials: Dials }[] = [
  { id: "usual", dials: USUAL },
  // §9.3 of the paper: heartbeats at half of the shortest timeout.
  { id: "paper", dials: { election: [150, 300], heartbeat: 75, latency: [5, 10], loss: 0 } },
  { id: "scope", dials: { election: [100, 200], heartbeat: 50, latency: [10, 15], loss: 0 } },
  // §9.4 of the dissertation.
  { id: "wide", dials: { election: [300, 600], heartbeat: 150, latency: [30, 40], loss: 0 } },
];
export type Preset = "usual" | "paper" | "scope" | "wide";

/** What the authors of the paper recommend (§9.3). */
export const RECOMMENDED: Range = [150, 300];

/** How long clusters were without a leader, in ms, as Figure 16 of the paper has it: 10, 50, 90 and 99 %. */
export const FIGURE_16: readonly {
  readonly election: Range;
  readonly ms: readonly [number, number, number, number];
}[] = [
  { election: [12, 24], ms: [20, 30, 53, 87] },
  { election: [50, 100], ms: [48, 67, 96, 169] },
  { election: [150, 155], ms: [119, 287, 609, 1242] },
  { election: [150, 200], ms: [111, 147, 194, 352] },
  { election: [150, 300], ms: [125, 171, 244, 415] },
];
export const FIGURE_16_SHARES = [0.1, 0.5, 0.9, 0.99] as const;

export function isSameRange(one: Range, other: Range): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

function between([from, to]: Range): string {
  return from === to ? `${from}ms` : `${from}ms..${to}ms`;
}

/** What a playbook says of these dials, where it is not as usual. */
export function linesOf({ election, heartbeat, latency, loss }: Dials): {
  readonly header: readonly string[];
  readonly actions: readonly string[];
} {
  const header: string[] = [];
  const actions: string[] = [];
  if (!isSameRange(election, USUAL.election)) header.push(`election ${between(election)}`);
  if (heartbeat !== USUAL.heartbeat) header.push(`heartbeat ${heartbeat}ms`);
  if (!isSameRange(latency, USUAL.latency)) actions.push(`latency ${between(latency)}`);
  if (loss !== USUAL.loss) actions.push(`loss ${loss}%`);
  return { header, actions };
}

/** What was found in some elections after a crash. */
export interface Found {
  /** How long each took, in ms, the shortest first; those that had no end are missing. */
  readonly ms: readonly number[];
  /** How many leaders crashed. */
  readonly count: number;
  /** How many were deposed before they could. */
  readonly deposed: number;
  /** In how many nobody had a majority at first. */
  readonly split: number;
  /** The seed of the first of those; 0 for none. */
  readonly splitSeed: number;
}

export const NOTHING_FOUND: Found = { ms: [], count: 0, deposed: 0, split: 0, splitSeed: 0 };

/** How the engine says that a leader was deposed before it could crash. */
const DEPOSED = -2;

/** How many were played: with the seeds 1, 2, 3 and so on. */
export function playedOf({ count, deposed }: Found): number {
  return count + deposed;
}

/** That, and what was found in some more. */
export function andMore(found: Found, leaderless: Float64Array, split: Uint8Array): Found {
  const first = split.indexOf(1);
  const deposed = leaderless.filter((us) => us === DEPOSED).length;
  const more = [...leaderless].filter((us) => us >= 0).map((us) => us / 1000);
  return {
    ms: [...found.ms, ...more].sort((a, b) => a - b),
    count: found.count + leaderless.length - deposed,
    deposed: found.deposed + deposed,
    split: found.split + split.reduce((sum, one) => sum + one, 0),
    splitSeed: found.splitSeed || (first < 0 ? 0 : playedOf(found) + 1 + first),
  };
}

/** After how many ms such a share of the elections was over; nothing if never. */
export function after({ ms, count }: Found, share: number): number | undefined {
  return ms[Math.max(0, Math.ceil(share * count) - 1)];
}

/** What is wrong with some dials, or good to know of them, in the order of its weight. */
export type Verdict =
  | { readonly kind: "deposes" }
  | { readonly kind: "endless"; readonly endless: number; readonly count: number }
  | { readonly kind: "splits"; readonly oneIn: number }
  | { readonly kind: "fine" };

/** More than one election in so many without a winner is worth a warning. */
const OFTEN = 10;

export function verdictOf({ election, heartbeat, latency }: Dials, found: Found): Verdict {
  const isDeposed = found.deposed * 10 > playedOf(found);
  if (isDeposed || heartbeat + latency[1] > election[0]) return { kind: "deposes" };
  const endless = found.count - found.ms.length;
  if (endless * 50 > found.count) return { kind: "endless", endless, count: found.count };
  const oneIn = oneInOf(found);
  return oneIn <= OFTEN ? { kind: "splits", oneIn } : { kind: "fine" };
}

/** One election in so many has no winner at first; infinity if none. */
export function oneInOf({ count, split }: Found): number {
  return split === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(count / split));
}

/** The curve of what was found: at each of these instants, the share of elections that were over. */
export function sharesAt(found: Found, instants: readonly number[]): (number | null)[] {
  if (found.count === 0) return instants.map(() => null);
  let over = 0;
  return instants.map((instant) => {
    while (over < found.ms.length && (found.ms[over] ?? 0) <= instant) over++;
    return over / found.count;
  });
}
