/** The stage: servers on a ring, links between them, messages on their way. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ChangeView, LossView, MessageView, View } from "../engine/types";
import { server_name as name, t } from "../i18n";
import {
  arrow,
  type Circle,
  type Curve,
  type Point,
  place_pills,
  type Ring,
  ring,
} from "../lib/geometry";
import { open_menu, open_menu_at } from "../state/menu";
import { view } from "../state/session";
import { pressed, type Size, use_size } from "./hooks";
import { keyed } from "./keyed";
import { is_cut, link_menu } from "./menus";
import { LossMark, MessageArrow, pill_size, pill_words } from "./stage_messages";
import { ServerDisc } from "./stage_server";

/** From a server's edge to where arrows start: past the timer arc. */
const CLEARANCE = 13;

export function Stage(): JSX.Element {
  const [ref, size] = use_size<HTMLElement>();
  const shown = view.value;
  return (
    <section class="stage" aria-label={t("stage")} ref={ref}>
      {shown && size.width > 0 && size.height > 0 ? <Scene view={shown} size={size} /> : null}
    </section>
  );
}

function Scene(props: { readonly view: View; readonly size: Size }): JSX.Element {
  const { view, size } = props;
  const { width, height } = size;
  const count = view.servers.length;
  const places = useMemo(() => ring(count, width, height), [count, width, height]);
  const changed = changed_servers(view.changes);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="presentation">
      <defs>
        <pattern
          id="hatch"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path class="hatch" d="M0 0V5" />
        </pattern>
      </defs>
      <Links view={view} ring={places} />
      {view.servers.map((server, i) => (
        <ServerDisc
          key={server.id}
          server={server}
          place={places.places[i] ?? { x: 0, y: 0 }}
          radius={places.radius}
          count={count}
          taken_at={view.now}
          changed={changed.has(server.id)}
        />
      ))}
      <Messages view={view} ring={places} size={size} />
    </svg>
  );
}

function changed_servers(changes: readonly ChangeView[]): Set<number> {
  return new Set(changes.map((change) => change.server));
}

/** One hairline for each pair; what cannot pass is dotted red. */
function Links(props: { readonly view: View; readonly ring: Ring }): JSX.Element {
  const { view, ring } = props;
  const links: JSX.Element[] = [];
  const { servers } = view;
  for (let i = 0; i < servers.length; i++) {
    for (let j = i + 1; j < servers.length; j++) {
      const from = servers[i];
      const to = servers[j];
      const a = ring.places[i];
      const b = ring.places[j];
      if (!from || !to || !a || !b) continue;
      const apart = !from.connected || !to.connected;
      links.push(
        <Link
          key={`${from.id}-${to.id}`}
          from={from.id}
          to={to.id}
          a={a}
          b={b}
          clearance={ring.radius + CLEARANCE}
          there={apart || is_cut(view, from.id, to.id)}
          back={apart || is_cut(view, to.id, from.id)}
        />,
      );
    }
  }
  return <g class="links">{links}</g>;
}

interface LinkProps {
  readonly from: number;
  readonly to: number;
  readonly a: Point;
  readonly b: Point;
  readonly clearance: number;
  readonly there: boolean;
  readonly back: boolean;
}

const Link = keyed(DrawnLink);

function DrawnLink(props: LinkProps): JSX.Element {
  const { from, to, a, b, there, back, clearance } = props;
  const open = (target: Element, x: number, y: number): void => {
    const shown = view.peek();
    if (shown) open_menu_at(target, x, y, link_menu(shown, from, to));
  };
  const line = `M${a.x} ${a.y}L${b.x} ${b.y}`;
  const state =
    there && back
      ? t("link_cut")
      : there
        ? t("link_cut_one", { from: name(from), to: name(to) })
        : back
          ? t("link_cut_one", { from: name(to), to: name(from) })
          : t("link_open");
  const label = t("link_aria", { from: name(from), to: name(to), state });
  return (
    <g
      class={`link${there && back ? " cut" : ""}`}
      role="button"
      tabindex={-1}
      data-link={`${from}-${to}`}
      aria-label={label}
      onClick={(event) => open(event.currentTarget, event.clientX, event.clientY)}
      onKeyDown={(event) =>
        pressed(event, () => {
          const shown = view.peek();
          if (shown) open_menu(event.currentTarget, link_menu(shown, from, to));
        })
      }
    >
      <title>{label}</title>
      <path class="hit" d={line} />
      <path class="wire" d={line} />
      {there !== back ? (
        <CutWay from={there ? a : b} to={there ? b : a} clearance={clearance} />
      ) : null}
    </g>
  );
}

/** How far from the link what is cut one way is drawn, on the side where its messages pass. */
const CUT_ASIDE = 6;
/** Where on the way it stops: off the middle, where links cross each other. */
const CUT_AT = 0.44;

/** One direction that does not pass: an arrow that runs into a wall, and nothing beyond it. */
function CutWay(props: {
  readonly from: Point;
  readonly to: Point;
  readonly clearance: number;
}): JSX.Element {
  const { from, to, clearance } = props;
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const stop = Math.max(clearance + 12, length * CUT_AT);
  // Drawn along the x axis, from the sender to the right, and then turned.
  return (
    <g
      class="cut one-way"
      data-heading={Math.round(turn)}
      transform={`translate(${from.x.toFixed(1)} ${from.y.toFixed(1)}) rotate(${turn.toFixed(1)}) translate(0 ${CUT_ASIDE})`}
    >
      <path class="wire" d={`M${clearance} 0H${(stop - 9).toFixed(1)}`} />
      <path class="stop-head" d={`M${(stop - 1).toFixed(1)} 0l-10-5v10z`} />
      <path class="stop" d={`M${(stop + 1.5).toFixed(1)}-8v16`} />
    </g>
  );
}

export function Cross(props: { readonly at: Point }): JSX.Element {
  const { x, y } = props.at;
  return <path class="cross" d={`M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`} />;
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
function flights_of(view: View, ring: Ring): Flight[] {
  const lanes = new Map<string, number>();
  const queues = new Map<string, Flight>();
  const flights: Flight[] = [];
  for (const message of view.messages) {
    const a = ring.places[message.from - 1];
    const b = ring.places[message.to - 1];
    if (!a || !b) continue;
    const way = `${message.from}>${message.to}`;
    const waits = message.due_at < view.now;
    const queue = queues.get(way);
    if (waits && queue) {
      queue.waiting += 1;
      continue;
    }
    const lane = lanes.get(way) ?? 0;
    lanes.set(way, lane + 1);
    const curve = arrow(a, b, ring.radius + CLEARANCE, Math.min(lane, LANES_MOST));
    const flight = { message, curve, waiting: 0 };
    if (waits) queues.set(way, flight);
    flights.push(flight);
  }
  return flights;
}

/** The latest loss of each way on which nothing travels now. */
function losses_of(view: View): LossView[] {
  const latest = new Map<string, LossView>();
  for (const loss of view.losses) {
    const way = `${loss.from}>${loss.to}`;
    const other = latest.get(way);
    if (!other || other.at < loss.at) latest.set(way, loss);
  }
  for (const message of view.messages) latest.delete(`${message.from}>${message.to}`);
  return [...latest.values()];
}

/** About the room that the two lines below a server take. */
const WORDS_BELOW = { w: 62, h: 28 };

function Messages(props: {
  readonly view: View;
  readonly ring: Ring;
  readonly size: Size;
}): JSX.Element {
  const { view, ring, size } = props;
  const flights = flights_of(view, ring);
  const discs: Circle[] = ring.places.map((place) => ({ ...place, r: ring.radius + 8 }));
  const below = ring.places.map(({ x, y }) => ({ x, y: y + ring.radius + 23, ...WORDS_BELOW }));
  const pills = place_pills(
    flights.map(({ message, curve, waiting }) => ({
      id: message.id,
      curve,
      ...pill_size(pill_words(message, waiting)),
    })),
    discs,
    size,
    below,
  );
  return (
    <g class="messages">
      {losses_of(view).map((loss) => {
        const a = ring.places[loss.from - 1];
        const b = ring.places[loss.to - 1];
        if (!a || !b) return null;
        const curve = arrow(a, b, ring.radius + CLEARANCE, 0);
        return <LossMark key={`l${loss.id}`} loss={loss} curve={curve} />;
      })}
      {flights.map(({ message, curve, waiting }) => (
        <MessageArrow
          key={message.id}
          message={message}
          words={pill_words(message, waiting)}
          curve={curve}
          pill={pills.get(message.id) ?? curve.c}
        />
      ))}
    </g>
  );
}
