/**
 * The diagram of space and time: whether it is open, how it is looked at, and the columns that it draws,
 * which are fetched from the engine as the run grows.
 */
import { batch } from "@preact/signals";
import { coveredFrom } from "../lib/bets";
import type { History } from "../lib/diagram/history";
import type { Kinds } from "../lib/diagram/sight";
import type { Engine } from "./engine";
import { type Owning, whenever } from "./state";

/** So many events are fetched at a time: the engine hears others in between. */
const AT_ONCE = 50_000;
/** While time flies new events are fetched no more often than this. */
const EVERY_MS = 100;

export class Diagram {
  /** Which run, branch and acts the columns are of. */
  private of = "";
  private isFetching = false;
  /** How columns are kept: that is loaded with what draws them. */
  private newHistory: (() => History) | undefined;

  constructor(
    private readonly state: Owning<"diagram">,
    private readonly engine: Engine,
  ) {
    whenever(
      () => {
        const { view } = state.shown;
        return state.diagram.isOpen && view ? `${this.name()} ${this.lengthInSight()}` : "";
      },
      (now) => {
        if (now !== "") void this.fetch();
      },
    );
  }

  /** It is about to be drawn, from columns that are kept so. */
  draw(newHistory: () => History): void {
    this.newHistory = newHistory;
    this.state.diagram.history ??= newHistory();
    void this.fetch();
  }

  toggle(): void {
    batch(() => {
      this.state.diagram.isOpen = !this.state.diagram.isOpen;
      this.state.diagram.seen = undefined;
    });
  }

  setCausal(isCausal: boolean): void {
    batch(() => {
      this.state.diagram.isCausal = isCausal;
      // What was in sight on one axis is somewhere else on the other.
      this.state.diagram.span = undefined;
    });
  }

  unfold(isUnfolded: boolean): void {
    batch(() => {
      this.state.diagram.isUnfolded = isUnfolded;
      this.state.diagram.span = undefined;
    });
  }

  showKinds(kinds: Kinds): void {
    this.state.diagram.kinds = kinds;
  }

  /** Hides the lane of a server, or shows it again. */
  toggleServer(id: number): void {
    const { hidden } = this.state.diagram;
    this.state.diagram.hidden = hidden.includes(id)
      ? hidden.filter((one) => one !== id)
      : [...hidden, id];
  }

  /** Shows another part of the axis; nothing stands for all of it. */
  look(span: { readonly from: number; readonly perPixel: number } | undefined): void {
    this.state.diagram.span = span;
  }

  /** What is in sight lies between these instants. */
  see(fromUs: number, toUs: number): void {
    const { seen } = this.state.diagram;
    if (seen?.fromUs === fromUs && seen.toUs === toUs) return;
    this.state.diagram.seen = { fromUs, toUs };
  }

  private name(): string {
    const { run, shown } = this.state;
    return `${run.current.id} ${shown.view?.branch}`;
  }

  /** How many events may be drawn: what is asked about is in none of them. */
  private lengthInSight(): number {
    const length = this.state.shown.view?.length ?? 0;
    return Math.min(length, coveredFrom(this.state)?.position ?? length);
  }

  private async fetch(): Promise<void> {
    if (this.isFetching || !this.newHistory) return;
    this.isFetching = true;
    try {
      await this.fetchOn(this.newHistory);
    } finally {
      this.isFetching = false;
    }
  }

  private async fetchOn(newHistory: () => History): Promise<void> {
    for (;;) {
      const { diagram, play } = this.state;
      const length = this.lengthInSight();
      // A branch may also have become shorter: what was lived through is then another one, or it is
      // asked about again.
      if (this.of !== this.name() || (diagram.history?.count ?? 0) > length) {
        const isOtherRun = !this.of.startsWith(`${this.state.run.current.id} `);
        this.of = this.name();
        batch(() => {
          if (isOtherRun) diagram.hidden = [];
          diagram.history = newHistory();
          diagram.count = 0;
          diagram.span = undefined;
        });
      }
      const { history } = diagram;
      if (!history || !diagram.isOpen || history.count >= length) return;
      const count = Math.min(AT_ONCE, length - history.count);
      const part = await this.engine.askHistory(history.count, count);
      if (!part || part.columns.at.length === 0) return;
      if (this.of !== this.name()) continue;
      history.add(part.columns, part.struck);
      diagram.count = history.count;
      if (play.playing) await new Promise((wake) => setTimeout(wake, EVERY_MS));
    }
  }
}
