/** Bets: what a reader thinks will happen, asked before it does, and kept beside what came of it. */
import { lang } from "../i18n";
import { askedAt, type Bet, type Bets as Placed, questionAt } from "../lib/bets";
import { keysOf, recall, remember, remove } from "../lib/memory";
import type { Engine } from "./engine";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

export class Bets {
  /** The run whose bets these are. */
  private run = "";
  /** The run and the branch whose questions these are. */
  private of = "";
  /** Of which, and in which language, they were last asked for. */
  private asked = "";

  /** Bets last for the next visit where the laboratory owns the page. */
  constructor(
    private readonly state: Owning<"bets">,
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly isLasting: boolean,
  ) {
    whenever(
      () => `${this.here()} ${lang.value}`,
      (asked) => {
        // A step within a branch changes none.
        if (asked !== this.asked) void this.read(asked);
      },
    );
    whenever(
      () => state.shown.view?.position,
      () => this.passBy(),
    );
  }

  /**
   * How many answers the keys choose from where the run stands: none, if nothing is asked there or
   * if the question is not in sight.
   */
  answers(): number {
    const { bets, compare, shown } = this.state;
    if (compare.other !== undefined) return 0;
    const there = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
    if (there?.told !== "asked" || typeof bets.placed[there.question.key] === "number") return 0;
    return there.question.answers.length;
  }

  /** Bets on an answer of the question that is asked, and goes on to what comes of it. */
  place(answer: number): void {
    const { bets, shown } = this.state;
    const there = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
    if (there?.told !== "asked") return;
    const { question } = there;
    this.put(question.key, answer);
    this.keep();
    if (question.revealedPosition === question.askedPosition + 1) void this.session.step();
    else {
      const { revealedPosition: position, revealedAt: at } = question;
      void this.session.goToPlace({ position, at });
    }
  }

  /** Takes a bet back, and stands before its question again. */
  askAgain(key: string): void {
    this.put(key, undefined);
    this.keep();
    const question = this.state.bets.questions.find((one) => one.key === key);
    if (question) void this.session.goToPlace(askedAt(question));
  }

  /** The playbooks in which bets were placed on earlier days, the oldest first. */
  ofEarlierDays(): readonly OldBet[] {
    const all = keysOf(START).map((key) => {
      const path = key.slice(START.length);
      const { on, bets } = kept(path);
      return { path, on, asked: Object.keys(bets)[0] ?? "" };
    });
    const old = all.filter(({ on }) => on < today());
    return old.sort((one, other) => one.on.localeCompare(other.on));
  }

  /** Forgets the bets of a playbook, so that it asks again. */
  forget(path: string): void {
    remove(keyOf(path));
  }

  private here(): string {
    const { run, shown } = this.state;
    return `${run.current.id} ${shown.view?.branch} ${shown.view?.turn}`;
  }

  private async read(asked: string): Promise<void> {
    this.asked = asked;
    const here = this.here();
    if (this.state.run.current.id !== this.run) {
      this.run = this.state.run.current.id;
      this.state.bets.questions = [];
      const path = this.path();
      this.state.bets.placed = path === undefined ? {} : kept(path).bets;
    }
    const questions = await this.engine.ask("questions", lang.peek());
    if (here !== this.here() || !questions) return;
    this.state.bets.questions = this.state.embed.asked?.ask === false ? [] : questions;
    this.of = here;
    this.passBy();
  }

  /** Whoever is behind a question has seen what came of it. */
  private passBy(): void {
    // The questions of another branch are none here, and nobody sees what is only drawn.
    if (this.state.viewState.touring || this.of !== this.here()) return;
    const position = this.state.shown.view?.position ?? 0;
    const { questions, placed } = this.state.bets;
    for (const { key, askedPosition } of questions) {
      if (askedPosition < position && placed[key] === undefined) this.put(key, "passed");
    }
  }

  private put(key: string, bet: Bet | undefined): void {
    this.state.bets.placed = { ...this.state.bets.placed, [key]: bet };
  }

  /** Bets are kept in the browser only, by the playbook that asks. */
  private keep(): void {
    const path = this.path();
    if (path === undefined) return;
    const placed = Object.entries(this.state.bets.placed);
    const bets = Object.fromEntries(placed.filter(([, bet]) => typeof bet === "number"));
    if (Object.keys(bets).length === 0) remove(keyOf(path));
    else remember(keyOf(path), JSON.stringify({ on: today(), bets }));
  }

  /** The playbook of the page whose bets are kept: files and links have names of their own. */
  private path(): string | undefined {
    const { kind, path } = this.state.run.origin;
    return this.isLasting && kind === "playbook" ? path : undefined;
  }
}

/** A playbook in which something was bet on an earlier day. */
interface OldBet {
  readonly path: string;
  readonly on: string;
  /** What the first question asks that was bet on. */
  readonly asked: string;
}

const START = "bets.";

function keyOf(path: string): string {
  return `${START}${path}`;
}

/** What is kept of a playbook: its bets, and the day of the last of them. */
function kept(path: string): { readonly on: string; readonly bets: Placed } {
  try {
    const { on, bets } = JSON.parse(recall(keyOf(path)) ?? "{}");
    const numbers = Object.entries(bets ?? {}).filter(([, bet]) => typeof bet === "number");
    return { on: String(on), bets: Object.fromEntries(numbers) as Placed };
  } catch {
    return { on: today(), bets: {} };
  }
}

/** The reader's day, as `2026-11-27`. */
function today(): string {
  const now = new Date();
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
