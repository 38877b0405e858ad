/** A message on its way: travelled part solid, the rest dotted, a head that moves, a label. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LossView, MessageView } from "../engine/types";
import { inLanguage, partyName as name, t } from "../i18n";
import {
  type Curve,
  drawnShare,
  headTransform,
  type Point,
  pathOf,
  pointAt,
  progress,
} from "../lib/geometry";
import type { ViewState } from "../state/view-state";
import { pressed, useMover } from "./hooks";
import { keyed } from "./keyed";
import { textWidth } from "./measure";
import { messageMenu } from "./offers";
import { useLab } from "./use-lab";

/** Where on its way a message that will be lost comes to its end. */
export const LOST_AT = 0.62;
const LOSS_FADES_US = 60_000;
const HEAD = "M3.5 0L-5 3.9L-3.4 0L-5-3.9Z";
/** Where a message will land: an open arrow head, which the moving one fills in the end. */
const LANDING = "M-4.5 4.3L2.8 0L-4.5-4.3";
const PILL_HEIGHT = 17;

/** Room that a label takes. */
export function pillSize(label: string): { width: number; height: number } {
  return { width: Math.ceil(textWidth(label, "pill")) + 14, height: PILL_HEIGHT };
}

/** The label of a message, whole (0) or as short as it can be (1): its sign, or its last word. */
export function pillWords(message: MessageView, waiting: number, size: number): string {
  const label = inLanguage(message.label, message.labelZh);
  const parts = label.split(" ");
  const sign = label.startsWith("✓") || label.startsWith("✗");
  const words = size === 0 ? label : ((sign ? parts[0] : parts.at(-1)) ?? label);
  return waiting > 0 ? `${words} ×${waiting + 1}` : words;
}

function toneOf(message: MessageView): string {
  if (message.refusal) return "refusal";
  return message.reply ? "answer" : "request";
}

/** Where a message's label stands; one without room shows while its message is pointed at. */
export interface Label extends Point {
  readonly width: number;
  readonly hasRoom: boolean;
}

interface ArrowProps {
  readonly message: MessageView;
  readonly curve: Curve;
  readonly label: Label;
}

function pointing(viewState: ViewState, id: number) {
  const enter = (): void => viewState.pointAt(id);
  const leave = (): void => viewState.pointAway(id);
  return { onPointerEnter: enter, onPointerLeave: leave, onFocus: enter, onBlur: leave };
}

function classesOf(message: MessageView, near: number | undefined): string {
  const doomed = message.doomed ? " doomed" : "";
  return `${toneOf(message)}${doomed}${near === message.id ? " near" : ""}`;
}

/** A stroke along the label: it is pressed with its arrow, without an element of its own. */
function across({ x, y, width }: Label): string {
  const inside = width / 2 - 4;
  return `M${x - inside} ${y}h${2 * inside}`;
}

export const MessageArrow = keyed(DrawnArrow);

function DrawnArrow(props: ArrowProps): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { message, curve, label } = props;
  const done = useRef<SVGPathElement>(null);
  const head = useRef<SVGPathElement>(null);
  const end = message.doomed ? LOST_AT : 1;
  const share = (now: number): number =>
    Math.min(end, drawnShare(curve, progress(now, message.sentAt, message.dueAt)));
  useMover((now) => {
    const at = share(now);
    done.current?.setAttribute("stroke-dasharray", `${at.toFixed(4)} 2`);
    head.current?.setAttribute("transform", headTransform(curve, at));
  });
  const d = pathOf(curve);
  const words = t("messageAria", {
    kind: message.kind,
    from: name(message.from),
    to: name(message.to),
    label: inLanguage(message.label, message.labelZh),
  });
  return (
    <g
      class={`message ${classesOf(message, state.viewState.near)}`}
      role="button"
      tabindex={0}
      data-message={message.id}
      aria-label={words}
      {...pointing(viewState, message.id)}
      onClick={(event) =>
        menu.openAt(event.currentTarget, event.clientX, event.clientY, messageMenu(lab, message))
      }
      onKeyDown={(event) =>
        pressed(event, () => menu.openOn(event.currentTarget, messageMenu(lab, message)))
      }
    >
      <title>{words}</title>
      <path class="hit" d={label.hasRoom ? `${d}${across(label)}` : d} />
      <path class="way" d={d} />
      <path class="done" d={d} pathLength={1} ref={done} />
      <circle class="origin" cx={curve.a.x} cy={curve.a.y} r={2.6} />
      {message.doomed ? (
        <Cross at={pointAt(curve, LOST_AT)} />
      ) : (
        <path class="landing" d={LANDING} transform={headTransform(curve, 1)} />
      )}
      <path class="head" d={HEAD} ref={head} />
    </g>
  );
}

interface PillProps {
  readonly message: MessageView;
  readonly words: string;
  readonly at: Label;
}

/** Labels stand above all arrows, so that none of them is crossed out; their arrows are pressed. */
export const Pill = keyed(DrawnPill);

function DrawnPill(props: PillProps): JSX.Element | null {
  const { state } = useLab();
  const { message, words, at } = props;
  if (!at.hasRoom && state.viewState.near !== message.id) return null;
  const { width, height } = pillSize(words);
  return (
    <g
      class={`pill ${classesOf(message, state.viewState.near)}`}
      transform={`translate(${at.x} ${at.y})`}
    >
      <rect x={-width / 2} y={-height / 2} width={width} height={height} rx={height / 2} />
      <text text-anchor="middle" dy="0.34em">
        {words}
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
  useMover((now) => group.current?.setAttribute("opacity", opacity(now)));
  const end = loss.reason === "crashed" ? 0.96 : LOST_AT;
  const at = pointAt(curve, end);
  return (
    <g class="loss" ref={group}>
      <path class="done" d={pathOf(curve)} pathLength={1} stroke-dasharray={`${end} 2`} />
      <Cross at={at} />
    </g>
  );
}

export function Cross(props: { readonly at: Point }): JSX.Element {
  const { x, y } = props.at;
  return <path class="cross" d={`M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8`} />;
}
