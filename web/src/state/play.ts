/** Playing: real time becomes simulated time, frame by frame. */
import { signal } from "@preact/signals";
import type { View } from "../engine/types";
import { t } from "../i18n";
import { next_stop, type Place } from "../lib/phases";
import { current_lab } from "./engine";
import { connect, wake } from "./frame";
import { say } from "./notices";
import { go_to_place, pass_time } from "./session";
import {
  branches,
  calm_view,
  drift,
  is_calm_time,
  now_us,
  pace,
  phases,
  playing,
  refresh,
  set_drift,
  show_all,
  show_calmly,
  view,
} from "./shown";

export const speed = signal(0);

const GLIDE_MS = 140;

let carried_us = 0;
/** Whether the laboratory has gone on since the view was taken. */
let behind = false;
/** A step on its way: the heads travel to the instant of the event before it is shown. */
let glide: { readonly from: View; readonly span_us: number; readonly started: number } | undefined;
export function pause(): void {
  if (!playing.peek()) return;
  playing.value = false;
  carried_us = 0;
  show_all();
}

export function toggle_play(): void {
  if (playing.peek()) pause();
  else if (current_lab()) {
    playing.value = true;
    carried_us = 0;
    wake();
  }
}

/** Whether a step is on its way; it is over once anything else is shown. */
export function is_gliding(): boolean {
  return glide !== undefined && glide.from === view.peek();
}

/** Lets the heads travel for so long before what has happened is shown. */
export function glide_to(from: View, span_us: number): void {
  glide = { from, span_us, started: performance.now() };
  wake();
}

/** One frame of a step; the event is shown when the heads have arrived. */
function glide_on(going: { readonly span_us: number; readonly started: number }): boolean {
  const share = (performance.now() - going.started) / GLIDE_MS;
  if (share < 1) set_drift(going.span_us * share);
  else {
    glide = undefined;
    show_all();
  }
  return share < 1 || playing.peek();
}

/** One frame of playing: `ms` of real time become simulated time. */
function pass(ms: number): boolean {
  if (glide && is_gliding()) return glide_on(glide);
  if (!playing.peek()) return false;
  const factor = speed.peek() === 0 ? pace : speed.peek();
  const wish = ms * 1000 * factor + carried_us;
  let us = Math.floor(wish);
  carried_us = wish - us;
  const shown = view.peek();
  const stop = shown && next_stop(stops(shown), { position: shown.position, at: now_us() });
  if (stop) {
    // What the next phase does happens at its very instant, so play ends just before.
    us = Math.min(us, stop.at - 1 - now_us());
    if (us <= 0 && now_us() >= stop.at - 1) return halt(stop);
  }
  if (us <= 0) return true;
  const happened = pass_time(us);
  if (happened === undefined) {
    pause();
    return false;
  }
  behind ||= happened > 0;
  // A frame draws the panels or the stage, so that none is late with both.
  if (shown && shown !== calm_view.peek() && is_calm_time()) {
    set_drift(drift() + us);
    show_calmly(shown);
  } else if (behind) {
    behind = false;
    refresh();
  } else set_drift(drift() + us);
  return playing.peek();
}

/** Where playing stops: where each phase ends, and where the playbook does. */
function stops(shown: View): readonly Place[] {
  const here = branches.peek().find((branch) => branch.current);
  const end = here?.parent === undefined ? shown.told_until : undefined;
  return end ? [...phases.peek(), end] : phases.peek();
}

function halt(stop: Place): boolean {
  go_to_place(stop);
  const shown = view.peek();
  const end = shown?.told_until;
  if (end && shown.position === end.position && shown.now === end.at) {
    say(t("end_of_playbook"), t("end_of_playbook_remedy"));
  }
  return false;
}

connect(pass, now_us);
