/**
 * Where the indices of the logs stand. They share one axis: wide, with term and command in each cell,
 * while that fits; else folded to the terms, but for the one index that is asked about.
 */

export interface Axis {
  readonly isFolded: boolean;
  /** How many indices it has, from 1 on. */
  readonly columns: number;
  /** How wide each of them is, but for the open one. */
  readonly cell: number;
  /** The index that is unfolded; 0 for none. */
  readonly open: number;
  readonly openWidth: number;
}

/** How wide things have to be, and how much room there is. */
export interface Measures {
  readonly room: number;
  /** A cell with a term and a short command. */
  readonly wide: number;
  /** A cell in which the longest command is whole. */
  readonly whole: number;
  /** A term alone. */
  readonly term: number;
  /** The cell that is asked about, while the others are folded. */
  readonly open: number;
}

/** Where it scrolls, the axis grows by so many columns at a time. */
export const STRIDE = 4;

export function upToStride(columns: number): number {
  return Math.ceil(columns / STRIDE) * STRIDE;
}

/** The axis of so many places, of which one is asked about. */
export function axisOf(measures: Measures, places: number, asked: number): Axis {
  const { room, wide, whole, term, open } = measures;
  const each = room / places;
  const least = each >= wide ? Math.max(wide, Math.min(whole, each)) : Math.min(whole, wide);
  if (each >= least) {
    // Cells share the room among them, so that none is cut in half at its end.
    const columns = Math.max(places, Math.floor(room / least));
    return { isFolded: false, columns, cell: room / columns, open: 0, openWidth: 0 };
  }
  // The open one is as wide as some of the others, so that wherever it is, none is cut at the end.
  const most = Math.max(2, Math.floor(room / term));
  const cell = room / most;
  const wides = Math.max(1, Math.round(open / cell));
  const fitting = most - wides + 1;
  const columns = places <= fitting ? fitting : upToStride(places);
  return { isFolded: true, columns, cell, open: asked, openWidth: wides * cell };
}

export function widthAt({ cell, open, openWidth }: Axis, index: number): number {
  return index === open ? openWidth : cell;
}

/** Where the column of an index begins. */
export function startOf({ cell, open, openWidth }: Axis, index: number): number {
  return (index - 1) * cell + (open > 0 && index > open ? openWidth - cell : 0);
}

export function lengthOf(axis: Axis): number {
  return startOf(axis, axis.columns + 1);
}

/** The index whose column holds a place; a whole number even beyond the ends. */
export function indexAt(axis: Axis, place: number): number {
  const { cell, open, openWidth } = axis;
  // Where a column begins is the sum of many that are not round.
  const at = place + 0.001;
  const isBehind = open > 0 && at >= startOf(axis, open) + openWidth;
  const isAt = open > 0 && !isBehind && at >= startOf(axis, open);
  if (isAt) return open;
  return Math.floor((isBehind ? at - openWidth + cell : at) / cell) + 1;
}

/** Where to scroll so that a column is in sight, with its neighbour; the present place if it is. */
export function scrollFor(axis: Axis, scrolled: number, room: number, index: number): number {
  const start = startOf(axis, index);
  const end = start + widthAt(axis, index);
  if (start < scrolled) return Math.max(0, start - axis.cell);
  if (end > scrolled + room) return Math.max(0, end + axis.cell - room);
  return scrolled;
}

/** From one number of the axis to the next, so that they do not touch. */
export function labelStep(cell: number, last: number, digit: number): number {
  const least = (String(last).length + 1) * digit;
  for (let power = 1; ; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) if (step * cell >= least) return step;
  }
}
