/** Nothing is lost: what was acted upon goes into the journal, and comes back from there. */
import { effect } from "@preact/signals";
import type { Opening } from "../../pkg/raft_wasm";
import { openingOf } from "../engine/load";
import { t } from "../i18n";
import { guarded, withLab } from "./engine";
import { type Entry, entryNamed, keep } from "./journal";
import { clusterWords, runName } from "./name";
import { notify, notifyProblem, say } from "./notices";
import { adopt, current, type Once, origin, playTexts, whenReplaced } from "./opening";
import { acts, call } from "./session";
import { branches, view } from "./shown";

let due: ReturnType<typeof setTimeout> | undefined;
/** Why something was not kept, as it was said last: it is said once. */
let toldRefusal = "";

/** Keeps the run as it is now, if it was acted upon or there is no other way to name it. */
export function keepNow(anyway = false): void {
  clearTimeout(due);
  due = undefined;
  const { id, acted } = current.peek();
  const shown = view.peek();
  if (!(acted || anyway) || !shown) return;
  const texts = branches.peek().map((branch) => ({
    text: withLab((l) => l.saveBranch(branch.id)) ?? "",
    parent: branch.parent,
    forkedAt: branch.forkedAt,
    replayOf: branch.replayOf,
  }));
  if (texts.some(({ text }) => text === "")) return;
  const kept = keep({
    id,
    when: Date.now(),
    name: runName() || clusterWords(),
    origin: origin.peek(),
    branches: texts,
    current: shown.branch,
    position: shown.position,
    at: shown.now,
  });
  const refusal = kept === "too long" ? `${kept} ${id}` : kept;
  if (kept === "kept" || refusal === toldRefusal) return;
  toldRefusal = refusal;
  say(t(kept === "too long" ? "tooLongToKeep" : "notKept"), t("notKeptRemedy"));
}

/** The instant at which a run was left is kept with it, but is no reason to keep it. */
function keepPlace(): void {
  const shown = view.peek();
  const entry = entryNamed(current.peek().id);
  if (due !== undefined || (entry && shown && entry.position !== shown.position)) keepNow();
}

/**
 * Opens a run of the journal with all its branches, which may take long; the run that is there
 * stays until all of them can be. `false` if it is refused at once.
 */
export function restore(entry: Entry, once: Once = (adoption) => adoption()): boolean {
  const texts = entry.branches.map(({ text }) => text);
  return playTexts(texts, entry.name, (all) => {
    const problem = guarded(() => all.map((told) => told.error()).find(Boolean));
    if (problem) {
      for (const told of all) told.free();
      notifyProblem(t("brokenRun"), problem, { place: entry.name });
      return false;
    }
    return once(() => adoptAll(entry, all));
  });
}

function adoptAll(entry: Entry, [first, ...others]: readonly Opening[]): boolean {
  const opened = guarded(() => first && openingOf(first.opened()));
  if (!opened || !adopt(opened, entry.origin, entry.id, true)) return false;
  call((l) => {
    for (const [place, told] of others.entries()) {
      const kept = entry.branches[place + 1];
      l.add(told, kept?.parent, kept?.forkedAt ?? 0, kept?.replayOf);
    }
    l.switchBranch(entry.current);
    l.goToInstant(entry.position, entry.at);
  });
  return true;
}

/** Says that a run has been replaced, and offers it again. */
function offerBack(id: string): void {
  const entry = entryNamed(id);
  if (!entry) return;
  notify({
    tone: "word",
    title: t("replaced", { name: entry.name }),
    remedy: t("replacedRemedy"),
    lasting: true,
    actions: [{ label: t("undo"), run: () => restore(entry) }],
  });
}

export function keepRuns(): void {
  whenReplaced(() => keepNow(), offerBack);
  effect(() => {
    if (acts.value === 0) return;
    current.value = { ...current.peek(), acted: true };
    due ??= setTimeout(() => keepNow(), 0);
  });
  // A tab that is put away may never come back.
  addEventListener("pagehide", keepPlace);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepPlace();
  });
}
