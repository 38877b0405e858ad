/**
 * What most visits never open, or open later: a script of its own, dist/parts.js, which the page
 * loads with the first of them (later.tsx). What it imports of the page is not carried
 * twice: it uses the modules that the page runs already (shared-modules.mjs).
 */
import "../styles/parts.css";
import { Bet } from "./bet";
import { branchMenu } from "./branch-menu";
import { Actions, Build } from "./build";
import { Check } from "./check";
import { OpenClause } from "./clause-card";
import { Compare } from "./compare";
import { Deciding } from "./deciding";
import { Diagram } from "./diagram";
import { Embedded } from "./embed";
import { Events } from "./events";
import { Figure } from "./figure";
import { FigureSpread } from "./figure-spread";
import { Help } from "./help";
import { LessonEnd } from "./lesson-end";
import { entryMenu, logMenu } from "./log-menu";
import { Menu } from "./menu";
import { clientMenu, linkMenu, messageMenu, serverMenu } from "./menus";
import { NewRun } from "./new-run";
import { Playbooks } from "./playbooks";
import { Share } from "./share";
import { Storyboard } from "./storyboard";
import { TextTab, toggleRecording } from "./text";

export const parts = {
  actions: Actions,
  bet: Bet,
  build: Build,
  check: Check,
  clause: OpenClause,
  compare: Compare,
  deciding: Deciding,
  diagram: Diagram,
  embed: Embedded,
  events: Events,
  figure: Figure,
  figureSpread: FigureSpread,
  help: Help,
  lesson: LessonEnd,
  menu: Menu,
  newRun: NewRun,
  playbooks: Playbooks,
  share: Share,
  storyboard: Storyboard,
  text: TextTab,
};

/** What can be done to what stands in the page. */
export const menus = {
  branchMenu,
  clientMenu,
  entryMenu,
  linkMenu,
  logMenu,
  messageMenu,
  serverMenu,
  toggleRecording,
};

globalThis.raftParts = parts;
globalThis.raftMenus = menus;
