/** Bets: what a reader thinks will happen, asked before it does, and kept beside what came of it. */
import { lang } from "../i18n";
import { askedAt, type Bet, type Bets as Placed, questionAt } from "../lib/bets";
import { keysOf, recall, remember, remove } from "../lib/memory";
import type { Engine } from "./engine";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

export class Bets {
  private run = "";

  constructor(
    private readonly state: Owning<"bets">,
    private readonly engine: Engine,
    private readonly session: Session,
  ) {
    whenever(
      () => [state.run.current.id, state.shown.view?.branch, lang.value] as const,
      () => void this.read(),
    );
    whenever(
      () => state.shown.view?.position,
      () => this.passBy(),
    );
  }

  /** Whether a question is asked where the run stands, so that the keys 1 to 4 answer it. */
  isAsking(): boolean {
    const { bets, shown } = this.state;
    const there = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
    return there?.told === "asked" && typeof bets.placed[there.question.line] !== "number";
  }

  /** Bets on an answer of the question that is asked, and goes on to what comes of it. */
  place(answer: number): void {
    const { bets, shown } = this.state;
    const there = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
    if (there?.told !== "asked" || answer >= there.question.answers.length) return;
    const { question } = there;
    this.put(question.line, answer);
    if (question.revealedPosition === question.askedPosition + 1) void this.session.step();
    else {
      const { revealedPosition: position, revealedAt: at } = question;
      void this.session.goToPlace({ position, at });
    }
  }

  /** Takes a bet back, and stands before its question again. */
  askAgain(line: number): void {
    this.put(line, undefined);
    const question = this.state.bets.questions.find((one) => one.line === line);
    if (question) void this.session.goToPlace(askedAt(question));
  }

  /** A playbook in which bets were placed on an earlier day, the oldest first. */
  ofAnEarlierDay(): { readonly path: string; readonly on: string } | undefined {
    const all = keysOf(START).map((key) => {
      const path = key.slice(START.length);
      return { path, on: read(path).on };
    });
    const old = all.filter(({ on }) => on < today()).sort((a, b) => a.on.localeCompare(b.on));
    return old[0];
  }

  /** Forgets the bets of a playbook, so that it asks again. */
  forget(path: string): void {
    remove(keyOf(path));
  }

  private async read(): Promise<void> {
    const { current, origin } = this.state.run;
    if (current.id !== this.run) {
      this.run = current.id;
      this.state.bets.questions = [];
      this.state.bets.placed = origin.path === undefined ? {} : read(origin.path).bets;
    }
    const questions = await this.engine.ask("questions", lang.peek());
    if (current.id !== this.state.run.current.id || !questions) return;
    this.state.bets.questions = questions;
    this.passBy();
  }

  /** Whoever is behind a question has seen what came of it. */
  private passBy(): void {
    const position = this.state.shown.view?.position ?? 0;
    const { questions, placed } = this.state.bets;
    const passed = questions.filter(
      ({ line, askedPosition }) => askedPosition < position && placed[line] === undefined,
    );
    for (const { line } of passed) this.put(line, "passed");
  }

  private put(line: number, bet: Bet | undefined): void {
    this.state.bets.placed = { ...this.state.bets.placed, [line]: bet };
    const { path } = this.state.run.origin;
    if (path === undefined) return;
    const numbers = Object.entries(this.state.bets.placed).filter(
      ([, one]) => typeof one === "number",
    );
    if (numbers.length === 0) remove(keyOf(path));
    else remember(keyOf(path), JSON.stringify({ on: today(), bets: Object.fromEntries(numbers) }));
  }
}

/** Bets are kept in the browser only, by the playbook that asks. */
const START = "bets.";

function keyOf(path: string): string {
  return `${START}${path}`;
}

/** What is kept of a playbook: its bets, and the day of the last of them. */
function read(path: string): { readonly on: string; readonly bets: Placed } {
  try {
    const { on, bets } = JSON.parse(recall(keyOf(path)) ?? "{}");
    const numbers = Object.entries(bets ?? {}).filter(([, bet]) => typeof bet === "number");
    return { on: String(on), bets: Object.fromEntries(numbers) as Placed };
  } catch {
    return { on: today(), bets: {} };
  }
}

/** The day, as `2026-11-27`. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
