/** One server of the stage: its role by shape and word, its term by colour and number. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ServerView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import type { Box, Point } from "../lib/geometry";
import { pressed, termClass, useMover } from "./hooks";
import { CROWN } from "./icons";
import { keyed } from "./keyed";
import { textWidth } from "./measure";
import { serverMenu } from "./offers";
import { roleFits, roleWord } from "./stage-below";
import { idIn, useLab } from "./use-lab";

/** From the disc's edge to the arc of a leader's lease, inside of it. */
const LEASE_GAP = 4;
/** From the disc to its timer arc. */
const ARC_GAP = 6;

interface Props {
  readonly server: ServerView;
  readonly place: Point;
  readonly radius: number;
  /** When its timer runs out; nothing for one that stands still. */
  readonly runsOutAt: number | undefined;
  readonly leaseRunsOutAt: number | undefined;
  readonly changed: boolean;
}

export const ServerDisc = keyed(DrawnServer);

function DrawnServer(props: Props): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { server, place, radius, runsOutAt, leaseRunsOutAt, changed } = props;
  const isChosen = state.viewState.chosen === server.id;
  const classes = [
    "server",
    server.state,
    server.role,
    server.isDeposed ? "deposed" : "",
    server.standing,
    termClass(server.currentTerm),
    changed ? "lit" : "",
    isChosen ? "chosen" : "",
  ];
  const choose = (target: Element): void => {
    viewState.pin(server.id);
    if (state.viewState.tab !== "server") viewState.showTab("server");
    menu.openOn(target, serverMenu(lab, server));
  };
  // What can be seen of it comes first, in the order in which it is seen.
  const [role, term] = [roleWord(server), `T${server.currentTerm}`];
  const words = roleFits(server, radius) ? [role, term] : [term, role];
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
      onFocus={() => viewState.pin(server.id)}
    >
      {changed ? <circle class="halo" r={radius + 13} /> : null}
      {isChosen ? <circle class="choice" r={radius + 12} /> : null}
      <Arc server={server} radius={radius + ARC_GAP} runsOutAt={runsOutAt} />
      <circle class="disc" r={radius} />
      {server.lease === undefined ? null : (
        <Lease server={server} radius={radius - LEASE_GAP} runsOutAt={leaseRunsOutAt} />
      )}
      {server.state === "crashed" ? (
        <circle class="hatched" r={radius} style={{ fill: `url("#${idIn(lab, "hatch")}")` }} />
      ) : null}
      <Words server={server} radius={radius} />
      <Badge server={server} radius={radius} />
      {server.state === "paused" ? <PauseMark radius={radius} /> : null}
    </g>
  );
}

/** How much of its timer a server has left, while it stands. */
function timerLeft(server: ServerView): number | undefined {
  return server.heartbeatRemaining ?? server.electionRemaining;
}

/** When a server's timer will run out, at `now`; that of a paused one stands still. */
export function timerRunsOutAt(server: ServerView, now: number): number | undefined {
  const left = server.state === "paused" ? undefined : timerLeft(server);
  return left === undefined ? undefined : now + left;
}

function Arc(props: {
  readonly server: ServerView;
  readonly radius: number;
  readonly runsOutAt: number | undefined;
}): JSX.Element {
  const { server, radius, runsOutAt } = props;
  const arc = useRef<SVGCircleElement>(null);
  const whole = server.heartbeat ?? server.electionTimeout;
  const share = (now: number): number => {
    const left = runsOutAt === undefined ? timerLeft(server) : runsOutAt - now;
    return left === undefined || !whole ? 0 : Math.max(0, Math.min(1, left / whole));
  };
  useMover((now) => arc.current?.setAttribute("stroke-dasharray", `${share(now).toFixed(4)} 2`));
  return (
    <>
      <circle class="track" r={radius} />
      <circle class="arc" r={radius} pathLength={1} transform="rotate(-90)" ref={arc} />
    </>
  );
}

/** When a leader's lease runs out, at `now`; that of a paused one stands still. */
export function leaseRunsOutAt(server: ServerView, now: number): number | undefined {
  const left = server.state === "paused" ? undefined : server.leaseRemaining;
  return left === undefined ? undefined : now + left;
}

/** What is left of a lease, within which the leader answers reads by itself. */
function Lease(props: {
  readonly server: ServerView;
  readonly radius: number;
  readonly runsOutAt: number | undefined;
}): JSX.Element {
  const { server, radius, runsOutAt } = props;
  const arc = useRef<SVGCircleElement>(null);
  const { lease = 1, leaseRemaining = 0 } = server;
  const share = (now: number): number => {
    const left = runsOutAt === undefined ? leaseRemaining : runsOutAt - now;
    return Math.max(0, Math.min(1, left / lease));
  };
  useMover((now) => arc.current?.setAttribute("stroke-dasharray", `${share(now).toFixed(4)} 2`));
  return (
    <circle class="lease" r={radius} pathLength={1} transform="rotate(-90)" ref={arc}>
      <title>{t("leaseLeft")}</title>
    </circle>
  );
}

function Words(props: { readonly server: ServerView; readonly radius: number }): JSX.Element {
  const { server, radius } = props;
  const roomy = roleFits(server, radius);
  const crowned = server.role === "leader" && server.state !== "crashed";
  const base = roomy ? 1 : crowned ? 9 : 5;
  return (
    <g class="words">
      {crowned ? (
        <path
          class="crown"
          d={CROWN}
          transform={`translate(${roomy ? -9 : -7} ${-radius * 0.62 - (roomy ? 6 : 7)}) scale(${roomy ? 1.12 : 0.88})`}
        />
      ) : null}
      <text class="name" y={roomy && crowned ? 4 : base} text-anchor="middle">
        {`${name(server.id)} `}
      </text>
      {roomy ? (
        <text class="role" y={16} text-anchor="middle">
          {`${roleWord(server)} `}
        </text>
      ) : null}
    </g>
  );
}

/** The badge's room, beside the disc's upper right. */
export function badgeBox(server: ServerView, place: Point, radius: number): Box {
  const w = 9 + textWidth(`T${server.currentTerm}`, "badge");
  return { x: place.x + radius * 0.78, y: place.y - radius * 0.84, w, h: 16 };
}

function Badge(props: { readonly server: ServerView; readonly radius: number }): JSX.Element {
  const { server, radius } = props;
  const { x, y, w, h } = badgeBox(server, { x: 0, y: 0 }, radius);
  return (
    <g class="badge" transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      <rect x={-w / 2} y={-h / 2} width={w} height={h} rx={h / 2} />
      <text text-anchor="middle" dy="0.35em">
        T{server.currentTerm}
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
