/**
 * Searches through every run. Each runs in a worker of its own beside the laboratory, so that the stage
 * stays free; what it finds is a run like any other. It is loaded with what shows it.
 */
import type { CheckBounds } from "../../pkg-check/raft_check_wasm";
import type { Heard } from "../checker/main";
import { inLanguage } from "../i18n";
import { t } from "../i18n/later";
import {
  boundsOf,
  type CheckEnd,
  type CheckForm,
  type CheckJob,
  type Count,
  turned,
  USUAL_CHECK,
} from "../lib/check";
import { loadScript } from "../lib/script";
import type { Compare } from "./compare";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import type { Opening } from "./opening";
import type { Session } from "./session";
import type { Owning } from "./state";

/** What it has to do with. */
interface Parts {
  readonly state: Owning<"check">;
  readonly engine: Engine;
  readonly session: Session;
  readonly opening: Opening;
  readonly compare: Compare;
  readonly notices: Notices;
}

/** So many searches are kept; the oldest that is over makes room. */
const JOBS_MAX = 8;

export class Check {
  /** By the number of a search: how it is ended. */
  private readonly running = new Map<number, () => void>();
  private lastId = 0;

  constructor(private readonly parts: Parts) {}

  /** What is asked for. */
  get form(): CheckForm {
    return this.parts.state.check.form ?? USUAL_CHECK;
  }

  turn(count: Count, by: 1 | -1): void {
    const { check } = this.parts.state;
    check.form = turned(this.form, count, by);
  }

  ask(asked: Partial<CheckForm>): void {
    const { check } = this.parts.state;
    check.form = { ...this.form, ...asked };
  }

  /** Begins to search what the form says. */
  async begin(): Promise<void> {
    const { engine, state } = this.parts;
    const { form } = this;
    const view = state.shown.view;
    this.lastId += 1;
    const id = this.lastId;
    const events = view?.position ?? 0;
    const from = form.isFromHere ? { run: state.run.current.id, events } : undefined;
    const text = from ? await engine.ask("save") : undefined;
    if (from && text === undefined) return;
    const beganMs = performance.now();
    const job: CheckJob = {
      ...{ id, form, from, beganMs, nowMs: beganMs },
      ...{ flags: "", progress: undefined, end: undefined },
    };
    state.check.jobs = kept([job, ...state.check.jobs]);
    const bounds = boundsOf(form, from && text !== undefined ? { text, events } : undefined);
    await this.search(id, bounds);
  }

  stop(id: number): void {
    this.end(id, { kind: "stopped" });
  }

  forget(id: number): void {
    this.stop(id);
    const { check } = this.parts.state;
    check.jobs = check.jobs.filter((job) => job.id !== id);
  }

  /**
   * Opens what a search found at its last step: as a branch of the run that it began from, if that is the
   * one on show, and else as a run of its own.
   */
  async open(job: CheckJob): Promise<boolean> {
    const { compare, engine, opening, state } = this.parts;
    const found = foundBy(job);
    if (!found) return false;
    const name = inLanguage(found.name, found.nameZh);
    const end = Number.MAX_SAFE_INTEGER;
    if (job.from?.run !== state.run.current.id) {
      const path = `shortest-${found.invariant}.raft`;
      return opening.open(found.text, { from: { kind: "file", path }, name, at: end });
    }
    const branch = await compare.make({ text: found.text }, t("violation", { property: name }));
    if (branch === undefined) return false;
    await engine.move("switchBranch", [branch]);
    await engine.move("goTo", [end]);
    return true;
  }

  /** The same beside what becomes of it where every rule is kept. */
  async openBeside(job: CheckJob): Promise<void> {
    const { compare } = this.parts;
    if (await this.open(job)) await compare.beside({ without: [] }, t("asInPaper"));
  }

  private async search(id: number, bounds: CheckBounds): Promise<void> {
    try {
      await loadScript("dist/checker.js");
      const running = await globalThis.raftChecker?.begin(bounds, (heard) => this.hear(id, heard));
      const isWanted = this.parts.state.check.jobs.some((job) => job.id === id && !job.end);
      if (running && isWanted) this.running.set(id, running.end);
      else running?.end();
    } catch {
      this.end(id, { kind: "failed", words: t("partMissing") });
    }
  }

  private hear(id: number, heard: Heard): void {
    switch (heard.kind) {
      case "going":
        this.change(id, { progress: heard.progress, flags: heard.flags });
        break;
      case "over":
        this.change(id, { progress: heard.report.progress, flags: heard.flags });
        this.end(id, { kind: "over", report: heard.report });
        break;
      case "refused":
      case "failed":
        this.end(id, heard);
    }
  }

  private end(id: number, end: CheckEnd): void {
    this.running.get(id)?.();
    this.running.delete(id);
    if (this.parts.state.check.jobs.some((job) => job.id === id && !job.end))
      this.change(id, { end });
  }

  private change(id: number, changed: Partial<CheckJob>): void {
    const { check } = this.parts.state;
    const nowMs = performance.now();
    check.jobs = check.jobs.map((job) => (job.id === id ? { ...job, nowMs, ...changed } : job));
  }
}

/** What breaks, if a search found that. */
export function foundBy({ end }: CheckJob) {
  return end?.kind === "over" ? end.report.broken : undefined;
}

function kept(jobs: readonly CheckJob[]): readonly CheckJob[] {
  const old = jobs.slice(JOBS_MAX).filter(({ end }) => end === undefined);
  return [...jobs.slice(0, JOBS_MAX), ...old];
}
