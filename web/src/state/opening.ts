/** Opening runs: playbooks, files, links and fresh clusters, each in the place of the last. */
import { batch, signal } from "@preact/signals";
import type { Kept } from "../engine/protocol";
import type { FailureView, LastWords, Problem } from "../engine/types";
import { t } from "../i18n";
import { adoptPrepared, prepare, stop } from "./engine";
import { download } from "./files";
import { freshId } from "./journal";
import { notices, notify, notifyProblem, say } from "./notices";
import { land } from "./play";
import { goToPlace } from "./session";
import { failures, forgetRun, playing, view } from "./shown";
import { chosen, pinned } from "./ui";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

export const origin = signal<Origin>({ kind: "free" });

/** The run on the page: its name in the journal, and whether there is anything to be kept. */
export interface Current {
  readonly id: string;
  readonly acted: boolean;
  /** Whether it came by its address, so that it is no visit of its own. */
  readonly arrived: boolean;
}

export const current = signal<Current>({ id: freshId(), acted: false, arrived: true });

/** How a run is put in its place. */
export interface Adoption {
  readonly from: Origin;
  /** What it is called while it is played. */
  readonly name?: string;
  readonly id?: string;
  readonly acted?: boolean;
  readonly arrived?: boolean;
  /** After how many events it is shown first. */
  readonly at?: number;
}

/**
 * Plays a text or a whole run, which may take long; the run that is there stays until the new one
 * is. Answers whether the new one has taken its place.
 */
export async function open(what: string | Kept, adoption: Adoption): Promise<boolean> {
  const { from, name = from.path } = adoption;
  const opened = await prepare(what, name ?? t("underWayThis"));
  if (opened?.kind === "opened") return adopt(adoption);
  if (opened?.kind === "refused") tellBroken(opened.problem, name);
  else if (opened?.kind === "stopped") say(t("stoppedOpening"));
  return false;
}

function tellBroken(problem: Problem, name: string | undefined): void {
  const { line, column } = problem;
  const place = line > 0 ? t("atLine", { line, column }) : name;
  notifyProblem(t("brokenRun"), problem, { place });
}

async function adopt(adoption: Adoption): Promise<boolean> {
  const { from, id = freshId(), acted = false, arrived = false, at } = adoption;
  // What a line has done so far is part of the run that is kept.
  await stop();
  await beforeReplacing();
  const replaced = current.peek();
  const isThere = await adoptPrepared(at, {
    look: { first: 1 },
    show: (shown) => {
      notices.value = [];
      batch(() => {
        playing.value = false;
        origin.value = from;
        current.value = { id, acted, arrived };
        forgetRun();
        land(shown);
        if (chosen.peek() > shown.view.servers.length) {
          chosen.value = 1;
          pinned.value = false;
        }
      });
    },
  });
  if (!isThere) return false;
  const [first] = failures.peek();
  if (first) tellFailure(first);
  if (replaced.acted && replaced.id !== id) afterReplacing(replaced.id);
  return true;
}

let beforeReplacing: () => Promise<void> = async () => undefined;
let afterReplacing: (id: string) => void = () => undefined;

/** What is done before a run is replaced, and after one that was acted upon has been. */
export function whenReplaced(before: () => Promise<void>, after: (id: string) => void): void {
  beforeReplacing = before;
  afterReplacing = after;
}

/** Says which expectation of this branch failed, and offers to go there. */
export function tellFailure({ problem, position, at }: FailureView): void {
  const { line, column } = problem;
  // What was typed is of no line of the playbook.
  const [title, place] =
    line > 0 ? [t("playbookFails"), t("atLine", { line, column })] : [t("doesNotHold")];
  const branch = view.peek()?.branch;
  const actions = [{ label: t("goToFailure"), run: () => void goToPlace({ position, at }) }];
  notifyProblem(title, problem, { place, actions, branch });
}

/** A fresh cluster; `features` as the header of a playbook names them. */
export interface Fresh {
  readonly servers: number;
  readonly voters: number;
  readonly clients: number;
  readonly seed: number;
  readonly features: readonly string[];
}

export function newRun({ servers, voters, clients, seed, features }: Fresh): Promise<boolean> {
  return open(headerOf({ servers, voters, clients, seed, features }), { from: { kind: "free" } });
}

function headerOf({ servers, voters, clients, seed, features }: Fresh): string {
  const uses = features.length > 0 ? `use ${features.join(" ")}\n` : "";
  const first = voters < servers ? `voters ${voters}\n` : "";
  const users = clients > 0 ? `clients ${clients}\n` : "";
  return `servers ${servers}\n${first}${users}seed ${seed}\n${uses}`;
}

/** What the page begins with, where nothing else is asked for. */
export function firstRun(id: string): Promise<boolean> {
  const header = headerOf({ servers: 5, voters: 5, clients: 0, seed: 1, features: [] });
  return open(header, { from: { kind: "free" }, id, arrived: true });
}

/** Opens a playbook, and answers whether it is there. */
export function openRun(text: string, kind: "playbook" | "file", path: string): Promise<boolean> {
  return open(text, { from: { kind, path } });
}

/** Says that the engine has stopped, and offers what is left of the run. */
export function tellStopped({ message, run }: LastWords): void {
  playing.value = false;
  notify({
    tone: "error",
    title: t("engineStopped"),
    cause: message,
    remedy: t("engineRemedy"),
    actions: run ? [{ label: t("saveRun"), run: () => download(run) }] : undefined,
  });
}
