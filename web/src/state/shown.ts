/** What is on show of the laboratory. `show` alone writes it: what an answer of the engine brings. */
import { batch, untracked } from "@preact/signals";
import type { Shown as Answered, Rest } from "../engine/protocol";
import type { View } from "../engine/types";
import { automaticPace } from "../lib/pace";
import type { Frame } from "./frame";
import type { Owning } from "./state";

/** While events come close together the panels show one of them so often: words need time. */
const CALM_EVERY_MS = 500;
/** An event after which nothing happens for so long stands by itself, and the panels show it at once. */
const APART_MS = 100;

export class Shown {
  /** How fast time passes at the automatic pace. */
  pace = 1;
  private driftUs = 0;
  private calmAt = 0;
  private happenedAt = 0;

  constructor(
    private readonly state: Owning<"shown">,
    private readonly frame: Frame,
  ) {}

  /** The instant on show: the View's, and what has passed since without an event. */
  nowUs(): number {
    // Whoever asks moves with time, and is not drawn again for it.
    return untracked(() => (this.state.shown.view?.now ?? 0) + this.driftUs);
  }

  /** Time has passed since the View, and nothing has happened in it. */
  setDrift(us: number): void {
    this.driftUs = us;
  }

  drift(): number {
    return this.driftUs;
  }

  /** The one writer: after this the page shows the engine's state. */
  show({ view, rest, beside }: Answered): void {
    this.driftUs = 0;
    this.pace = automaticPace(view.messages);
    if (view.position !== this.state.shown.view?.position) this.happenedAt = performance.now();
    batch(() => {
      this.state.shown.view = view;
      // Lanes are told only with all else.
      const lanes = beside?.lanes ?? this.state.shown.beside?.lanes;
      this.state.shown.beside = beside && { ...beside, lanes };
      if (rest) this.showRest(view, rest);
    });
    // What looks the same is not drawn again, yet heads and timers have moved.
    this.frame.wake();
  }

  /** Brings the panels up to date. */
  private showRest(view: View, rest: Rest): void {
    this.calmAt = performance.now();
    batch(() => {
      this.state.shown.calmView = view;
      this.state.shown.branches = rest.branches;
      this.state.shown.failures = rest.failures;
      this.state.shown.phases = rest.phases;
      this.state.shown.explanation = rest.explanation;
      this.state.shown.lanes = rest.lanes;
      this.state.shown.uses = rest.uses;
      if (rest.isAnew) this.state.shown.notes = rest.notes;
      else if (rest.notes.length > 0)
        this.state.shown.notes = [...this.state.shown.notes, ...rest.notes];
    });
  }

  /** What is to be looked at while playing: the panels go along with the stage, or rest together. */
  whilePlaying(): { readonly all: boolean; readonly unlessIdle: boolean } {
    const now = performance.now();
    const isDue = now - this.calmAt >= CALM_EVERY_MS;
    const isApart = now - this.happenedAt >= APART_MS;
    const isBehind = this.state.shown.calmView !== this.state.shown.view;
    return { all: isDue || isApart, unlessIdle: !(isDue || (isApart && isBehind)) };
  }
}
