/** The one animation-frame scheduler: time passes first, then what moves is moved. */

export type Mover = (now: number) => void;

/** A frame after a hidden tab must not make up for the whole pause. */
const LONGEST_FRAME_MS = 50;

export class Frame {
  private readonly movers = new Set<Mover>();
  private requested = 0;
  private last = 0;

  /** `pass` lets `ms` of real time pass; it answers false when nothing needs another frame. */
  constructor(
    private readonly pass: (ms: number) => boolean,
    private readonly nowUs: () => number,
  ) {}

  /** Calls `mover` at each frame until the returned function is called. */
  onFrame(mover: Mover): () => void {
    this.movers.add(mover);
    return () => {
      this.movers.delete(mover);
    };
  }

  /** Has everything moved to the present instant at the next frame, and what plays go on. */
  wake(): void {
    if (this.requested !== 0) return;
    this.last = performance.now();
    this.request();
  }

  private request(): void {
    this.requested = requestAnimationFrame((at) => this.frame(at));
  }

  private frame(at: number): void {
    const ms = Math.max(0, Math.min(LONGEST_FRAME_MS, at - this.last));
    this.last = at;
    this.requested = 0;
    const again = this.pass(ms);
    const now = this.nowUs();
    for (const mover of this.movers) mover(now);
    if (again) this.request();
  }
}
