/** A run as a text: where the run stands in it, and where two texts differ. */

/** Where the lines of a text begin in its run; the last number stands for the end. */
interface Lines {
  readonly lines: ArrayLike<number>;
  readonly positions: ArrayLike<number>;
  readonly ats: ArrayLike<number>;
}

interface Instant {
  readonly position: number;
  readonly at: number;
}

/** How far a run has come in its text. */
export interface Reached {
  /** The lines up to this one are over. */
  readonly over: number;
  /** The line that is under way; at the end of one, that one. */
  readonly current: number;
}

/**
 * Where the run stands in its text at an instant. Where several lines end at once it is the one of the
 * cursor, if that is among them, else the last one.
 */
export function reached(text: Lines, now: Instant, cursor: number): Reached {
  const begun = countUntil(text, now);
  const line = text.lines[begun - 1] ?? 1;
  const isHere = text.positions[begun - 1] === now.position && text.ats[begun - 1] === now.at;
  if (begun > 0 && !isHere) return { over: line - 1, current: line };
  const next = firstFrom(text, cursor + 1);
  const ends = text.positions[next] === now.position && text.ats[next] === now.at;
  const current = cursor > 0 && ends ? cursor : line - 1;
  return { over: current, current };
}

/** How many of the lines have begun at an instant. */
function countUntil({ lines, positions, ats }: Lines, { position, at }: Instant): number {
  return firstWith(lines.length, (i) => {
    const there = positions[i] ?? 0;
    return there > position || (there === position && (ats[i] ?? 0) > at);
  });
}

/** The place in the list of the first line from this number on. */
function firstFrom({ lines }: Lines, number: number): number {
  return firstWith(lines.length, (i) => (lines[i] ?? 0) >= number);
}

/** The first of so many numbers for which it is so, if it is so for all after that. */
function firstWith(count: number, isSo: (i: number) => boolean): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isSo(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** What two people have made of one text, in one: whole lines of it; nothing where both changed the same. */
export function merged(base: string, theirs: string, mine: string): string | undefined {
  const lines = base.split("\n");
  const [one, other] = [changedLines(lines, theirs), changedLines(lines, mine)];
  const [first, last] = one.to <= other.from ? [one, other] : [other, one];
  if (first.to > last.from) return theirs === mine ? mine : undefined;
  return [
    ...lines.slice(0, first.from),
    ...first.insert,
    ...lines.slice(first.to, last.from),
    ...last.insert,
    ...lines.slice(last.to),
  ].join("\n");
}

/** The lines in whose place a text has others: all between the first and the last that are not the same. */
function changedLines(lines: readonly string[], text: string) {
  const now = text.split("\n");
  const shorter = Math.min(lines.length, now.length);
  let from = 0;
  while (from < shorter && lines[from] === now[from]) from += 1;
  let same = 0;
  while (same < shorter - from && lines.at(-1 - same) === now.at(-1 - same)) same += 1;
  return { from, to: lines.length - same, insert: now.slice(from, now.length - same) };
}

export function countLines(text: string): number {
  return text.split("\n").length;
}

/** So many lines of a text from its beginning on. */
export function firstLines(text: string, count: number): string {
  return `${text.split("\n").slice(0, count).join("\n")}\n`;
}

/** The one part of a text that is another in the other text; nothing if they are the same. */
export function differenceOf(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly insert: string } | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let same = 0;
  while (
    same < shorter - from &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  )
    same += 1;
  return { from, to: before.length - same, insert: after.slice(from, after.length - same) };
}

/** What a question or a run to build says to whoever reads on, and what only its answer may say. */
const TOLD = /^\s*(?:ask|build|actions|goal|always)(?:\.zh)?(?: |$)/;
const ANSWERED = /^\s*(?:answer|when|mistake|why|hint|rules|way|cannot)(?:\.zh)?(?: |$)/;

/** The lines of the blocks that begin at these lines, from the first that would tell the answer on. */
export function answersIn(text: string, begins: readonly number[]): (readonly [number, number])[] {
  const lines = text.split("\n");
  return begins.flatMap((begin) => {
    let first = begin;
    // The condition of a goal belongs to it.
    const isTold = (line: string, before: string): boolean =>
      TOLD.test(line) || (/^\s*when /.test(line) && /^\s*(?:goal|always)(?:\.zh)? /.test(before));
    while (first <= lines.length && isTold(lines[first - 1] ?? "", lines[first - 2] ?? ""))
      first += 1;
    let last = first - 1;
    while (ANSWERED.test(lines[last] ?? "")) last += 1;
    return last >= first ? [[first, last] as const] : [];
  });
}
