/** Small hooks that several parts share. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Mover } from "../state/frame";
import type { Lab } from "../state/lab";
import { useLab } from "./use-lab";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The room that an element has, kept up to date. */
export function useSize<E extends Element>(): [RefObject<E | null>, Size] {
  const ref = useRef<E | null>(null);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
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
export function useMover(mover: Mover): void {
  const { frame, shown } = useLab();
  const latest = useRef(mover);
  latest.current = mover;
  useLayoutEffect(() => mover(shown.nowUs()));
  useLayoutEffect(() => frame.onFrame((now) => latest.current(now)), []);
}

/**
 * Asks for the latest render's `work` to be done once, after all else of the next frame. Asking
 * an element where it stands lays the page out, and whatever changes afterwards would once more.
 */
export function useAtFrameEnd(work: () => void): () => void {
  const latest = useRef(work);
  latest.current = work;
  const request = useRef(0);
  return () => {
    cancelAnimationFrame(request.current);
    request.current = requestAnimationFrame(() => latest.current());
  };
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
export const letsGo = {
  onPointerDown: (event: Event): void => markPointer(event, true),
  onKeyDown: (event: Event): void => markPointer(event, false),
};

function markPointer({ currentTarget }: Event, byPointer: boolean): void {
  if (currentTarget instanceof Element) currentTarget.toggleAttribute("data-by-pointer", byPointer);
}

export function letGo(lab: Lab, list: HTMLSelectElement): void {
  if (list.hasAttribute("data-by-pointer")) giveBackKeys(lab, list);
}

/** Gives the keys back, after something in the laboratory has had them. */
export function giveBackKeys({ ownsPage, element }: Lab, from: HTMLElement): void {
  if (ownsPage) from.blur();
  else element.focus({ preventScroll: true });
}

/** The class that colours a term. */
export function termClass(term: number): string {
  return term === 0 ? "t0" : `t${((term - 1) % 16) + 1}`;
}
