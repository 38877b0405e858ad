/** Nothing is lost: what was acted upon goes into the journal, and comes back from there. */
import { effect } from "@preact/signals";
import { t } from "../i18n";
import { askKept } from "./engine";
import { type Entry, entryNamed, keep } from "./journal";
import { clusterWords, runName } from "./name";
import { notify, say } from "./notices";
import { type Adoption, current, open, origin, whenReplaced } from "./opening";
import { acts } from "./session";
import { view } from "./shown";

let due: ReturnType<typeof setTimeout> | undefined;
/** Why something was not kept, as it was said last: it is said once. */
let toldRefusal = "";

/** Keeps the run as it is now, if it was acted upon or there is no other way to name it. */
export async function keepNow(anyway = false): Promise<void> {
  clearTimeout(due);
  due = undefined;
  const { id, acted } = current.peek();
  if (!(acted || anyway)) return;
  const from = origin.peek();
  const run = await askKept();
  if (!run || run.branches.some(({ text }) => text === "")) return;
  const name = runName() || clusterWords();
  keepEntry({ ...run, id, when: Date.now(), name, origin: from });
}

function keepEntry(entry: Entry): void {
  const kept = keep(entry);
  const refusal = kept === "too long" ? `${kept} ${entry.id}` : kept;
  if (kept === "kept" || refusal === toldRefusal) return;
  toldRefusal = refusal;
  say(t(kept === "too long" ? "tooLongToKeep" : "notKept"), t("notKeptRemedy"));
}

/**
 * The instant at which a run was left is kept with it, but is no reason to keep it. A page that is
 * being left waits for no answer, so that its texts stay those that were kept before.
 */
function keepPlace(): void {
  const shown = view.peek();
  const entry = entryNamed(current.peek().id);
  if (due !== undefined) void keepNow();
  if (!entry || !shown || entry.position === shown.position) return;
  if (shown.branch >= entry.branches.length) return;
  const { branch, position, now } = shown;
  keepEntry({ ...entry, current: branch, position, at: now });
}

/** Opens a run of the journal with all its branches; `false` if it cannot be. */
export function restore(entry: Entry, adoption: Partial<Adoption> = {}): Promise<boolean> {
  const { id, name, origin: from } = entry;
  return open(entry, { from, name, id, acted: true, ...adoption });
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
    actions: [{ label: t("undo"), run: () => void restore(entry) }],
  });
}

export function keepRuns(): void {
  whenReplaced(() => keepNow(), offerBack);
  effect(() => {
    if (acts.value === 0) return;
    current.value = { ...current.peek(), acted: true };
    due ??= setTimeout(() => void keepNow(), 0);
  });
  // A tab that is put away may never come back.
  addEventListener("pagehide", keepPlace);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keepPlace();
  });
}
