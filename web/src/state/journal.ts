/**
 * The journal: every run that was acted upon, newest first, kept in this browser and nowhere
 * else. It is bounded, and can be forgotten. Where the browser keeps nothing, it lives as long as
 * the page.
 */
import { signal } from "@preact/signals";
import type { Kept } from "../engine/protocol";
import { freshKey, keysOf, recall, remember, remove } from "../lib/memory";
import type { Origin } from "./opening";

/** A run with all its branches, and the instant at which it was left. */
export interface Entry extends Kept {
  readonly id: string;
  /** When it was last acted upon, in milliseconds since 1970. */
  readonly when: number;
  readonly name: string;
  readonly origin: Origin;
}

export const ENTRIES_MAX = 30;
/** What all of it may take: browsers give a page 5 MB at least, of two bytes a letter. */
export const LETTERS_MAX = 2_000_000;

const PREFIX = "run.";

/** Newest first. */
export const entries = signal<readonly Entry[]>([]);

/** Reads what earlier visits have kept; what is no entry is left alone. */
export function readJournal(): void {
  const found = keysOf(PREFIX).flatMap((key) => entryOf(recall(key) ?? "") ?? []);
  entries.value = found.sort((one, other) => other.when - one.when);
}

function entryOf(text: string): Entry | undefined {
  try {
    const entry: Entry = JSON.parse(text);
    const whole =
      typeof entry.id === "string" &&
      typeof entry.name === "string" &&
      typeof entry.origin.kind === "string" &&
      [entry.when, entry.current, entry.position, entry.at].every(Number.isSafeInteger) &&
      entry.branches.length > 0 &&
      entry.branches.every((branch) => typeof branch.text === "string");
    return whole ? entry : undefined;
  } catch {
    return undefined;
  }
}

export function entryNamed(id: string | undefined): Entry | undefined {
  return entries.peek().find((entry) => entry.id === id);
}

export function freshId(): string {
  return freshKey();
}

/** Keeps a run in the place of what was kept of it before; or says why only the page holds it. */
export function keep(entry: Entry): "kept" | "too long" | "refused" {
  const others = entries.peek().filter((other) => other.id !== entry.id);
  let letters = sizeOf(entry);
  if (letters > LETTERS_MAX) {
    // Too long to be kept: the page alone holds it, and what is kept of others stays.
    remove(PREFIX + entry.id);
    entries.value = [entry, ...others];
    return "too long";
  }
  const kept = others.filter((other, place) => {
    letters += sizeOf(other);
    return place < ENTRIES_MAX - 1 && letters <= LETTERS_MAX;
  });
  for (const other of others) if (!kept.includes(other)) remove(PREFIX + other.id);
  entries.value = [entry, ...kept];
  if (remember(PREFIX + entry.id, JSON.stringify(entry))) return "kept";
  // What stands there is older than what the page holds, and would be taken for it.
  remove(PREFIX + entry.id);
  return "refused";
}

function sizeOf(entry: Entry): number {
  return entry.branches.reduce((sum, { text }) => sum + text.length, 0);
}

export function forget(id: string): void {
  remove(PREFIX + id);
  entries.value = entries.peek().filter((entry) => entry.id !== id);
}

export function forgetAll(): void {
  for (const key of keysOf(PREFIX)) remove(key);
  entries.value = [];
}
