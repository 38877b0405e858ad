/**
 * What can be done to the laboratory. One data flow: a reader's wish becomes a call to the engine,
 * and every call ends on one path, `call`, after which the page shows the engine's state whatever
 * the engine did or refused to do. Nothing here knows how Raft works.
 */
import { signal } from "@preact/signals";
import type { Lab } from "../../pkg/raft_wasm";
import type { Outcome, Passage, Problem, View } from "../engine/types";
import { inLanguage, t } from "../i18n";
import { landingAfter, landingBefore, type Place } from "../lib/phases";
import { formatInstant } from "../lib/time";
import { changingLab, goingLab, withLab } from "./engine";
import { hush, notifyProblem, say, settle } from "./notices";
import { glideTo, isGliding, pause } from "./play";
import { connectNotices, nowUs, phases, showAll, view } from "./shown";
import { calmMotion } from "./ui";
import { goThrough, underWay } from "./under-way";

/** How often something was done to the run that the page holds, or to one before it. */
export const acts = signal(0);

/** The one path on which a call to the engine ends: the page then shows what is so. */
export function call<T>(work: (lab: Lab) => T): T | undefined {
  try {
    return changingLab(work);
  } finally {
    showAll();
  }
}

/** The one way to change the World. Answers what was wrong, if anything. */
export function act(action: string): Problem | undefined {
  const before = view.peek();
  const outcome = begin(
    action,
    (l) => l.act(action),
    (outcome) => acted(action, outcome, before),
  );
  return outcome?.kind === "refused" ? outcome.problem : undefined;
}

/**
 * Begins something that may take long. Where it ends or is stopped, the page shows what is so.
 * Answers what has come of it so far.
 */
export function begin(
  name: string,
  work: (lab: Lab) => Outcome,
  ended: (outcome: Outcome) => void,
): Outcome | undefined {
  let outcome = changingLab(work);
  if (!outcome) {
    showAll();
    return undefined;
  }
  goThrough({
    name,
    isHere: true,
    goOn: () => {
      if (outcome?.kind === "going") outcome = goingLab((l) => l.goOn());
      return outcome?.kind !== "going";
    },
    soFar: () => {
      const { position, at } = withLab((l) => l.soFar()) ?? { position: 0, at: 0 };
      return { events: position, us: at };
    },
    done: () => {
      showAll();
      if (outcome) ended(outcome);
    },
    stopped: () => {
      goingLab((l) => l.stop());
      showAll();
      acts.value += 1;
      say(t("stoppedHere", { time: formatInstant(withLab((l) => l.now) ?? 0) }));
    },
  });
  // Time that the page lets pass would get in its way.
  if (underWay.peek()) pause();
  return outcome;
}

const UNMET = { expected: "doesNotHold", waited: "timedOut" } as const;

/** Says what was wrong with an Action, or takes back what was said before it. */
function acted(action: string, outcome: Outcome, before: View | undefined): void {
  const now = view.peek();
  const isSame = now?.branch === before?.branch && now?.length === before?.length;
  // What was refused in the end may have done something before that.
  const isQuestion = outcome.kind !== "done" || outcome.holds !== undefined;
  const isKept = outcome.kind === "refused" && outcome.unmet !== undefined;
  if (!isQuestion || !isSame || isKept) acts.value += 1;
  if (outcome.kind === "refused") {
    const { problem, unmet } = outcome;
    // A failed expectation is of the branch in which it was asked.
    const branch = unmet && now?.branch;
    notifyProblem(t(unmet ? UNMET[unmet] : "refused"), problem, { place: action, branch });
    return;
  }
  settle();
  hush();
  const { holds, holdsZh } = outcome.kind === "done" ? outcome : {};
  if (holds) say(inLanguage(holds, holdsZh ?? ""));
}

/** Lets time pass while the page plays: how many events that was; undefined if it cannot be. */
export function passTime(us: number): number | undefined {
  return told(changingLab((l) => l.advance(us)));
}

/** How many events passed, or undefined and a word why none can. */
function told(passage: Passage | undefined): number | undefined {
  if (passage?.kind === "refused") notifyProblem(t("refused"), passage.problem);
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
  const hurried = isGliding();
  pause();
  const before = view.peek();
  const passage = changingLab((l) => l.step());
  if (told(passage) === 0) say(t("atEnd"), t("atEndRemedy"));
  const spanUs = (withLab((l) => l.now) ?? 0) - (before?.now ?? 0);
  if (hurried || calmMotion.value || spanUs <= 0 || !before?.messages.length) showAll();
  else glideTo(before, spanUs);
}

export function stepBack(): void {
  moved(
    (l) => l.stepBack(),
    () => say(t("atStart")),
  );
}

function sayNoNote(): void {
  say(t("noNote"), t("noNoteRemedy"));
}

export function nextOfNote(): void {
  moved((l) => l.nextOfNote(), sayNoNote);
}

export function previousOfNote(): void {
  moved((l) => l.previousOfNote(), sayNoNote);
}

export function tick(): void {
  moved((l) => {
    told(l.advance(1000));
    return undefined;
  });
}

export function goTo(position: number): void {
  moved((l) => l.goTo(position) ?? undefined);
}

export function goToTime(us: number): void {
  moved((l) => l.goToTime(Math.round(us)) ?? undefined);
}

export function switchBranch(id: number): void {
  moved((l) => l.switchBranch(id) ?? undefined);
}

export function goToPlace({ position, at }: Place): void {
  moved((l) => l.goToInstant(position, at) ?? undefined);
}

/** To where the next caption has come true; after the last one, to the end of the run. */
export function nextPhase(): void {
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: nowUs() };
  const next = landingAfter(phases.peek(), shown.toldUntil, now);
  if (next) goToPlace(next);
  else goTo(shown.length);
}

/** Back to where the caption before came true; before the first one, to the beginning. */
export function previousPhase(): void {
  const shown = view.peek();
  if (!shown) return;
  const now = { position: shown.position, at: nowUs() };
  const before = landingBefore(phases.peek(), shown.toldUntil, now);
  if (before) goToPlace(before);
  else goTo(0);
}

connectNotices(goTo);
