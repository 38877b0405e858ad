/** What of the diagram is in sight, and where on the screen it is. */
import type { Axis } from "./axis";
import { type Cone, cameOf, ledTo } from "./cone";
import { BLOCK, type History, MARK, WHAT } from "./history";

/** Which messages are drawn. */
export type Kinds = "all" | "elections" | "replication";

export interface Sight {
  readonly history: History;
  readonly axis: Axis;
  readonly cone: Cone;
  /** The place on the axis at the left edge, and how much of the axis a pixel shows. */
  readonly from: number;
  readonly perPixel: number;
  readonly width: number;
  /** By server: the middle of its lane; nothing for one that is hidden. */
  readonly lanes: readonly (number | undefined)[];
  readonly kinds: Kinds;
  /** Whether what happens all the time and changes nothing is left out. */
  readonly isFolded: boolean;
}

/** A message as it is drawn: from one lane at one place to another. */
export interface Arrow {
  readonly event: number;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** With more arrows than these a pixel one sees a thicket: then only the selected event's are drawn. */
export const ARROWS_PER_PIXEL = 2.2;

export function xOf(sight: Sight, place: number): number {
  return (place - sight.from) / sight.perPixel;
}

/** The events that may be in sight between `left` and `right`, block by block. */
export function* blocksInSight(
  { axis, history, width, ...sight }: Sight,
  left = 0,
  right = width,
): Generator<[number, number]> {
  const first = sight.from + sight.perPixel * left;
  const until = sight.from + sight.perPixel * right;
  for (let block = 0; block < axis.blocks.length; block++) {
    const extent = axis.blocks[block];
    if (!extent || extent.end < first || extent.start > until) continue;
    yield [block * BLOCK, Math.min(history.count, (block + 1) * BLOCK)];
  }
}

/** Where the block that begins with event `from` is, if it is so narrow that its events lie on each other. */
export function narrowBlock(sight: Sight, from: number): number | undefined {
  const extent = sight.axis.blocks[Math.floor(from / BLOCK)];
  if (!extent || extent.end - extent.start > NARROW * sight.perPixel) return undefined;
  return xOf(sight, extent.end);
}

/** How many events may be in sight: what says whether there is room for all arrows. */
export function countInSight(sight: Sight): number {
  let count = 0;
  for (const [from, to] of blocksInSight(sight)) count += to - from;
  return count;
}

/** Whether event `k` is drawn at all. */
export function isShown({ history, kinds, isFolded, cone }: Sight, k: number): boolean {
  if (k === cone.selected) return true;
  if (isFolded && history.routine[k] === 1) return false;
  const what = history.what[k] ?? 0;
  if (kinds === "all" || what > WHAT.timeoutNow) return true;
  const isElection =
    (what >= WHAT.requestVote && what <= WHAT.refusedPreVote) || what === WHAT.timeoutNow;
  return isElection === (kinds === "elections");
}

/** The message that ended in event `k`, if it is in sight. */
export function arrowOf(sight: Sight, k: number): Arrow | undefined {
  const { history, axis, lanes, width } = sight;
  if (!history.isArrow(k)) return undefined;
  const [y0, y1] = [lanes[history.from[k] ?? 0], lanes[history.to[k] ?? 0]];
  if (y0 === undefined || y1 === undefined) return undefined;
  const [x0, x1] = [xOf(sight, axis.startOf(k)), xOf(sight, axis.of(k))];
  if (x1 < 0 || x0 > width) return undefined;
  return { event: k, x0, y0, x1, y1 };
}

/** A message that was lost without an event of its own: as far as it had come by then. */
export function struckArrow(sight: Sight, i: number): Arrow | undefined {
  const { history, axis, lanes, width } = sight;
  const { struck } = history;
  const [sent, lost] = [struck.cause[i] ?? 0, struck.event[i] ?? 0];
  const [y0, y1] = [lanes[struck.from[i] ?? 0], lanes[struck.to[i] ?? 0]];
  if (y0 === undefined || y1 === undefined) return undefined;
  const [x0, x1] = [xOf(sight, axis.of(sent)), xOf(sight, axis.of(lost))];
  if (x1 < 0 || x0 > width) return undefined;
  const [sentAt, lostAt] = [history.at[sent] ?? 0, history.at[lost] ?? 0];
  const way = Math.max(1, (struck.dueAt[i] ?? lostAt) - sentAt);
  const share = Math.min(1, (lostAt - sentAt) / way);
  return { event: lost, x0, y0, x1, y1: y0 + share * (y1 - y0) };
}

/** Whether there is too much in sight for arrows: then those of the selected event alone are drawn. */
export function isFarOut(sight: Sight): boolean {
  return countInSight(sight) > ARROWS_PER_PIXEL * sight.width + BLOCK;
}

/** What an arrow is to the selected event. */
export function toneOf({ history, cone }: Sight, k: number): "led" | "came" | "neither" {
  if (cone.selected < 0) return "neither";
  if (ledTo(history, cone, k)) return "led";
  return cameOf(history, cone, history.cause[k] ?? -1) ? "came" : "neither";
}

/** Where event `k` is drawn; nothing if it is on no lane that is shown. */
export function pointOf(sight: Sight, k: number): { x: number; y: number } | undefined {
  const { history, axis, lanes } = sight;
  const y = lanes[history.laneOf(k)];
  return y === undefined ? undefined : { x: xOf(sight, axis.of(k)), y };
}

/** So many pixels are narrow. */
const NARROW = 2;

/** How near a pointer must be. */
const REACH = 12;

/** The event that is meant by a pointer at `x`, `y`: its point, else the message that ended in it. */
export function eventAt(sight: Sight, x: number, y: number): number | undefined {
  let [best, distance] = [-1, REACH];
  const isNear = !isFarOut(sight);
  for (const [from, to] of blocksInSight(sight, x - REACH, x + REACH)) {
    for (let k = from; k < to; k++) {
      if (!isShown(sight, k)) continue;
      const point = pointOf(sight, k);
      // Of two at one place the one that is marked is meant.
      const bonus = sight.history.mark[k] === MARK.none ? 0 : 1;
      const toPoint = point ? Math.hypot(point.x - x, point.y - y) - 4 - bonus : REACH;
      const arrow = isNear ? arrowOf(sight, k) : undefined;
      const found = Math.min(toPoint, arrow ? toSegment(arrow, x, y) : REACH);
      if (found < distance) [best, distance] = [k, found];
    }
  }
  return best < 0 ? undefined : best;
}

function toSegment({ x0, y0, x1, y1 }: Arrow, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
  const inside = Math.max(0, Math.min(1, share));
  return Math.hypot(x0 + inside * dx - x, y0 + inside * dy - y);
}
