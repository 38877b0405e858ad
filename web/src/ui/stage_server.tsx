/** One server of the stage: its role by shape and word, its term by colour and number. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ServerView } from "../engine/types";
import { party_name as name } from "../i18n";
import type { Box, Point } from "../lib/geometry";
import { open_menu } from "../state/menu";
import { heartbeat_span, now_us } from "../state/shown";
import { chosen, pin, tab } from "../state/ui";
import { pressed, term_class, use_mover } from "./hooks";
import { CROWN } from "./icons";
import { keyed, same_list, same_values } from "./keyed";
import { server_menu } from "./menus";
import { role_fits, role_word } from "./stage_below";

/** From the disc to its timer arc. */
const ARC_GAP = 6;

interface Props {
  readonly server: ServerView;
  readonly place: Point;
  readonly radius: number;
  readonly taken_at: number;
  readonly changed: boolean;
}

/** Whether all that is drawn of a server is the same; its timer by the instant it runs out. */
function same_server(before: Props, after: Props): boolean {
  return (
    same_values(before, after, ["server", "taken_at"]) &&
    same_values(before.server, after.server, NOT_DRAWN) &&
    same_list(before.server.votes, after.server.votes) &&
    same_list(before.server.tally, after.server.tally) &&
    runs_out_at(before) === runs_out_at(after) &&
    (after.server.state !== "paused" || before.taken_at === after.taken_at)
  );
}

const NOT_DRAWN = [
  "log",
  "store",
  "progress",
  "votes",
  "tally",
  "election_remaining",
  "heartbeat_remaining",
] as const satisfies readonly (keyof ServerView)[];

function runs_out_at({ server, taken_at }: Props): number {
  return taken_at + (server.election_remaining ?? server.heartbeat_remaining ?? 0);
}

export const ServerDisc = keyed(DrawnServer, same_server);

function DrawnServer(props: Props): JSX.Element {
  const { server, place, radius, taken_at, changed } = props;
  const is_chosen = chosen.value === server.id;
  const classes = [
    "server",
    server.state,
    server.role,
    server.is_deposed ? "deposed" : "",
    server.standing,
    term_class(server.current_term),
    changed ? "lit" : "",
    is_chosen ? "chosen" : "",
  ];
  const choose = (target: Element): void => {
    pin(server.id);
    if (tab.peek() !== "server") tab.value = "server";
    open_menu(target, server_menu(server));
  };
  // What can be seen of it comes first, in the order in which it is seen.
  const [role, term] = [role_word(server), `T${server.current_term}`];
  const words = role_fits(server, radius) ? [role, term] : [term, role];
  const label = [name(server.id), ...words].join(" ");
  return (
    <g
      class={classes.join(" ")}
      transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}
      role="button"
      tabindex={0}
      data-server={server.id}
      aria-label={label}
      onClick={(event) => choose(event.currentTarget)}
      onKeyDown={(event) => pressed(event, () => choose(event.currentTarget))}
      onFocus={() => pin(server.id)}
    >
      {changed ? <circle class="halo" r={radius + 13} /> : null}
      {is_chosen ? <circle class="choice" r={radius + 12} /> : null}
      <Arc server={server} radius={radius + ARC_GAP} taken_at={taken_at} />
      <circle class="disc" r={radius} />
      {server.state === "crashed" ? <circle class="hatched" r={radius} /> : null}
      <Words server={server} radius={radius} />
      <Badge server={server} radius={radius} />
      {server.state === "paused" ? <PauseMark radius={radius} /> : null}
    </g>
  );
}

/** The share of its timer that a server has left; nothing runs while it is down or paused. */
function timer_share(server: ServerView, taken_at: number, now: number): number {
  const leads = server.role === "leader";
  const left = leads ? server.heartbeat_remaining : server.election_remaining;
  const whole = leads ? heartbeat_span : server.election_timeout;
  if (left === undefined || !whole || server.state === "crashed") return 0;
  const passed = server.state === "paused" ? 0 : now - taken_at;
  return Math.max(0, Math.min(1, (left - passed) / whole));
}

function Arc(props: {
  readonly server: ServerView;
  readonly radius: number;
  readonly taken_at: number;
}): JSX.Element {
  const { server, radius, taken_at } = props;
  const arc = useRef<SVGCircleElement>(null);
  const dashes = (now: number): string => `${timer_share(server, taken_at, now).toFixed(4)} 2`;
  use_mover((now) => arc.current?.setAttribute("stroke-dasharray", dashes(now)));
  return (
    <>
      <circle class="track" r={radius} />
      <circle
        class="arc"
        r={radius}
        pathLength={1}
        stroke-dasharray={dashes(now_us())}
        transform="rotate(-90)"
        ref={arc}
      />
    </>
  );
}

function Words(props: { readonly server: ServerView; readonly radius: number }): JSX.Element {
  const { server, radius } = props;
  const roomy = role_fits(server, radius);
  const crowned = server.role === "leader" && server.state !== "crashed";
  const base = roomy ? 1 : crowned ? 8 : 5;
  return (
    <g class="words">
      {crowned ? (
        <path
          class="crown"
          d={CROWN}
          transform={`translate(${roomy ? -9 : -7} ${-radius * 0.62 - 6}) scale(${roomy ? 1.12 : 0.88})`}
        />
      ) : null}
      <text class="name" y={roomy && crowned ? 4 : base} text-anchor="middle">
        {`${name(server.id)} `}
      </text>
      {roomy ? (
        <text class="role" y={16} text-anchor="middle">
          {`${role_word(server)} `}
        </text>
      ) : null}
    </g>
  );
}

/** The badge's room, beside the disc's upper right. */
export function badge_box(server: ServerView, place: Point, radius: number): Box {
  const words = `T${server.current_term}`;
  const w = 9 + words.length * 6.6;
  return { x: place.x + radius * 0.78, y: place.y - radius * 0.84, w, h: 16 };
}

function Badge(props: { readonly server: ServerView; readonly radius: number }): JSX.Element {
  const { server, radius } = props;
  const { x, y, w, h } = badge_box(server, { x: 0, y: 0 }, radius);
  return (
    <g class="badge" transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <rect x={-w / 2} y={-h / 2} width={w} height={h} rx={h / 2} />
      <text text-anchor="middle" dy="0.35em">
        T{server.current_term}
      </text>
    </g>
  );
}

function PauseMark(props: { readonly radius: number }): JSX.Element {
  const { radius } = props;
  return (
    <g class="pause-mark" transform={`translate(${-radius * 0.8} ${-radius * 0.8})`}>
      <circle r={8} />
      <path d="M-2.5-3.5v7M2.5-3.5v7" />
    </g>
  );
}
