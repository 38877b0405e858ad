/** What is asked of a search through every run, how it is typed, and what may come of it. */
import type {
  CheckBounds,
  CheckProgress,
  CheckRefusal,
  CheckReport,
} from "../../pkg-check/raft_check_wasm";

/** So much may happen; copies may be without a bound. */
export interface CheckForm {
  /** Whether all runs begin at the instant on show; else with an empty cluster. */
  readonly isFromHere: boolean;
  readonly servers: number;
  readonly terms: number;
  readonly commands: number;
  readonly crashes: number;
  readonly copies: number | undefined;
  readonly snapshots: number;
  readonly reads: number;
  readonly transfers: number;
  readonly changes: number;
  readonly features: readonly string[];
  readonly ablated: readonly string[];
}

/** A search: how it began, how far it is, and what came of it. */
export interface CheckJob {
  readonly id: number;
  readonly form: CheckForm;
  /** The run and the instant that it began from, if not with an empty cluster. */
  readonly from: { readonly run: string; readonly events: number } | undefined;
  readonly beganMs: number;
  readonly nowMs: number;
  readonly flags: string;
  readonly progress: CheckProgress | undefined;
  readonly end: CheckEnd | undefined;
}

export type CheckEnd =
  | { readonly kind: "over"; readonly report: CheckReport }
  | { readonly kind: "refused"; readonly refusal: CheckRefusal }
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "stopped" };

export interface Checks {
  /** What is asked for; until something was, what is usual. */
  form: CheckForm | undefined;
  jobs: readonly CheckJob[];
}

/** What is searched within a second or two: where messages arrive any number of times, states are few. */
export const USUAL_CHECK: CheckForm = {
  isFromHere: false,
  servers: 3,
  terms: 2,
  commands: 1,
  crashes: 0,
  copies: undefined,
  snapshots: 0,
  reads: 0,
  transfers: 0,
  changes: 0,
  features: [],
  ablated: [],
};

/** What can be counted, in the order in which it is asked for, and from what to what. */
export const COUNTS = [
  ["servers", 1, 5],
  ["terms", 1, 6],
  ["commands", 0, 6],
  ["crashes", 0, 4],
  ["copies", 0, 4],
  ["snapshots", 0, 3],
  ["reads", 0, 3],
  ["transfers", 0, 3],
  ["changes", 0, 3],
] as const;

export type Count = (typeof COUNTS)[number][0];

/** The features of which a search knows: those that do not depend on how much time passes. */
export const CHECKED_FEATURES = ["pre-vote", "pipelining", "no-op", "snapshot-chunks"] as const;

/** One more or one less of something; beyond the most copies there is any number of them. */
export function turned(form: CheckForm, count: Count, by: 1 | -1): CheckForm {
  const [, least, most] = COUNTS.find(([name]) => name === count) ?? [count, 0, 0];
  const now = form[count] ?? most + 1;
  const last = count === "copies" ? most + 1 : most;
  const next = Math.min(last, Math.max(least, now + by));
  return { ...form, [count]: next > most ? undefined : next };
}

/** The same for the module that searches. */
export function boundsOf(form: CheckForm, from: CheckBounds["from"]): CheckBounds {
  const { isFromHere: _, copies, features, ablated, ...counts } = form;
  return {
    ...counts,
    ...(copies === undefined ? {} : { copies }),
    ...(from ? { from } : {}),
    features: [...features],
    ablated: [...ablated],
  };
}

/** So many levels have to be there before anything is expected of the next ones. */
const LEVELS_MIN = 6;
/** So many of the last ones tell how the next ones will be. */
const LEVELS_LOOKED_AT = 6;
/** Farther than this nobody can see. */
const DEPTH_MAX = 120;

/**
 * How many states there will be at the depths that are yet to come, if the levels go on as they do: each
 * is a multiple of the one before it, and that multiple falls evenly. None while it does not fall.
 */
export function expectedLevels(levels: readonly number[]): readonly number[] {
  // The last one is not whole yet.
  const whole = levels.slice(0, -1);
  if (whole.length < LEVELS_MIN) return [];
  const steps = whole.slice(1).map((states, i) => Math.log(states / (whole[i] ?? 1)));
  const last = steps.slice(-LEVELS_LOOKED_AT);
  const middle = (last.length - 1) / 2;
  const mean = last.reduce((sum, step) => sum + step, 0) / last.length;
  const up = last.reduce((sum, step, i) => sum + (i - middle) * (step - mean), 0);
  const slope = up / last.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  if (slope >= 0) return [];
  const expected: number[] = [];
  let states = whole[whole.length - 1] ?? 1;
  for (let ahead = 1; whole.length + ahead <= DEPTH_MAX; ahead++) {
    states *= Math.exp(mean + slope * (middle + ahead));
    if (states < 1) break;
    expected.push(Math.round(states));
  }
  return expected;
}

/** A number that is only expected, in two digits. */
export function roughly(number: number): string {
  return `~ ${readable(Number(number.toPrecision(2)))}`;
}

/** A number as it is read: with its thousands apart, and in millions where it is large. */
export function readable(number: number): string {
  if (number < 1e7) return Math.round(number).toLocaleString("en-US");
  const [unit, word] = number < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return `${(number / unit).toFixed(number < 10 * unit ? 1 : 0)} ${word}`;
}
