/** The keyboard: every deed of the page has a key. */

import { lang, partyName, setLanguage } from "../i18n";
import { neighbourSpeed } from "../lib/pace";
import { save } from "../state/files";
import { share } from "../state/links";
import { openMenu } from "../state/menu";
import { speed, togglePlay } from "../state/play";
import {
  act,
  goTo,
  nextOfNote,
  nextPhase,
  previousOfNote,
  previousPhase,
  step,
  stepBack,
  tick,
} from "../state/session";
import { view } from "../state/shown";
import { chosen, dialog, isFramed, nextTheme, pin, tab, toggleFollow } from "../state/ui";
import { focusCommand, isEmptyCommand } from "./command";
import { serverMenu } from "./menus";

function chosenServer() {
  return view.peek()?.servers.find((server) => server.id === chosen.peek());
}

/** Does one thing or the other to the chosen server, by its state. */
function switchState(state: "crashed" | "paused", back: string, there: string): void {
  const server = chosenServer();
  if (server) void act(`${server.state === state ? back : there} ${partyName(server.id)}`);
}

function openChosen(): void {
  const server = chosenServer();
  const disc = document.querySelector(`[data-server="${chosen.peek()}"]`);
  if (server && disc) openMenu(disc, serverMenu(server));
}

const KEYS: Readonly<Record<string, () => void>> = {
  " ": togglePlay,
  ArrowRight: () => void step(),
  ArrowLeft: stepBack,
  n: nextOfNote,
  p: previousOfNote,
  t: () => void tick(),
  Home: () => goTo(0),
  End: () => goTo(view.peek()?.length ?? 0),
  "[": previousPhase,
  "]": nextPhase,
  "-": () => {
    speed.value = neighbourSpeed(speed.peek(), -1);
  },
  "+": () => {
    speed.value = neighbourSpeed(speed.peek(), 1);
  },
  "=": () => {
    speed.value = neighbourSpeed(speed.peek(), 1);
  },
  c: () => switchState("crashed", "restart", "crash"),
  z: () => switchState("paused", "resume", "pause"),
  e: () => void act(`timeout ${partyName(chosen.peek())}`),
  m: openChosen,
  "/": focusCommand,
  ">": focusCommand,
  f: toggleFollow,
  i: () => {
    tab.value = "server";
  },
  v: () => {
    tab.value = "events";
  },
  l: () => {
    dialog.value = "playbooks";
  },
  r: () => {
    dialog.value = "newRun";
  },
  s: () => void save(),
  k: () => void share(),
  o: () => document.getElementById("open-run")?.click(),
  g: () => setLanguage(lang.peek() === "en" ? "zh" : "en"),
  d: nextTheme,
  Escape: () => {
    // The page around a frame, say a deck of slides, hears the next keys again.
    if (isFramed) window.parent.focus();
  },
  "?": () => {
    dialog.value = "help";
  },
};

const OF_AN_EMPTY_COMMAND = [" ", "ArrowLeft", "ArrowRight"];

/**
 * A field keeps its keys, but an empty command line has no use for some of them; a focused
 * button keeps space and Enter, and what is drawn on the stage keeps Enter.
 */
function belongsElsewhere(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof Element)) return false;
  if (isEmptyCommand(target) && OF_AN_EMPTY_COMMAND.includes(key)) return false;
  if (target.closest("input:not([type=range]), select, textarea, dialog")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Page");
  const presses =
    (key === " " || key === "Enter") && target.closest("button, summary, div[role=button]");
  // A button that was clicked keeps the focus unseen; space then plays all the same.
  return presses !== null && presses !== false && target.matches(":focus-visible");
}

export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (belongsElsewhere(event)) return;
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
  if (digit > 0) {
    if (digit <= (view.peek()?.servers.length ?? 0)) pin(digit);
    return;
  }
  const deed = KEYS[event.key];
  if (!deed) return;
  event.preventDefault();
  if (event.key === " " && event.target instanceof HTMLElement) event.target.blur();
  deed();
}
