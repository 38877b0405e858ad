/** Taking a clause of the algorithm away from all servers, and putting it back. */
import { in_language, lang, t } from "../i18n";
import { card_without, with_library } from "./library";
import { hush, notify, say } from "./notices";
import { open_run } from "./opening";
import { pause } from "./play";
import { acts, call, go_to, go_to_time } from "./session";
import { view } from "./shown";

/**
 * Plays the branch again with a rule more or less, as a branch of its own, and shows what breaks
 * first. The last rule that is put back leads back to the branch that it was taken away from.
 */
export function toggle_rule(rule: string): void {
  hush();
  pause();
  const before = view.peek();
  if (!before) return;
  const { without, now } = before;
  const rules = without.includes(rule)
    ? without.filter((other) => other !== rule)
    : [...without, rule];
  call((l) => l.replay_without(rules));
  acts.value += 1;
  const found = view.peek()?.violations[0];
  if (!found) {
    go_to_time(now);
    if (rules.length === 0) say(t("rules_all"));
    else with_library(() => tell_nothing_broke(rule, rules));
    return;
  }
  go_to(found.event + 1);
  say(
    t("violation", { property: in_language(found.property, found.property_zh) }),
    t("broken_without", { rules: rules.join(" ") }),
  );
}

/** Nothing broke in this run; where there is a run that breaks without the rule, it is offered. */
function tell_nothing_broke(rule: string, rules: readonly string[]): void {
  const title = t("nothing_broke", { rules: rules.join(" ") });
  const card = rules.includes(rule) ? card_without(rule) : undefined;
  if (!card) {
    say(title);
    return;
  }
  notify({
    tone: "word",
    title,
    remedy: t("breaks_elsewhere", { rule, title: card.title[lang.peek()] }),
    actions: [
      { label: t("see_it_break"), run: () => void open_run(card.text, "playbook", card.path) },
    ],
  });
}
