/** The marks on the lanes of the diagram: above a lane what begins, below it what is settled. */
import { MARK } from "../lib/diagram/history";
import type { Palette } from "./palette";

interface Mark {
  readonly path: Path2D;
  readonly colour: "ink" | "accent" | "assent" | "refusal";
  /** Drawn as a line; else filled. */
  readonly isLine?: boolean;
}

const MARKS: Readonly<Record<number, Mark>> = {
  [MARK.crash]: { path: new Path2D("M-4-4l8 8M-4 4l8-8"), colour: "refusal", isLine: true },
  [MARK.restart]: { path: new Path2D("M0-6v-10l7 5z"), colour: "ink" },
  [MARK.startsElection]: { path: new Path2D("M0-16l4 4-4 4-4-4z"), colour: "ink" },
  [MARK.becomesLeader]: {
    path: new Path2D("M-5-9v-6l2.5 2.5 2.5-4 2.5 4 2.5-2.5v6z"),
    colour: "ink",
  },
  [MARK.commits]: { path: new Path2D("M0 8l5 8h-10z"), colour: "assent" },
  [MARK.follows]: { path: new Path2D("M0 5l3 5h-6z"), colour: "assent" },
  [MARK.refuses]: {
    path: new Path2D("M-3.5 11a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0zM-2.5 13.5l5-5"),
    colour: "refusal",
    isLine: true,
  },
  [MARK.votes]: { path: new Path2D("M-5-9l2.5 2.5 5-5.5"), colour: "assent", isLine: true },
  [MARK.installs]: { path: new Path2D("M-4 6h8v8h-8z"), colour: "accent" },
  [MARK.acts]: { path: new Path2D("M-1-13h2v9h-2z"), colour: "accent" },
};

export function paintMark(
  to: CanvasRenderingContext2D,
  palette: Palette,
  mark: number,
  x: number,
  y: number,
): void {
  const found = MARKS[mark];
  if (!found) return;
  const { path, colour, isLine } = found;
  to.translate(x, y);
  if (isLine) {
    to.lineWidth = 1.6;
    to.strokeStyle = palette[colour];
    to.stroke(path);
  } else {
    to.fillStyle = palette[colour];
    to.fill(path);
  }
  to.translate(-x, -y);
}
