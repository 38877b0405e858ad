/** What is written in the command line, what it may become, and what was written there before. */
import { batch } from "@preact/signals";
import type { Lang, PhraseView } from "../engine/types";
import { lang } from "../i18n";
import { offersFor } from "../lib/complete";
import { recall, remember } from "../lib/memory";
import { logLine, logLines } from "../lib/typed-logs";
import type { Engine } from "./engine";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";
import type { ViewState } from "./view-state";

const REMEMBERED = 50;
const KEPT = "commands";

export class Command {
  private readonly phrases = new Map<Lang, readonly PhraseView[]>();
  /** What was written before, also at earlier visits; the last line last. */
  private readonly history: string[];
  private recalled = 0;
  /** What had been written when the reader began to look back: lines that begin like this are found. */
  private sought = "";

  constructor(
    private readonly state: Owning<"command">,
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly viewState: ViewState,
    /** Lines last for the next visit where the laboratory owns the page. */
    private readonly isLasting: boolean,
  ) {
    this.history = isLasting ? linesOf(recall(KEPT) ?? "") : [];
    this.recalled = this.history.length;
    // What was refused in one run is not wrong in another.
    whenever(
      () => state.run.current.id,
      () => {
        if (state.command.wrong) this.write("");
      },
    );
  }

  write(text: string): void {
    batch(() => {
      this.state.command.draft = text;
      this.state.command.wrong = false;
      this.offerNothing();
    });
  }

  /** A reader types: what has been typed so far may be completed. */
  async type(text: string): Promise<void> {
    this.state.command.draft = text;
    this.state.command.wrong = false;
    const phrases = this.phrases.get(lang.peek()) ?? (await this.learn());
    if (this.state.command.draft !== text) return;
    const offers = offersFor(phrases, text);
    batch(() => {
      this.state.command.offers = offers;
      this.state.command.picked = undefined;
    });
  }

  /** Learns what can be typed, so that it is known before a quick reader asks for it. */
  async learn(): Promise<readonly PhraseView[]> {
    const language = lang.peek();
    const phrases = await this.engine.askVocabulary(language);
    // Before the engine is there it has none, and is asked again.
    if (phrases.length > 0) this.phrases.set(language, phrases);
    return phrases;
  }

  offerNothing(): void {
    this.state.command.offers = [];
    this.state.command.picked = undefined;
  }

  /** Goes to the next offer or the one before; from either end, to what was typed. */
  pick(direction: 1 | -1): void {
    const stops = this.state.command.offers.length + 1;
    const next = ((this.state.command.picked ?? stops - 1) + direction + stops) % stops;
    this.state.command.picked = next === stops - 1 ? undefined : next;
  }

  /** Writes what is offered at this place. */
  accept(place: number): void {
    const offer = this.state.command.offers[place];
    if (offer) this.write(offer.line);
  }

  async submit(): Promise<void> {
    const action = this.state.command.draft.trim();
    this.offerNothing();
    if (action === "") return;
    if (action === "help") {
      this.state.command.draft = "";
      this.viewState.open("help");
      return;
    }
    if (this.history[this.history.length - 1] !== action) this.history.push(action);
    if (this.history.length > REMEMBERED) this.history.shift();
    if (this.isLasting) remember(KEPT, this.history.join("\n"));
    this.recalled = this.history.length;
    this.state.command.draft = "";
    // A stray digit is no log: that would take the place of a whole one.
    const isDigit = /^\d+$/.test(action.trim());
    await this.does((isDigit ? undefined : logLine(action, this.state.viewState.chosen)) ?? action);
  }

  /** Does lines that were pasted, one after the other, up to the first that is refused. */
  async paste(text: string): Promise<void> {
    // Terms alone are the logs of the servers, one after the other.
    for (const line of logLines(text) ?? text.split("\n").map((one) => one.trim())) {
      if (line !== "" && !line.startsWith("#") && !(await this.does(line))) return;
    }
  }

  private async does(action: string): Promise<boolean> {
    const problem = await this.session.act(action);
    // What was refused comes back to be corrected, unless the reader has gone on.
    if (problem && this.state.command.draft === "") {
      this.state.command.draft = action;
      this.state.command.wrong = true;
    }
    return !problem;
  }

  /** Writes the line before or after that begins like what the reader had written; at the end, that. */
  recall(direction: 1 | -1): void {
    const { history } = this;
    const shown = this.recalled < history.length ? history[this.recalled] : this.sought;
    if (this.state.command.draft !== shown) {
      this.sought = this.state.command.draft;
      this.recalled = history.length;
    }
    let next = this.recalled + direction;
    while (history[next] !== undefined && !history[next]?.startsWith(this.sought))
      next += direction;
    if (next < 0) return;
    this.recalled = Math.min(next, history.length);
    this.write(history[next] ?? this.sought);
  }
}

function linesOf(kept: string): string[] {
  return kept.split("\n").filter((line) => line !== "");
}
