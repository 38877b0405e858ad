/** The laboratory as a part of another page: what it was asked to be, and whose the keys are. */
import type { Embed as Asked } from "../lib/embed";
import type { Place } from "../lib/phases";
import type { Owning } from "./state";

/** What else the page around may have to do with has no room, or no keys, in a frame. */
const KEYS = [" ", "ArrowLeft", "ArrowRight", "n", "N", "[", "]", "Home", "End"];

export class Embed {
  constructor(private readonly state: Owning<"embed">) {}

  get asked(): Asked | undefined {
    return this.state.embed.asked;
  }

  /** The engine is wanted: at once, or by the first click. */
  wake(): void {
    this.state.embed.isWanted = true;
  }

  /** It shows what it was asked to show. */
  begin(): void {
    this.state.embed.isBegun = true;
  }

  /** It ends here, as far as its readers are concerned. */
  endAt(end: Place): void {
    this.state.embed.end = end;
  }

  /** Somebody has clicked into it: the keys are meant for it. */
  enter(): void {
    this.state.embed.keys = "ours";
  }

  /** The keys are those of the page around again. */
  leave(): void {
    this.state.embed.keys = "given back";
  }

  /** Whether a key is for this laboratory: not before a click, and none that it has no use for. */
  hears(key: string): boolean {
    if (!this.asked) return true;
    return this.state.embed.keys === "ours" && (KEYS.includes(key) || /^[1-9]$/.test(key));
  }
}
