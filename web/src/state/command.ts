/** What is written in the command line, what it may become, and what was written there before. */
import { batch, signal } from "@preact/signals";
import type { Lang, PhraseView } from "../engine/types";
import { lang } from "../i18n";
import { type Offer, offersFor } from "../lib/complete";
import type { Engine } from "./engine";
import type { Session } from "./session";
import type { ViewState } from "./view-state";

const REMEMBERED = 50;

export class Command {
  readonly draft = signal("");
  readonly wrong = signal(false);
  /** The lines that what is being typed may become. */
  readonly offers = signal<readonly Offer[]>([]);
  /** The place of the one among them that the arrow keys have come to. */
  readonly picked = signal<number | undefined>(undefined);
  private readonly phrases = new Map<Lang, Promise<readonly PhraseView[]>>();
  private readonly history: string[] = [];
  private recalled = 0;

  constructor(
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly viewState: ViewState,
  ) {}

  write(text: string): void {
    batch(() => {
      this.draft.value = text;
      this.wrong.value = false;
      this.offerNothing();
    });
  }

  /** A reader types: what has been typed so far may be completed. */
  async type(text: string): Promise<void> {
    this.draft.value = text;
    this.wrong.value = false;
    const language = lang.peek();
    const phrases = this.phrases.get(language) ?? this.engine.askVocabulary(language);
    this.phrases.set(language, phrases);
    const offers = offersFor(await phrases, text);
    if (this.draft.peek() !== text) return;
    batch(() => {
      this.offers.value = offers;
      this.picked.value = undefined;
    });
  }

  offerNothing(): void {
    this.offers.value = [];
    this.picked.value = undefined;
  }

  /** Goes to the next offer or the one before; from either end, to what was typed. */
  pick(direction: 1 | -1): void {
    const stops = this.offers.peek().length + 1;
    const next = ((this.picked.peek() ?? stops - 1) + direction + stops) % stops;
    this.picked.value = next === stops - 1 ? undefined : next;
  }

  /** Writes what is offered at this place. */
  accept(place: number): void {
    const offer = this.offers.peek()[place];
    if (offer) this.write(offer.line);
  }

  async submit(): Promise<void> {
    const action = this.draft.peek().trim();
    this.offerNothing();
    if (action === "") return;
    if (action === "help") {
      this.draft.value = "";
      this.viewState.open("help");
      return;
    }
    if (this.history[this.history.length - 1] !== action) this.history.push(action);
    if (this.history.length > REMEMBERED) this.history.shift();
    this.recalled = this.history.length;
    this.draft.value = "";
    await this.does(action);
  }

  /** Does lines that were pasted, one after the other, up to the first that is refused. */
  async paste(text: string): Promise<void> {
    for (const line of text.split("\n").map((one) => one.trim())) {
      if (line !== "" && !line.startsWith("#") && !(await this.does(line))) return;
    }
  }

  private async does(action: string): Promise<boolean> {
    const problem = await this.session.act(action);
    // What was refused comes back to be corrected, unless the reader has gone on.
    if (problem && this.draft.peek() === "") {
      this.draft.value = action;
      this.wrong.value = true;
    }
    return !problem;
  }

  recall(direction: 1 | -1): void {
    this.recalled = Math.max(0, Math.min(this.history.length, this.recalled + direction));
    this.write(this.history[this.recalled] ?? "");
  }
}
