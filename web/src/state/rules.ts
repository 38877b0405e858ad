/** Taking a clause of the algorithm away from all servers, and putting it back. */
import { inLanguage, lang, t } from "../i18n";
import type { Engine } from "./engine";
import { cardWithout, withLibrary } from "./library";
import type { Notices } from "./notices";
import type { Opening } from "./opening";
import type { Play } from "./play";
import type { Run } from "./run";
import type { Session } from "./session";
import type { Readable } from "./state";

/** What it has to do with. */
interface Parts {
  readonly state: Readable;
  readonly engine: Engine;
  readonly play: Play;
  readonly run: Run;
  readonly session: Session;
  readonly opening: Opening;
  readonly notices: Notices;
}

export class Rules {
  constructor(private readonly parts: Parts) {}

  /**
   * Plays the branch again with a rule more or less, as a branch of its own, and shows what breaks
   * first. The last rule that is put back leads back to the branch that it was taken away from.
   */
  async toggle(rule: string): Promise<void> {
    const { engine, notices, play, run, session, state } = this.parts;
    notices.hush();
    play.pause();
    const before = state.shown.view;
    if (!before) return;
    const { without, now } = before;
    const rules = without.includes(rule)
      ? without.filter((other) => other !== rule)
      : [...without, rule];
    const name = rules.length > 0 ? t("without", { rules: rules.join(" ") }) : t("underWayThis");
    const outcome = await engine.replay(rules, name);
    if (outcome?.kind === "stopped") session.tellStoppedHere();
    if (outcome?.kind !== "done") return;
    run.actedUpon();
    const found = state.shown.view?.violations[0];
    if (!found) {
      session.goToTime(now);
      if (rules.length === 0) notices.say(t("rulesAll"));
      else withLibrary(() => this.tellNothingBroke(rule, rules));
      return;
    }
    session.goTo(found.event + 1);
    notices.say(
      t("violation", { property: inLanguage(found.property, found.propertyZh) }),
      t("brokenWithout", { rules: rules.join(" ") }),
    );
  }

  /** Nothing broke in this run; where there is a run that breaks without the rule, it is offered. */
  private tellNothingBroke(rule: string, rules: readonly string[]): void {
    const { notices, opening } = this.parts;
    const title = t("nothingBroke", { rules: rules.join(" ") });
    const card = rules.includes(rule) ? cardWithout(rule) : undefined;
    if (!card) {
      notices.say(title);
      return;
    }
    const run = (): void => void opening.openRun(card.text, "playbook", card.path);
    notices.notify({
      tone: "word",
      title,
      remedy: t("breaksElsewhere", { rule, title: card.title[lang.peek()] }),
      actions: [{ label: t("seeItBreak"), run }],
    });
  }
}
