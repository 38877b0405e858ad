/**
 * The playbooks that come with the page. They are many, and most visits need few of them, so they
 * are loaded when they are first asked for.
 */
import { batch, signal } from "@preact/signals";
import { unpackedText } from "../engine/port";
import { type Card, cardOf, type Folder, foldersOf, header } from "../lib/playbook";
import { loadScript } from "../lib/script";
import { type Tried, triedOf } from "../lib/tried";

/** The folders in their order; nothing before they are loaded, and none if they cannot be. */
export const library = signal<readonly Folder[] | undefined>(undefined);

/** What fails in each lab test when one clause is ablated; it comes with the playbooks. */
export const tried = signal<Tried | undefined>(undefined);

/** By the rule that is ablated: the shortest run in which something breaks; it comes with the playbooks. */
export const shortest = signal<ReadonlyMap<string, Card>>(new Map());

let asked = false;

/** The playbooks once they are there: at once if they have been asked for before. */
export function withLibrary(use: () => void): void {
  if (library.peek()?.length) {
    use();
    return;
  }
  // It could not be loaded before: whoever asks anew waits for what comes of it now.
  if (library.peek()) library.value = undefined;
  loadLibrary();
  const stop = library.subscribe((folders) => {
    if (!folders) return;
    queueMicrotask(() => stop());
    use();
  });
}

export function loadLibrary(): void {
  if (asked) return;
  asked = true;
  loadScript("dist/playbooks.js")
    .then(() => unpackedText(globalThis.raftPlaybooks ?? ""))
    .then((text) => {
      const { playbooks, shortest: runs, tried: table } = JSON.parse(text);
      batch(() => {
        tried.value = triedOf(table);
        shortest.value = byRule(runs);
        library.value = foldersOf(playbooks);
      });
    })
    .catch(() => {
      library.value = [];
      // Whoever asks again tries again: the host may only have been away.
      asked = false;
    });
}

/** Each file is named after its rule. */
function byRule(runs: readonly { path: string; text: string }[]): ReadonlyMap<string, Card> {
  return new Map(runs.map(({ path, text }) => [path.replace(".raft", ""), cardOf(path, text)]));
}

export function cardAt(path: string | undefined): Card | undefined {
  const cards = (library.value ?? []).flatMap((folder) => folder.cards);
  return cards.find((card) => card.path === path);
}

/** The playbook that shows what breaks without `rule`; rather one that takes nothing else away. */
export function cardWithout(rule: string): Card | undefined {
  const cards = (library.value ?? []).flatMap((folder) => folder.cards);
  const without = (card: Card): string[] => header(card.text, "ablate")?.split(/\s+/) ?? [];
  const found = cards.filter((card) => without(card).includes(rule));
  return found.sort((one, other) => without(one).length - without(other).length)[0];
}
