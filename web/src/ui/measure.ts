/** How wide words are. A canvas measures each once: asking the page would cost layout. */

const MEASURED = 500;
const widths = new Map<string, number>();
let pen: CanvasRenderingContext2D | null | undefined;
let family = "sans-serif";

/** Sizes and weights of the stage's words, as stage.css and log-fold.css set them. */
export const FONTS = {
  pill: "600 10.5px",
  role: "400 10px",
  below: "400 11px",
  client: "700 12px",
  half: "600 11px",
  count: "600 10px",
  badge: "700 10.5px",
  ever: "400 9px",
} as const;

/** Measures as `element` is written. Asking that each time would compute the page's styles anew. */
export function measureAs(element: Element): void {
  family = getComputedStyle(element).fontFamily;
}

export function textWidth(text: string, font: keyof typeof FONTS): number {
  const key = `${font} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MEASURED) widths.clear();
    width = measure(text, FONTS[font]);
    widths.set(key, width);
  }
  return width;
}

function measure(text: string, font: string): number {
  if (pen === undefined) pen = document.createElement("canvas").getContext("2d");
  if (!pen) return text.length * 7;
  pen.font = `${font} ${family}`;
  return pen.measureText(text).width;
}
