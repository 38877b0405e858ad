/** What is on show of the laboratory, and how it is brought up to date. */
import { batch, signal } from "@preact/signals";
import type { BranchView, FailureView, PhaseView, View } from "../engine/types";
import { lang } from "../i18n";
import { grouped } from "../lib/broken";
import { automaticPace } from "../lib/pace";
import { withLab } from "./engine";
import { moveAll } from "./frame";
import { forgetWhatIsNot, notifyBroken } from "./notices";

/** What the stage and the logs show. */
export const view = signal<View | undefined>(undefined);
/** What the panels show: the same, but taken less often while time flies. */
export const calmView = signal<View | undefined>(undefined);
export const playing = signal(false);
export const phases = signal<readonly PhaseView[]>([]);
export const branches = signal<readonly BranchView[]>([]);
/** What is not as the playbook expects. */
export const failures = signal<readonly FailureView[]>([]);
/** The events of note: their numbers, and their instants in microseconds. */
export const notes = signal<readonly { readonly number: number; readonly at: number }[]>([]);
/** The columns of the log that are in sight. */
export const logWindow = signal({ first: 1, columns: 24 });
/** The longest heartbeat interval seen, for the leader's arc. */
export let heartbeatSpan = 1;
/** How fast time passes at the automatic pace. */
export let pace = 1;

let driftUs = 0;
let calmAt = 0;
let countedEvents = 0;
let countedBranch = -1;
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

/** Another run: nothing that was counted or seen of the last one holds. */
export function forgetRun(): void {
  heartbeatSpan = 1;
  countedBranch = -1;
  logWindow.value = { ...logWindow.peek(), first: 1 };
}

/** Takes the View anew. */
export function refresh(): void {
  const { first, columns } = logWindow.peek();
  const next = withLab((l) => l.view(first, columns));
  if (!next) return;
  driftUs = 0;
  pace = automaticPace(next.messages);
  for (const server of next.servers) {
    heartbeatSpan = Math.max(heartbeatSpan, server.heartbeatRemaining ?? 0);
  }
  const before = view.peek();
  batch(() => {
    view.value = next;
    if (before) tellViolations(before, next);
    forgetWhatIsNot(next.branch, next.position);
    if (!playing.peek()) showCalmly(next);
  });
  // What looks the same is not drawn again, yet heads and timers have moved.
  moveAll();
}

/** Takes everything anew: what the page shows after this is the engine's state, all of it. */
export function showAll(): void {
  batch(() => {
    branches.value = withLab((l) => l.branches()) ?? branches.peek();
    failures.value = withLab((l) => l.failures()) ?? failures.peek();
    languageChanged();
    refresh();
  });
}

export function languageChanged(): void {
  phases.value = withLab((l) => l.phases(lang.peek())) ?? phases.peek();
}

/** Words that change more often than this cannot be read. */
const CALM_EVERY_MS = 500;

export function isCalmTime(): boolean {
  return performance.now() - calmAt >= CALM_EVERY_MS;
}

/** Brings the panels up to date. */
export function showCalmly(shown: View): void {
  calmAt = performance.now();
  batch(() => {
    calmView.value = shown;
    countNotes(shown);
  });
}

/** Says what an event has just broken; going through what is known already is no news. */
function tellViolations(before: View, now: View): void {
  const [first] = grouped(now.violations.slice(before.violations.length));
  if (!first || now.branch !== before.branch || now.position <= before.position) return;
  notifyBroken(first, goTo, now.branch);
}

/** Keeps the marks on the time slider, reading only the events that are new. */
function countNotes(next: View): void {
  if (next.branch !== countedBranch || next.length < countedEvents) {
    countedBranch = next.branch;
    countedEvents = 0;
    notes.value = [];
  }
  if (next.length === countedEvents) return;
  const columns = withLab((l) => l.columns(countedEvents));
  if (!columns) return;
  const first = countedEvents;
  countedEvents = next.length;
  // Each read of a column copies it out of the engine.
  const { at, ofNote } = columns;
  columns.free();
  const fresh: { number: number; at: number }[] = [];
  for (let i = 0; i < at.length; i++) {
    if (ofNote[i] === 1) fresh.push({ number: first + i, at: at[i] ?? 0 });
  }
  if (fresh.length > 0) notes.value = [...notes.peek(), ...fresh];
}
