/** Where things stand on the stage: pure geometry, no drawing. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A quadratic curve: from `a` to `b`, pulled towards `c`. */
export interface Curve {
  readonly a: Point;
  readonly c: Point;
  readonly b: Point;
}

export interface Ring {
  readonly radius: number;
  readonly places: readonly Point[];
}

/** Room that a server needs beside its disc: the timer arc and the badge. */
const MARGIN_SIDE = 24;
const MARGIN_TOP = 20;
/** Below a server stand two lines of words. */
const MARGIN_BOTTOM = 42;

/** Radius of a server's disc that leaves room for the arrows between neighbours. */
export function disc_radius(count: number, width: number, height: number): number {
  const room = Math.min(width, height * 1.15);
  const share = count <= 5 ? 11.5 : count <= 7 ? 13 : 15;
  return Math.round(Math.max(20, Math.min(58, room / share)));
}

/** Places `count` servers on an ellipse that uses the whole stage, the first on top. */
export function ring(count: number, width: number, height: number): Ring {
  const radius = disc_radius(count, width, height);
  const top = radius + MARGIN_TOP;
  const bottom = height - radius - MARGIN_BOTTOM;
  const center = { x: width / 2, y: (top + bottom) / 2 };
  if (count === 1) return { radius, places: [center] };
  const reach_x = Math.max(radius, width / 2 - radius - MARGIN_SIDE);
  const reach_y = Math.max(radius, (bottom - top) / 2);
  // A very wide or very tall stage would flatten the ring into a line.
  const rx = Math.min(reach_x, reach_y * 1.35);
  const ry = Math.min(reach_y, reach_x * 1.35);
  const turn = count === 2 ? Math.PI : -Math.PI / 2;
  const places: Point[] = [];
  for (let i = 0; i < count; i++) {
    const angle = turn + (2 * Math.PI * i) / count;
    places.push({ x: center.x + rx * Math.cos(angle), y: center.y + ry * Math.sin(angle) });
  }
  return { radius, places: centred(places, center.y) };
}

/** An odd ring reaches higher than it reaches low: this moves it to the middle. */
function centred(places: readonly Point[], middle: number): Point[] {
  const ys = places.map((place) => place.y);
  const shift = middle - (Math.min(...ys) + Math.max(...ys)) / 2;
  return places.map((place) => ({ x: place.x, y: place.y + shift }));
}

/** The path of a message: leaves and lands a little to its right, so two ways never touch. */
export function arrow(from: Point, to: Point, clearance: number, lane: number): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const distance = Math.hypot(dx, dy) || 1;
  const angle = Math.atan2(dy, dx);
  const side = 0.22 + 0.14 * Math.min(lane, 4);
  const a = polar(from, clearance, angle + side);
  const b = polar(to, clearance, angle + Math.PI - side);
  const bend = distance * 0.07 + 4 + lane * 17;
  const c = {
    x: (a.x + b.x) / 2 - (dy / distance) * bend,
    y: (a.y + b.y) / 2 + (dx / distance) * bend,
  };
  return { a, b, c };
}

export function polar(center: Point, length: number, angle: number): Point {
  return { x: center.x + length * Math.cos(angle), y: center.y + length * Math.sin(angle) };
}

export function point_at(curve: Curve, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * curve.a.x + 2 * u * t * curve.c.x + t * t * curve.b.x,
    y: u * u * curve.a.y + 2 * u * t * curve.c.y + t * t * curve.b.y,
  };
}

/** Direction of travel at `t`, in degrees. */
export function heading_at(curve: Curve, t: number): number {
  const u = 1 - t;
  const dx = u * (curve.c.x - curve.a.x) + t * (curve.b.x - curve.c.x);
  const dy = u * (curve.c.y - curve.a.y) + t * (curve.b.y - curve.c.y);
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

export function path_of(curve: Curve): string {
  const p = (point: Point): string => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
  return `M${p(curve.a)}Q${p(curve.c)} ${p(curve.b)}`;
}

/** Moves an arrow head to `t` of its way. */
export function head_transform(curve: Curve, t: number): string {
  const at = point_at(curve, t);
  return `translate(${at.x.toFixed(2)} ${at.y.toFixed(2)}) rotate(${heading_at(curve, t).toFixed(1)})`;
}

/** The share of the way that is done, within 0..1. */
export function progress(now: number, start: number, end: number): number {
  if (end <= start) return 1;
  return Math.max(0, Math.min(1, (now - start) / (end - start)));
}

/** How far a head stands from where it set out, at the least. */
const SET_OUT = 17;

/**
 * Where on its way a message is drawn that has done this share of it. It is seen to have left
 * from the beginning: a head at the sender's edge would look like one that arrives there.
 */
export function drawn_share(curve: Curve, share: number): number {
  const length = Math.hypot(curve.b.x - curve.a.x, curve.b.y - curve.a.y) || 1;
  const start = Math.min(0.4, SET_OUT / length);
  return start + (1 - start) * share;
}

export interface Circle extends Point {
  readonly r: number;
}

export interface PillRequest {
  readonly id: number;
  readonly curve: Curve;
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its centre. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const PILL_STOPS = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74];

/**
 * Puts each label on its curve where it covers least of the servers, of the `words` beside
 * them and of the other labels. Older messages choose first, so a label
 * keeps its place while newer ones come and go.
 */
export function place_pills(
  requests: readonly PillRequest[],
  discs: readonly Circle[],
  room: { readonly width: number; readonly height: number },
  words: readonly Box[] = [],
): Map<number, Point> {
  const placed = new Map<number, Point>();
  const boxes: Box[] = [...words];
  const ordered = [...requests].sort((left, right) => left.id - right.id);
  for (const request of ordered) {
    let best: Point | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const stop of PILL_STOPS) {
      const at = kept_inside(point_at(request.curve, stop), request, room);
      const cost = cover(at, request, discs, boxes) + Math.abs(stop - 0.5);
      if (cost < least) {
        least = cost;
        best = at;
      }
    }
    if (!best) continue;
    placed.set(request.id, best);
    boxes.push({ x: best.x, y: best.y, w: request.width, h: request.height });
  }
  return placed;
}

function kept_inside(
  at: Point,
  size: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): Point {
  const within = (value: number, half: number, limit: number): number =>
    Math.max(half + 2, Math.min(limit - half - 2, value));
  return {
    x: within(at.x, size.width / 2, room.width),
    y: within(at.y, size.height / 2, room.height),
  };
}

function cover(
  at: Point,
  size: { readonly width: number; readonly height: number },
  discs: readonly Circle[],
  boxes: readonly Box[],
): number {
  let cost = 0;
  for (const disc of discs) {
    const dx = Math.max(0, Math.abs(at.x - disc.x) - size.width / 2);
    const dy = Math.max(0, Math.abs(at.y - disc.y) - size.height / 2);
    const gap = disc.r - Math.hypot(dx, dy);
    if (gap > 0) cost += 2 * gap;
  }
  for (const box of boxes) {
    const x = (box.w + size.width) / 2 + 3 - Math.abs(at.x - box.x);
    const y = (box.h + size.height) / 2 + 2 - Math.abs(at.y - box.y);
    if (x > 0 && y > 0) cost += Math.min(x, y) * 3;
  }
  return cost;
}
