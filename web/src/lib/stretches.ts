/** Entries that stand beside each other and look the same: while a long log rushes by, each such stretch is one. */

export interface Stretch<Entry> {
  readonly first: Entry;
  /** The index of its last entry. */
  readonly last: number;
}

/** The stretches of some entries, which stand in the order of their indices. */
export function stretchesOf<Entry extends { readonly index: number }>(
  entries: readonly Entry[],
  isAlike: (one: Entry, other: Entry) => boolean,
): Stretch<Entry>[] {
  const stretches: { readonly first: Entry; last: number }[] = [];
  for (const entry of entries) {
    const stretch = stretches.at(-1);
    if (stretch && entry.index === stretch.last + 1 && isAlike(stretch.first, entry)) {
      stretch.last = entry.index;
    } else stretches.push({ first: entry, last: entry.index });
  }
  return stretches;
}
