/** Whoever turns a clause of the figure off keeps the place at which that was done. */
import { useRef } from "preact/hooks";
import { useLab } from "./use-lab";

interface Turned {
  readonly rule: string | null;
  readonly top: number;
}

interface KeptPlace {
  /** From now on the clause of this row stays where it is, until the reader goes on. */
  readonly hold: (row: HTMLElement) => void;
  /** Scrolls the clause back to its place. Answers whether there is one. */
  readonly keep: (figure: HTMLElement) => boolean;
}

export function useKeptPlace(): KeptPlace {
  const { element } = useLab();
  const turned = useRef<Turned | undefined>(undefined);
  const letGo = (): void => {
    turned.current = undefined;
  };
  return {
    hold: (row) => {
      turned.current = {
        rule: row.getAttribute("data-rule"),
        top: row.getBoundingClientRect().top,
      };
      for (const deed of ["pointerdown", "keydown"])
        element.addEventListener(deed, letGo, { once: true, capture: true });
    },
    keep: (figure) => {
      if (!turned.current) return false;
      const { rule, top } = turned.current;
      const row = figure.querySelector(`[data-rule="${rule}"]`);
      const scroller = figure.closest(".panel-body, .figure-spread");
      if (row && scroller) scroller.scrollTop += row.getBoundingClientRect().top - top;
      return true;
    },
  };
}
