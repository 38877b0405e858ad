/** The canvas of the diagram: painted anew when what is in sight changes, with the present over it. */
import { untracked } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n/later";
import { coveredFrom } from "../lib/bets";
import { type Axis, causalAxis, physicalAxis } from "../lib/diagram/axis";
import { coneOf } from "../lib/diagram/cone";
import type { History } from "../lib/diagram/history";
import { eventAt, type Sight, xOf } from "../lib/diagram/sight";
import { firstSpan, followed } from "../lib/diagram/span";
import { lanesUntil } from "../lib/tape";
import { dark, theme } from "../state/page";
import { whenever } from "../state/state";
import { listenToGestures } from "./diagram-gestures";
import { diagramKeys } from "./diagram-keys";
import { HEAD, type Picture, paint } from "./diagram-paint";
import { useMover, useSize } from "./hooks";
import { type Palette, paletteOf } from "./palette";
import { idIn, useLab } from "./use-lab";

interface CanvasProps {
  /** By server: the middle of its lane; nothing for one that is hidden. */
  readonly lanes: readonly (number | undefined)[];
  readonly history: History;
  readonly height: number;
}

export function Canvas(props: CanvasProps): JSX.Element {
  const lab = useLab();
  const { diagram, events, session, shown, state } = lab;
  const [box, { width }] = useSize<HTMLDivElement>();
  const [hovered, setHovered] = useState<number | undefined>(undefined);
  const sightAt = useSight(props.history, props.lanes, width);
  const latest = useRef(sightAt);
  latest.current = sightAt;
  const sight = (): Sight => latest.current(shown.nowUs());
  useEffect(() => {
    if (!box.current) return undefined;
    return listenToGestures(box.current, {
      sight,
      look: (span) => diagram.look(span),
      point: (x, y) => setHovered(eventAt(sight(), x, y)),
      pointAway: () => setHovered(undefined),
      choose: (x, y) => {
        const found = eventAt(sight(), x, y);
        const { axis, from, perPixel } = sight();
        if (found !== undefined) session.goTo(found + 1);
        else session.goToTime(Math.max(0, axis.usAt(from + x * perPixel)));
      },
    });
  }, []);
  const view = state.shown.calmView;
  const event = hovered === undefined || !view ? undefined : events.numbered(view, [hovered])[0];
  return (
    <div class="diagram-canvas" ref={box}>
      <Painted {...props} width={width} hovered={hovered} sightAt={sightAt} />
      {event ? (
        <p class="diagram-tip" style={tipPlace(sight(), event.number)}>
          {event.text}
        </p>
      ) : null}
      <p class="unseen" id={idIn(lab, "diagram-keys")}>
        {t("diagramKeys")}
      </p>
    </div>
  );
}

interface PaintedProps extends CanvasProps {
  readonly width: number;
  readonly hovered: number | undefined;
  readonly sightAt: (now: number) => Sight;
}

function Painted(props: PaintedProps): JSX.Element {
  const lab = useLab();
  const { diagram, shown, state } = lab;
  const { width, height, hovered, sightAt } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLDivElement>(null);
  const present = useRef("");
  const repaint = usePainter(canvas, width, height);
  useMover((now) => {
    if (width === 0 || height === 0) return;
    let sight = sightAt(now);
    const { selected } = sight.cone;
    const { isCausal, span } = untracked(() => ({ ...state.diagram }));
    const place = isCausal ? sight.axis.of(selected) : sight.axis.at(now);
    // Who looks elsewhere is left there until the present moves.
    const hasMoved = present.current !== `${selected} ${now}`;
    present.current = `${selected} ${now}`;
    const next = hasMoved && span ? followed(span, place, width) : span;
    if (next && next !== span) {
      diagram.look(next);
      sight = { ...sight, from: next.from };
    }
    if (cursor.current)
      cursor.current.style.transform = `translateX(${Math.round(xOf(sight, place))}px)`;
    const { axis, from, perPixel } = sight;
    diagram.see(Math.max(0, axis.usAt(from)), axis.usAt(from + width * perPixel));
    repaint(sight, hovered, now);
  });
  return (
    <>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={t("diagramOf", { count: state.diagram.count })}
        aria-describedby={idIn(lab, "diagram-keys")}
        onKeyDown={(pressed) => {
          if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
          const deed = diagramKeys(lab, sightAt(shown.nowUs()))[pressed.key];
          if (!deed) return;
          pressed.preventDefault();
          pressed.stopPropagation();
          deed();
        }}
      />
      <div class="diagram-cursor" ref={cursor} />
    </>
  );
}

/** What is in sight at an instant: the part that was chosen, else all of it, or what is near the present. */
function useSight(
  history: History,
  lanes: readonly (number | undefined)[],
  width: number,
): (now: number) => Sight {
  const { state } = useLab();
  const { count, isCausal, isUnfolded, kinds } = state.diagram;
  const endUs = coveredFrom(state)?.at ?? state.shown.calmView?.endAt ?? 0;
  const servers = state.shown.calmView?.servers.length ?? 0;
  const axis: Axis = useMemo(
    () => (isCausal ? causalAxis(history) : physicalAxis(history, endUs, !isUnfolded)),
    [history, count, endUs, isCausal, isUnfolded],
  );
  const cone = useRef({ of: "", is: coneOf(history, -1, servers) });
  return (now) => {
    const { position, span } = untracked(() => ({
      position: state.shown.view?.position ?? 0,
      span: state.diagram.span,
    }));
    const of = `${state.run.current.id} ${count} ${position}`;
    if (cone.current.of !== of) cone.current = { of, is: coneOf(history, position - 1, servers) };
    const place = isCausal ? axis.of(position - 1) : axis.at(now);
    const { from, perPixel } = span ?? firstSpan(axis, place, history.travelUs, width, isCausal);
    const isFolded = !isUnfolded;
    return { history, axis, cone: cone.current.is, from, perPixel, width, lanes, kinds, isFolded };
  };
}

/** Paints what is in sight, unless that is what was painted last. */
function usePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  width: number,
  height: number,
): (sight: Sight, hovered: number | undefined, now: number) => void {
  const { frame, state } = useLab();
  const colours = `${theme.value} ${dark.value}`;
  const palette = useRef<Palette>(undefined);
  const painted = useRef("");
  const sought = useMemo(
    () => state.sought.found?.hits.map(({ number }) => number) ?? [],
    [state.sought.found],
  );
  const { count, isCausal, isUnfolded, kinds } = state.diagram;
  const asked = coveredFrom(state);
  const all = state.shown.lanes;
  const lanes = useMemo(() => lanesUntil(all, asked?.position), [all, asked?.position]);
  const endUs = asked?.at ?? state.shown.calmView?.endAt ?? 0;
  useEffect(() => {
    palette.current = undefined;
    painted.current = "";
    frame.wake();
  }, [colours, lanes, sought]);
  useEffect(
    () =>
      whenever(
        () => state.diagram.span,
        () => frame.wake(),
      ),
    [],
  );
  return (sight, hovered, now) => {
    const element = canvas.current;
    const to = element?.getContext("2d");
    if (!element || !to) return;
    const view = untracked(() => state.shown.view);
    const isLast = view?.position === (asked?.position ?? view?.length) && !isCausal;
    const flights = (isLast && view?.messages) || [];
    const key = [
      ...[sight.from, sight.perPixel, width, height, sight.lanes.join(), sight.cone.selected],
      ...[count, endUs, kinds, isCausal, isUnfolded, hovered, flights.length > 0 ? now : ""],
    ].join(" ");
    if (key === painted.current) return;
    painted.current = key;
    fit(element, to, width, height);
    palette.current ??= paletteOf(element);
    const picture: Picture = {
      ...{ sight, height, hovered, isCausal, endUs, flights, lanes, sought },
      nowUs: now,
    };
    paint(to, picture, palette.current);
  };
}

/** As many points as the screen has. */
function fit(
  element: HTMLCanvasElement,
  to: CanvasRenderingContext2D,
  width: number,
  height: number,
): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (element.width !== across) element.width = across;
  if (element.height !== down) element.height = down;
  to.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/** Beside what is pointed at, where there is room. */
function tipPlace(sight: Sight, event: number): Record<string, string> {
  const { history, lanes, width } = sight;
  const x = Math.max(0, Math.min(width, xOf(sight, sight.axis.of(event))));
  const y = lanes[history.server[event] || history.to[event] || 0] ?? HEAD;
  const side = x > width / 2 ? { right: `${width - x + 10}px` } : { left: `${x + 10}px` };
  return { ...side, top: `${Math.max(2, y - 34)}px` };
}
