/** What is on show of the laboratory, and how it is brought up to date. */
import { batch, signal } from "@preact/signals";
import type { BranchView, FailureView, PhaseView, View } from "../engine/types";
import { lang } from "../i18n";
import { grouped } from "../lib/broken";
import { automatic_pace } from "../lib/pace";
import { with_lab } from "./engine";
import { move_all } from "./frame";
import { forget_what_is_not, notify_broken } from "./notices";

/** What the stage and the logs show. */
export const view = signal<View | undefined>(undefined);
/** What the panels show: the same, but taken less often while time flies. */
export const calm_view = signal<View | undefined>(undefined);
export const playing = signal(false);
export const phases = signal<readonly PhaseView[]>([]);
export const branches = signal<readonly BranchView[]>([]);
/** What is not as the playbook expects. */
export const failures = signal<readonly FailureView[]>([]);
/** The events of note: their numbers, and their instants in microseconds. */
export const notes = signal<readonly { readonly number: number; readonly at: number }[]>([]);
/** The columns of the log that are in sight. */
export const log_window = signal({ first: 1, columns: 24 });
/** The longest heartbeat interval seen, for the leader's arc. */
export let heartbeat_span = 1;
/** How fast time passes at the automatic pace. */
export let pace = 1;

let drift_us = 0;
let calm_at = 0;
let counted_events = 0;
let counted_branch = -1;
let go_to: (position: number) => void = () => undefined;

/** How a notice takes the reader to an event. */
export function connect_notices(goes_to: (position: number) => void): void {
  go_to = goes_to;
}

/** The instant on show: the View's, and what has passed since without an event. */
export function now_us(): number {
  return (view.peek()?.now ?? 0) + drift_us;
}

/** Time has passed since the View, and nothing has happened in it. */
export function set_drift(us: number): void {
  drift_us = us;
}

export function drift(): number {
  return drift_us;
}

/** Another run: nothing that was counted or seen of the last one holds. */
export function forget_run(): void {
  heartbeat_span = 1;
  counted_branch = -1;
  log_window.value = { ...log_window.peek(), first: 1 };
}

/** Takes the View anew. */
export function refresh(): void {
  const { first, columns } = log_window.peek();
  const next = with_lab((l) => l.view(first, columns));
  if (!next) return;
  drift_us = 0;
  pace = automatic_pace(next.messages);
  for (const server of next.servers) {
    heartbeat_span = Math.max(heartbeat_span, server.heartbeat_remaining ?? 0);
  }
  const before = view.peek();
  batch(() => {
    view.value = next;
    if (before) tell_violations(before, next);
    forget_what_is_not(next.branch, next.position);
    if (!playing.peek()) show_calmly(next);
  });
  // What looks the same is not drawn again, yet heads and timers have moved.
  move_all();
}

/** Takes everything anew: what the page shows after this is the engine's state, all of it. */
export function show_all(): void {
  batch(() => {
    branches.value = with_lab((l) => l.branches()) ?? branches.peek();
    failures.value = with_lab((l) => l.failures()) ?? failures.peek();
    language_changed();
    refresh();
  });
}

export function language_changed(): void {
  phases.value = with_lab((l) => l.phases(lang.peek())) ?? phases.peek();
}

/** Words that change more often than this cannot be read. */
const CALM_EVERY_MS = 500;

export function is_calm_time(): boolean {
  return performance.now() - calm_at >= CALM_EVERY_MS;
}

/** Brings the panels up to date. */
export function show_calmly(shown: View): void {
  calm_at = performance.now();
  batch(() => {
    calm_view.value = shown;
    count_notes(shown);
  });
}

/** Says what an event has just broken; going through what is known already is no news. */
function tell_violations(before: View, now: View): void {
  const [first] = grouped(now.violations.slice(before.violations.length));
  if (!first || now.branch !== before.branch || now.position <= before.position) return;
  notify_broken(first, go_to, now.branch);
}

/** Keeps the marks on the time slider, reading only the events that are new. */
function count_notes(next: View): void {
  if (next.branch !== counted_branch || next.length < counted_events) {
    counted_branch = next.branch;
    counted_events = 0;
    notes.value = [];
  }
  if (next.length === counted_events) return;
  const columns = with_lab((l) => l.columns(counted_events));
  if (!columns) return;
  const first = counted_events;
  counted_events = next.length;
  // Each read of a column copies it out of the engine.
  const { at, of_note } = columns;
  columns.free();
  const fresh: { number: number; at: number }[] = [];
  for (let i = 0; i < at.length; i++) {
    if (of_note[i] === 1) fresh.push({ number: first + i, at: at[i] ?? 0 });
  }
  if (fresh.length > 0) notes.value = [...notes.peek(), ...fresh];
}
