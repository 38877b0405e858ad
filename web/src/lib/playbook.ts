/** Reads from a playbook's text what a menu needs: its titles. The engine reads the rest. */

export interface Card {
  readonly path: string;
  readonly folder: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly text: string;
  /** How many captions tell it. */
  readonly steps: number;
}

export interface Folder {
  readonly name: string;
  readonly cards: readonly Card[];
}

/** What the header of a playbook says under a word. */
export function header(text: string, key: string): string | undefined {
  for (const line of text.split("\n")) {
    const words = line.trim();
    if (words.startsWith(`${key} `)) return words.slice(key.length + 1).trim();
    if (words.startsWith("caption ")) return undefined;
  }
  return undefined;
}

export function cardOf(path: string, text: string): Card {
  const parts = path.split("/");
  const file = parts[parts.length - 1] ?? path;
  const en = header(text, "title") ?? file.replace(/\.raft$/, "");
  return {
    path,
    folder: parts.length > 1 ? (parts[parts.length - 2] ?? "") : "",
    title: { en, zh: header(text, "title.zh") ?? en },
    text,
    steps: text.match(/^caption \S/gm)?.length ?? 0,
  };
}

/** From the first lesson to the last; what is not named here comes after. */
const ORDER = ["course", "build", "seeds", "lab", "paper", "extensions", "bugs"];

function placeOf(folder: string): number {
  const place = ORDER.indexOf(folder);
  return place < 0 ? ORDER.length : place;
}

/** Playbooks by folder; within each in the order of their paths. */
export function foldersOf(files: readonly { path: string; text: string }[]): Folder[] {
  const folders = new Map<string, Card[]>();
  for (const file of files) {
    const card = cardOf(file.path, file.text);
    const cards = folders.get(card.folder);
    if (cards) cards.push(card);
    else folders.set(card.folder, [card]);
  }
  const list = [...folders].map(([name, cards]) => ({ name, cards }));
  return list.sort((one, other) => placeOf(one.name) - placeOf(other.name));
}

/** What the header of a lesson says besides. */
export interface Lesson {
  readonly minutes: number;
  /** The paths of the playbooks that belong to it. */
  readonly see: readonly string[];
  /** The run to build that it ends with. */
  readonly build: string | undefined;
}

export function lessonOf({ text }: Card): Lesson {
  return {
    minutes: Number(header(text, "minutes")) || 0,
    see: header(text, "see")?.split(/\s+/) ?? [],
    build: header(text, "then"),
  };
}

/** What a question of a playbook asks, in both languages; empty if it asks that no more. */
export function askedIn(text: string, asked: string): { readonly en: string; readonly zh: string } {
  const lines = text.split("\n").map((line) => line.trim());
  const at = lines.indexOf(`ask ${asked}`);
  const en = at < 0 ? "" : asked;
  return { en, zh: /^ask\.zh (.*)/.exec(lines[at + 1] ?? "")?.[1] ?? en };
}
