/** Taking a clause of the algorithm away from all servers, and putting it back. */
import { inLanguage, lang, t } from "../i18n";
import type { Compare } from "./compare";
import type { Engine } from "./engine";
import { cardWithout, withLibrary } from "./library";
import type { Notices } from "./notices";
import type { Opening } from "./opening";
import type { Session } from "./session";
import type { Readable } from "./state";

/** What it has to do with. */
interface Parts {
  readonly state: Readable;
  readonly engine: Engine;
  readonly compare: Compare;
  readonly opening: Opening;
  readonly session: Session;
  readonly notices: Notices;
}

export class Rules {
  constructor(private readonly parts: Parts) {}

  /**
   * Plays the branch again with a rule more or less, as a branch of its own, and looks at it beside
   * this one, where the two first differ. The one that keeps to the rule is A.
   */
  async compareWithout(rule: string): Promise<void> {
    const { compare, state } = this.parts;
    const before = state.shown.view;
    if (!before) return;
    const rules = others(before.without, rule);
    const differs = await compare.beside({ without: rules }, nameWithout(rules), () =>
      this.tellTheSame(rule, rules),
    );
    if (differs && rules.length < before.without.length) await compare.swap();
  }

  /**
   * Turns a rule off or on: goes on in the branch that is played again with a rule more or less, where
   * something breaks first. The last rule that is put back leads back to the branch that it was
   * taken away from.
   */
  async turn(rule: string): Promise<void> {
    const { compare, engine, notices, session, state } = this.parts;
    const before = state.shown.view;
    if (!before) return;
    const rules = others(before.without, rule);
    const branch = await compare.make({ without: rules }, nameWithout(rules));
    if (branch === undefined) return;
    await engine.move("switchBranch", [branch]);
    await engine.move("goTo", [Number.MAX_SAFE_INTEGER]);
    const found = state.shown.view?.violations[0];
    if (!found) {
      session.goToTime(before.now);
      this.tellTheSame(rule, rules);
      return;
    }
    session.goTo(found.event + 1);
    notices.notify(() => ({
      tone: "word",
      branch,
      title: t("violation", { property: inLanguage(found.property, found.propertyZh) }),
      remedy: t("brokenWithout", { rules: rules.join(" ") }),
      actions: [{ label: t("undo"), run: () => void session.undo() }],
    }));
  }

  private tellTheSame(rule: string, rules: readonly string[]): void {
    if (rules.length === 0) this.parts.notices.say("rulesAll");
    else withLibrary(() => this.tellNothingBroke(rule, rules));
  }

  /** Nothing broke in this run; where there is a run that breaks without the rule, it is offered. */
  private tellNothingBroke(rule: string, rules: readonly string[]): void {
    const { notices, opening } = this.parts;
    const words = { rules: rules.join(" ") };
    const card = rules.includes(rule) ? cardWithout(rule) : undefined;
    if (!card) {
      notices.say("nothingBroke", undefined, words);
      return;
    }
    const run = (): void => void opening.openRun(card.text, "playbook", card.path);
    notices.notify(() => ({
      tone: "word",
      title: t("nothingBroke", words),
      remedy: t("breaksElsewhere", { rule, title: card.title[lang.value] }),
      actions: [{ label: t("seeItBreak"), run }],
    }));
  }
}

/** The rules without this one, or with it. */
function others(without: readonly string[], rule: string): string[] {
  return without.includes(rule) ? without.filter((other) => other !== rule) : [...without, rule];
}

function nameWithout(rules: readonly string[]): string {
  return rules.length > 0 ? t("without", { rules: rules.join(" ") }) : t("underWayThis");
}
