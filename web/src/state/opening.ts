/** Opening runs: playbooks, files, links and fresh clusters, each in the place of the last. */
import { batch, signal } from "@preact/signals";
import { Opening as Playing } from "../../pkg/raft_wasm";
import { type Opening, opening_of } from "../engine/load";
import type { FailureView } from "../engine/types";
import { t } from "../i18n";
import { guarded, replace_lab, when_stopped } from "./engine";
import { download } from "./files";
import { fresh_id } from "./journal";
import { notices, notify, notify_problem, say } from "./notices";
import { go_to_place } from "./session";
import { failures, forget_run, playing, show_all, view } from "./shown";
import { chosen, pinned } from "./ui";
import { go_through } from "./under_way";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

export const origin = signal<Origin>({ kind: "free" });

/** The run on the page: its name in the journal, and whether there is anything to be kept. */
export const current = signal<{ readonly id: string; readonly acted: boolean }>({
  id: fresh_id(),
  acted: false,
});

export function adopt(opening: Opening, from: Origin, id = fresh_id(), acted = false): boolean {
  if (!opening.lab) {
    const { problem } = opening;
    const place =
      problem.line > 0
        ? t("at_line", { line: problem.line, column: problem.column })
        : (from.path ?? undefined);
    notify_problem(t("broken_run"), problem, place);
    return false;
  }
  before_replacing();
  const replaced = current.peek();
  replace_lab(opening.lab);
  notices.value = [];
  batch(() => {
    playing.value = false;
    origin.value = from;
    current.value = { id, acted };
    forget_run();
    show_all();
    if (chosen.peek() > (view.peek()?.servers.length ?? 9)) {
      chosen.value = 1;
      pinned.value = false;
    }
  });
  const [first] = failures.peek();
  if (first) tell_failure(first);
  if (replaced.acted && replaced.id !== id) after_replacing(replaced.id);
  return true;
}

let before_replacing: () => void = () => undefined;
let after_replacing: (id: string) => void = () => undefined;

/** What is done before a run is replaced, and after one that was acted upon has been. */
export function when_replaced(before: () => void, after: (id: string) => void): void {
  before_replacing = before;
  after_replacing = after;
}

/** Says which line of the playbook did not find what it expects, and offers to go there. */
export function tell_failure({ problem, position, at }: FailureView): void {
  const { line, column } = problem;
  notify_problem(t("playbook_fails"), problem, t("at_line", { line, column }), [
    { label: t("go_to_failure"), run: () => go_to_place({ position, at }) },
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
  return open_text(header, { kind: "free" });
}

/** What the page begins with, where nothing else is asked for. */
export function first_run(): void {
  new_run({ servers: 5, voters: 5, clients: 0, seed: 1, features: [] });
}

/** Opens a playbook; `false` if it is refused at once, and not only later. */
export function open_run(text: string, kind: "playbook" | "file" | "link", path?: string): boolean {
  return open_text(text, { kind, path });
}

/** Puts the run in the place of the last one; answers whether there is one. */
type Adoption = () => boolean;

/**
 * Plays a text, which may take long; the run that is there stays until the new one is, and
 * `once` says how that is put in its place. `false` if it is refused at once.
 */
export function open_text(
  text: string,
  from: Origin,
  once: (adoption: Adoption) => boolean = (adoption) => adoption(),
): boolean {
  const told = guarded(() => new Playing(text));
  if (!told) return false;
  let is_refused = false;
  go_through({
    name: from.path ?? t("under_way_this"),
    is_here: false,
    go_on: () => guarded(() => told.go_on()) ?? true,
    so_far: () => ({ events: told.position, us: told.now }),
    done: () => {
      const opened = guarded(() => opening_of(told.opened()));
      is_refused = !opened || !once(() => adopt(opened, from));
    },
    stopped: () => {
      told.free();
      say(t("stopped_opening"));
    },
  });
  return !is_refused;
}

when_stopped(({ message, run }) => {
  playing.value = false;
  notify({
    tone: "error",
    title: t("engine_stopped"),
    cause: message,
    remedy: t("engine_remedy"),
    actions: run ? [{ label: t("save_run"), run: () => download(run) }] : undefined,
  });
});
