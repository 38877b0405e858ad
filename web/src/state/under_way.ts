/**
 * What takes longer than a blink: it goes on for a while at each frame, so that the page can say
 * how far it is, and whoever waits can stop it.
 */
import { signal } from "@preact/signals";

export interface Work {
  /** What it is, in the reader's words. */
  readonly name: string;
  /** Whether it changes the laboratory that is shown, so that nothing else may meanwhile. */
  readonly is_here: boolean;
  /** Goes on for some milliseconds; answers whether it is done. */
  readonly go_on: () => boolean;
  /** How many events have happened in it, and how much time has passed, in microseconds. */
  readonly so_far: () => { readonly events: number; readonly us: number };
  /** What is to be done at its end. */
  readonly done: () => void;
  /** What is to be done instead when it is stopped. */
  readonly stopped: () => void;
}

/** How far the work under way is, if any is. */
export const under_way = signal<
  { readonly name: string; readonly events: number; readonly us: number } | undefined
>(undefined);

/** Nobody notices that he has waited so long. */
const AT_ONCE_MS = 100;
/** What is left of a frame is for the page. */
const A_FRAME_MS = 40;

let work: Work | undefined;

/** Does what takes long, at once if it does not; another one that is under way is stopped. */
export function go_through(next: Work): void {
  stop();
  work = next;
  go_on(AT_ONCE_MS);
}

/** Stops what is under way. */
export function stop(): void {
  const stopped = work;
  work = undefined;
  under_way.value = undefined;
  stopped?.stopped();
}

/** Stops what changes the laboratory that is shown: something else is about to. */
export function stop_here(): void {
  if (work?.is_here) stop();
}

function go_on(ms: number): void {
  const now = work;
  if (!now) return;
  const until = performance.now() + ms;
  let is_done = false;
  try {
    do is_done = now.go_on();
    while (!is_done && performance.now() < until);
  } finally {
    // A panic of the engine ends this as well.
    if (work === now) work = undefined;
  }
  if (is_done) {
    under_way.value = undefined;
    now.done();
    return;
  }
  work = now;
  under_way.value = { name: now.name, ...now.so_far() };
  requestAnimationFrame(() => {
    if (work === now) go_on(A_FRAME_MS);
  });
}
