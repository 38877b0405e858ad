/** Opening runs: playbooks, files, links and fresh clusters, each in the place of the last. */
import { batch } from "@preact/signals";
import type { Kept } from "../engine/protocol";
import type { FailureView, Problem } from "../engine/types";
import { t } from "../i18n";
import { type Dials, linesOf, USUAL } from "../lib/dials";
import { FIRST } from "../lib/first";
import { freshKey } from "../lib/memory";
import { logLines } from "../lib/typed-logs";
import type { Engine } from "./engine";
import type { Journal } from "./journal";
import type { Keeping } from "./keeping";
import type { Notices } from "./notices";
import { calmMotion } from "./page";
import type { Play } from "./play";
import { nameOf, type Run } from "./run";
import type { Session } from "./session";
import type { Entry, Origin, Readable } from "./state";
import type { ViewState } from "./view-state";

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
  /** Whether it is what a visit begins with, beside the doors. */
  readonly welcoming?: boolean;
}

/** A fresh cluster; `features` as the header of a playbook names them. */
export interface Fresh {
  readonly servers: number;
  readonly voters: number;
  readonly clients: number;
  readonly seed: number;
  readonly features: readonly string[];
  readonly dials?: Dials;
  /** What the servers' logs begin as, a line each: terms, and commands where these matter. */
  readonly logs?: string;
}

/** What opening a run has to do with. */
interface Parts {
  readonly state: Readable;
  readonly engine: Engine;
  readonly viewState: ViewState;
  readonly play: Play;
  readonly run: Run;
  readonly session: Session;
  readonly journal: Journal;
  readonly keeping: Keeping;
  readonly notices: Notices;
}

export class Opening {
  constructor(private readonly parts: Parts) {}

  /**
   * Plays a text or a whole run, which may take long; the run that is there stays until the new one
   * is. Answers whether the new one has taken its place.
   */
  async open(what: string | Kept, adoption: Adoption): Promise<boolean> {
    const { engine, notices } = this.parts;
    const { from, name = from.path } = adoption;
    const opened = await engine.prepare(what, name ?? t("underWayThis"));
    if (opened?.kind === "opened") return this.adopt(adoption);
    if (opened?.kind === "refused") this.tellBroken(opened.problem, name);
    else if (opened?.kind === "stopped") notices.say("stoppedOpening");
    return false;
  }

  /** Opens a playbook, and answers whether it is there. */
  openRun(text: string, kind: "playbook" | "file", path: string): Promise<boolean> {
    return this.open(text, { from: { kind, path } });
  }

  newRun(fresh: Fresh): Promise<boolean> {
    const logs = logLines(fresh.logs ?? "") ?? [];
    const network = linesOf(fresh.dials ?? USUAL).actions;
    const text = [headerOf(fresh), ...network, ...logs].join("\n");
    return this.open(text, { from: { kind: "free" }, at: network.length + logs.length });
  }

  /** What the page begins with, where nothing else is asked for. */
  welcome(id: string): Promise<boolean> {
    const { path, text } = FIRST;
    const at = calmMotion.value ? FIRST.atRest : FIRST.at;
    const from: Origin = { kind: "playbook", path };
    return this.open(text, { from, id, at, arrived: true, welcoming: true });
  }

  /** A cluster to start from. */
  firstRun(id: string): Promise<boolean> {
    const header = headerOf({ servers: 5, voters: 5, clients: 0, seed: 1, features: [] });
    return this.open(header, { from: { kind: "free" }, id, arrived: true });
  }

  /** Opens a run of the journal with all its branches; `false` if it cannot be. */
  restore(entry: Entry, adoption: Partial<Adoption> = {}): Promise<boolean> {
    const { id, origin: from } = entry;
    return this.open(entry, { from, name: nameOf(entry), id, acted: true, ...adoption });
  }

  /** Says which expectation of this branch failed, and offers to go there. */
  tellFailure({ problem, position, at }: FailureView): void {
    const { notices, session, state } = this.parts;
    const { line, column } = problem;
    const branch = state.shown.view?.branch;
    const run = (): void => void session.goToPlace({ position, at });
    notices.notifyProblem(
      // What was typed is of no line of the playbook.
      () => t(line > 0 ? "playbookFails" : "doesNotHold"),
      problem,
      () => ({
        place: line > 0 ? t("atLine", { line, column }) : undefined,
        actions: [{ label: t("goToFailure"), run }],
        branch,
      }),
    );
  }

  private tellBroken(problem: Problem, name: string | undefined): void {
    const { line, column } = problem;
    this.parts.notices.notifyProblem(
      () => t("brokenRun"),
      problem,
      () => ({ place: line > 0 ? t("atLine", { line, column }) : name }),
    );
  }

  private async adopt(adoption: Adoption): Promise<boolean> {
    const {
      from,
      id = freshKey(),
      acted = false,
      arrived = false,
      at,
      welcoming = false,
    } = adoption;
    const { engine, keeping, notices, play, run, state, viewState } = this.parts;
    // What a line has done so far is part of the run that is kept.
    await engine.stop();
    await keeping.keepNow();
    const replaced = state.run.current;
    const isThere = await engine.adoptPrepared(at, {
      look: { first: 1 },
      show: (next) => {
        notices.forgetAll();
        batch(() => {
          play.forgetRun();
          run.replace(from, { id, acted, arrived });
          viewState.forgetRun(next.view.servers.length, welcoming);
          play.land(next);
        });
      },
    });
    if (!isThere) return false;
    const [first] = state.shown.failures;
    // Where an invariant is broken already, a later expectation only follows from that.
    const isBroken = (state.shown.view?.violations.length ?? 0) > 0;
    if (first && !(isBroken && at !== undefined && at < first.position)) this.tellFailure(first);
    if (replaced.acted && replaced.id !== id) this.offerBack(replaced.id);
    return true;
  }

  /** Says that a run has been replaced, and offers it again. */
  private offerBack(id: string): void {
    const { journal, notices } = this.parts;
    const entry = journal.named(id);
    if (!entry) return;
    notices.notify(() => ({
      tone: "word",
      title: t("replaced", { name: nameOf(entry) }),
      remedy: t("replacedRemedy"),
      lasting: true,
      actions: [{ label: t("undo"), run: () => void this.restore(entry) }],
    }));
  }
}

/** What a playbook says first of such a cluster. */
export function headerOf({ servers, voters, clients, seed, features, dials }: Fresh): string {
  return [
    `servers ${servers}`,
    ...(voters < servers ? [`voters ${voters}`] : []),
    ...(clients > 0 ? [`clients ${clients}`] : []),
    `seed ${seed}`,
    ...(features.length > 0 ? [`use ${features.join(" ")}`] : []),
    ...linesOf(dials ?? USUAL).header,
  ].join("\n");
}
