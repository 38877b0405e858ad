/**
 * The laboratory that the page shows. One data flow: a reader's wish becomes an Action, the engine
 * acts, a new View is taken, the page draws it. Nothing here knows how Raft works.
 */
import { batch, signal } from "@preact/signals";
import { type Lab, last_words } from "../../pkg/raft_wasm";
import { type Opening, open_lab } from "../engine/load";
import type { BranchView, Passage, PhaseView, Problem, View } from "../engine/types";
import { in_language, lang, t } from "../i18n";
import { grouped } from "../lib/broken";
import { automatic_pace } from "../lib/pace";
import { connect, move_all, wake } from "./frame";
import { card_without, with_library } from "./library";
import {
  forget_what_is_not,
  hush,
  notices,
  notify,
  notify_broken,
  notify_problem,
  settle,
} from "./notices";
import { calm_motion, chosen, pinned } from "./ui";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

/** What the stage and the logs show. */
export const view = signal<View | undefined>(undefined);
/** What the panels show: the same, but taken less often while time flies. */
export const calm_view = signal<View | undefined>(undefined);
export const playing = signal(false);
export const speed = signal(0);
export const origin = signal<Origin>({ kind: "free" });
export const phases = signal<readonly PhaseView[]>([]);
export const branches = signal<readonly BranchView[]>([]);
/** Instants of the events of note, in microseconds. */
export const notes = signal<readonly number[]>([]);
/** The columns of the log that are in sight. */
export const log_window = signal({ first: 1, columns: 24 });
/** The longest heartbeat interval seen, for the leader's arc. */
export let heartbeat_span = 1;

/** Words that change more often than this cannot be read. */
const CALM_EVERY_MS = 500;
const GLIDE_MS = 140;

let lab: Lab | undefined;
let pace = 1;
let carried_us = 0;
let drift_us = 0;
let calm_at = 0;
/** Whether the laboratory has gone on since the view was taken. */
let behind = false;
let counted_events = 0;
let counted_branch = -1;
/** A step on its way: the heads travel to the instant of the event before it is shown. */
let glide: { readonly span_us: number; readonly started: number } | undefined;
/** Where a playbook ends: playing stops there once, before the cluster runs on by itself. */
let curtain: number | undefined;

export function current_lab(): Lab | undefined {
  return lab;
}

/** The instant on show: the View's, and what has passed since without an event. */
export function now_us(): number {
  return (view.peek()?.now ?? 0) + drift_us;
}

/** Runs `work` on the laboratory; a panic of the engine ends the run but not the page. */
export function with_lab<T>(work: (lab: Lab) => T): T | undefined {
  if (!lab) return undefined;
  try {
    return work(lab);
  } catch (error) {
    engine_stopped(error);
    return undefined;
  }
}

function engine_stopped(error: unknown): void {
  const words = last_words();
  lab = undefined;
  playing.value = false;
  const run = words?.run;
  notify({
    tone: "error",
    title: t("engine_stopped"),
    cause: words?.message ?? String(error),
    remedy: t("engine_remedy"),
    actions: run ? [{ label: t("save_run"), run: () => download(run) }] : undefined,
  });
}

export function refresh(): void {
  glide = undefined;
  const { first, columns } = log_window.peek();
  const next = with_lab((l) => l.view(first, columns));
  if (!next) return;
  drift_us = 0;
  behind = false;
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

/** Brings the panels up to date. */
function show_calmly(shown: View): void {
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
    branches.value = with_lab((l) => l.branches()) ?? [];
  }
  if (next.length === counted_events) return;
  const columns = with_lab((l) => l.columns(counted_events));
  if (!columns) return;
  counted_events = next.length;
  // Each read of a column copies it out of the engine.
  const { at, of_note } = columns;
  columns.free();
  const fresh: number[] = [];
  for (let i = 0; i < at.length; i++) {
    if (of_note[i] === 1) fresh.push(at[i] ?? 0);
  }
  if (fresh.length > 0) notes.value = [...notes.peek(), ...fresh];
}

/** Lets the events of the whole branch be counted anew after an Action. */
function after_act(): void {
  branches.value = with_lab((l) => l.branches()) ?? [];
  phases.value = with_lab((l) => l.phases(lang.peek())) ?? [];
  counted_branch = -1;
  refresh();
}

/** The one way to change the World. Answers what was wrong, if anything. */
export function act(action: string): Problem | undefined {
  const outcome = with_lab((l) => l.act(action));
  if (!outcome) return undefined;
  if (outcome.kind === "refused") {
    notify_problem(t("refused"), outcome.problem, action);
    return outcome.problem;
  }
  settle();
  hush();
  curtain = undefined;
  after_act();
  return undefined;
}

function adopt(opening: Opening, from: Origin): boolean {
  if (!opening.lab) {
    const { problem } = opening;
    const place =
      problem.line > 0
        ? t("at_line", { line: problem.line, column: problem.column })
        : (from.path ?? undefined);
    notify_problem(t("broken_run"), problem, place);
    return false;
  }
  const old = lab;
  lab = opening.lab;
  old?.free();
  notices.value = [];
  heartbeat_span = 1;
  counted_branch = -1;
  batch(() => {
    playing.value = false;
    origin.value = from;
    log_window.value = { ...log_window.peek(), first: 1 };
    after_act();
    const opened = view.peek();
    curtain = from.kind === "free" ? undefined : opened?.length;
    if (chosen.peek() > (opened?.servers.length ?? 9)) {
      chosen.value = 1;
      pinned.value = false;
    }
  });
  if (opening.problem) tell_failure(opening.problem, opening.position);
  return true;
}

/** Says which line of a playbook did not find what it expects, and offers to go there. */
function tell_failure(problem: Problem, position: number): void {
  const { line, column } = problem;
  notify_problem(t("playbook_fails"), problem, t("at_line", { line, column }), [
    { label: t("go_to_failure"), run: () => go_to(position) },
  ]);
}

/** A fresh cluster; `features` as the header of a playbook names them. */
export interface Fresh {
  readonly servers: number;
  readonly voters: number;
  readonly clients: number;
  readonly seed: number;
  readonly features: readonly string[];
}

export function new_run({ servers, voters, clients, seed, features }: Fresh): boolean {
  const uses = features.length > 0 ? `use ${features.join(" ")}\n` : "";
  const first = voters < servers ? `voters ${voters}\n` : "";
  const users = clients > 0 ? `clients ${clients}\n` : "";
  const header = `servers ${servers}\n${first}${users}seed ${seed}\n${uses}`;
  return guarded_open(() => open_lab(header), { kind: "free" });
}

export function open_run(text: string, kind: "playbook" | "file" | "link", path?: string): boolean {
  return guarded_open(() => open_lab(text), { kind, path });
}

function guarded_open(open: () => Opening, from: Origin): boolean {
  try {
    return adopt(open(), from);
  } catch (error) {
    engine_stopped(error);
    return false;
  }
}

/** Plays the same run again with a rule more or less, and shows what breaks first. */
export function toggle_rule(rule: string): void {
  pause();
  const before = view.peek();
  if (!before) return;
  const { without, now } = before;
  const rules = without.includes(rule)
    ? without.filter((other) => other !== rule)
    : [...without, rule];
  const again = with_lab((l) => l.without(rules));
  if (!again) return;
  adopt({ lab: again }, origin.peek());
  const found = view.peek()?.violations[0];
  if (!found) {
    go_to_time(now);
    if (rules.length === 0) say(t("rules_all"));
    else with_library(() => tell_nothing_broke(rule, rules));
    return;
  }
  go_to(found.event + 1);
  say(
    t("violation", { property: in_language(found.property, found.property_zh) }),
    t("broken_without", { rules: rules.join(" ") }),
  );
}

/** Nothing broke in this run; where there is a run that breaks without the rule, it is offered. */
function tell_nothing_broke(rule: string, rules: readonly string[]): void {
  const title = t("nothing_broke", { rules: rules.join(" ") });
  const card = rules.includes(rule) ? card_without(rule) : undefined;
  if (!card) {
    say(title);
    return;
  }
  notify({
    tone: "word",
    title,
    remedy: t("breaks_elsewhere", { rule, title: card.title[lang.peek()] }),
    actions: [
      { label: t("see_it_break"), run: () => void open_run(card.text, "playbook", card.path) },
    ],
  });
}

export function pause(): void {
  if (!playing.peek()) return;
  playing.value = false;
  carried_us = 0;
  refresh();
}

export function toggle_play(): void {
  if (playing.peek()) pause();
  else if (lab) {
    playing.value = true;
    carried_us = 0;
    wake();
  }
}

function moved(move: (lab: Lab) => boolean | undefined, otherwise: () => void): void {
  hush();
  pause();
  const done = with_lab((l) => move(l) ?? true);
  refresh();
  if (done === false) otherwise();
}

/** Lets time pass: how many events that was, or undefined and a word why it cannot be. */
function passed(move: (lab: Lab) => Passage): number | undefined {
  const passage = with_lab(move);
  if (passage?.kind === "refused") notify_problem(t("refused"), passage.problem);
  return passage?.kind === "passed" ? passage.events : undefined;
}

export function say(title: string, remedy?: string): void {
  notify({ tone: "word", title, remedy });
}

export function step(): void {
  hush();
  pause();
  const hurried = glide !== undefined;
  if (passed((l) => l.step()) === 0) say(t("at_end"), t("at_end_remedy"));
  const before = view.peek();
  const span_us = (with_lab((l) => l.now) ?? 0) - (before?.now ?? 0);
  if (hurried || calm_motion.value || span_us <= 0 || !before?.messages.length) refresh();
  else {
    glide = { span_us, started: performance.now() };
    wake();
  }
}

/** One frame of a step; the event is shown when the heads have arrived. */
function glide_on(going: { readonly span_us: number; readonly started: number }): boolean {
  const share = (performance.now() - going.started) / GLIDE_MS;
  if (share >= 1) refresh();
  else drift_us = going.span_us * share;
  return share < 1 || playing.peek();
}

export function step_back(): void {
  moved(
    (l) => l.step_back(),
    () => say(t("at_start")),
  );
}

export function next_of_note(): void {
  moved(
    (l) => l.next_of_note(),
    () => say(t("no_note"), t("no_note_remedy")),
  );
}

export function previous_of_note(): void {
  moved(
    (l) => l.previous_of_note(),
    () => say(t("no_note"), t("no_note_remedy")),
  );
}

export function tick(): void {
  hush();
  pause();
  passed((l) => l.advance(1000));
  refresh();
}

export function go_to(position: number): void {
  hush();
  pause();
  with_lab((l) => l.go_to(position));
  refresh();
}

export function go_to_time(us: number): void {
  hush();
  pause();
  with_lab((l) => l.go_to_time(Math.round(us)));
  refresh();
}

export function switch_branch(id: number): void {
  hush();
  pause();
  with_lab((l) => l.switch_branch(id));
  after_act();
}

export function go_to_phase(index: number): void {
  hush();
  pause();
  with_lab((l) => l.go_to_phase(index));
  refresh();
}

/** The next phase; after the last one, the end of the playbook. */
export function next_phase(): void {
  const next = (view.peek()?.phase ?? -1) + 1;
  if (next < phases.peek().length) go_to_phase(next);
  else go_to(view.peek()?.length ?? 0);
}

/** One frame of playing: `ms` of real time become simulated time. */
function pass(ms: number): boolean {
  if (glide) return glide_on(glide);
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
    if (us <= 0 && shown.now + drift_us >= shown.end_at) return fall_of_curtain();
  }
  if (us <= 0) return true;
  const happened = passed((l) => l.advance(us));
  if (happened === undefined) {
    pause();
    return false;
  }
  behind ||= happened > 0;
  // A frame draws the panels or the stage, so that none is late with both.
  if (shown && shown !== calm_view.peek() && performance.now() - calm_at >= CALM_EVERY_MS) {
    drift_us += us;
    show_calmly(shown);
  } else if (behind) refresh();
  else drift_us += us;
  return playing.peek();
}

function fall_of_curtain(): boolean {
  curtain = undefined;
  pause();
  say(t("end_of_playbook"), t("end_of_playbook_remedy"));
  return false;
}

export function save(): void {
  const text = with_lab((l) => l.save());
  if (text !== undefined) download(text);
}

function download(text: string): void {
  const shown = view.peek();
  const name = `raft-${shown?.servers.length ?? 0}-${shown?.seed ?? 0}.raft`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(t("saved", { name }));
}

export async function open_file(file: File): Promise<void> {
  try {
    const text = await file.text();
    if (text.trim() !== "") open_run(text, "file", file.name);
    else {
      notify({
        tone: "error",
        title: t("file_empty"),
        place: file.name,
        remedy: t("file_remedy"),
      });
    }
  } catch {
    notify({
      tone: "error",
      title: t("file_unreadable"),
      place: file.name,
      remedy: t("file_remedy"),
    });
  }
}

export function language_changed(): void {
  phases.value = with_lab((l) => l.phases(lang.peek())) ?? [];
}

connect(pass, now_us);
