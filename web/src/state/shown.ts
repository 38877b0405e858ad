/** What is on show of the laboratory. `show` alone writes it: what an answer of the engine brings. */
import { batch, signal } from "@preact/signals";
import type { Look, Note, Rest, Shown } from "../engine/protocol";
import type { BranchView, Explanation, FailureView, PhaseView, View } from "../engine/types";
import { lang } from "../i18n";
import { grouped } from "../lib/broken";
import { automaticPace } from "../lib/pace";
import { moveAll } from "./frame";
import { forgetWhatIsNot, notifyBroken } from "./notices";

/** What the stage and the logs show. */
export const view = signal<View | undefined>(undefined);
/** What the panels show: the same, but taken less often while time flies. */
export const calmView = signal<View | undefined>(undefined);
/** What can be said of the last event. */
export const explanation = signal<Explanation | undefined>(undefined);
export const playing = signal(false);
export const phases = signal<readonly PhaseView[]>([]);
export const branches = signal<readonly BranchView[]>([]);
/** What is not as the playbook expects. */
export const failures = signal<readonly FailureView[]>([]);
export const notes = signal<readonly Note[]>([]);
/** The columns of the log that are in sight. */
export const logWindow = signal({ first: 1, columns: 24 });
/** How fast time passes at the automatic pace. */
export let pace = 1;

let driftUs = 0;
let calmAt = 0;
let goTo: (position: number) => void = () => undefined;

/** How a notice takes the reader to an event. */
export function connectNotices(goesTo: (position: number) => void): void {
  goTo = goesTo;
}

/** The instant on show: the View's, and what has passed since without an event. */
export function nowUs(): number {
  return (view.peek()?.now ?? 0) + driftUs;
}

/** Time has passed since the View, and nothing has happened in it. */
export function setDrift(us: number): void {
  driftUs = us;
}

export function drift(): number {
  return driftUs;
}

/** What of the state is in sight. */
export function lookAt(all: boolean): Look {
  return { ...logWindow.peek(), lang: lang.peek(), all };
}

/** Another run: its log is seen from the beginning. */
export function forgetRun(): void {
  logWindow.value = { ...logWindow.peek(), first: 1 };
}

/** The one writer: after this the page shows the engine's state. */
export function show({ view: next, rest }: Shown): void {
  const before = view.peek();
  driftUs = 0;
  pace = automaticPace(next.messages);
  batch(() => {
    view.value = next;
    if (before) tellViolations(before, next);
    forgetWhatIsNot(next.branch, next.position);
    if (rest) showRest(next, rest);
  });
  // What looks the same is not drawn again, yet heads and timers have moved.
  moveAll();
}

/** Brings the panels up to date. */
export function showRest(next: View, rest: Rest): void {
  calmAt = performance.now();
  batch(() => {
    calmView.value = next;
    branches.value = rest.branches;
    failures.value = rest.failures;
    phases.value = rest.phases;
    explanation.value = rest.explanation;
    if (rest.isAnew) notes.value = rest.notes;
    else if (rest.notes.length > 0) notes.value = [...notes.peek(), ...rest.notes];
  });
}

/** Words that change more often than this cannot be read. */
const CALM_EVERY_MS = 500;

export function isCalmTime(): boolean {
  return performance.now() - calmAt >= CALM_EVERY_MS;
}

/** Says what an event has just broken; going through what is known already is no news. */
function tellViolations(before: View, now: View): void {
  const [first] = grouped(now.violations.slice(before.violations.length));
  if (!first || now.branch !== before.branch || now.position <= before.position) return;
  notifyBroken(first, goTo, now.branch);
}
