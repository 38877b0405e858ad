/**
 * What can be done to the laboratory. One data flow: a reader's wish becomes a call to the engine,
 * and every call ends on one path, `call`, after which the page shows the engine's state whatever
 * the engine did or refused to do. Nothing here knows how Raft works.
 */
import { signal } from "@preact/signals";
import type { Lab } from "../../pkg/raft_wasm";
import type { Outcome, Passage, Problem, View } from "../engine/types";
import { in_language, t } from "../i18n";
import { landing_after, landing_before, type Place } from "../lib/phases";
import { format_instant } from "../lib/time";
import { changing_lab, going_lab, with_lab } from "./engine";
import { hush, notify_problem, say, settle } from "./notices";
import { glide_to, is_gliding, pause } from "./play";
import { connect_notices, now_us, phases, show_all, view } from "./shown";
import { calm_motion } from "./ui";
import { go_through, under_way } from "./under_way";

/** How often something was done to the run that the page holds, or to one before it. */
export const acts = signal(0);

/** The one path on which a call to the engine ends: the page then shows what is so. */
export function call<T>(work: (lab: Lab) => T): T | undefined {
  try {
    return changing_lab(work);
  } finally {
    show_all();
  }
}

/** The one way to change the World. Answers what was wrong, if anything. */
export function act(action: string): Problem | undefined {
  const before = view.peek();
  let outcome = changing_lab((l) => l.act(action));
  if (!outcome) {
    show_all();
    return undefined;
  }
  const problem = (): Problem | undefined =>
    outcome?.kind === "refused" ? outcome.problem : undefined;
  go_through({
    name: action,
    is_here: true,
    go_on: () => {
      if (outcome?.kind === "going") outcome = going_lab((l) => l.go_on());
      return outcome?.kind !== "going";
    },
    so_far: () => ({
      events: with_lab((l) => l.position) ?? 0,
      us: with_lab((l) => l.now) ?? 0,
    }),
    done: () => {
      show_all();
      if (outcome) acted(action, outcome, before);
    },
    stopped: () => {
      going_lab((l) => l.stop());
      show_all();
      acts.value += 1;
      say(t("stopped_here", { time: format_instant(with_lab((l) => l.now) ?? 0) }));
    },
  });
  // Time that the page lets pass would get in its way.
  if (under_way.peek()) pause();
  return problem();
}

/** Says what was wrong with an Action, or takes back what was said before it. */
function acted(action: string, outcome: Outcome, before: View | undefined): void {
  const now = view.peek();
  const is_same = now?.branch === before?.branch && now?.length === before?.length;
  // What was refused in the end may have done something before that.
  const is_question = outcome.kind !== "done" || outcome.holds !== undefined;
  if (!is_question || !is_same) acts.value += 1;
  if (outcome.kind === "refused") {
    notify_problem(t("refused"), outcome.problem, action);
    return;
  }
  settle();
  hush();
  const { holds, holds_zh } = outcome.kind === "done" ? outcome : {};
  if (holds) say(in_language(holds, holds_zh ?? ""));
}

/** Lets time pass while the page plays: how many events that was; undefined if it cannot be. */
export function pass_time(us: number): number | undefined {
  return told(changing_lab((l) => l.advance(us)));
}

/** How many events passed, or undefined and a word why none can. */
function told(passage: Passage | undefined): number | undefined {
  if (passage?.kind === "refused") notify_problem(t("refused"), passage.problem);
  return passage?.kind === "passed" ? passage.events : undefined;
}

function moved(move: (lab: Lab) => boolean | undefined, otherwise?: () => void): void {
  hush();
  pause();
  const done = call((l) => move(l) ?? true);
  if (done === false) otherwise?.();
}

export function step(): void {
  hush();
  const hurried = is_gliding();
  pause();
  const before = view.peek();
  const passage = changing_lab((l) => l.step());
  if (told(passage) === 0) say(t("at_end"), t("at_end_remedy"));
  const span_us = (with_lab((l) => l.now) ?? 0) - (before?.now ?? 0);
  if (hurried || calm_motion.value || span_us <= 0 || !before?.messages.length) show_all();
  else glide_to(before, span_us);
}

export function step_back(): void {
  moved(
    (l) => l.step_back(),
    () => say(t("at_start")),
  );
}

function say_no_note(): void {
  say(t("no_note"), t("no_note_remedy"));
}

export function next_of_note(): void {
  moved((l) => l.next_of_note(), say_no_note);
}

export function previous_of_note(): void {
  moved((l) => l.previous_of_note(), say_no_note);
}

export function tick(): void {
  moved((l) => {
    told(l.advance(1000));
    return undefined;
  });
}

export function go_to(position: number): void {
  moved((l) => l.go_to(position) ?? undefined);
}

export function go_to_time(us: number): void {
  moved((l) => l.go_to_time(Math.round(us)) ?? undefined);
}

export function switch_branch(id: number): void {
  moved((l) => l.switch_branch(id) ?? undefined);
}

export function go_to_place({ position, at }: Place): void {
  moved((l) => l.go_to_instant(position, at) ?? undefined);
}

/** To where the next caption has come true; after the last one, to the end of the run. */
export function next_phase(): void {
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: now_us() };
  const next = landing_after(phases.peek(), shown.told_until, now);
  if (next) go_to_place(next);
  else go_to(shown.length);
}

/** Back to where the caption before came true; before the first one, to the beginning. */
export function previous_phase(): void {
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: now_us() };
  const before = landing_before(phases.peek(), shown.told_until, now);
  if (before) go_to_place(before);
  else go_to(0);
}

connect_notices(go_to);
