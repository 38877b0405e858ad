/**
 * The engine's end of the port. It runs in a worker, or in the page where workers are refused,
 * and is the same in both: it hears requests and tells answers. What takes long goes on for a
 * slice at a time, so that it can say how far it is, be asked, and be stopped.
 */
import init, {
  failovers,
  failoverText,
  features,
  figure,
  type Lab,
  type LaneColumns,
  lastWords,
  Opening,
  unread,
  vocabulary,
} from "../../pkg/raft_wasm";
import { type Lanes, NO_LANES } from "../lib/tape";
import type {
  Acted,
  Answer,
  Beginning,
  Beside,
  Call,
  HistoryPart,
  Kept,
  Look,
  Made,
  Note,
  Opened,
  Progress,
  Recorded,
  Request,
  Rest,
  Shown,
  Trials,
  Uses,
  Written,
} from "./protocol";
import type { Outcome, Problem, View } from "./types";
import { unpacked } from "./unpack";

/** Nobody notices having waited so long. */
const AT_ONCE_MS = 100;
/** How long it goes on without looking whether anybody has said anything. */
const SLICE_MS = 40;

/** A port by which messages come and go: a worker's own, or one of a channel. */
export interface Scope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

const UNKNOWN: Problem = {
  line: 0,
  column: 0,
  message: "",
  remedy: "",
  messageZh: "",
  remedyZh: "",
  instead: undefined,
  excerpt: "",
};

/** What takes long: a stopped one comes to its end at its next slice. */
interface Job {
  /** Whether it changes the laboratory that there is; else it makes another. */
  readonly isHere: boolean;
  isStopped: boolean;
  /** Goes on at once, be it only to hear that it is stopped. */
  wake: () => void;
}

export function serve(scope: Scope): void {
  const host = new Host((answer) => scope.postMessage(answer));
  scope.onmessage = ({ data }) => void host.hear(data);
}

class Host {
  private lab: Lab | undefined;
  /** What was opened and has not been adopted. */
  private next: Lab | undefined;
  private job: Job | undefined;
  /** The events whose notes have been told, and of which branch of which run. */
  private told: {
    readonly lab: Lab | undefined;
    readonly branch: number;
    readonly turn: number;
    readonly count: number;
  } = { lab: undefined, branch: 0, turn: 0, count: 0 };

  constructor(private readonly tell: (answer: Answer) => void) {}

  async hear({ id, call, look }: Request): Promise<void> {
    try {
      const going = this.answer(id, call);
      // What is done at once is shown at once, before anything else is heard.
      const value = going instanceof Promise ? await going : going;
      this.tell({ id, value, shown: look && this.shown(look, value) });
    } catch (error) {
      if (call.kind === "load") {
        this.tell({ id, failed: String(error) });
        return;
      }
      // A panic ends the run, but not the page.
      this.lab = undefined;
      this.tell({ id, panic: lastWords() ?? { message: String(error), run: "" } });
    }
  }

  private answer(id: number, call: Call): unknown {
    switch (call.kind) {
      case "load":
        return load(call.wasm);
      case "ask":
        return this.lab && answered(this.lab, call.question, call.args);
      case "move":
        this.stopHere();
        return this.lab && answered(this.lab, call.move, call.args);
      case "act":
        return this.begin(id, (lab) => lab.act(call.line));
      case "beside":
        return this.makeBeside(id, call.beginning, call.words);
      case "rewrite":
        return this.playText(id, call.text, (lab, playing) => {
          return lab.rewrite(playing, call.line, call.words);
        });
      case "compare":
        return this.begin(id, (lab) => lab.compareWith(call.branch, call.first));
      case "open":
        return this.open(id, call.text);
      case "restore":
        return this.restore(id, call.kept);
      case "adopt":
        return this.adopt(call.at);
      case "features":
        return features();
      case "figure":
        return figure(call.lang);
      case "vocabulary":
        return vocabulary(call.lang, call.ofPlaybooks);
      case "failovers":
        return trials(call.header, call.seed, call.count);
      case "failoverText":
        return failoverText(call.header, call.seed);
      case "history":
        return this.lab && history(this.lab, call.from, call.count);
      case "text":
        return this.lab && written(this.lab);
      case "unread":
        return unread(call.text);
      case "record":
        return this.lab && recorded(this.lab, call.action, call.below);
      case "keep":
        return this.lab && kept(this.lab);
      case "look":
        return undefined;
      case "stop":
        return this.stopped();
    }
  }

  private stop(): void {
    if (!this.job) return;
    if (this.job.isHere) this.lab?.stop();
    this.job.isStopped = true;
    this.job.wake();
    this.job = undefined;
  }

  /** Comes true once what was stopped has been answered. */
  private async stopped(): Promise<void> {
    this.stop();
    await new Promise((wake) => setTimeout(wake, 0));
  }

  /** Stops what changes the laboratory: something else is about to. */
  private stopHere(): void {
    if (this.job?.isHere) this.stop();
  }

  /**
   * Goes on with a job until it is done; `undefined` if it was stopped. The first moments pass
   * without a word.
   */
  private async through<T>(
    id: number,
    isHere: boolean,
    goOn: () => T | undefined,
    soFar: () => Progress,
  ): Promise<T | undefined> {
    this.stop();
    const job: Job = { isHere, isStopped: false, wake: () => undefined };
    this.job = job;
    let until = performance.now() + AT_ONCE_MS;
    for (;;) {
      const done = goOn();
      if (done !== undefined) {
        if (this.job === job) this.job = undefined;
        return done;
      }
      if (performance.now() < until) continue;
      this.tell({ id, progress: soFar() });
      await new Promise<void>((wake) => {
        job.wake = wake;
        setTimeout(wake, 0);
      });
      if (job.isStopped) return undefined;
      until = performance.now() + SLICE_MS;
    }
  }

  /** Begins something in the laboratory, and goes on with it. */
  private async begin(id: number, work: (lab: Lab) => Outcome): Promise<Acted | undefined> {
    this.stop();
    const { lab } = this;
    if (!lab) return undefined;
    let outcome = work(lab);
    const goOn = (): Acted | undefined => {
      if (outcome.kind !== "going") return outcome;
      outcome = lab.goOn();
      return undefined;
    };
    const soFar = (): Progress => {
      const { position, at } = lab.soFar();
      return { events: position, us: at };
    };
    return (await this.through(id, true, goOn, soFar)) ?? { kind: "stopped" };
  }

  /** Plays the branch again as another one, and comes back to where it was. */
  private async makeBeside(
    id: number,
    beginning: Beginning,
    words: string,
  ): Promise<Made | undefined> {
    const { lab } = this;
    if (!lab) return undefined;
    const { branch, position, now } = lab.view(1, 1);
    const outcome = await this.replayed(id, lab, beginning, words);
    const made = lab.branches().find((one) => one.current)?.id;
    if (outcome?.kind !== "done" || made === branch) return outcome;
    lab.switchBranch(branch);
    lab.goToInstant(position, now);
    return { ...outcome, branch: made };
  }

  private replayed(
    id: number,
    lab: Lab,
    beginning: Beginning,
    words: string,
  ): Promise<Acted | undefined> {
    if ("without" in beginning)
      return this.begin(id, () => lab.replayWithout(beginning.without, words));
    if ("action" in beginning) return this.begin(id, () => lab.replayWith(beginning.action, words));
    return this.playText(id, varied(lab, beginning), (_, playing) =>
      lab.addVariant(playing, words),
    );
  }

  /** Plays a text, and gives it to the laboratory. */
  private async playText(
    id: number,
    text: string,
    give: (lab: Lab, playing: Opening) => Outcome,
  ): Promise<Acted | undefined> {
    const { lab } = this;
    if (!lab) return undefined;
    const playing = new Opening(text);
    const goOn = (): true | undefined => playing.goOn() || undefined;
    const soFar = (): Progress => ({ events: playing.position, us: playing.now });
    const isPlayed = await this.through(id, true, goOn, soFar);
    const problem = playing.error();
    if (isPlayed && !problem) return give(lab, playing) as Acted;
    playing.free();
    return problem ? { kind: "refused", problem, unmet: undefined } : { kind: "stopped" };
  }

  private async open(id: number, text: string): Promise<Opened> {
    const one = { branches: [{ text }], current: 0, position: 0, at: 0 };
    return this.restore(id, one);
  }

  /** Plays all branches, each a while at a time; only then is there a laboratory of them. */
  private async restore(id: number, { branches, current, position, at }: Kept): Promise<Opened> {
    const all = branches.map(({ text }) => new Opening(text));
    let place = 0;
    const goOn = (): true | undefined => {
      if (all[place]?.goOn() ?? true) place += 1;
      return place >= all.length || undefined;
    };
    const soFar = (): Progress => ({
      events: all[place]?.position ?? 0,
      us: all[place]?.now ?? 0,
    });
    const isPlayed = await this.through(id, false, goOn, soFar);
    const problem = all.map((playing) => playing.error()).find(Boolean);
    const [first, ...others] = all;
    if (!isPlayed || problem || !first) {
      for (const playing of all) playing.free();
      return problem ? { kind: "refused", problem } : { kind: "stopped" };
    }
    const lab = first.opened().lab();
    if (!lab) return { kind: "refused", problem: UNKNOWN };
    for (const [i, playing] of others.entries()) {
      const kept = branches[i + 1];
      lab.add(playing, kept?.parent, kept?.forkedAt ?? 0, kept?.replayOf);
    }
    lab.switchBranch(current);
    lab.goToInstant(position, at);
    this.offer(lab);
    return { kind: "opened" };
  }

  private offer(lab: Lab): void {
    this.next?.free();
    this.next = lab;
  }

  private adopt(at: number | undefined): boolean {
    if (!this.next) return false;
    this.stopHere();
    this.lab?.free();
    this.lab = this.next;
    this.next = undefined;
    if (at !== undefined) this.lab.goTo(at);
    return true;
  }

  private shown(look: Look, value: unknown): Shown | undefined {
    const { lab } = this;
    // Something may have happened beside it.
    const isAlone = look.beside === undefined;
    if (!lab || (look.unlessIdle && isAlone && isIdle(value))) return undefined;
    const view = lab.view(look.first, look.columns);
    const rest = look.all ? this.rest(lab, look, view) : undefined;
    return { view, rest, beside: beside(lab, look) };
  }

  private rest(lab: Lab, { lang }: Look, { branch, turn, length, position }: View): Rest {
    const { told } = this;
    const isSame = told.lab === lab && told.branch === branch && told.turn === turn;
    const isAnew = !isSame || length < told.count;
    const from = isAnew ? 0 : this.told.count;
    this.told = { lab, branch, turn, count: length };
    return {
      branches: lab.branches(),
      failures: lab.failures(),
      phases: lab.phases(lang),
      explanation: position > 0 ? lab.explain(position - 1, lang) : undefined,
      notes: from < length ? notes(lab, from) : [],
      isAnew,
      lanes: lanesOf(lab.lanes()),
      uses: uses(lab),
    };
  }
}

async function load(wasm: string): Promise<true> {
  // biome-ignore lint/style/useNamingConvention: the glue code of wasm-bindgen names it so.
  await init({ module_or_path: await unpacked(wasm) });
  return true;
}

/** What a method of the laboratory answers, or one of its fields is. */
function answered(lab: Lab, name: keyof Lab, args: readonly unknown[]): unknown {
  const member: unknown = lab[name];
  return typeof member === "function" ? Reflect.apply(member, lab, args) : member;
}

function isIdle(value: unknown): boolean {
  return typeof value === "object" && value !== null && "events" in value && value.events === 0;
}

/** The text of the branch with another seed or feature, or another text. */
function varied(
  lab: Lab,
  beginning: Exclude<Beginning, { without: unknown } | { action: unknown }>,
): string {
  if ("text" in beginning) return beginning.text;
  if ("seed" in beginning) return lab.withSeed(beginning.seed) ?? "";
  return lab.withFeature(beginning.feature) ?? "";
}

function trials(header: string, seed: number, count: number): Trials | undefined {
  const columns = failovers(header, seed, count);
  if (!columns) return undefined;
  // Each read of a column copies it out of the engine.
  const { leaderless, split } = columns;
  columns.free();
  return { leaderless, split };
}

function notes(lab: Lab, from: number): Note[] {
  const columns = lab.notes(from);
  // Each read of a column copies it out of the engine.
  const { number, at } = columns;
  columns.free();
  return Array.from(number, (one, i) => ({ number: one, at: at[i] ?? 0 }));
}

function lanesOf(columns: LaneColumns): Lanes {
  // Each read of a column copies it out of the engine.
  const { server, position, at, term, role } = columns;
  columns.free();
  return { server, position, at, term, role };
}

function history(lab: Lab, from: number, count: number): HistoryPart {
  const columns = lab.columns(from, from + count);
  const { at, cause, server, from: sender, to, what, fate, mark, said } = columns;
  columns.free();
  const lost = lab.struck(from);
  const { event, cause: sentBy, from: lostFrom, to: lostTo, dueAt } = lost;
  const struck = { event, cause: sentBy, from: lostFrom, to: lostTo, dueAt };
  lost.free();
  return { columns: { at, cause, server, from: sender, to, what, fate, mark, said }, struck };
}

function written(lab: Lab): Written {
  const columns = lab.text();
  const { text, line: lines, position: positions, at: ats, shift } = columns;
  columns.free();
  return { text, lines, positions, ats, shift };
}

function recorded(lab: Lab, action: string, below: number): Recorded {
  const one = lab.record(action, below);
  const { text, line } = one;
  const problem = one.error();
  one.free();
  return problem ? { kind: "refused", problem } : { kind: "recorded", text, line };
}

function uses(lab: Lab): Uses {
  const columns = lab.uses();
  const { soFar, all } = columns;
  columns.free();
  return { soFar, all };
}

function beside(lab: Lab, { beside: id, first, columns, lang, all }: Look): Beside | undefined {
  const found = id === undefined ? undefined : lab.beside(id, first, columns, lang);
  if (!found || !all) return found;
  const lanes = lab.lanesBeside();
  return { ...found, lanes: lanes ? lanesOf(lanes) : NO_LANES };
}

function kept(lab: Lab): Kept {
  const { branch, position, now } = lab.view(1, 1);
  const branches = lab.branches().map(({ id, parent, forkedAt, replayOf }) => {
    return { text: lab.saveBranch(id) ?? "", parent, forkedAt, replayOf };
  });
  return { branches, current: branch, position, at: now };
}
