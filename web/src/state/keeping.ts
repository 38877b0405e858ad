/** Nothing is lost: what was acted upon goes into the journal, and comes back from there. */
import { effect } from "@preact/signals";
import { open_lab } from "../engine/load";
import { t } from "../i18n";
import { changing_lab, guarded, with_lab } from "./engine";
import { type Entry, entry_named, keep } from "./journal";
import { cluster_words, run_name } from "./name";
import { notify, say } from "./notices";
import { adopt, current, origin, when_replaced } from "./opening";
import { acts, call } from "./session";
import { branches, view } from "./shown";

let due: ReturnType<typeof setTimeout> | undefined;
let told_refusal = false;

/** Keeps the run as it is now, if it was acted upon or there is no other way to name it. */
export function keep_now(anyway = false): void {
  clearTimeout(due);
  due = undefined;
  const { id, acted } = current.peek();
  const shown = view.peek();
  if (!(acted || anyway) || !shown) return;
  const texts = branches.peek().map((branch) => ({
    text: with_lab((l) => l.save_branch(branch.id)) ?? "",
    replay_of: branch.replay_of,
  }));
  if (texts.some(({ text }) => text === "")) return;
  const kept = keep({
    id,
    when: Date.now(),
    name: run_name() || cluster_words(),
    origin: origin.peek(),
    branches: texts,
    current: shown.branch,
    position: shown.position,
    at: shown.now,
  });
  if (kept || told_refusal) return;
  told_refusal = true;
  say(t("not_kept"), t("not_kept_remedy"));
}

/** The instant at which a run was left is kept with it, but is no reason to keep it. */
function keep_place(): void {
  const shown = view.peek();
  const entry = entry_named(current.peek().id);
  if (due !== undefined || (entry && shown && entry.position !== shown.position)) keep_now();
}

/** Opens a run of the journal with all its branches; `false` if it cannot be. */
export function restore(entry: Entry): boolean {
  const [first, ...others] = entry.branches;
  if (!first) return false;
  const done = guarded(() => adopt(open_lab(first.text), entry.origin, entry.id, true));
  if (!done) return false;
  changing_lab((l) => {
    for (const { text, replay_of } of others) l.add(text, replay_of);
  });
  call((l) => {
    l.switch_branch(entry.current);
    l.go_to_instant(entry.position, entry.at);
  });
  return true;
}

/** Says that a run has been replaced, and offers it again. */
function offer_back(id: string): void {
  const entry = entry_named(id);
  if (!entry) return;
  notify({
    tone: "word",
    title: t("replaced", { name: entry.name }),
    remedy: t("replaced_remedy"),
    lasting: true,
    actions: [{ label: t("undo"), run: () => restore(entry) }],
  });
}

export function keep_runs(): void {
  when_replaced(() => keep_now(), offer_back);
  effect(() => {
    if (acts.value === 0) return;
    current.value = { ...current.peek(), acted: true };
    due ??= setTimeout(() => keep_now(), 0);
  });
  // A tab that is put away may never come back.
  addEventListener("pagehide", keep_place);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep_place();
  });
}
