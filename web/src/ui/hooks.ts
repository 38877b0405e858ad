/** Small hooks that several parts share. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Mover, on_frame } from "../state/frame";
import { now_us } from "../state/shown";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The room that an element has, kept up to date. */
export function use_size<E extends Element>(): [RefObject<E | null>, Size] {
  const ref = useRef<E | null>(null);
  const [size, set_size] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      set_size((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

/**
 * Moves something at every frame, with the latest render's `mover`. It moves after every render as
 * well: a render that writes what it wrote before leaves alone what frames have moved since.
 */
export function use_mover(mover: Mover): void {
  const latest = useRef(mover);
  latest.current = mover;
  useLayoutEffect(() => mover(now_us()));
  useLayoutEffect(() => on_frame((now) => latest.current(now)), []);
}

/** Enter presses what is drawn on the stage; space stays the key that plays. */
export function pressed(event: KeyboardEvent, action: () => void): void {
  if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

/**
 * What a list that one chooses from by pointer needs: once chosen from, it gives the keys back to
 * the page. By keys the choice goes on, and the list keeps them.
 */
export const lets_go = {
  onPointerDown: (event: Event): void => mark_pointer(event, true),
  onKeyDown: (event: Event): void => mark_pointer(event, false),
};

function mark_pointer({ currentTarget }: Event, by_pointer: boolean): void {
  if (currentTarget instanceof Element)
    currentTarget.toggleAttribute("data-by-pointer", by_pointer);
}

export function let_go(list: HTMLSelectElement): void {
  if (list.hasAttribute("data-by-pointer")) list.blur();
}

/** The class that colours a term. */
export function term_class(term: number): string {
  return term === 0 ? "t0" : `t${((term - 1) % 16) + 1}`;
}
