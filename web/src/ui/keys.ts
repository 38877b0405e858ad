/** The keyboard: every deed of the page has a key. */
import { partyName } from "../i18n";
import { ARROWS } from "../lib/crowd";
import type { Lab } from "../state/lab";
import { isFramed, nextTheme } from "../state/page";
import type { Spread } from "../state/state";
import { arrowsOf } from "../state/view-state";
import { focusCommand, isEmptyCommand } from "./command";
import { giveBackKeys } from "./hooks";
import { turnLanguage } from "./later";
import { branchMenu, serverMenu, toggleRecording } from "./offers";

/** A laboratory hears the keys pressed in it; the one that owns the page, those of nobody as well. */
export function listenToKeys(lab: Lab, onKey: (event: KeyboardEvent) => void, isFirst = false) {
  const place: HTMLElement | Document = lab.ownsPage ? document : lab.element;
  const hear = (event: Event): void => {
    const inside = event.target instanceof Element ? event.target.closest(".lab") : null;
    const isOurs = inside === null || inside === lab.element;
    if (isOurs && event instanceof KeyboardEvent) onKey(event);
  };
  place.addEventListener("keydown", hear, isFirst);
  return () => place.removeEventListener("keydown", hear, isFirst);
}

/** What each key does in a laboratory. */
function deedsOf(lab: Lab): Readonly<Record<string, () => void>> {
  const { diagram, element, files, links, notices, play, session, state, viewState } = lab;
  return {
    " ": () => play.toggle(),
    ArrowRight: () => void session.step(),
    ArrowLeft: () => session.stepBack(),
    n: () => session.nextOfNote(),
    N: () => session.previousOfNote(),
    p: () => viewState.present(!state.viewState.presenting),
    t: () => void session.tick(),
    Home: () => session.goTo(0),
    End: () => session.goTo(state.shown.view?.length ?? 0),
    "[": () => session.previousPhase(),
    "]": () => session.nextPhase(),
    "-": () => play.changeSpeed(-1),
    "+": () => play.changeSpeed(1),
    "=": () => play.changeSpeed(1),
    c: () => switchState(lab, "crashed", "restart", "crash"),
    z: () => switchState(lab, "paused", "resume", "pause"),
    e: () => void session.act(`timeout ${partyName(state.viewState.chosen)}`),
    m: () => openChosen(lab),
    "/": () => findOrCommand(lab),
    ">": () => focusCommand(lab),
    f: () => turnSpread(lab, "figure"),
    q: () => turnSpread(lab, "check"),
    0: () => viewState.toggleFollow(),
    u: () => viewState.showTab("figure"),
    i: () => viewState.showTab("server"),
    v: () => viewState.showTab("events"),
    w: () => viewState.showTab("text"),
    j: () => void toggleRecording(lab),
    y: () => viewState.showTab("actions"),
    a: () => nextArrows(lab),
    h: () => diagram.toggle(),
    l: () => viewState.open("playbooks"),
    r: () => viewState.open("newRun"),
    s: () => void files.save(),
    // Where the text is not on show, its tab comes first.
    Y: () => {
      const copy = element.querySelector<HTMLElement>(".copy-test");
      if (copy) copy.click();
      else viewState.showTab("text");
    },
    k: () => void links.share(),
    K: () => viewState.open("share"),
    o: () => element.querySelector<HTMLElement>("[name=open-run]")?.click(),
    g: () => turnLanguage(notices),
    d: nextTheme,
    b: () => openBranches(lab),
    x: () => void lab.compare.goOn(),
    Escape: () => {
      if (state.compare.other !== undefined) return void lab.compare.leave();
      const { clause, presenting, spread, welcoming } = state.viewState;
      if (presenting) return viewState.present(false);
      if (spread) return viewState.spread(undefined);
      if (welcoming) return viewState.enter();
      if (clause !== undefined) return viewState.openClause(undefined);
      // The page around a frame, say a deck of slides, hears the next keys again.
      if (isFramed) window.parent.focus();
    },
    "?": () => viewState.open("help"),
  };
}

function nextArrows({ state, viewState }: Lab): void {
  const view = state.shown.view;
  if (!view) return;
  const now = ARROWS.indexOf(arrowsOf(state, view));
  viewState.drawArrows(ARROWS[(now + 1) % ARROWS.length] ?? "all");
}

/** In the spread figure one looks for a clause; everywhere else one says what is to be done. */
function findOrCommand(lab: Lab): void {
  const field = lab.element.querySelector<HTMLElement>(".figure-find");
  if (field) field.focus();
  else focusCommand(lab);
}

/** Spreads it over the page, or puts it away. */
function turnSpread({ state, viewState }: Lab, spread: Spread): void {
  viewState.spread(state.viewState.spread === spread ? undefined : spread);
}

function openBranches(lab: Lab): void {
  const button = lab.element.querySelector("[data-branches]");
  if (button) lab.menu.openOn(button, branchMenu(lab));
}

function chosenServer({ state }: Lab) {
  return state.shown.view?.servers.find((server) => server.id === state.viewState.chosen);
}

/** Does one thing or the other to the chosen server, by its state. */
function switchState(lab: Lab, state: "crashed" | "paused", back: string, there: string): void {
  const server = chosenServer(lab);
  if (!server) return;
  void lab.session.act(`${server.state === state ? back : there} ${partyName(server.id)}`);
}

function openChosen(lab: Lab): void {
  const server = chosenServer(lab);
  const disc = lab.element.querySelector(`[data-server="${lab.state.viewState.chosen}"]`);
  if (server && disc) lab.menu.openOn(disc, serverMenu(lab, server));
}

const OF_THE_PANELS = ["h", "f", "q", "u", "i", "v", "w"];

const OF_AN_EMPTY_COMMAND = [" ", "ArrowLeft", "ArrowRight"];

/**
 * A field keeps its keys, but an empty command line has no use for some of them; a focused
 * button keeps space and Enter, and what is drawn on the stage keeps Enter.
 */
function belongsElsewhere(lab: Lab, event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof Element)) return false;
  if (isEmptyCommand(lab, target) && OF_AN_EMPTY_COMMAND.includes(key)) return false;
  if (target.closest("input:not([type=range]), select, textarea, .text-editor")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Page");
  const presses =
    (key === " " || key === "Enter") && target.closest("button, summary, div[role=button]");
  // A button that was clicked keeps the focus unseen; space then plays all the same.
  return presses !== null && presses !== false && target.matches(":focus-visible");
}

/** Undo and redo, as everywhere; a field has its own. */
function turnsBack(lab: Lab, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  if (lab.state.viewState.dialog !== undefined || belongsElsewhere(lab, event)) return false;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return false;
  event.preventDefault();
  if (key === "y" || event.shiftKey) void lab.session.redo();
  else void lab.session.undo();
  return true;
}

/** Lets the keys of the page do what they do in `lab`. */
export function connectKeys(lab: Lab): void {
  const deeds = deedsOf(lab);
  listenToKeys(lab, (event) => {
    if (event.defaultPrevented || (!lab.embed.asked && turnsBack(lab, event))) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (lab.state.viewState.dialog !== undefined) {
      if (event.key !== "Escape") return;
      event.preventDefault();
      lab.viewState.closeDialog();
      return;
    }
    if (belongsElsewhere(lab, event) || !lab.embed.hears(event.key)) return;
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (digit > 0 && digit <= lab.bets.answers()) return lab.bets.place(digit - 1);
    if (digit > 0) {
      if (digit <= (lab.state.shown.view?.servers.length ?? 0)) lab.viewState.pin(digit);
      return;
    }
    const deed = deeds[event.key];
    // What a presentation or two branches side by side do not show is not changed behind them.
    const { compare, viewState } = lab.state;
    const isBehind = viewState.presenting || compare.other !== undefined;
    const isUnseen = isBehind && OF_THE_PANELS.includes(event.key);
    if (!deed || isUnseen) return;
    event.preventDefault();
    if (event.key === " " && event.target instanceof HTMLElement) giveBackKeys(lab, event.target);
    deed();
  });
}
