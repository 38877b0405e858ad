/** Opening runs: playbooks, files, links and fresh clusters, each in the place of the last. */
import { batch, signal } from "@preact/signals";
import { Opening as Playing } from "../../pkg/raft_wasm";
import { type Opening, openingOf } from "../engine/load";
import type { FailureView } from "../engine/types";
import { t } from "../i18n";
import { guarded, replaceLab, whenStopped } from "./engine";
import { download } from "./files";
import { freshId } from "./journal";
import { notices, notify, notifyProblem, say } from "./notices";
import { goToPlace } from "./session";
import { failures, forgetRun, playing, showAll, view } from "./shown";
import { chosen, pinned } from "./ui";
import { goThrough, stopHere } from "./under-way";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

export const origin = signal<Origin>({ kind: "free" });

/** The run on the page: its name in the journal, and whether there is anything to be kept. */
export const current = signal<{ readonly id: string; readonly acted: boolean }>({
  id: freshId(),
  acted: false,
});

export function adopt(opening: Opening, from: Origin, id = freshId(), acted = false): boolean {
  if (!opening.lab) {
    const { problem } = opening;
    const place =
      problem.line > 0
        ? t("atLine", { line: problem.line, column: problem.column })
        : (from.path ?? undefined);
    notifyProblem(t("brokenRun"), problem, { place });
    return false;
  }
  // What a line has done so far is part of the run that is kept.
  stopHere();
  beforeReplacing();
  const replaced = current.peek();
  replaceLab(opening.lab);
  notices.value = [];
  batch(() => {
    playing.value = false;
    origin.value = from;
    current.value = { id, acted };
    forgetRun();
    showAll();
    if (chosen.peek() > (view.peek()?.servers.length ?? 9)) {
      chosen.value = 1;
      pinned.value = false;
    }
  });
  const [first] = failures.peek();
  if (first) tellFailure(first);
  if (replaced.acted && replaced.id !== id) afterReplacing(replaced.id);
  return true;
}

let beforeReplacing: () => void = () => undefined;
let afterReplacing: (id: string) => void = () => undefined;

/** What is done before a run is replaced, and after one that was acted upon has been. */
export function whenReplaced(before: () => void, after: (id: string) => void): void {
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
  const actions = [{ label: t("goToFailure"), run: () => goToPlace({ position, at }) }];
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

export function newRun({ servers, voters, clients, seed, features }: Fresh): boolean {
  const uses = features.length > 0 ? `use ${features.join(" ")}\n` : "";
  const first = voters < servers ? `voters ${voters}\n` : "";
  const users = clients > 0 ? `clients ${clients}\n` : "";
  const header = `servers ${servers}\n${first}${users}seed ${seed}\n${uses}`;
  return openText(header, { kind: "free" });
}

/** What the page begins with, where nothing else is asked for. */
export function firstRun(): void {
  newRun({ servers: 5, voters: 5, clients: 0, seed: 1, features: [] });
}

/** Opens a playbook; `false` if it is refused at once, and not only later. */
export function openRun(text: string, kind: "playbook" | "file" | "link", path?: string): boolean {
  return openText(text, { kind, path });
}

/** Puts the run in the place of the last one; answers whether there is one. */
type Adoption = () => boolean;
export type Once = (adoption: Adoption) => boolean;

/**
 * Plays a text, which may take long; the run that is there stays until the new one is, and
 * `once` says how that is put in its place. `false` if it is refused at once.
 */
export function openText(
  text: string,
  from: Origin,
  once: Once = (adoption) => adoption(),
): boolean {
  return playTexts([text], from.path ?? t("underWayThis"), ([told]) => {
    const opened = guarded(() => told && openingOf(told.opened()));
    return opened !== undefined && once(() => adopt(opened, from));
  });
}

/**
 * Plays texts one after the other, which may take long, and hands them over at their ends. `false`
 * if that is at once, and they are refused.
 */
export function playTexts(
  texts: readonly string[],
  name: string,
  played: (all: readonly Playing[]) => boolean,
): boolean {
  const all = guarded(() => texts.map((text) => new Playing(text)));
  if (!all) return false;
  let place = 0;
  let isRefused = false;
  goThrough({
    name,
    isHere: false,
    goOn: () => {
      const told = all[place];
      if (!told || (guarded(() => told.goOn()) ?? true)) place += 1;
      return place >= all.length;
    },
    soFar: () => ({ events: all[place]?.position ?? 0, us: all[place]?.now ?? 0 }),
    done: () => {
      isRefused = !played(all);
    },
    stopped: () => {
      for (const told of all) told.free();
      say(t("stoppedOpening"));
    },
  });
  return !isRefused;
}

whenStopped(({ message, run }) => {
  playing.value = false;
  notify({
    tone: "error",
    title: t("engineStopped"),
    cause: message,
    remedy: t("engineRemedy"),
    actions: run ? [{ label: t("saveRun"), run: () => download(run) }] : undefined,
  });
});
