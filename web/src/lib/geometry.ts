/** Where things stand on the stage: pure geometry, no drawing. */
import { railOf } from "./rail";

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

/** What the servers of a ring stand on: an ellipse, the first one at the angle `turn`. */
export interface Orbit extends Point {
  readonly rx: number;
  readonly ry: number;
  readonly turn: number;
}

export interface Ring {
  readonly radius: number;
  readonly places: readonly Point[];
  readonly orbit: Orbit;
  readonly clients: readonly Point[];
  /** The size of a client's card. */
  readonly card: { readonly w: number; readonly h: number };
  /** Whether the clients stand in a rail below the ring: they send no arrows across it. */
  readonly hasRail: boolean;
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

/** More clients than so many stand in a rail. */
const CLIENTS_BESIDE = 4;

/**
 * Places servers on an ellipse that uses the whole stage but for the room that clients need, and
 * for a bar of this height at the top.
 */
export function ring(count: number, width: number, height: number, clients = 0, bar = 0): Ring {
  if (clients > CLIENTS_BESIDE) {
    const rail = railOf(clients, width, height);
    const servers = moved(serversRing(count, width, height - rail.height - bar), 0, bar);
    return { ...servers, clients: rail.places, card: rail.card, hasRail: true, clientClearance: 0 };
  }
  const above = width < NARROW;
  const left = clients > 0 && !above ? COLUMN : 0;
  const top = bar + (clients > 0 && above ? ROW : 0);
  const servers = moved(serversRing(count, width - left, height - top), left, top);
  const line = Array.from({ length: clients }, (_, i) => (i + 0.5) / clients);
  const w = Math.max(0, Math.min(CLIENT.w, width / clients - 4));
  return {
    ...servers,
    clientClearance: (above ? CLIENT.h : CLIENT.w) / 2 + 7,
    card: { w, h: CLIENT.h },
    hasRail: false,
    clients: line.map((share) =>
      above ? { x: width * share, y: bar + ROW / 2 } : { x: COLUMN / 2, y: height * share },
    ),
  };
}

function moved({ radius, places, orbit }: Servers, dx: number, dy: number): Servers {
  const by = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return { radius, places: places.map(by), orbit: by(orbit) };
}

/** Where a server or, below zero, a client stands. */
export function placeOf(ring: Ring, party: number): Point | undefined {
  return party < 0 ? ring.clients[-party - 1] : ring.places[party - 1];
}

type Servers = Pick<Ring, "radius" | "places" | "orbit">;

/** An ellipse, the first server on top. */
function serversRing(count: number, width: number, height: number): Servers {
  const radius = discRadius(count, width, height);
  const top = radius + MARGIN_TOP;
  const bottom = height - radius - MARGIN_BOTTOM;
  const center = { x: width / 2, y: (top + bottom) / 2 };
  if (count === 1) return { radius, places: [center], orbit: { ...center, rx: 0, ry: 0, turn: 0 } };
  const reachX = Math.max(radius, width / 2 - radius - MARGIN_SIDE);
  const reachY = Math.max(radius, (bottom - top) / 2);
  // A very wide or very tall stage would flatten the ring into a line.
  const longest = count > 6 ? 2 : 1.35;
  const rx = Math.min(reachX, reachY * longest);
  const ry = Math.min(reachY, reachX * longest);
  const turn = count === 2 ? Math.PI : -Math.PI / 2;
  const places: Point[] = [];
  for (let i = 0; i < count; i++) {
    const angle = turn + (2 * Math.PI * i) / count;
    places.push({ x: center.x + rx * Math.cos(angle), y: center.y + ry * Math.sin(angle) });
  }
  // An odd ring reaches higher than it reaches low: this moves it to the middle.
  const ys = places.map((place) => place.y);
  const shift = center.y - (Math.min(...ys) + Math.max(...ys)) / 2;
  return moved({ radius, places, orbit: { ...center, rx, ry, turn } }, 0, shift);
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

/**
 * The path of a message: leaves and lands a little to its right, so two ways never touch. It bends
 * to its right as well, or to its left where it is `turned`.
 */
export function arrow(
  from: Point,
  to: Point,
  clearance: number,
  lane: number,
  words: readonly Box[] = [],
  landing = clearance,
  turned = false,
): Curve {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const distance = Math.hypot(dx, dy) || 1;
  const angle = Math.atan2(dy, dx);
  const side = 0.22 + 0.14 * Math.min(lane, 4);
  const a = edge(from, clearance, angle + side, words);
  const b = edge(to, landing, angle + Math.PI - side, words);
  const bend = (distance * 0.07 + 4 + lane * 17) * (turned ? -1 : 1);
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
