/**
 * The journal: every run that was acted upon, newest first, kept in this browser and nowhere
 * else. It is bounded, and can be forgotten. Where the browser keeps nothing, and in a laboratory
 * that does not own its page, it lives as long as the page.
 */
import type { Kept } from "../engine/protocol";
import { keysOf, recall, remember, remove } from "../lib/memory";
import type { Entry, Owning } from "./state";

export const ENTRIES_MAX = 30;
/** What all of it may take: browsers give a page 5 MB at least, of two bytes a letter. */
export const LETTERS_MAX = 2_000_000;

const PREFIX = "run.";
/** Where a run was left is kept beside it, since that changes with every step. */
const PLACE = "left.";

export type Left = Pick<Kept, "current" | "position" | "at">;

export class Journal {
  /** Whether the browser keeps it for the next visit. */
  constructor(
    private readonly state: Owning<"journal">,
    private readonly isLasting: boolean,
  ) {}

  /** Reads what earlier visits have kept; what is no entry is left alone. */
  read(): void {
    if (!this.isLasting) return;
    const found = keysOf(PREFIX).flatMap((key) => {
      const entry = entryOf(recall(key) ?? "");
      return entry ? { ...entry, ...leftOf(entry, recall(PLACE + entry.id) ?? "") } : [];
    });
    this.state.journal.entries = found.sort((one, other) => other.when - one.when);
  }

  named(id: string | undefined): Entry | undefined {
    return this.state.journal.entries.find((entry) => entry.id === id);
  }

  /** Keeps a run in the place of what was kept of it before; or says why only the page holds it. */
  keep(entry: Entry): "kept" | "too long" | "refused" {
    const others = this.state.journal.entries.filter((other) => other.id !== entry.id);
    let letters = sizeOf(entry);
    if (letters > LETTERS_MAX) {
      // Too long to be kept: the page alone holds it, and what is kept of others stays.
      this.discard(entry.id);
      this.state.journal.entries = [entry, ...others];
      return "too long";
    }
    const kept = others.filter((other, place) => {
      letters += sizeOf(other);
      return place < ENTRIES_MAX - 1 && letters <= LETTERS_MAX;
    });
    for (const other of others) if (!kept.includes(other)) this.discard(other.id);
    this.state.journal.entries = [entry, ...kept];
    if (this.isLasting) remove(PLACE + entry.id);
    if (!this.isLasting || remember(PREFIX + entry.id, JSON.stringify(entry))) return "kept";
    // What stands there is older than what the page holds, and would be taken for it.
    this.discard(entry.id);
    return "refused";
  }

  /** Keeps where a run that it has was left. */
  leave(id: string, left: Left): void {
    if (!this.named(id)) return;
    this.state.journal.entries = this.state.journal.entries.map((entry) => {
      return entry.id === id ? { ...entry, ...left } : entry;
    });
    if (this.isLasting) remember(PLACE + id, JSON.stringify(left));
  }

  forget(id: string): void {
    this.discard(id);
    this.state.journal.entries = this.state.journal.entries.filter((entry) => entry.id !== id);
  }

  forgetAll(): void {
    if (this.isLasting) for (const key of [...keysOf(PREFIX), ...keysOf(PLACE)]) remove(key);
    this.state.journal.entries = [];
  }

  private discard(id: string): void {
    if (this.isLasting) for (const key of [PREFIX, PLACE]) remove(key + id);
  }
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

/** Where it was left after it was kept, if that is a place in it. */
function leftOf({ branches }: Entry, text: string): Left | undefined {
  try {
    const { current, position, at }: Left = JSON.parse(text);
    const isPlace = [current, position, at].every(Number.isSafeInteger) && branches[current];
    return isPlace ? { current, position, at } : undefined;
  } catch {
    return undefined;
  }
}

function sizeOf(entry: Entry): number {
  return entry.branches.reduce((sum, { text }) => sum + text.length, 0);
}
