/** How fast simulated time passes while the page plays. */

/** Multiples of real time that the page offers, slow to fast; 0 stands for the automatic pace. */
export const SPEEDS: readonly number[] = [
  0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
];

/** Real time that a message takes across the stage at the automatic pace. */
const CROSSING_US = 600_000;
const SLOWEST = 0.003;
const QUIET = 0.5;

/** How many events one request of playing may make: the engine needs a frame for them, or two. */
const EVENTS_AT_ONCE = 10_000;

export interface Travel {
  readonly sentAt: number;
  readonly dueAt: number;
}

/** Slow enough to watch the messages now on their way, quick while none is. */
export function automaticPace(messages: readonly Travel[]): number {
  if (messages.length === 0) return QUIET;
  let total = 0;
  for (const message of messages) total += message.dueAt - message.sentAt;
  const mean = total / messages.length;
  return Math.max(SLOWEST, Math.min(QUIET, mean / CROSSING_US));
}

/**
 * The most time to ask of the engine at once, after it made so many events of `us` microseconds:
 * where it is slower than the speed asked for, playing is to be slower, and not to lag behind.
 */
export function nextAtOnce(atOnceUs: number, us: number, events: number): number {
  return events > EVENTS_AT_ONCE ? Math.ceil((us * EVENTS_AT_ONCE) / events) : 2 * atOnceUs;
}

/** The next speed up or down the scale, staying at its ends. */
export function neighbourSpeed(speed: number, direction: 1 | -1): number {
  const at = SPEEDS.indexOf(speed);
  const next = Math.max(0, Math.min(SPEEDS.length - 1, at + direction));
  return SPEEDS[next] ?? speed;
}

export function formatSpeed(speed: number): string {
  return `${speed}×`;
}
