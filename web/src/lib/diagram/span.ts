/** Which part of the axis is in sight. */
import type { Axis } from "./axis";

export interface Span {
  /** The place at the left edge. */
  readonly from: number;
  /** How much of the axis a pixel shows. */
  readonly perPixel: number;
}

/** At first so many journeys of a message are in sight, or so many steps, where there is room. */
const JOURNEYS = 90;
const STEPS = 60;
/** A journey, and a step, is then at least so wide: else it would be a stroke among strokes. */
const JOURNEY_WIDTH = 12;
const STEP_WIDTH = 18;
/** A pixel shows at least so much. */
const FINEST = 0.01;
/** The cursor keeps this share of the width from both edges. */
const EDGE = 0.06;

/** All of the axis. */
export function wholeSpan({ extent }: Axis, width: number): Span {
  return { from: 0, perPixel: Math.max(FINEST, (extent * 1.01) / Math.max(1, width)) };
}

/** All of it, or as much around `now` as can be told apart. */
export function firstSpan(
  axis: Axis,
  now: number,
  travelUs: number,
  width: number,
  isCausal: boolean,
): Span {
  const most = isCausal
    ? Math.min(STEPS, width / STEP_WIDTH)
    : Math.min(JOURNEYS, width / JOURNEY_WIDTH) * travelUs;
  const whole = wholeSpan(axis, width);
  if (axis.extent <= 1.3 * most) return whole;
  const last = Math.max(0, axis.extent * 1.01 - most);
  return {
    from: Math.max(0, Math.min(last, now - 0.6 * most)),
    perPixel: most / Math.max(1, width),
  };
}

/** The same with more or less of the axis in sight, and what is at `x` where it was. */
export function zoomed(span: Span, factor: number, x: number, axis: Axis, width: number): Span {
  const coarsest = wholeSpan(axis, width).perPixel;
  const perPixel = Math.max(FINEST, Math.min(coarsest, span.perPixel * factor));
  return panned({ from: span.from + x * (span.perPixel - perPixel), perPixel }, 0, axis, width);
}

/** The same so many pixels further on; some of the axis stays in sight. */
export function panned({ from, perPixel }: Span, by: number, axis: Axis, width: number): Span {
  const [first, last] = [-0.2 * width * perPixel, axis.extent - 0.8 * width * perPixel];
  return { from: Math.max(first, Math.min(Math.max(first, last), from + by * perPixel)), perPixel };
}

/** The span itself, or where `place` comes back into sight when it has moved out of it. */
export function followed(span: Span, place: number, width: number): Span {
  const x = (place - span.from) / span.perPixel;
  const [left, right] = [width * EDGE, width * (1 - EDGE)];
  if (x >= left && x <= right) return span;
  const isNear = x > right && x < 1.5 * width;
  // Playing goes on at the edge; a leap shows what is on both sides.
  const to = isNear ? right : width / 2;
  return { from: Math.max(0, place - to * span.perPixel), perPixel: span.perPixel };
}
