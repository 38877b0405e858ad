/**
 * What most visits never open, or open later: a script of its own, dist/parts.js, which the page
 * loads with the first of them (later.tsx). What it imports of the page is not carried
 * twice: it uses the modules that the page runs already (shared-modules.mjs).
 */
import { Compare } from "./compare";
import { Diagram } from "./diagram";
import { FigureSpread } from "./figure-spread";
import { Help } from "./help";
import { NewRun } from "./new-run";
import { Playbooks } from "./playbooks";

export const parts = {
  compare: Compare,
  diagram: Diagram,
  figureSpread: FigureSpread,
  help: Help,
  newRun: NewRun,
  playbooks: Playbooks,
};

globalThis.raftParts = parts;
