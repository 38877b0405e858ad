/** What takes longer than a blink: how far it is. It can be stopped: see `engine.ts`. */
import { signal } from "@preact/signals";
import type { Progress } from "../engine/protocol";

export interface UnderWay extends Progress {
  /** What it is, in the reader's words. */
  readonly name: string;
}

/** How far the work under way is, if any is. */
export const underWay = signal<UnderWay | undefined>(undefined);
