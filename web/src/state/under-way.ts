/**
 * What takes longer than a blink: it goes on for a while at each frame, so that the page can say
 * how far it is, and whoever waits can stop it.
 */
import { signal } from "@preact/signals";

export interface Work {
  /** What it is, in the reader's words. */
  readonly name: string;
  /** Whether it changes the laboratory that is shown, so that nothing else may meanwhile. */
  readonly isHere: boolean;
  /** Goes on for some milliseconds; answers whether it is done. */
  readonly goOn: () => boolean;
  /** How many events have happened in it, and how much time has passed, in microseconds. */
  readonly soFar: () => { readonly events: number; readonly us: number };
  /** What is to be done at its end. */
  readonly done: () => void;
  /** What is to be done instead when it is stopped. */
  readonly stopped: () => void;
}

/** How far the work under way is, if any is. */
export const underWay = signal<
  { readonly name: string; readonly events: number; readonly us: number } | undefined
>(undefined);

/** Nobody notices that he has waited so long. */
const AT_ONCE_MS = 100;
/** What is left of a frame is for the page. */
const A_FRAME_MS = 40;

let work: Work | undefined;

/** Does what takes long, at once if it does not; another one that is under way is stopped. */
export function goThrough(next: Work): void {
  stop();
  work = next;
  goOn(AT_ONCE_MS);
}

/** Stops what is under way. */
export function stop(): void {
  const stopped = work;
  work = undefined;
  underWay.value = undefined;
  stopped?.stopped();
}

/** Stops what changes the laboratory that is shown: something else is about to. */
export function stopHere(): void {
  if (work?.isHere) stop();
}

function goOn(ms: number): void {
  const now = work;
  if (!now) return;
  const until = performance.now() + ms;
  let isDone = false;
  try {
    do isDone = now.goOn();
    while (!isDone && performance.now() < until);
  } finally {
    // A panic of the engine ends this as well.
    if (work === now) work = undefined;
  }
  if (isDone) {
    underWay.value = undefined;
    now.done();
    return;
  }
  work = now;
  underWay.value = { name: now.name, ...now.soFar() };
  requestAnimationFrame(() => {
    if (work === now) goOn(A_FRAME_MS);
  });
}
