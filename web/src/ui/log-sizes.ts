/** How wide the parts of the logs are: from the room that there is, and from what the cells hold. */
import type { EntryView, View } from "../engine/types";
import { brokenJustNow } from "../lib/broken";
import { type Axis, axisOf } from "../lib/log-axis";
import type { Shape } from "../lib/shape";

const CELL_WIDE = 64;
const CELL_NARROW = 56;
const NAMES_WIDE = 98;
const NAMES_NARROW = 88;
/** A term of one digit alone, and what each further digit needs. */
const TERM = 16;
const DIGIT = 6;
/** The cell that is asked about while the others are folded, and the widest one that there is. */
const OPEN = 108;
/** A cell is never narrower with a command than this. */
const LEAST = 40;
/** The width of a letter of a command, and what else a cell needs beside its letters. */
const LETTER = 7.4;
const AROUND = 20;

/** The letters of who asked are smaller. */
const SMALL = 0.8;
/** With more servers than these, rows are closer together. */
export const DENSE = 6;

export interface Sizes {
  /** The column of names, before the first index. */
  readonly names: number;
  /** What is left for cells. */
  readonly room: number;
  readonly axis: Axis;
}

/** The sizes in so much width, where things are drawn at `scale`. */
export function sizesOf(
  view: View,
  width: number,
  {
    shape,
    scale,
    asked,
  }: { readonly shape: Shape; readonly scale: number; readonly asked: number },
): Sizes {
  const isNarrow = shape.narrow;
  const names = (isNarrow ? NAMES_NARROW : NAMES_WIDE) * scale;
  const wide = (isNarrow ? CELL_NARROW : CELL_WIDE) * scale;
  const room = Math.max(wide, width - names);
  const last = view.lastIndexMax;
  const told = asked || (brokenJustNow(view) ?? last);
  const digits = String(Math.max(1, ...view.servers.map(lastTerm))).length;
  const measures = {
    room,
    wide,
    whole: clamp(lettersMax(view) * shape.scale, LEAST, OPEN) * scale,
    term: (TERM + (digits - 1) * DIGIT) * scale,
    open: Math.min(OPEN * scale, room / 2),
  };
  return {
    names,
    room,
    // Where all servers have a snapshot in an entry's place, there is nothing to unfold.
    axis: axisOf(measures, last + 1, Math.min(last, Math.max(told, view.firstIndexMin))),
  };
}

function lastTerm({ runs, snapshotTerm }: View["servers"][number]): number {
  return runs.at(-1)?.term ?? snapshotTerm;
}

/** What the longest command needs; of a log that is known in part only, more than there is. */
function lettersMax({ servers }: View): number {
  let most = 0;
  for (const { log, lastIndex, snapshotIndex } of servers) {
    if (log.length < lastIndex - snapshotIndex) return Number.POSITIVE_INFINITY;
    for (const entry of log) most = Math.max(most, lettersOf(entry, servers.length > DENSE));
  }
  return most;
}

/** Whose an entry is stands over what it says, or before it where rows are low. */
function lettersOf({ term, text, short, askedBy }: EntryView, isLow: boolean): number {
  const asker = (askedBy?.length ?? 0) * SMALL;
  const said = (short ?? text).length;
  const letters = isLow ? said + asker : Math.max(said, asker);
  return AROUND + letters * LETTER + String(term).length * (LETTER - 1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
