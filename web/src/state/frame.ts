/** The one animation-frame scheduler: time passes first, then what moves is moved. */

export type Mover = (now: number) => void;
/** Lets `ms` of real time pass; false when nothing needs another frame. */
export type Passage = (ms: number) => boolean;

/** A frame after a hidden tab must not make up for the whole pause. */
const LONGEST_FRAME_MS = 50;

const movers = new Set<Mover>();
let requested = 0;
let last = 0;
let pass: Passage = () => false;
let clock: () => number = () => 0;

export function connect(passage: Passage, now: () => number): void {
  pass = passage;
  clock = now;
}

/** Calls `mover` at each frame until the returned function is called. */
export function onFrame(mover: Mover): () => void {
  movers.add(mover);
  return () => {
    movers.delete(mover);
  };
}

/** Moves everything to the present instant, for a page that stands still. */
export function moveAll(): void {
  const now = clock();
  for (const mover of movers) mover(now);
}

export function wake(): void {
  if (requested !== 0) return;
  last = performance.now();
  requested = requestAnimationFrame(frame);
}

function frame(at: number): void {
  const ms = Math.max(0, Math.min(LONGEST_FRAME_MS, at - last));
  last = at;
  requested = 0;
  const again = pass(ms);
  moveAll();
  if (again) requested = requestAnimationFrame(frame);
}
