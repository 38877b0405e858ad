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
  readonly clients: readonly Point[];
  /** From the middle of a client's card to where its arrows begin and end. */
  readonly clientClearance: number;
}

/** Size of the card that stands for a client. */
export const CLIENT = { w: 80, h: 34 };
/** Room for a column of clients beside the ring, or for a row of them above it. */
const COLUMN = CLIENT.w + 28;
const ROW = CLIENT.h + 18;
/** A stage narrower than this has its clients above. */
const NARROW = 560;

/** Room that a server needs beside its disc: the timer arc and the badge. */
const MARGIN_SIDE = 24;
const MARGIN_TOP = 20;
/** Below a server stand two lines of words. */
const MARGIN_BOTTOM = 42;

/** Radius of a server's disc that leaves room for the arrows between neighbours. */
export function discRadius(count: number, width: number, height: number): number {
  const room = Math.min(width, height * 1.15);
  const share = count <= 5 ? 11.5 : count <= 7 ? 13.5 : 16;
  return Math.round(Math.max(20, Math.min(58, room / share)));
}

/** Places servers on an ellipse that uses the whole stage but for the room that clients need. */
export function ring(count: number, width: number, height: number, clients = 0): Ring {
  if (clients === 0)
    return { ...serversRing(count, width, height), clients: [], clientClearance: 0 };
  const above = width < NARROW;
  const left = above ? 0 : COLUMN;
  const top = above ? ROW : 0;
  const { radius, places } = serversRing(count, width - left, height - top);
  const line = Array.from({ length: clients }, (_, i) => (i + 0.5) / clients);
  return {
    radius,
    clientClearance: (above ? CLIENT.h : CLIENT.w) / 2 + 7,
    places: places.map(({ x, y }) => ({ x: x + left, y: y + top })),
    clients: line.map((share) =>
      above ? { x: width * share, y: ROW / 2 } : { x: COLUMN / 2, y: height * share },
    ),
  };
}

/** Where a server or, below zero, a client stands. */
export function placeOf(ring: Ring, party: number): Point | undefined {
  return party < 0 ? ring.clients[-party - 1] : ring.places[party - 1];
}

/** An ellipse, the first server on top. */
function serversRing(
  count: number,
  width: number,
  height: number,
): Pick<Ring, "radius" | "places"> {
  const radius = discRadius(count, width, height);
  const top = radius + MARGIN_TOP;
  const bottom = height - radius - MARGIN_BOTTOM;
  const center = { x: width / 2, y: (top + bottom) / 2 };
  if (count === 1) return { radius, places: [center] };
  const reachX = Math.max(radius, width / 2 - radius - MARGIN_SIDE);
  const reachY = Math.max(radius, (bottom - top) / 2);
  // A very wide or very tall stage would flatten the ring into a line.
  const rx = Math.min(reachX, reachY * 1.35);
  const ry = Math.min(reachY, reachX * 1.35);
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

/** A rectangle by its centre. */
export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

/** Where an arrow may touch a server: past its timer arc and past the words that stand below it. */
function edge(server: Point, clearance: number, angle: number, words: readonly Box[]): Point {
  let at = polar(server, clearance, angle);
  for (let more = 4; more <= 60 && words.some((box) => isInside(at, box)); more += 4) {
    at = polar(server, clearance + more, angle);
  }
  return at;
}

function isInside(at: Point, box: Box): boolean {
  return Math.abs(at.x - box.x) < box.w / 2 + 4 && Math.abs(at.y - box.y) < box.h / 2 + 4;
}

/** The path of a message: leaves and lands a little to its right, so two ways never touch. */
export function arrow(
  from: Point,
  to: Point,
  clearance: number,
  lane: number,
  words: readonly Box[] = [],
  landing = clearance,
): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const distance = Math.hypot(dx, dy) || 1;
  const angle = Math.atan2(dy, dx);
  const side = 0.22 + 0.14 * Math.min(lane, 4);
  const a = edge(from, clearance, angle + side, words);
  const b = edge(to, landing, angle + Math.PI - side, words);
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

export function pointAt(curve: Curve, t: number): Point {
  const u = 1 - t;
  return {
    x: u * u * curve.a.x + 2 * u * t * curve.c.x + t * t * curve.b.x,
    y: u * u * curve.a.y + 2 * u * t * curve.c.y + t * t * curve.b.y,
  };
}

/** Direction of travel at `t`, in degrees. */
export function headingAt(curve: Curve, t: number): number {
  const u = 1 - t;
  const dx = u * (curve.c.x - curve.a.x) + t * (curve.b.x - curve.c.x);
  const dy = u * (curve.c.y - curve.a.y) + t * (curve.b.y - curve.c.y);
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

export function pathOf(curve: Curve): string {
  const p = (point: Point): string => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`;
  return `M${p(curve.a)}Q${p(curve.c)} ${p(curve.b)}`;
}

/** Moves an arrow head to `t` of its way. */
export function headTransform(curve: Curve, t: number): string {
  const at = pointAt(curve, t);
  return `translate(${at.x.toFixed(2)} ${at.y.toFixed(2)}) rotate(${headingAt(curve, t).toFixed(1)})`;
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
export function drawnShare(curve: Curve, share: number): number {
  const length = Math.hypot(curve.b.x - curve.a.x, curve.b.y - curve.a.y) || 1;
  const start = Math.min(0.4, SET_OUT / length);
  return start + (1 - start) * share;
}
