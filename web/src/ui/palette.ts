/** The page's colours and letters, as a canvas needs them: resolved for its theme. */

export interface Palette {
  readonly font: string;
  readonly ink: string;
  readonly dim: string;
  readonly line: string;
  readonly strongLine: string;
  readonly card: string;
  readonly accent: string;
  readonly assent: string;
  readonly refusal: string;
  readonly lit: string;
  readonly edge: string;
  readonly onTerm: string;
  /** What led to the selected event, what came of it, and the rest. */
  readonly led: string;
  readonly came: string;
  readonly neither: string;
  readonly term: (term: number) => string;
}

/** How many colours there are for terms. */
const TERMS = 16;

/** The palette of an element: its custom properties hold both themes, and only a colour is resolved. */
export function paletteOf(element: HTMLElement): Palette {
  const style = getComputedStyle(element);
  const before = element.style.color;
  const colour = (name: string): string => {
    element.style.color = `var(--${name})`;
    return style.color;
  };
  const terms = Array.from({ length: TERMS + 1 }, (_, term) => colour(`term-${term}`));
  const palette: Palette = {
    font: `${style.getPropertyValue("--text-xs")} ${style.fontFamily}`,
    ink: colour("ink"),
    dim: colour("dim"),
    line: colour("line"),
    strongLine: colour("line-strong"),
    card: colour("card"),
    accent: colour("accent"),
    assent: colour("assent"),
    refusal: colour("refusal"),
    lit: colour("lit"),
    edge: colour("lit-edge"),
    onTerm: colour("on-term"),
    led: colour("accent"),
    came: colour("came"),
    neither: colour("line-strong"),
    term: (term) => terms[term <= 0 ? 0 : ((term - 1) % TERMS) + 1] ?? "",
  };
  element.style.color = before;
  return palette;
}
