/** Which part of a long list or a long log is worth drawing. */

export interface Span {
  /** The first item drawn, counted from 0. */
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** The items that a scrolled box shows, with a few more on either side. */
export function visibleSpan(
  scrolled: number,
  room: number,
  item: number,
  total: number,
  spare: number,
): Span {
  if (total <= 0 || item <= 0) return { from: 0, to: 0 };
  const first = Math.floor(scrolled / item) - spare;
  const last = Math.ceil((scrolled + room) / item) + spare;
  const from = Math.max(0, Math.min(first, total - 1));
  return { from, to: Math.max(from, Math.min(total, last)) };
}

/** Where to scroll so that an item is in sight; the present place when it already is. */
export function scrollToShow(scrolled: number, room: number, item: number, index: number): number {
  const start = index * item;
  if (start < scrolled) return Math.max(0, start - item);
  if (start + item > scrolled + room) return Math.max(0, start + 2 * item - room);
  return scrolled;
}

/** Whether the box stands at its end, give or take a pixel of rounding. */
export function atTail(scrolled: number, room: number, whole: number): boolean {
  return scrolled + room >= whole - 4;
}

/** The numbers from one to another. */
export function upTo(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
