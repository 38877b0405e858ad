/** How a laboratory is looked at: choices of the reader, of which the engine knows nothing. */
import { batch } from "@preact/signals";
import type { Look } from "../engine/protocol";
import { lang } from "../i18n";
import { roomy } from "./page";
import type { Dialog, LogWindow, Owning, Readable, Tab } from "./state";

/** A log grows while it is played: so many columns more are asked for than are drawn. */
const AHEAD = 16;

export class ViewState {
  /** The columns that the engine was last asked for. */
  private asked: LogWindow = { first: 1, columns: 0 };

  constructor(private readonly state: Owning<"viewState">) {}

  /** Chooses a server for good: what happens elsewhere does not take the panel away from it. */
  pin(id: number): void {
    batch(() => {
      this.state.viewState.chosen = id;
      this.state.viewState.pinned = true;
    });
  }

  toggleFollow(): void {
    this.state.viewState.pinned = !this.state.viewState.pinned;
  }

  /** Goes along with a server that acts. */
  follow(id: number): void {
    this.state.viewState.chosen = id;
  }

  showTab(tab: Tab): void {
    this.state.viewState.tab = tab;
  }

  spread(isSpread: boolean): void {
    this.state.viewState.spread = isSpread;
  }

  /** Opens a clause of the figure; none closes it. */
  openClause(id: string | undefined): void {
    this.state.viewState.clause = id;
  }

  open(dialog: Dialog): void {
    this.state.viewState.dialog = dialog;
  }

  closeDialog(): void {
    this.state.viewState.dialog = undefined;
  }

  scrollLog(next: LogWindow): void {
    this.state.viewState.logWindow = next;
  }

  listOnlyOfNote(only: boolean): void {
    this.state.viewState.onlyOfNote = only;
  }

  pointAt(message: number): void {
    this.state.viewState.near = message;
  }

  pointAway(message: number): void {
    if (this.state.viewState.near === message) this.state.viewState.near = undefined;
  }

  /** Another run, of so many servers: its log is seen from the beginning. */
  forgetRun(servers: number): void {
    this.asked = { ...this.asked, first: 1 };
    batch(() => {
      this.state.viewState.logWindow = { ...this.state.viewState.logWindow, first: 1 };
      if (this.state.viewState.chosen <= servers) return;
      this.state.viewState.chosen = 1;
      this.state.viewState.pinned = false;
    });
  }

  /** What of the state is in sight: all of it, or no more than the stage and the logs show. */
  lookAt(all: boolean): Look {
    const { first, columns } = this.state.viewState.logWindow;
    this.asked = { first, columns: columns + AHEAD };
    return { ...this.asked, lang: lang.peek(), all };
  }

  /** Whether the entries of these columns have been asked for. */
  isAsked({ first, columns }: LogWindow): boolean {
    const { asked } = this;
    return first >= asked.first && first + columns <= asked.first + asked.columns;
  }
}

/** The tab in truth: what has a place of its own is not shown twice. */
export function shownTab({ viewState: { tab } }: Readable): Tab {
  return roomy.value && tab === "why" ? "server" : tab;
}
