/** Wheel, pinch, drag and click on the diagram. */
import type { Sight } from "../lib/diagram/sight";
import { panned, type Span, zoomed } from "../lib/diagram/span";

interface Gestures {
  readonly sight: () => Sight;
  readonly look: (span: Span) => void;
  readonly point: (x: number, y: number) => void;
  readonly pointAway: () => void;
  readonly choose: (x: number, y: number) => void;
}

/** What moves less than this is a click. */
const CLICK = 4;

/** Listens until the returned function is called. */
export function listenToGestures(element: HTMLElement, gestures: Gestures): () => void {
  const { sight, look, point, pointAway, choose } = gestures;
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const pan = (by: number): void => {
    const now = sight();
    look(panned(now, by, now.axis, now.width));
  };
  const zoom = (factor: number, x: number): void => {
    const now = sight();
    look(zoomed(now, factor, x, now.axis, now.width));
  };
  const onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === 0 ? 1 : 24;
    const [across, down] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey || Math.abs(across) > Math.abs(down)) pan(across || down);
    else zoom(1.0015 ** down, placeOf(event).x);
  };
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) moved = 0;
  };
  const onMove = (event: PointerEvent): void => {
    const to = placeOf(event);
    const from = pointers.get(event.pointerId);
    if (!from) {
      point(to.x, to.y);
      return;
    }
    pointers.set(event.pointerId, to);
    moved += Math.hypot(to.x - from.x, to.y - from.y);
    const [one, other] = [...pointers.values()];
    if (one && other) {
      const still = to === one ? other : one;
      const [before, after] = [Math.abs(from.x - still.x), Math.abs(to.x - still.x)];
      if (before > 8 && after > 8) zoom(before / after, still.x);
    } else if (moved > CLICK) pan(from.x - to.x);
  };
  const onUp = (event: PointerEvent): void => {
    const at = pointers.get(event.pointerId);
    pointers.delete(event.pointerId);
    if (event.type === "pointerup" && at && moved <= CLICK && pointers.size === 0)
      choose(at.x, at.y);
  };
  const heard: readonly (readonly [string, (event: never) => void])[] = [
    ["wheel", onWheel],
    ["pointerdown", onDown],
    ["pointermove", onMove],
    ["pointerup", onUp],
    ["pointercancel", onUp],
    ["pointerleave", pointAway],
  ];
  for (const [name, hear] of heard)
    element.addEventListener(name, hear as EventListener, { passive: false });
  return () => {
    for (const [name, hear] of heard) element.removeEventListener(name, hear as EventListener);
  };
}
