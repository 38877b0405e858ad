/** A message on its way: travelled part solid, the rest dotted, a head that moves, a label. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LossView, MessageView } from "../engine/types";
import { server_name as name, t } from "../i18n";
import {
  type Curve,
  drawn_share,
  head_transform,
  type Point,
  path_of,
  point_at,
  progress,
} from "../lib/geometry";
import { open_menu, open_menu_at } from "../state/menu";
import { now_us } from "../state/session";
import { pressed, use_mover } from "./hooks";
import { keyed, same_values } from "./keyed";
import { message_menu } from "./menus";
import { Cross } from "./stage";

/** Where on its way a message that will be lost comes to its end. */
const LOST_AT = 0.62;
const LOSS_FADES_US = 60_000;
const HEAD = "M3.5 0L-5 3.9L-3.4 0L-5-3.9Z";
/** Where a message will land: an open arrow head, which the moving one fills in the end. */
const LANDING = "M-4.5 4.3L2.8 0L-4.5-4.3";
const PILL_HEIGHT = 17;

const MEASURED = 500;
const widths = new Map<string, number>();
let pen: CanvasRenderingContext2D | null | undefined;

/** Room that a label takes. A canvas measures it once: asking the page would cost layout. */
export function pill_size(label: string): { width: number; height: number } {
  let width = widths.get(label);
  if (width === undefined) {
    if (widths.size > MEASURED) widths.clear();
    width = Math.ceil(measure(label)) + 14;
    widths.set(label, width);
  }
  return { width, height: PILL_HEIGHT };
}

function measure(label: string): number {
  if (pen === undefined) {
    pen = document.createElement("canvas").getContext("2d");
    const family = getComputedStyle(document.body).fontFamily;
    if (pen) pen.font = `600 10.5px ${family}`;
  }
  return pen ? pen.measureText(label).width : label.length * 7;
}

export function pill_words(message: MessageView, waiting: number): string {
  return waiting > 0 ? `${message.label} ×${waiting + 1}` : message.label;
}

function tone_of(message: MessageView): string {
  if (message.refusal) return "refusal";
  return message.reply ? "answer" : "request";
}

interface ArrowProps {
  readonly message: MessageView;
  readonly words: string;
  readonly curve: Curve;
  readonly pill: Point;
}

function same_arrow(before: ArrowProps, after: ArrowProps): boolean {
  return (
    before.words === after.words &&
    same_values(before.message, after.message) &&
    same_values(before.pill, after.pill) &&
    same_values(before.curve.a, after.curve.a) &&
    same_values(before.curve.b, after.curve.b) &&
    same_values(before.curve.c, after.curve.c)
  );
}

export const MessageArrow = keyed(DrawnArrow, same_arrow);

function DrawnArrow(props: ArrowProps): JSX.Element {
  const { message, words, curve, pill } = props;
  const done = useRef<SVGPathElement>(null);
  const head = useRef<SVGPathElement>(null);
  const end = message.doomed ? LOST_AT : 1;
  const share = (now: number): number =>
    Math.min(end, drawn_share(curve, progress(now, message.sent_at, message.due_at)));
  use_mover((now) => {
    const at = share(now);
    done.current?.setAttribute("stroke-dasharray", `${at.toFixed(4)} 2`);
    head.current?.setAttribute("transform", head_transform(curve, at));
  });
  const at = share(now_us());
  const d = path_of(curve);
  const label = t("message_aria", {
    kind: message.kind,
    from: name(message.from),
    to: name(message.to),
    label: message.label,
  });
  return (
    <g
      class={`message ${tone_of(message)}${message.doomed ? " doomed" : ""}`}
      role="button"
      tabindex={0}
      data-message={message.id}
      aria-label={label}
      onClick={(event) =>
        open_menu_at(event.currentTarget, event.clientX, event.clientY, message_menu(message))
      }
      onKeyDown={(event) =>
        pressed(event, () => open_menu(event.currentTarget, message_menu(message)))
      }
    >
      <path class="hit" d={d} />
      <path class="way" d={d} />
      <path class="done" d={d} pathLength={1} stroke-dasharray={`${at.toFixed(4)} 2`} ref={done} />
      <circle class="origin" cx={curve.a.x} cy={curve.a.y} r={2.6} />
      {message.doomed ? (
        <Cross at={point_at(curve, LOST_AT)} />
      ) : (
        <path class="landing" d={LANDING} transform={head_transform(curve, 1)} />
      )}
      <path class="head" d={HEAD} transform={head_transform(curve, at)} ref={head} />
      <Pill at={pill} label={words} />
    </g>
  );
}

function Pill(props: { readonly at: Point; readonly label: string }): JSX.Element {
  const { at, label } = props;
  const { width, height } = pill_size(label);
  return (
    <g class="pill" transform={`translate(${Math.round(at.x)} ${Math.round(at.y)})`}>
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={height / 2} />
      <text text-anchor="middle" dy="0.34em">
        {label}
      </text>
    </g>
  );
}

/** What was lost a moment ago: its way ends in a cross, and fades. */
export function LossMark(props: { readonly loss: LossView; readonly curve: Curve }): JSX.Element {
  const { loss, curve } = props;
  const group = useRef<SVGGElement>(null);
  const opacity = (now: number): string =>
    Math.max(0, 1 - (now - loss.at) / LOSS_FADES_US).toFixed(3);
  use_mover((now) => group.current?.setAttribute("opacity", opacity(now)));
  const end = loss.reason === "crashed" ? 0.96 : LOST_AT;
  const at = point_at(curve, end);
  return (
    <g class="loss" ref={group} opacity={opacity(now_us())}>
      <path class="done" d={path_of(curve)} pathLength={1} stroke-dasharray={`${end} 2`} />
      <Cross at={at} />
    </g>
  );
}
