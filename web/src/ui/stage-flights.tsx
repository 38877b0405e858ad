/** All messages on their way: in lanes, with labels that cover nothing. */
import { untracked } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LossView, MessageView, View } from "../engine/types";
import { t } from "../i18n";
import type { Sorted, Thin } from "../lib/crowd";
import {
  arrow,
  type Box,
  type Curve,
  type Point,
  placeOf,
  pointAt,
  type Ring,
} from "../lib/geometry";
import { type Circle, type PillRequest, placePills, type Spot } from "../lib/pills";
import { placesOf } from "../lib/places";
import type { Size } from "./hooks";
import { isCut } from "./links";
import { textWidth } from "./measure";
import { belowBox, newsOf } from "./stage-below";
import { thinEnds } from "./stage-crowd";
import {
  type Label,
  LOST_AT,
  LossMark,
  MessageArrow,
  Pill,
  pillSize,
  pillWords,
} from "./stage-messages";
import { badgeBox } from "./stage-server";
import { useLab } from "./use-lab";

/** From a server's edge to where arrows start: past the timer arc. */
export const CLEARANCE = 13;
/** How far from the link what is cut one way is drawn, on the side where its messages pass. */
export const CUT_ASIDE = 6;
/** Where on the way it stops: off the middle, where links cross each other. */
const CUT_AT = 0.44;

export function cutStop(length: number, clearance: number): number {
  return Math.max(clearance + 12, length * CUT_AT);
}

/** Beyond this many lanes a bundle only grows wider, not clearer. */
const LANES_MOST = 5;

interface Flight {
  readonly message: MessageView;
  readonly curve: Curve;
  /** More of them that wait at the same paused server. */
  waiting: number;
}

/**
 * Messages of one direction at one time travel in lanes of their own. Those that have arrived at
 * a paused server wait there in one lane, drawn once and counted.
 */
function flightsOf(
  view: View,
  messages: readonly MessageView[],
  ring: Ring,
  words: readonly Box[],
): Flight[] {
  const lanes = new Map<string, number>();
  const queues = new Map<string, Flight>();
  const flights: Flight[] = [];
  for (const message of messages) {
    const a = placeOf(ring, message.from);
    const b = placeOf(ring, message.to);
    if (!a || !b) continue;
    const way = `${message.from}>${message.to}`;
    const waits = message.dueAt < view.now;
    const queue = queues.get(way);
    if (waits && queue) {
      queue.waiting += 1;
      continue;
    }
    const lane = lanes.get(way) ?? 0;
    lanes.set(way, lane + 1);
    const [leaves, lands] = [clearanceOf(ring, message.from), clearanceOf(ring, message.to)];
    const curve = clear(a, b, ring, (turned) =>
      arrow(a, b, leaves, Math.min(lane, LANES_MOST), words, lands, turned),
    );
    const flight = { message, curve, waiting: 0 };
    if (waits) queues.set(way, flight);
    flights.push(flight);
  }
  return flights;
}

/** Bent to its own side, or to the other where it would pass over a server. */
function clear(a: Point, b: Point, ring: Ring, drawn: (turned: boolean) => Curve): Curve {
  const curve = drawn(false);
  const isOver = (place: Point): boolean =>
    place !== a &&
    place !== b &&
    SAMPLES.some((share) => {
      const at = pointAt(curve, share);
      return Math.hypot(at.x - place.x, at.y - place.y) < ring.radius + 8;
    });
  return ring.places.some(isOver) ? drawn(true) : curve;
}

/** Where on its way an arrow is looked at. */
const SAMPLES = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** How far from a party's middle its arrows begin and end. */
function clearanceOf(ring: Ring, party: number): number {
  return party < 0 ? ring.clientClearance : ring.radius + CLEARANCE;
}

/**
 * The latest loss of each way on which nothing travels now. That a link that is drawn as cut loses
 * what is sent over it is news only while it happens.
 */
function lossesOf(view: View): LossView[] {
  const latest = new Map<string, LossView>();
  for (const loss of view.losses) {
    if (loss.reason === "cut" && loss.at < view.now) continue;
    const way = `${loss.from}>${loss.to}`;
    const other = latest.get(way);
    if (!other || other.at < loss.at) latest.set(way, loss);
  }
  for (const message of view.messages) latest.delete(`${message.from}>${message.to}`);
  return [...latest.values()];
}

/** What labels keep clear of besides the discs: badges, words, and the walls of cut links. */
function taken(view: View, ring: Ring, below: readonly Box[]): Box[] {
  const { w, h } = ring.card;
  const cards = ring.clients.map((place) => ({ ...place, w: w + 6, h: h + 6 }));
  const boxes: Box[] = [...below, ...cards];
  for (const [i, server] of view.servers.entries()) {
    const place = ring.places[i];
    if (!place) continue;
    boxes.push(badgeBox(server, place, ring.radius));
    const aside = ring.radius * 0.8;
    if (server.state === "paused") {
      boxes.push({ x: place.x - aside, y: place.y - aside, w: 16, h: 16 });
    }
  }
  for (const { from, to } of view.cut) {
    if (isCut(view, to, from)) continue;
    const wall = wallOf(ring.places[from - 1], ring.places[to - 1], ring.radius + CLEARANCE);
    if (wall) boxes.push({ ...wall, w: 18, h: 18 });
  }
  return boxes;
}

function wallOf(a: Point | undefined, b: Point | undefined, clearance: number): Point | undefined {
  if (!a || !b) return undefined;
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [x, y] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const stop = cutStop(length, clearance);
  return { x: a.x + x * stop - y * CUT_ASIDE, y: a.y + y * stop + x * CUT_ASIDE };
}

function requestOf({ message, curve, waiting }: Flight): PillRequest {
  const whole = pillSize(pillWords(message, waiting, 0));
  const short = pillSize(pillWords(message, waiting, 1));
  return { id: message.id, curve, widths: [whole.width, short.width], height: whole.height };
}

function labelOf(
  { message, curve, waiting }: Flight,
  spots: ReadonlyMap<number, Spot>,
): { readonly words: string; readonly label: Label } {
  const spot = spots.get(message.id);
  const words = pillWords(message, waiting, spot?.size ?? 0);
  const { width } = pillSize(words);
  const { x, y } = spot ?? curve.c;
  return {
    words,
    label: { x: Math.round(x), y: Math.round(y), width, hasRoom: spot !== undefined },
  };
}

/** The label of a thin line that stands for several messages. */
interface Count {
  readonly thin: Thin;
  readonly words: string;
  readonly request: PillRequest;
}

/** Beyond the numbers of messages. */
const COUNTS_FROM = 2 ** 40;

function countsOf(ring: Ring, thin: readonly Thin[]): Count[] {
  return thin.flatMap((one) => {
    const ends = one.count > 1 ? thinEnds(ring, one) : undefined;
    if (!ends) return [];
    const [a, b] = ends;
    const words = `×${one.count}`;
    const curve = { a, b, c: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
    const id = COUNTS_FROM + one.from * 100 + one.to;
    const request = { id, curve, widths: [textWidth(words, "count") + 6], height: 14 };
    return [{ thin: one, words, request }];
  });
}

/** Where words stand at the foot of the stage. */
function above(ring: Ring, size: Size): number {
  const cards = ring.hasRail ? ring.clients.map(({ y }) => y - ring.card.h / 2) : [];
  return Math.min(size.height, ...cards) - 12;
}

interface MessagesProps {
  readonly view: View;
  readonly sorted: Sorted<MessageView>;
  readonly ring: Ring;
  readonly size: Size;
  /** What else labels keep clear of. */
  readonly kept: readonly Box[];
}

export function Messages({ view, sorted, ring, size, kept }: MessagesProps): JSX.Element {
  const { state } = useLab();
  const before = useRef<ReadonlyMap<number, Spot>>(new Map());
  const news = newsOf(view.servers, ring);
  const below = view.servers.flatMap((server, i) => {
    const place = ring.places[i];
    const own = news[i];
    return (place && own && belowBox(server, place, ring.radius, own)) ?? [];
  });
  const flights = flightsOf(view, sorted.drawn, ring, below);
  const counts = countsOf(ring, sorted.thin);
  const discs: Circle[] = ring.places.map((place) => ({ ...place, r: ring.radius + 9 }));
  const requests = [...flights.map(requestOf), ...counts.map(({ request }) => request)];
  // A label must not hide the cross that says its message will be lost.
  const crosses = flights
    .filter(({ message }) => message.doomed)
    .map(({ curve }) => ({ ...pointAt(curve, LOST_AT), w: 12, h: 12 }));
  const boxes = [...taken(view, ring, below), ...crosses, ...kept];
  const spots = placePills(requests, discs, size, boxes, before.current);
  before.current = spots;
  const places = useRef<ReadonlyMap<number, number>>(new Map());
  const ids = flights.map(({ message }) => message.id);
  const near = untracked(() => state.viewState.near);
  places.current = placesOf(ids, places.current, near);
  const labelled = flights.map((flight) => {
    return { ...flight, ...labelOf(flight, spots), place: places.current.get(flight.message.id) };
  });
  // In the order of their places, nothing is moved in the page.
  labelled.sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
  return (
    <>
      <g class="messages">
        {lossesOf(view).map((loss) => {
          const a = ring.places[loss.from - 1];
          const b = ring.places[loss.to - 1];
          if (!a || !b) return null;
          const curve = arrow(a, b, ring.radius + CLEARANCE, 0, below);
          return <LossMark key={`l${loss.id}`} loss={loss} curve={curve} />;
        })}
        {labelled.map(({ message, curve, label, place }) => (
          <MessageArrow key={place} message={message} curve={curve} label={label} />
        ))}
      </g>
      {view.messagesMore > 0 ? (
        <text class="messages-more" x={12} y={above(ring, size)}>
          {t("messagesMore", { count: view.messagesMore })}
        </text>
      ) : null}
      <g class="thin-counts">
        {counts.map(({ thin, words, request }) => {
          const spot = spots.get(request.id);
          return spot ? (
            <text
              key={request.id}
              data-thin-count={`${thin.from}-${thin.to}`}
              x={spot.x}
              y={spot.y}
              dy="0.36em"
              text-anchor="middle"
            >
              {words}
            </text>
          ) : null;
        })}
      </g>
      <g class="pills">
        {labelled.map(({ message, words, label, place }) => (
          <Pill key={place} message={message} words={words} at={label} />
        ))}
      </g>
    </>
  );
}
