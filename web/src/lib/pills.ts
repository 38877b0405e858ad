/** Where the labels of messages stand: on their way, and never on anything else. */
import { type Box, type Curve, headingAt, type Point, pointAt } from "./geometry";

export interface Circle extends Point {
  readonly r: number;
}

export interface PillRequest {
  readonly id: number;
  readonly curve: Curve;
  /** Of the whole label and, for where there is no room, of a shorter one. */
  readonly widths: readonly number[];
  readonly height: number;
}

export interface Spot extends Point {
  /** Which of the widths there is room for. */
  readonly size: number;
  readonly curve: Curve;
}

/** From the middle outwards. */
const STOPS = [
  0.5, 0.46, 0.54, 0.42, 0.58, 0.38, 0.62, 0.34, 0.66, 0.3, 0.7, 0.26, 0.74, 0.22, 0.78, 0.18, 0.82,
];
/** Beside the way instead of on it, as far as a label is still seen to belong to it. */
const ASIDE = 13;

interface Rectangle {
  readonly width: number;
  readonly height: number;
}

interface Scene {
  readonly discs: readonly Circle[];
  readonly boxes: readonly Box[];
  readonly room: Rectangle;
}

/**
 * Puts each label where it covers no server, no words and no other label, whole if it can be and
 * else short; a label without room is left out. Older messages choose first, and a label stays
 * where it was `before` as long as it may, so that nothing jumps while others come and go.
 */
export function placePills(
  requests: readonly PillRequest[],
  discs: readonly Circle[],
  room: Rectangle,
  words: readonly Box[] = [],
  before: ReadonlyMap<number, Spot> = new Map(),
): Map<number, Spot> {
  const placed = new Map<number, Spot>();
  const boxes: Box[] = [...words];
  for (const request of [...requests].sort((left, right) => left.id - right.id)) {
    const scene = { discs, boxes, room };
    const spot = kept(before.get(request.id), request, scene) ?? found(request, scene);
    if (!spot) continue;
    placed.set(request.id, spot);
    boxes.push({ x: spot.x, y: spot.y, w: request.widths[spot.size] ?? 0, h: request.height });
  }
  return placed;
}

function kept(spot: Spot | undefined, request: PillRequest, scene: Scene): Spot | undefined {
  if (!spot || !sameWay(spot.curve, request.curve)) return undefined;
  const width = request.widths[spot.size] ?? 0;
  return isFree(spot, { width, height: request.height }, scene) ? spot : undefined;
}

function sameWay(before: Curve, after: Curve): boolean {
  return (
    before.a.x === after.a.x &&
    before.a.y === after.a.y &&
    before.c.x === after.c.x &&
    before.c.y === after.c.y
  );
}

/** On the way first, whole or short; then beside it. */
function found(request: PillRequest, scene: Scene): Spot | undefined {
  const { curve, widths, height } = request;
  for (const aside of [0, ASIDE, -ASIDE]) {
    for (const [size, width] of widths.entries()) {
      for (const stop of STOPS) {
        const at = beside(curve, stop, aside);
        if (isFree(at, { width, height }, scene)) return { ...at, size, curve };
      }
    }
  }
  return undefined;
}

function beside(curve: Curve, stop: number, aside: number): Point {
  const at = pointAt(curve, stop);
  if (aside === 0) return at;
  const turn = (headingAt(curve, stop) * Math.PI) / 180;
  return { x: at.x - Math.sin(turn) * aside, y: at.y + Math.cos(turn) * aside };
}

function isFree(at: Point, size: Rectangle, scene: Scene): boolean {
  const { discs, boxes, room } = scene;
  const right = size.width / 2;
  const low = size.height / 2;
  if (at.x < right + 2 || at.x > room.width - right - 2) return false;
  if (at.y < low + 2 || at.y > room.height - low - 2) return false;
  const onDisc = discs.some((disc) => {
    const dx = Math.max(0, Math.abs(at.x - disc.x) - right);
    const dy = Math.max(0, Math.abs(at.y - disc.y) - low);
    return Math.hypot(dx, dy) < disc.r;
  });
  if (onDisc) return false;
  return !boxes.some(
    (box) =>
      Math.abs(at.x - box.x) < box.w / 2 + right + 2 &&
      Math.abs(at.y - box.y) < box.h / 2 + low + 2,
  );
}
