/** Which links are cut or clogged. */
import type { View } from "../engine/types";

export function isCut(view: View, from: number, to: number): boolean {
  return isIn(view.cut, from, to);
}

export function isIn(links: View["cut"], from: number, to: number): boolean {
  return links.some((link) => link.from === from && link.to === to);
}
