/** The stage: servers on a ring, links between them, messages on their way. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ChangeView, MessageView, View } from "../engine/types";
import { partyName as name, t } from "../i18n";
import { type Asked, isCrowd, sorted } from "../lib/crowd";
import { type Point, type Ring, ring } from "../lib/geometry";
import { arrowsOf, presentedScale } from "../state/view-state";
import { pressed, type Size, useSize } from "./hooks";
import { keyed } from "./keyed";
import { isCut, isIn } from "./links";
import { Modified } from "./modified";
import { linkMenu } from "./offers";
import { Below, newsOf } from "./stage-below";
import { ClientCard } from "./stage-client";
import { ArrowsBar, BAR, ThinLine } from "./stage-crowd";
import { CLEARANCE, CUT_ASIDE, cutStop, Messages } from "./stage-flights";
import { Halves, halfNames } from "./stage-halves";
import { leaseRunsOutAt, ServerDisc, timerRunsOutAt } from "./stage-server";
import { idIn, useLab } from "./use-lab";

export function Stage(): JSX.Element {
  const { side, state } = useLab();
  const [ref, size] = useSize<HTMLElement>();
  const view = state.shown.view;
  const crowd = view && isCrowd(view.servers.length) ? " crowded" : "";
  return (
    <section class={`stage${crowd}`} aria-label={t("stage") + side} ref={ref}>
      <Modified />
      {view && size.width > 0 && size.height > 0 ? <Scene view={view} size={size} /> : null}
    </section>
  );
}

/** Clients in a rail send no arrows across the ring. */
function drawable({ messages }: View, { hasRail }: Ring): readonly MessageView[] {
  return hasRail ? messages.filter(({ from, to }) => from > 0 && to > 0) : messages;
}

/** While a configuration is joint its entry is asked about, else the server that is chosen. */
function askedOf(view: View, chosen: number): Asked {
  const leader = view.servers.find(({ halves }) => halves.length > 0);
  return { index: leader?.halves[0]?.index, server: chosen };
}

function Scene(props: { readonly view: View; readonly size: Size }): JSX.Element {
  const lab = useLab();
  const { state } = lab;
  const { view, size } = props;
  const { scale, ...room } = scaled(size, state.viewState.shape.scale * presentedScale(state));
  const { width, height } = room;
  const count = view.servers.length;
  const clients = view.clients.length;
  const arrows = arrowsOf(state, view);
  const hasBar = isCrowd(count) || state.viewState.arrows !== undefined;
  const bar = hasBar ? BAR / scale : 0;
  const places = useMemo(
    () => ring(count, width, height, clients, bar),
    [count, width, height, clients, bar],
  );
  const sent = sorted(drawable(view, places), arrows, askedOf(view, state.viewState.chosen));
  const news = newsOf(view.servers, places);
  const joint = { view, ring: places, width, height, top: bar };
  return (
    <>
      {hasBar ? <ArrowsBar arrows={arrows} sorted={sent} /> : null}
      <svg
        width={size.width}
        height={size.height}
        viewBox={`0 0 ${width} ${height}`}
        role="presentation"
      >
        <defs>
          <pattern
            id={idIn(lab, "hatch")}
            width="5"
            height="5"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path class="hatch" d="M0 0V5" />
          </pattern>
        </defs>
        <Links view={view} ring={places} />
        {sent.thin.map((thin) => (
          <ThinLine key={`${thin.from}-${thin.to}`} thin={thin} ring={places} />
        ))}
        <Halves {...joint} />
        <Parties view={view} ring={places} />
        <Messages
          key={scale}
          view={view}
          sorted={sent}
          ring={places}
          size={room}
          kept={halfNames(joint).flatMap((box) => box ?? [])}
        />
        {/* Words last: an arrow that passes below a server does not cross them out. */}
        {view.servers.map((server, i) => (
          <Below
            key={server.id}
            server={server}
            place={places.places[i] ?? { x: 0, y: 0 }}
            radius={places.radius}
            news={news[i] ?? { vote: false, snapshot: false }}
          />
        ))}
      </svg>
    </>
  );
}

/** Who sends and receives: servers and clients. */
function Parties(props: { readonly view: View; readonly ring: Ring }): JSX.Element {
  const { view, ring } = props;
  const changed = changedServers(view.changes);
  const busy = new Set(view.messages.flatMap(({ from, to }) => [from, to]));
  return (
    <>
      {view.servers.map((server, i) => (
        <ServerDisc
          key={server.id}
          server={server}
          place={ring.places[i] ?? { x: 0, y: 0 }}
          radius={ring.radius}
          runsOutAt={timerRunsOutAt(server, view.now)}
          leaseRunsOutAt={leaseRunsOutAt(server, view.now)}
          changed={changed.has(server.id)}
        />
      ))}
      {view.clients.map((client, i) => (
        <ClientCard
          key={client.id}
          client={client}
          place={ring.clients[i] ?? { x: 0, y: 0 }}
          card={ring.card}
          travels={busy.has(-client.id)}
        />
      ))}
    </>
  );
}

/** On a large screen the stage is drawn larger as a whole, its words and lines alike. */
function scaled(size: Size, scale: number): Size & { readonly scale: number } {
  return { width: size.width / scale, height: size.height / scale, scale };
}

function changedServers(changes: readonly ChangeView[]): Set<number> {
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
          isFirst={links.length === 0}
          a={a}
          b={b}
          clearance={ring.radius + CLEARANCE}
          there={apart || isCut(view, from.id, to.id)}
          back={apart || isCut(view, to.id, from.id)}
          cloggedThere={isIn(view.clogged, from.id, to.id)}
          cloggedBack={isIn(view.clogged, to.id, from.id)}
        />,
      );
    }
  }
  return <g class="links">{links}</g>;
}

/** All links are one stop of the tab key; up and down go from one to the next. */
function goAlong(link: SVGGElement, event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  const links = [...(link.parentElement?.querySelectorAll<SVGGElement>(".link") ?? [])];
  const now = links.indexOf(link);
  links[(now + step + links.length) % links.length]?.focus();
  event.preventDefault();
}

interface LinkProps {
  readonly from: number;
  readonly to: number;
  readonly isFirst: boolean;
  readonly a: Point;
  readonly b: Point;
  readonly clearance: number;
  readonly there: boolean;
  readonly back: boolean;
  readonly cloggedThere: boolean;
  readonly cloggedBack: boolean;
}

const Link = keyed(DrawnLink);

function DrawnLink(props: LinkProps): JSX.Element {
  const lab = useLab();
  const { menu, state } = lab;
  const { from, to, isFirst, a, b, there, back, clearance, cloggedThere, cloggedBack } = props;
  const open = (target: Element, x: number, y: number): void => {
    const view = state.shown.view;
    if (view) menu.openAt(target, x, y, linkMenu(lab, view, from, to));
  };
  const line = `M${a.x} ${a.y}L${b.x} ${b.y}`;
  const passes =
    there && back
      ? t("linkCut")
      : there
        ? t("linkCutOne", { from: name(from), to: name(to) })
        : back
          ? t("linkCutOne", { from: name(to), to: name(from) })
          : t("linkOpen");
  const clogged = [
    cloggedThere ? t("linkClogged", { from: name(from), to: name(to) }) : "",
    cloggedBack ? t("linkClogged", { from: name(to), to: name(from) }) : "",
  ].filter((words) => words !== "");
  const states = [passes, ...clogged].join(" · ");
  const label = t("linkAria", { from: name(from), to: name(to), state: states });
  return (
    <g
      class={`link${there && back ? " cut" : ""}`}
      role="button"
      tabindex={isFirst ? 0 : -1}
      data-link={`${from}-${to}`}
      aria-label={label}
      onClick={(event) => open(event.currentTarget, event.clientX, event.clientY)}
      onKeyDown={(event) => {
        goAlong(event.currentTarget, event);
        pressed(event, () => {
          const view = state.shown.view;
          if (view) menu.openOn(event.currentTarget, linkMenu(lab, view, from, to));
        });
      }}
    >
      <title>{label}</title>
      <path class="hit" d={line} />
      <path class="wire" d={line} />
      {there !== back ? (
        <CutWay from={there ? a : b} to={there ? b : a} clearance={clearance} />
      ) : null}
      {cloggedThere ? <Clog from={a} to={b} clearance={clearance} /> : null}
      {cloggedBack ? <Clog from={b} to={a} clearance={clearance} /> : null}
    </g>
  );
}

interface Way {
  readonly from: Point;
  readonly to: Point;
  readonly clearance: number;
}

/** The transform that lays the x axis along a way, on the side where its messages pass. */
function along(from: Point, to: Point): string {
  const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return `translate(${from.x.toFixed(1)} ${from.y.toFixed(1)}) rotate(${turn.toFixed(1)}) translate(0 ${CUT_ASIDE})`;
}

/** Messages wait at the end of this way: two bars before the receiver. */
function Clog(props: Way): JSX.Element {
  const { from, to, clearance } = props;
  const end = Math.hypot(to.x - from.x, to.y - from.y) - clearance - 4;
  return (
    <path
      class="clog"
      d={`M${end.toFixed(1)}-7v14M${(end - 6).toFixed(1)}-7v14`}
      transform={along(from, to)}
    />
  );
}

/** One direction that does not pass: an arrow that runs into a wall, and nothing beyond it. */
function CutWay(props: Way): JSX.Element {
  const { from, to, clearance } = props;
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const stop = cutStop(length, clearance);
  // Drawn along the x axis, from the sender to the right, and then turned.
  return (
    <g class="cut one-way" data-heading={Math.round(turn)} transform={along(from, to)}>
      <path class="wire" d={`M${clearance} 0H${(stop - 9).toFixed(1)}`} />
      <path class="stop-head" d={`M${(stop - 1).toFixed(1)} 0l-10-5v10z`} />
      <path class="stop" d={`M${(stop + 1.5).toFixed(1)}-8v16`} />
    </g>
  );
}
