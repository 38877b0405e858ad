/**
 * The playbooks that come with the page. They are many, and most visits need few of them, so they
 * are loaded when they are first asked for: by a script element, which works from a file as well.
 */
import { signal } from "@preact/signals";
import { type Card, type Folder, folders_of } from "../lib/playbook";

/** The folders in their order; nothing before they are loaded, and none if they cannot be. */
export const library = signal<readonly Folder[] | undefined>(undefined);

let asked = false;

export function load_library(): void {
  if (asked) return;
  asked = true;
  const script = document.createElement("script");
  script.src = "dist/playbooks.js";
  script.addEventListener("load", () => {
    library.value = folders_of(globalThis.raft_playbooks ?? []);
  });
  script.addEventListener("error", () => {
    library.value = [];
    // Whoever asks again tries again: the host may only have been away.
    asked = false;
  });
  document.head.append(script);
}

export function card_at(path: string | undefined): Card | undefined {
  const cards = (library.value ?? []).flatMap((folder) => folder.cards);
  return cards.find((card) => card.path === path);
}
