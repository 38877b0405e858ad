/** Opening runs: playbooks, files, links and fresh clusters, each in the place of the last. */
import { batch, signal } from "@preact/signals";
import { type Opening, open_lab } from "../engine/load";
import type { Problem } from "../engine/types";
import { in_language, lang, t } from "../i18n";
import { changing_lab, guarded, replace_lab, when_stopped } from "./engine";
import { download } from "./files";
import { card_without, with_library } from "./library";
import { notices, notify, notify_problem, say } from "./notices";
import { hang_curtain, pause } from "./play";
import { go_to, go_to_time } from "./session";
import { forget_run, playing, show_all, view } from "./shown";
import { chosen, pinned } from "./ui";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

export const origin = signal<Origin>({ kind: "free" });

function adopt(opening: Opening, from: Origin): boolean {
  if (!opening.lab) {
    const { problem } = opening;
    const place =
      problem.line > 0
        ? t("at_line", { line: problem.line, column: problem.column })
        : (from.path ?? undefined);
    notify_problem(t("broken_run"), problem, place);
    return false;
  }
  replace_lab(opening.lab);
  notices.value = [];
  batch(() => {
    playing.value = false;
    origin.value = from;
    forget_run();
    show_all();
    const opened = view.peek();
    hang_curtain(from.kind === "free" ? undefined : opened?.length);
    if (chosen.peek() > (opened?.servers.length ?? 9)) {
      chosen.value = 1;
      pinned.value = false;
    }
  });
  if (opening.problem) tell_failure(opening.problem, opening.position);
  return true;
}

/** Says which line of a playbook did not find what it expects, and offers to go there. */
function tell_failure(problem: Problem, position: number): void {
  const { line, column } = problem;
  notify_problem(t("playbook_fails"), problem, t("at_line", { line, column }), [
    { label: t("go_to_failure"), run: () => go_to(position) },
  ]);
}

/** A fresh cluster; `features` as the header of a playbook names them. */
export interface Fresh {
  readonly servers: number;
  readonly voters: number;
  readonly clients: number;
  readonly seed: number;
  readonly features: readonly string[];
}

export function new_run({ servers, voters, clients, seed, features }: Fresh): boolean {
  const uses = features.length > 0 ? `use ${features.join(" ")}\n` : "";
  const first = voters < servers ? `voters ${voters}\n` : "";
  const users = clients > 0 ? `clients ${clients}\n` : "";
  const header = `servers ${servers}\n${first}${users}seed ${seed}\n${uses}`;
  return open_text(header, { kind: "free" });
}

export function open_run(text: string, kind: "playbook" | "file" | "link", path?: string): boolean {
  return open_text(text, { kind, path });
}

function open_text(text: string, from: Origin): boolean {
  return guarded(() => adopt(open_lab(text), from)) ?? false;
}

/** Plays the same run again with a rule more or less, and shows what breaks first. */
export function toggle_rule(rule: string): void {
  pause();
  const before = view.peek();
  if (!before) return;
  const { without, now } = before;
  const rules = without.includes(rule)
    ? without.filter((other) => other !== rule)
    : [...without, rule];
  const again = changing_lab((l) => l.without(rules));
  if (!again) return;
  adopt({ lab: again }, origin.peek());
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

when_stopped(({ message, run }) => {
  playing.value = false;
  notify({
    tone: "error",
    title: t("engine_stopped"),
    cause: message,
    remedy: t("engine_remedy"),
    actions: run ? [{ label: t("save_run"), run: () => download(run) }] : undefined,
  });
});
