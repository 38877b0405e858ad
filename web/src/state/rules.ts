/** Taking a clause of the algorithm away from all servers, and putting it back. */
import { inLanguage, lang, t } from "../i18n";
import { replay } from "./engine";
import { cardWithout, withLibrary } from "./library";
import { hush, notify, say } from "./notices";
import { openRun } from "./opening";
import { pause } from "./play";
import { acts, goTo, goToTime, tellStoppedHere } from "./session";
import { view } from "./shown";

/**
 * Plays the branch again with a rule more or less, as a branch of its own, and shows what breaks
 * first. The last rule that is put back leads back to the branch that it was taken away from.
 */
export async function toggleRule(rule: string): Promise<void> {
  hush();
  pause();
  const before = view.peek();
  if (!before) return;
  const { without, now } = before;
  const rules = without.includes(rule)
    ? without.filter((other) => other !== rule)
    : [...without, rule];
  const name = rules.length > 0 ? t("without", { rules: rules.join(" ") }) : t("underWayThis");
  const outcome = await replay(rules, name);
  if (outcome?.kind === "stopped") tellStoppedHere();
  if (outcome?.kind !== "done") return;
  acts.value += 1;
  const found = view.peek()?.violations[0];
  if (!found) {
    goToTime(now);
    if (rules.length === 0) say(t("rulesAll"));
    else withLibrary(() => tellNothingBroke(rule, rules));
    return;
  }
  goTo(found.event + 1);
  say(
    t("violation", { property: inLanguage(found.property, found.propertyZh) }),
    t("brokenWithout", { rules: rules.join(" ") }),
  );
}

/** Nothing broke in this run; where there is a run that breaks without the rule, it is offered. */
function tellNothingBroke(rule: string, rules: readonly string[]): void {
  const title = t("nothingBroke", { rules: rules.join(" ") });
  const card = rules.includes(rule) ? cardWithout(rule) : undefined;
  if (!card) {
    say(title);
    return;
  }
  notify({
    tone: "word",
    title,
    remedy: t("breaksElsewhere", { rule, title: card.title[lang.peek()] }),
    actions: [
      { label: t("seeItBreak"), run: () => void openRun(card.text, "playbook", card.path) },
    ],
  });
}
