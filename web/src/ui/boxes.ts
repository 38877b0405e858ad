/** The boxes of the paper's Figure 2, and what follows them. */
import type { FigureView } from "../engine/types";

export type Part = FigureView["part"];

/** A clause, and its place among the counts of the engine. */
export interface Line extends FigureView {
  readonly place: number;
}

export interface Box {
  readonly part: Part;
  readonly lines: readonly Line[];
}

/** The boxes as the figure groups them: RPCs, Rules for Servers, and the dissertation's. */
export const GROUPS: readonly (readonly Part[])[] = [
  ["requestVote", "appendEntries", "installSnapshot", "snapshots"],
  ["allServers", "followers", "candidates", "leaders"],
  ["preVote", "transfer", "reads"],
  ["membership"],
];

/** Those that are not in the paper's figures: where nothing of them is used, they are folded. */
export const BEYOND: readonly Part[] = ["snapshots", "preVote", "transfer", "reads", "membership"];

export function boxesOf(figure: readonly FigureView[], parts: readonly Part[]): Box[] {
  const all = figure.map((one, place) => ({ ...one, place }));
  return parts.map((part) => ({ part, lines: all.filter((line) => line.part === part) }));
}
