/** How a laboratory is looked at: choices of the reader, of which the engine knows nothing. */
import { batch, computed, signal } from "@preact/signals";
import type { Look } from "../engine/protocol";
import { lang } from "../i18n";
import { roomy } from "./page";

export type Tab = "server" | "events" | "why";
export type Dialog = "help" | "playbooks" | "newRun";

/** A log grows while it is played: so many columns more are asked for than are drawn. */
const AHEAD = 16;

/** Columns of the log: the first one's index, and how many. */
export interface LogWindow {
  readonly first: number;
  readonly columns: number;
}

export class ViewState {
  /** The server whose state the panel shows, and that the keys act on. */
  readonly chosen = signal(1);
  /** Whether it is the reader's choice; else it is the server that acted last. */
  readonly pinned = signal(false);
  readonly tab = signal<Tab>("server");
  /** The tab in truth: what has a place of its own is not shown twice. */
  readonly shownTab = computed<Tab>(() => {
    return roomy.value && this.tab.value === "why" ? "server" : this.tab.value;
  });
  readonly dialog = signal<Dialog | undefined>(undefined);
  /** The columns of the log that are in sight. */
  readonly logWindow = signal<LogWindow>({ first: 1, columns: 24 });
  private asked: LogWindow = { first: 1, columns: 0 };
  /** Whether only events of note are listed: most others are heartbeats. */
  readonly onlyOfNote = signal(false);
  /** The message that is pointed at or has the focus: its arrow and its label stand out together. */
  readonly near = signal<number | undefined>(undefined);

  /** Chooses a server for good: what happens elsewhere does not take the panel away from it. */
  pin(id: number): void {
    batch(() => {
      this.chosen.value = id;
      this.pinned.value = true;
    });
  }

  toggleFollow(): void {
    this.pinned.value = !this.pinned.peek();
  }

  /** Goes along with a server that acts. */
  follow(id: number): void {
    this.chosen.value = id;
  }

  showTab(tab: Tab): void {
    this.tab.value = tab;
  }

  open(dialog: Dialog): void {
    this.dialog.value = dialog;
  }

  closeDialog(): void {
    this.dialog.value = undefined;
  }

  scrollLog(next: LogWindow): void {
    this.logWindow.value = next;
  }

  listOnlyOfNote(only: boolean): void {
    this.onlyOfNote.value = only;
  }

  pointAt(message: number): void {
    this.near.value = message;
  }

  pointAway(message: number): void {
    if (this.near.peek() === message) this.near.value = undefined;
  }

  /** Another run, of so many servers: its log is seen from the beginning. */
  forgetRun(servers: number): void {
    this.asked = { ...this.asked, first: 1 };
    batch(() => {
      this.logWindow.value = { ...this.logWindow.peek(), first: 1 };
      if (this.chosen.peek() <= servers) return;
      this.chosen.value = 1;
      this.pinned.value = false;
    });
  }

  /** What of the state is in sight: all of it, or no more than the stage and the logs show. */
  lookAt(all: boolean): Look {
    const { first, columns } = this.logWindow.peek();
    this.asked = { first, columns: columns + AHEAD };
    return { ...this.asked, lang: lang.peek(), all };
  }

  /** Whether the entries of these columns have been asked for. */
  isAsked({ first, columns }: LogWindow): boolean {
    const { asked } = this;
    return first >= asked.first && first + columns <= asked.first + asked.columns;
  }
}
