/** Playing: real time becomes simulated time, frame by frame. */
import { signal } from "@preact/signals";
import type { View } from "../engine/types";
import { t } from "../i18n";
import { nextStop, type Place } from "../lib/phases";
import { currentLab } from "./engine";
import { connect, wake } from "./frame";
import { say } from "./notices";
import { goToPlace, passTime } from "./session";
import {
  branches,
  calmView,
  drift,
  isCalmTime,
  nowUs,
  pace,
  phases,
  playing,
  refresh,
  setDrift,
  showAll,
  showCalmly,
  view,
} from "./shown";

export const speed = signal(0);

const GLIDE_MS = 140;

let carriedUs = 0;
/** Whether the laboratory has gone on since the view was taken. */
let behind = false;
/** A step on its way: the heads travel to the instant of the event before it is shown. */
let glide: { readonly from: View; readonly spanUs: number; readonly started: number } | undefined;
export function pause(): void {
  if (!playing.peek()) return;
  playing.value = false;
  carriedUs = 0;
  showAll();
}

export function togglePlay(): void {
  if (playing.peek()) pause();
  else if (currentLab()) {
    playing.value = true;
    carriedUs = 0;
    wake();
  }
}

/** Whether a step is on its way; it is over once anything else is shown. */
export function isGliding(): boolean {
  return glide !== undefined && glide.from === view.peek();
}

/** Lets the heads travel for so long before what has happened is shown. */
export function glideTo(from: View, spanUs: number): void {
  glide = { from, spanUs, started: performance.now() };
  wake();
}

/** One frame of a step; the event is shown when the heads have arrived. */
function glideOn(going: { readonly spanUs: number; readonly started: number }): boolean {
  const share = (performance.now() - going.started) / GLIDE_MS;
  if (share < 1) setDrift(going.spanUs * share);
  else {
    glide = undefined;
    showAll();
  }
  return share < 1 || playing.peek();
}

/** One frame of playing: `ms` of real time become simulated time. */
function pass(ms: number): boolean {
  if (glide && isGliding()) return glideOn(glide);
  if (!playing.peek()) return false;
  const factor = speed.peek() === 0 ? pace : speed.peek();
  const wish = ms * 1000 * factor + carriedUs;
  let us = Math.floor(wish);
  carriedUs = wish - us;
  const shown = view.peek();
  const stop = shown && nextStop(stops(shown), { position: shown.position, at: nowUs() });
  if (stop) {
    // What the next phase does happens at its very instant, so play ends just before.
    us = Math.min(us, stop.at - 1 - nowUs());
    if (us <= 0 && nowUs() >= stop.at - 1) return halt(stop);
  }
  if (us <= 0) return true;
  const happened = passTime(us);
  if (happened === undefined) {
    pause();
    return false;
  }
  behind ||= happened > 0;
  // A frame draws the panels or the stage, so that none is late with both.
  if (shown && shown !== calmView.peek() && isCalmTime()) {
    setDrift(drift() + us);
    showCalmly(shown);
  } else if (behind) {
    behind = false;
    refresh();
  } else setDrift(drift() + us);
  return playing.peek();
}

/** Where playing stops: where each phase ends, and where the playbook does. */
function stops(shown: View): readonly Place[] {
  const here = branches.peek().find((branch) => branch.current);
  const end = here?.parent === undefined ? shown.toldUntil : undefined;
  return end ? [...phases.peek(), end] : phases.peek();
}

function halt(stop: Place): boolean {
  goToPlace(stop);
  const shown = view.peek();
  const end = shown?.toldUntil;
  if (end && shown.position === end.position && shown.now === end.at) {
    say(t("endOfPlaybook"), t("endOfPlaybookRemedy"));
  }
  return false;
}

connect(pass, nowUs);
