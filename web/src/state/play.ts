/** Playing: real time becomes simulated time, frame by frame. */
import { signal } from "@preact/signals";
import type { Rest, Shown } from "../engine/protocol";
import type { View } from "../engine/types";
import { t } from "../i18n";
import { nextAtOnce } from "../lib/pace";
import { nextStop, type Place } from "../lib/phases";
import { isChanging, isEngineThere, look, move } from "./engine";
import { connect, wake } from "./frame";
import { say } from "./notices";
import { goToPlace, told } from "./session";
import {
  branches,
  drift,
  isCalmTime,
  nowUs,
  pace,
  phases,
  playing,
  setDrift,
  show,
  showRest,
  view,
} from "./shown";

export const speed = signal(0);

const GLIDE_MS = 140;

let carriedUs = 0;
/** The most time to ask for at once. */
let atOnceUs = Number.POSITIVE_INFINITY;
/** A step on its way: the heads travel to the instant of the event before it is shown. */
let glide: { readonly to: Shown; readonly spanUs: number; readonly started: number } | undefined;
/** What the panels show at the next frame: a frame draws them or the stage, to be late with none. */
let late: { readonly view: View; readonly rest: Rest } | undefined;

export function pause(): void {
  if (!playing.peek()) return;
  playing.value = false;
  carriedUs = 0;
  void look();
}

export function togglePlay(): void {
  if (playing.peek()) pause();
  else if (isEngineThere() && view.peek()) {
    land();
    playing.value = true;
    carriedUs = 0;
    wake();
  }
}

/** Whether a step is on its way; it is over once anything else is shown. */
export function isGliding(): boolean {
  return glide !== undefined;
}

/** Lets the heads travel for so long before what has happened is shown. */
export function glideTo(to: Shown, spanUs: number): void {
  glide = { to, spanUs, started: performance.now() };
  wake();
}

/** Shows what was on its way, and then what has come after it. */
export function land(after?: Shown): void {
  const before = glide;
  glide = undefined;
  if (late) showRest(late.view, late.rest);
  late = undefined;
  if (before) show(before.to);
  if (after) show(after);
}

/** One frame of a step; the event is shown when the heads have arrived. */
function glideOn(going: { readonly spanUs: number; readonly started: number }): boolean {
  const share = (performance.now() - going.started) / GLIDE_MS;
  if (share < 1) setDrift(going.spanUs * share);
  else land();
  return share < 1 || playing.peek();
}

/** One frame of playing: `ms` of real time become simulated time. */
function pass(ms: number): boolean {
  if (glide) return glideOn(glide);
  if (!playing.peek()) return false;
  const factor = speed.peek() === 0 ? pace : speed.peek();
  const wish = ms * 1000 * factor + carriedUs;
  // Where the engine is slower than the speed asked for, playing is slower, and not late.
  let us = Math.floor(Math.min(wish, atOnceUs));
  carriedUs = Math.min(wish, atOnceUs) - us;
  if (late) {
    land();
    carriedUs = wish;
    return true;
  }
  // What is on its way is answered first; the time that passes meanwhile is not lost.
  if (isChanging()) {
    carriedUs = wish;
    return true;
  }
  const shown = view.peek();
  const stop = shown && nextStop(stops(shown), { position: shown.position, at: nowUs() });
  if (stop) {
    // What the next phase does happens at its very instant, so play ends just before.
    us = Math.min(us, stop.at - 1 - nowUs());
    if (us <= 0 && nowUs() >= stop.at - 1) return halt(stop);
  }
  if (us > 0) void passTime(us);
  return playing.peek();
}

async function passTime(us: number): Promise<void> {
  const before = view.peek();
  const all = isCalmTime();
  const passage = await move("advance", [us], {
    look: { all, unlessIdle: !all },
    show: ({ view: next, rest }) => {
      land({ view: next });
      if (!rest) return;
      if (playing.peek()) late = { view: next, rest };
      else showRest(next, rest);
    },
  });
  const events = told(passage);
  if (events === undefined) return pause();
  atOnceUs = nextAtOnce(atOnceUs, us, events);
  // Nothing has happened, but time has passed.
  if (view.peek() === before) setDrift(drift() + us);
}

/** Where playing stops: where each phase ends, and where the playbook does. */
function stops(shown: View): readonly Place[] {
  const here = branches.peek().find((branch) => branch.current);
  const end = here?.parent === undefined ? shown.toldUntil : undefined;
  return end ? [...phases.peek(), end] : phases.peek();
}

function halt(stop: Place): boolean {
  void arrive(stop);
  return false;
}

async function arrive(stop: Place): Promise<void> {
  await goToPlace(stop);
  const shown = view.peek();
  const end = shown?.toldUntil;
  if (end && shown.position === end.position && shown.now === end.at) {
    say(t("endOfPlaybook"), t("endOfPlaybookRemedy"));
  }
}

connect(pass, nowUs);
