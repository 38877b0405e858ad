/** The painter of the diagram: lanes, messages, marks, in the colours and letters of the page. */
import type { MessageView } from "../engine/types";
import { t } from "../i18n/later";
import type { Tear } from "../lib/diagram/axis";
import { BLOCK, FATE, LANES, MARK, WHAT } from "../lib/diagram/history";
import {
  type Arrow,
  arrowOf,
  blocksInSight,
  isFarOut,
  isShown,
  narrowBlock,
  pointOf,
  type Sight,
  struckArrow,
  toneOf,
  xOf,
} from "../lib/diagram/sight";
import { ticksOf } from "../lib/diagram/ticks";
import { type Lanes, ROLE } from "../lib/tape";
import { formatSpan } from "../lib/time";
import { paintMark } from "./diagram-marks";
import type { Palette } from "./palette";

export interface Picture {
  readonly sight: Sight;
  readonly lanes: Lanes;
  /** Where the run ends, and its end in microseconds. */
  readonly endUs: number;
  readonly height: number;
  /** The event that is pointed at, if one is. */
  readonly hovered: number | undefined;
  /** The events that were looked for, ascending. */
  readonly sought: readonly number[];
  readonly isCausal: boolean;
  /** What is on its way at the present, where the run ends. */
  readonly flights: readonly MessageView[];
  readonly nowUs: number;
}

/** Room above the lanes for the ticks. */
export const HEAD = 26;
/** Room below them. */
export const FOOT = 18;
/** Marks of one kind nearer than this to each other would be one. */
const COVERED = 2;
const THIN = 5;
const THICK = 13;

export function paint(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, height } = picture;
  to.clearRect(0, 0, sight.width, height);
  to.font = palette.font;
  to.textBaseline = "middle";
  paintTicks(to, picture, palette);
  paintLanes(to, picture, palette);
  for (const tear of sight.axis.tears) paintTear(to, picture, palette, tear);
  paintBeats(to, picture, palette);
  paintArrows(to, picture, palette);
  paintFlights(to, picture, palette);
  paintMarks(to, picture, palette);
}

function paintTicks(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, height, isCausal } = picture;
  to.strokeStyle = palette.line;
  to.fillStyle = palette.dim;
  to.textAlign = "center";
  to.lineWidth = 1;
  to.beginPath();
  for (const { place, words } of ticksOf(sight, isCausal)) {
    const x = Math.round(xOf(sight, place)) + 0.5;
    to.moveTo(x, HEAD - 6);
    to.lineTo(x, height - FOOT);
    // The first and the last one stand inside.
    const half = to.measureText(words).width / 2;
    to.fillText(words, Math.max(half, Math.min(sight.width - half, x)), HEAD / 2 - 2);
  }
  to.stroke();
}

/** What each server was: its term by colour, thick where it leads, hatched where it stands, dots where it is down. */
function paintLanes(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, lanes, endUs, isCausal } = picture;
  const { axis } = sight;
  const placeAt = (i: number): number =>
    isCausal ? axis.of((lanes.position[i] ?? 0) - 1) : axis.at(lanes.at[i] ?? 0);
  to.textAlign = "left";
  let worded = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < lanes.at.length; i++) {
    const server = lanes.server[i] ?? 0;
    const y = sight.lanes[server];
    if (y === undefined) continue;
    const isFirst = i === 0 || lanes.server[i - 1] !== server;
    const isLast = lanes.server[i + 1] !== server;
    const left = isFirst ? xOf(sight, 0) : xOf(sight, placeAt(i));
    const right = xOf(sight, isLast ? (isCausal ? axis.extent : axis.at(endUs)) : placeAt(i + 1));
    if (isFirst) worded = Number.NEGATIVE_INFINITY;
    if (right < 0 || left > sight.width) continue;
    const term = lanes.term[i] ?? -1;
    const role = lanes.role[i] ?? ROLE.follower;
    paintSpan(to, palette, { left: Math.max(-4, left), right, y, term, role });
    const isNewTerm = isFirst || lanes.term[i - 1] !== term || role === ROLE.leader;
    const at = Math.max(left, 0);
    if (term < 0 || !isNewTerm || right - at < 30 || at - worded < 30) continue;
    worded = at;
    to.fillStyle = role === ROLE.leader ? palette.onTerm : palette.term(term);
    const words = role === ROLE.leader ? `♛ T${term}` : `T${term}`;
    to.fillText(words, at + 4, role === ROLE.leader ? y + 0.5 : y + 11);
  }
}

interface SpanPlace {
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly term: number;
  readonly role: number;
}

function paintSpan(to: CanvasRenderingContext2D, palette: Palette, span: SpanPlace): void {
  const { left, y, term, role } = span;
  const right = Math.max(span.right, left + 1);
  if (term < 0) {
    to.fillStyle = palette.strongLine;
    for (let x = Math.max(0, left) + 3; x < Math.min(right, 8000); x += 6)
      to.fillRect(x, y - 0.5, 2, 1);
    return;
  }
  const thick = role === ROLE.follower ? THIN : role === ROLE.leader ? THICK : THICK - 4;
  to.fillStyle = palette.term(term);
  to.globalAlpha = role === ROLE.follower ? 0.6 : 1;
  to.fillRect(left, y - thick / 2, right - left, thick);
  to.globalAlpha = 1;
  if (role !== ROLE.candidate) return;
  to.strokeStyle = palette.card;
  to.lineWidth = 1.5;
  to.beginPath();
  for (let x = left; x < right; x += 6) {
    to.moveTo(x, y + thick / 2);
    to.lineTo(Math.min(x + 5, right), y - thick / 2);
  }
  to.stroke();
}

/** Empty time is cut out, and says how much it was. */
function paintTear(
  to: CanvasRenderingContext2D,
  { sight, height }: Picture,
  palette: Palette,
  { start, end, hiddenUs, heartbeats }: Tear,
): void {
  const [left, right] = [xOf(sight, start), xOf(sight, end)];
  if (right < 0 || left > sight.width || right - left < 3) return;
  const [top, bottom] = [HEAD - 6, height - FOOT];
  to.fillStyle = palette.card;
  to.strokeStyle = palette.strongLine;
  to.lineWidth = 1;
  to.beginPath();
  for (let y = top, side = 0; y <= bottom; y += 7, side = 1 - side) to.lineTo(left + 3 * side, y);
  for (let y = bottom, side = 0; y >= top; y -= 7, side = 1 - side) to.lineTo(right - 3 * side, y);
  to.closePath();
  to.fill();
  to.stroke();
  const words = [formatSpan(hiddenUs), ...(heartbeats > 0 ? [`♥ ${heartbeats}`] : [])];
  const room = right - left - 8;
  to.fillStyle = palette.dim;
  to.textAlign = "center";
  words.forEach((line, i) => {
    if (to.measureText(line).width > room) return;
    to.fillText(line, (left + right) / 2, (top + bottom) / 2 + 16 * (i - 0.5));
  });
}

/** Folded heartbeats are counted at the foot, one number for those that lie near each other. */
function paintBeats(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, height } = picture;
  if (!sight.isFolded) return;
  const { history, axis } = sight;
  // Events are in the order of time, and so are tears: each is come to once.
  let passed = 0;
  const isTorn = (place: number): boolean => {
    while ((axis.tears[passed]?.end ?? Number.POSITIVE_INFINITY) <= place) passed += 1;
    return (axis.tears[passed]?.start ?? Number.POSITIVE_INFINITY) < place;
  };
  to.fillStyle = palette.accent;
  to.textAlign = "center";
  let group = { first: 0, last: Number.NEGATIVE_INFINITY, count: 0 };
  const say = (): void => {
    if (group.count > 0)
      to.fillText(`♥ ${group.count}`, (group.first + group.last) / 2, height - FOOT / 2);
  };
  const note = (x: number, count: number): void => {
    if (x - group.last > 34) {
      say();
      group = { first: x, last: x, count: 0 };
    }
    group = { first: group.first, last: x, count: group.count + count };
  };
  for (const [from, until] of blocksInSight(sight)) {
    const narrow = narrowBlock(sight, from);
    if (narrow !== undefined) {
      // What is counted up to an event leaves that event out.
      const last = history.what[until - 1] === WHAT.heartbeatTimer ? 1 : 0;
      note(narrow, (history.beats[until - 1] ?? 0) + last - (history.beats[from] ?? 0));
      continue;
    }
    for (let k = from; k < until; k++) {
      if (history.what[k] !== WHAT.heartbeatTimer || history.routine[k] !== 1) continue;
      const place = axis.of(k);
      const x = xOf(sight, place);
      if (x >= 0 && x <= sight.width && !isTorn(place)) note(x, 1);
    }
  }
  say();
}

function paintArrows(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, hovered } = picture;
  const { history, cone } = sight;
  if (isFarOut(sight)) {
    paintDirect(to, picture, palette);
    return;
  }
  const later: (() => void)[] = [];
  const draw = (k: number, arrow: Arrow): void => {
    const tone = toneOf(sight, k);
    const isDirect = k === cone.selected || history.cause[k] === cone.selected || k === hovered;
    to.lineWidth = isDirect ? 2.5 : 1;
    to.strokeStyle = palette[tone];
    to.fillStyle = palette[tone];
    paintArrow(to, arrow, history.fate[k] ?? FATE.taken, palette);
  };
  for (const [from, until] of blocksInSight(sight)) {
    for (let k = from; k < until; k++) {
      const isDirect = k === cone.selected || history.cause[k] === cone.selected || k === hovered;
      if (!(isShown(sight, k) || isDirect)) continue;
      const arrow = arrowOf(sight, k);
      if (!arrow) continue;
      // What belongs to the selected event lies over the rest.
      if (toneOf(sight, k) === "neither" && !isDirect) draw(k, arrow);
      else later.push(() => draw(k, arrow));
    }
  }
  paintStruck(to, picture, palette);
  for (const one of later) one();
  paintNamed(to, picture, palette);
}

/** Of a thicket only the messages of the selected event are drawn, and the one that is pointed at. */
function paintDirect(
  to: CanvasRenderingContext2D,
  { sight, hovered }: Picture,
  palette: Palette,
): void {
  const { history, cone } = sight;
  const { selected } = cone;
  const direct = [selected, ...(hovered === undefined ? [] : [hovered])];
  const { cause, count } = history;
  for (let k = selected + 1; selected >= 0 && k < count; k++)
    if (cause[k] === selected) direct.push(k);
  to.lineWidth = 2.5;
  for (const k of direct) {
    const arrow = arrowOf(sight, k);
    if (!arrow) continue;
    const tone = toneOf(sight, k);
    to.strokeStyle = palette[tone];
    to.fillStyle = palette[tone];
    paintArrow(to, arrow, history.fate[k] ?? FATE.taken, palette);
  }
}

function paintArrow(
  to: CanvasRenderingContext2D,
  { x0, y0, x1, y1 }: Arrow,
  fate: number,
  palette: Palette,
): void {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  const isLost = fate === FATE.lost;
  // A lost one ends short of the lane, in a cross; the others touch it with their head.
  const short = isLost ? Math.min(14, length / 4) : THIN / 2;
  const [x, y] = [x1 - dx * short, y1 - dy * short];
  to.setLineDash(isLost ? [4, 3] : fate === FATE.waits ? [1, 3] : []);
  to.beginPath();
  to.moveTo(x0, y0);
  to.lineTo(x, y);
  to.stroke();
  to.setLineDash([]);
  if (isLost) {
    paintCross(to, x, y, palette.refusal);
    return;
  }
  to.beginPath();
  to.moveTo(x, y);
  to.lineTo(x - dx * 7 - dy * 3, y - dy * 7 + dx * 3);
  to.lineTo(x - dx * 7 + dy * 3, y - dy * 7 - dx * 3);
  to.closePath();
  if (fate === FATE.waits) to.stroke();
  else to.fill();
}

function paintCross(to: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  to.strokeStyle = colour;
  to.lineWidth = 1.5;
  to.beginPath();
  to.moveTo(x - 3.5, y - 3.5);
  to.lineTo(x + 3.5, y + 3.5);
  to.moveTo(x - 3.5, y + 3.5);
  to.lineTo(x + 3.5, y - 3.5);
  to.stroke();
}

/** Messages that were dropped by hand, or waited at a server that crashed. */
function paintStruck(to: CanvasRenderingContext2D, { sight }: Picture, palette: Palette): void {
  to.lineWidth = 1;
  for (let i = 0; i < sight.history.struck.event.length; i++) {
    const arrow = struckArrow(sight, i);
    if (!arrow) continue;
    to.strokeStyle = palette.neither;
    paintArrow(to, arrow, FATE.lost, palette);
  }
}

/** A message that came before is called doubled; one that took far longer than most says by how much. */
function paintNamed(to: CanvasRenderingContext2D, { sight }: Picture, palette: Palette): void {
  const { history } = sight;
  to.fillStyle = palette.ink;
  to.textAlign = "right";
  let free = Number.NEGATIVE_INFINITY;
  for (const [from, until] of blocksInSight(sight)) {
    for (let k = from; k < until; k++) {
      const [isLate, isDoubled] = [history.isLate(k), history.doubled[k] === 1];
      if (!(isLate || isDoubled) || !isShown(sight, k) || history.fate[k] === FATE.lost) continue;
      const arrow = arrowOf(sight, k);
      if (!arrow || arrow.x1 < free || (!isDoubled && arrow.x1 - arrow.x0 < 40)) continue;
      const late = (history.at[k] ?? 0) - history.startedAt(k) - history.travelUs;
      const words = isDoubled ? t("diagramDoubled") : t("diagramLate", { time: formatSpan(late) });
      to.fillText(words, arrow.x1 - 8, arrow.y1 + (arrow.y1 > arrow.y0 ? -10 : 10));
      free = arrow.x1 + to.measureText(words).width;
    }
  }
}

/** What is on its way has come so far. */
function paintFlights(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, flights, nowUs } = picture;
  to.lineWidth = 1;
  to.strokeStyle = palette.dim;
  to.beginPath();
  for (const { from, to: receiver, sentAt, dueAt } of flights) {
    const [y0, y1] = [sight.lanes[from], sight.lanes[receiver]];
    if (y0 === undefined || y1 === undefined) continue;
    const share = Math.max(0, Math.min(1, (nowUs - sentAt) / Math.max(1, dueAt - sentAt)));
    to.moveTo(xOf(sight, sight.axis.at(sentAt)), y0);
    to.lineTo(xOf(sight, sight.axis.at(Math.min(nowUs, dueAt))), y0 + share * (y1 - y0));
  }
  to.stroke();
}

function paintMarks(to: CanvasRenderingContext2D, picture: Picture, palette: Palette): void {
  const { sight, hovered, sought } = picture;
  const { history, cone } = sight;
  // Of many marks of one kind that would cover each other one is painted.
  const painted = new Set<number>();
  const paintOnce = (mark: number, x: number, y: number): void => {
    const place = (Math.round(x / COVERED) * 1000 + Math.round(y)) * 16 + mark;
    if (painted.has(place)) return;
    painted.add(place);
    paintMark(to, palette, mark, x, y);
  };
  for (const [from, until] of blocksInSight(sight, -20, sight.width + 20)) {
    const narrow = sight.kinds === "all" ? narrowBlock(sight, from) : undefined;
    if (narrow !== undefined) {
      eachMark(sight, from, (mark, y) => paintOnce(mark, narrow, y));
      continue;
    }
    for (let k = from; k < until; k++) {
      const mark = history.mark[k] ?? MARK.none;
      if (mark === MARK.none || mark === MARK.news || !isShown(sight, k)) continue;
      const point = pointOf(sight, k);
      if (!point || point.x < -20 || point.x > sight.width + 20) continue;
      paintOnce(mark, point.x, point.y);
    }
  }
  for (const k of sought) ring(to, pointOf(sight, k), 6, palette.edge, undefined);
  if (hovered !== undefined) ring(to, pointOf(sight, hovered), 6, palette.ink, undefined);
  ring(to, pointOf(sight, cone.selected), 5.5, palette.ink, palette.lit);
}

/** The marks of a block, each kind once a lane. */
function eachMark(
  { history, lanes }: Sight,
  from: number,
  tell: (mark: number, y: number) => void,
): void {
  const block = Math.floor(from / BLOCK) * LANES;
  for (const [lane, y] of lanes.entries()) {
    const kinds = history.blockMarks[block + lane] ?? 0;
    if (y === undefined) continue;
    for (let mark = MARK.none + 1; mark < MARK.news; mark++) if (kinds & (1 << mark)) tell(mark, y);
  }
}

function ring(
  to: CanvasRenderingContext2D,
  point: { readonly x: number; readonly y: number } | undefined,
  radius: number,
  edge: string,
  inside: string | undefined,
): void {
  if (!point) return;
  to.beginPath();
  to.arc(point.x, point.y, radius, 0, 2 * Math.PI);
  to.lineWidth = 2;
  to.strokeStyle = edge;
  if (inside) {
    to.fillStyle = inside;
    to.fill();
  }
  to.stroke();
}
