/**
 * What can be done to the laboratory. One data flow: a reader's wish becomes a request to the
 * engine, and its answer brings the state that the page shows after it, whatever the engine did
 * or refused to do. Nothing here knows how Raft works.
 */
import { effect, signal } from "@preact/signals";
import type { Acted, Arguments, Move } from "../engine/protocol";
import type { Passage, Problem, View } from "../engine/types";
import { inLanguage, t } from "../i18n";
import { landingAfter, landingBefore, type Place } from "../lib/phases";
import { formatInstant } from "../lib/time";
import { doLine, move } from "./engine";
import { hush, notifyProblem, say, settle } from "./notices";
import { glideTo, isGliding, land, pause } from "./play";
import { connectNotices, nowUs, phases, view } from "./shown";
import { calmMotion } from "./ui";
import { underWay } from "./under-way";

/** How often something was done to the run that the page holds, or to one before it. */
export const acts = signal(0);

/** Does what a line says. Answers what was wrong, if anything. */
export async function act(action: string): Promise<Problem | undefined> {
  const before = view.peek();
  const outcome = await doLine(action);
  if (outcome) acted(action, outcome, before);
  return outcome?.kind === "refused" ? outcome.problem : undefined;
}

const UNMET = { expected: "doesNotHold", waited: "timedOut" } as const;

/** Says what was wrong with an Action, or takes back what was said before it. */
function acted(action: string, outcome: Acted, before: View | undefined): void {
  const now = view.peek();
  const isSame = now?.branch === before?.branch && now?.length === before?.length;
  // What was refused in the end may have done something before that.
  const isQuestion = outcome.kind !== "done" || outcome.holds !== undefined;
  const isKept = outcome.kind === "refused" && outcome.unmet !== undefined;
  if (!isQuestion || !isSame || isKept) acts.value += 1;
  switch (outcome.kind) {
    case "refused": {
      const { problem, unmet } = outcome;
      // A failed expectation is of the branch in which it was asked.
      const branch = unmet && now?.branch;
      notifyProblem(t(unmet ? UNMET[unmet] : "refused"), problem, { place: action, branch });
      return;
    }
    case "stopped":
      tellStoppedHere();
      return;
    case "done":
      settle();
      hush();
      if (outcome.holds) say(inLanguage(outcome.holds, outcome.holdsZh ?? ""));
  }
}

export function tellStoppedHere(): void {
  say(t("stoppedHere", { time: formatInstant(view.peek()?.now ?? 0) }));
}

/** How many events passed, or undefined and a word why none can. */
export function told(passage: Passage | undefined): number | undefined {
  if (passage?.kind === "refused") notifyProblem(t("refused"), passage.problem);
  return passage?.kind === "passed" ? passage.events : undefined;
}

async function moved<M extends Move>(
  name: M,
  args: Arguments<M>,
  otherwise?: () => void,
): Promise<void> {
  hush();
  pause();
  const done: unknown = await move(name, args);
  if (done === false) otherwise?.();
}

export async function step(): Promise<void> {
  hush();
  const hurried = isGliding() || calmMotion.value;
  pause();
  land();
  const before = view.peek();
  const passage = await move("step", [], {
    show: (shown) => {
      const from = view.peek();
      const spanUs = shown.view.now - (from?.now ?? 0);
      if (!hurried && from === before && from?.messages.length && spanUs > 0)
        glideTo(shown, spanUs);
      else land(shown);
    },
  });
  if (told(passage) === 0) say(t("atEnd"), t("atEndRemedy"));
}

export function stepBack(): void {
  void moved("stepBack", [], () => say(t("atStart")));
}

function sayNoNote(): void {
  say(t("noNote"), t("noNoteRemedy"));
}

export function nextOfNote(): void {
  void moved("nextOfNote", [], sayNoNote);
}

export function previousOfNote(): void {
  void moved("previousOfNote", [], sayNoNote);
}

export async function tick(): Promise<void> {
  hush();
  pause();
  told(await move("advance", [1000]));
}

export function goTo(position: number): void {
  void moved("goTo", [position]);
}

export function goToTime(us: number): void {
  void moved("goToTime", [Math.round(us)]);
}

export function switchBranch(id: number): void {
  void moved("switchBranch", [id]);
}

export function goToPlace({ position, at }: Place): Promise<void> {
  return moved("goToInstant", [position, at]);
}

/** To where the next caption has come true; after the last one, to the end of the run. */
export function nextPhase(): void {
  land();
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: nowUs() };
  const next = landingAfter(phases.peek(), shown.toldUntil, now);
  if (next) void goToPlace(next);
  else goTo(shown.length);
}

/** Back to where the caption before came true; before the first one, to the beginning. */
export function previousPhase(): void {
  land();
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: nowUs() };
  const before = landingBefore(phases.peek(), shown.toldUntil, now);
  if (before) void goToPlace(before);
  else goTo(0);
}

connectNotices(goTo);
// What takes long, and time that the page lets pass, would get in each other's way.
effect(() => {
  if (underWay.value) pause();
});
