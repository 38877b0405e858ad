/** Playing: real time becomes simulated time, frame by frame. */
import { signal } from "@preact/signals";
import type { View } from "../engine/types";
import { t } from "../i18n";
import { current_lab } from "./engine";
import { connect, wake } from "./frame";
import { say } from "./notices";
import { go_to_phase, pass_time } from "./session";
import {
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
/** Where a playbook ends: playing stops there once, before the cluster runs on by itself. */
let curtain: number | undefined;

export function hang_curtain(length: number | undefined): void {
  curtain = length;
}

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
  const next = shown ? phases.peek()[(shown.phase ?? -1) + 1] : undefined;
  if (shown && next && next.position >= shown.position) {
    // What the next phase does happens at its very instant, so play ends just before.
    us = Math.min(us, next.at - 1 - now_us());
    if (us <= 0 && now_us() >= next.at - 1) {
      go_to_phase((shown.phase ?? -1) + 1);
      return false;
    }
  } else if (curtain !== undefined && shown && shown.position <= curtain) {
    us = Math.min(us, shown.end_at - now_us());
    if (us <= 0 && shown.now + drift() >= shown.end_at) return fall_of_curtain();
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

function fall_of_curtain(): boolean {
  curtain = undefined;
  pause();
  say(t("end_of_playbook"), t("end_of_playbook_remedy"));
  return false;
}

connect(pass, now_us);
