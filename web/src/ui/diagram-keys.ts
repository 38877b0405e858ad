/** The keys of the diagram, while it has the focus. */
import type { Sight } from "../lib/diagram/sight";
import { isShown } from "../lib/diagram/sight";
import { panned, zoomed } from "../lib/diagram/span";
import type { Lab } from "../state/lab";

const PAN = 120;
const ZOOM = 1.4;

export function diagramKeys(lab: Lab, sight: Sight): Readonly<Record<string, () => void>> {
  const { diagram, session } = lab;
  const { history, axis, cone, width } = sight;
  const { selected } = cone;
  const zoom = (factor: number): void =>
    diagram.look(zoomed(sight, factor, width / 2, axis, width));
  const pan = (by: number): void => diagram.look(panned(sight, by, axis, width));
  const go = (number: number | undefined): void => {
    if (number !== undefined && number >= 0) session.goTo(number + 1);
  };
  /** The neighbour on its lane that is drawn. */
  const along = (column: Int32Array): number | undefined => {
    let number = column[selected] ?? -1;
    while (number >= 0 && !isShown(sight, number)) number = column[number] ?? -1;
    return number;
  };
  return {
    w: () => zoom(1 / ZOOM),
    s: () => zoom(ZOOM),
    a: () => pan(-PAN),
    d: () => pan(PAN),
    "0": () => diagram.look(undefined),
    "[": () => go(history.cause[selected]),
    "]": () => go(history.effect[selected]),
    ",": () => go(along(history.previous)),
    ".": () => go(along(history.next)),
  };
}
