/** How a laboratory is looked at: choices of the reader, of which the engine knows nothing. */
import { batch } from "@preact/signals";
import type { Look } from "../engine/protocol";
import type { View } from "../engine/types";
import { lang } from "../i18n";
import { type Arrows, isCrowd } from "../lib/crowd";
import { recall, remember } from "../lib/memory";
import { isSameShape, shapeOf } from "../lib/shape";
import type { Dialog, LogWindow, Owning, Pane, Panes, Readable, Spread, Tab } from "./state";

/** A log grows while it is played: so many columns more are asked for than are drawn. */
const AHEAD = 16;

export class ViewState {
  /** The columns in sight, by the side on which they are. */
  private readonly windows = new Map<string, LogWindow>();
  /** The columns that the engine was last asked for. */
  private asked: LogWindow = { first: 1, columns: 0 };

  /** Sizes of panes last for the next visit where the laboratory owns the page. */
  constructor(
    private readonly state: Owning<"viewState">,
    private readonly isLasting: boolean,
  ) {
    if (isLasting) state.viewState.panes = panesOf(recall("panes") ?? "{}");
  }

  present(presenting: boolean): void {
    this.state.viewState.presenting = presenting;
  }

  /** The laboratory has this size. */
  fit(width: number, height: number): void {
    const shape = shapeOf(width, height);
    if (!isSameShape(shape, this.state.viewState.shape)) this.state.viewState.shape = shape;
  }

  /** Gives a pane a share of the laboratory, in percent; or its own size again. */
  resize(pane: Pane, share: number | undefined): void {
    this.state.viewState.panes = { ...this.state.viewState.panes, [pane]: share };
    if (this.isLasting) remember("panes", JSON.stringify(this.state.viewState.panes));
  }

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

  spread(spread: Spread | undefined): void {
    this.state.viewState.spread = spread;
  }

  /** Opens a clause of the figure; none closes it. */
  openClause(id: string | undefined): void {
    if (id !== undefined) this.enter();
    this.state.viewState.clause = id;
  }

  /** The run is gone through to be drawn, or no longer. */
  tour(touring: boolean): void {
    this.state.viewState.touring = touring;
  }

  open(dialog: Dialog): void {
    this.state.viewState.dialog = dialog;
  }

  closeDialog(): void {
    this.state.viewState.dialog = undefined;
  }

  /** These columns are in sight: of two branches beside each other, in the logs of this side. */
  scrollLog(next: LogWindow, side: string): void {
    if (this.state.compare.other === undefined) this.windows.clear();
    this.windows.set(side, next);
    const all = [...this.windows.values()];
    const first = Math.min(...all.map((one) => one.first));
    const columns = Math.max(...all.map((one) => one.first + one.columns)) - first;
    const old = this.state.viewState.logWindow;
    if (old.first !== first || old.columns !== columns)
      this.state.viewState.logWindow = { first, columns };
  }

  /** Keeps an index of the logs unfolded. */
  askAbout(index: number): void {
    this.state.viewState.askedIndex = index;
  }

  listOnlyOfNote(only: boolean): void {
    this.state.viewState.onlyOfNote = only;
  }

  /** Lights what speaks of these, wherever it is shown. */
  light(words: readonly string[]): void {
    if (words.join(" ") !== this.state.viewState.lit.join(" ")) this.state.viewState.lit = words;
  }

  drawArrows(arrows: Arrows): void {
    this.state.viewState.arrows = arrows;
  }

  pointAt(message: number): void {
    this.state.viewState.near = message;
  }

  pointAway(message: number): void {
    if (this.state.viewState.near === message) this.state.viewState.near = undefined;
  }

  /** Puts the doors away that a first visit begins with. */
  enter(): void {
    this.state.viewState.welcoming = false;
  }

  /** Another run, of so many servers: its log is seen from the beginning. */
  forgetRun(servers: number, welcoming: boolean): void {
    this.asked = { ...this.asked, first: 1 };
    batch(() => {
      this.state.viewState.welcoming = welcoming;
      this.state.viewState.logWindow = { ...this.state.viewState.logWindow, first: 1 };
      this.state.viewState.askedIndex = 0;
      if (this.state.viewState.chosen <= servers) return;
      this.state.viewState.chosen = 1;
      this.state.viewState.pinned = false;
    });
  }

  /** What of the state is in sight: all of it, or no more than the stage and the logs show. */
  lookAt(all: boolean): Look {
    const { first, columns } = this.state.viewState.logWindow;
    this.asked = { first, columns: columns + AHEAD };
    const beside = this.state.compare.other;
    return { ...this.asked, lang: lang.peek(), all, beside };
  }

  /** Whether the entries of these columns have been asked for. */
  isAsked({ first, columns }: LogWindow): boolean {
    const { asked } = this;
    return first >= asked.first && first + columns <= asked.first + asked.columns;
  }
}

function panesOf(kept: string): Panes {
  try {
    const found: Record<string, unknown> = JSON.parse(kept);
    const shareOf = (pane: Pane): number | undefined => {
      const share = Number(found[pane]);
      return share > 0 && share < 100 ? share : undefined;
    };
    return { stage: shareOf("stage"), narrator: shareOf("narrator"), logs: shareOf("logs") };
  } catch {
    return {};
  }
}

/** How much larger the stage and the logs are drawn for a room that looks at them. */
export function presentedScale({ viewState: { presenting, shape }, compare }: Readable): number {
  // Of two branches each has half of the room.
  return presenting && shape.roomy && compare.other === undefined ? 1.5 : 1;
}

/** How much of what travels is drawn. */
export function arrowsOf({ viewState: { arrows } }: Readable, view: View): Arrows {
  return arrows ?? (isCrowd(view.servers.length) ? "context" : "all");
}

/** The tab in truth: what has a place of its own is not shown twice. */
export function shownTab({ build, viewState: { tab, shape } }: Readable): Tab {
  if (tab === "actions" && !build.view) return "server";
  return shape.hasNarrator && tab === "why" ? "server" : tab;
}
