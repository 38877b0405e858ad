/** What is on show of the laboratory. `show` alone writes it: what an answer of the engine brings. */
import { batch, signal } from "@preact/signals";
import type { Shown as Answered, Note, Rest } from "../engine/protocol";
import type { BranchView, Explanation, FailureView, PhaseView, View } from "../engine/types";
import { automaticPace } from "../lib/pace";
import type { Frame } from "./frame";

/** Words that change more often than this cannot be read. */
const CALM_EVERY_MS = 500;

export class Shown {
  /** What the stage and the logs show. */
  readonly view = signal<View | undefined>(undefined);
  /** What the panels show: the same, but taken less often while time flies. */
  readonly calmView = signal<View | undefined>(undefined);
  /** What can be said of the last event. */
  readonly explanation = signal<Explanation | undefined>(undefined);
  readonly phases = signal<readonly PhaseView[]>([]);
  readonly branches = signal<readonly BranchView[]>([]);
  /** What is not as the playbook expects. */
  readonly failures = signal<readonly FailureView[]>([]);
  readonly notes = signal<readonly Note[]>([]);
  /** How fast time passes at the automatic pace. */
  pace = 1;
  private driftUs = 0;
  private calmAt = 0;

  constructor(private readonly frame: Frame) {}

  /** The instant on show: the View's, and what has passed since without an event. */
  nowUs(): number {
    return (this.view.peek()?.now ?? 0) + this.driftUs;
  }

  /** Time has passed since the View, and nothing has happened in it. */
  setDrift(us: number): void {
    this.driftUs = us;
  }

  drift(): number {
    return this.driftUs;
  }

  /** The one writer: after this the page shows the engine's state. */
  show({ view, rest }: Answered): void {
    this.driftUs = 0;
    this.pace = automaticPace(view.messages);
    batch(() => {
      this.view.value = view;
      if (rest) this.showRest(view, rest);
    });
    // What looks the same is not drawn again, yet heads and timers have moved.
    this.frame.wake();
  }

  /** Brings the panels up to date. */
  showRest(view: View, rest: Rest): void {
    this.calmAt = performance.now();
    batch(() => {
      this.calmView.value = view;
      this.branches.value = rest.branches;
      this.failures.value = rest.failures;
      this.phases.value = rest.phases;
      this.explanation.value = rest.explanation;
      if (rest.isAnew) this.notes.value = rest.notes;
      else if (rest.notes.length > 0) this.notes.value = [...this.notes.peek(), ...rest.notes];
    });
  }

  isCalmTime(): boolean {
    return performance.now() - this.calmAt >= CALM_EVERY_MS;
  }
}
