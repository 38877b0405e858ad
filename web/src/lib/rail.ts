/** Many clients: cards in rows below the ring. */
import type { Point } from "./geometry";

export interface Rail {
  readonly height: number;
  readonly card: { readonly w: number; readonly h: number };
  readonly places: readonly Point[];
}

/** Two lines of words, and what there is room for where many stand on a small stage. */
const WHOLE = { w: 132, h: 38 };
const SHORT = { w: 66, h: 24 };
const GAP = 6;
/** Beside the rail and below it. */
const MARGIN = 8;
/** The servers need the rest. */
const SHARE_MOST = 0.28;

export function railOf(clients: number, width: number, height: number): Rail {
  const whole = rows(clients, width, height, WHOLE);
  return whole.height <= height * SHARE_MOST ? whole : rows(clients, width, height, SHORT);
}

/** Whether a card has room for a second line. */
export function isWhole(card: Rail["card"]): boolean {
  return card.h >= WHOLE.h;
}

function rows(clients: number, width: number, height: number, least: Rail["card"]): Rail {
  const room = width - 2 * MARGIN + GAP;
  const most = Math.max(1, Math.floor(room / (least.w + GAP)));
  // Rows are as even as they can be.
  const columns = Math.ceil(clients / Math.ceil(clients / most));
  const count = Math.ceil(clients / columns);
  const card = { w: room / columns - GAP, h: least.h };
  const high = count * (card.h + GAP) + MARGIN;
  const places = Array.from({ length: clients }, (_, i) => ({
    x: MARGIN + (i % columns) * (card.w + GAP) + card.w / 2,
    y: height - high + Math.floor(i / columns) * (card.h + GAP) + GAP / 2 + card.h / 2,
  }));
  return { height: high, card, places };
}
