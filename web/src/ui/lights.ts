/**
 * What is pointed at, or has the focus, is lit wherever it is shown. `data-of` says what an element
 * speaks of; a style sheet of the laboratory's own lights all that speak of the same, so that nothing
 * is drawn or laid out again for it.
 */
import type { Lab } from "../state/lab";
import { whenever } from "../state/state";

/** What the element under a pointer, or its nearest parent that speaks of something, speaks of. */
function spokenOf(target: EventTarget | null): string[] {
  if (!(target instanceof Element)) return [];
  const found = target.closest<HTMLElement | SVGElement>(
    "[data-points], [data-of], [data-server], [data-cell]",
  );
  const { points, of, server, cell } = found?.dataset ?? {};
  const own = points ?? of ?? (server === undefined ? undefined : `S${server}`);
  if (own !== undefined) return own.split(" ").filter((word) => word !== "");
  if (cell === undefined) return [];
  const [row = "", index = ""] = cell.split("-");
  return [`S${row}`, index];
}

/** Of what has the focus: what it speaks of, or all that stands in it. */
function spokenIn(target: EventTarget | null): string[] {
  const own = spokenOf(target);
  if (own.length > 0 || !(target instanceof Element)) return own;
  const inside = [...target.querySelectorAll<HTMLElement>("[data-of]")];
  return [...new Set(inside.flatMap(spokenOf))];
}

export function connectLights(lab: Lab): void {
  const { element, state, viewState } = lab;
  const light = (words: readonly string[]): void => viewState.light(words);
  element.addEventListener("pointermove", ({ target }) => light(spokenOf(target)));
  element.addEventListener("pointerleave", () => light([]));
  element.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element && target.matches(":focus-visible")) light(spokenIn(target));
  });
  element.addEventListener("focusout", () => light([]));
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  whenever(
    () => {
      const { lit } = state.viewState;
      const isOfIndex = lit.some((word) => /^\d+$/.test(word));
      return { lit, messages: isOfIndex ? (state.shown.view?.messages ?? []) : [] };
    },
    ({ lit, messages }) => {
      const scope = `#${CSS.escape(element.id)}`;
      const rules = lit.flatMap((word) => rulesOf(word).map((rule) => `${scope} ${rule}`));
      const carrying = messages.filter(({ carries }) =>
        lit.some((word) => carries && carries[0] <= Number(word) && Number(word) <= carries[1]),
      );
      for (const { id } of carrying)
        rules.push(`${scope} [data-message="${id}"] path { stroke-width: 3 }`);
      sheet.replaceSync(rules.join("\n"));
    },
  );
}

const LIT = "color-mix(in srgb, var(--accent) 16%, transparent)";

function rulesOf(word: string): string[] {
  const rules = [
    `:not(.mark, rect)[data-of~="${word}"] { background: ${LIT}; border-radius: 3px }`,
    `rect[data-of~="${word}"] { fill: ${LIT} }`,
    `.mark[data-of~="${word}"] { outline: 2px solid var(--accent); outline-offset: 2px }`,
  ];
  if (/^S\d$/.test(word)) {
    rules.push(
      `[data-server="${word.slice(1)}"] .disc { stroke: var(--accent); stroke-width: 4 }`,
      `.diagram-names [data-of~="${word}"]::after { content: ""; position: absolute; z-index: 1; inset-block: -6px; inset-inline-start: 0; width: calc(100 * var(--lab-width)); background: ${LIT}; pointer-events: none }`,
    );
  }
  if (/^\d+$/.test(word)) {
    rules.push(
      `[data-cell$="-${word}"] { outline: 2px solid var(--accent); outline-offset: -1px }`,
    );
  }
  return rules;
}
