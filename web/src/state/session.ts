/**
 * What can be done to the laboratory. One data flow: a reader's wish becomes a request to the
 * engine, and its answer brings the state that the page shows after it, whatever the engine did
 * or refused to do. Nothing here knows how Raft works.
 */
import type { Acted, Arguments, Move } from "../engine/protocol";
import type { Problem, View } from "../engine/types";
import { inLanguage, t } from "../i18n";
import { coveredFrom } from "../lib/bets";
import { grouped } from "../lib/broken";
import { isBefore, landingAfter, landingBefore, type Place } from "../lib/phases";
import { formatInstant } from "../lib/time";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import { calmMotion } from "./page";
import type { Play } from "./play";
import type { Run } from "./run";
import type { Shown } from "./shown";
import { type Readable, whenever } from "./state";

const UNMET = { expected: "doesNotHold", waited: "timedOut" } as const;

export class Session {
  constructor(
    private readonly state: Readable,
    private readonly engine: Engine,
    private readonly shown: Shown,
    private readonly play: Play,
    private readonly run: Run,
    private readonly notices: Notices,
    /** Writes a line into the text, if what is done is recorded there. */
    private readonly records: (line: string) => Promise<Problem | undefined> | undefined,
  ) {
    // What takes long, and time that the page lets pass, would get in each other's way.
    whenever(
      () => state.engine.underWay,
      (far) => {
        if (far) play.pause();
      },
    );
    let before: View | undefined;
    whenever(
      () => state.shown.view,
      (now) => {
        if (before && now) this.tellViolations(before, now);
        if (now) notices.forgetWhatIsNot(now.branch, now.position);
        before = now;
      },
    );
  }

  /** Does what a line says. Answers what was wrong, if anything. */
  act(action: string): Promise<Problem | undefined> {
    return this.records(action) ?? this.perform(action);
  }

  /** Does what a line says, though it is recorded: acting in the past, in a branch of its own. */
  async perform(action: string): Promise<Problem | undefined> {
    const before = this.state.shown.view;
    const outcome = await this.engine.doLine(action);
    if (outcome) this.acted(action, outcome, before);
    return outcome?.kind === "refused" ? outcome.problem : undefined;
  }

  /** Does what a line says. Answers whether nothing was wrong with it. */
  async does(action: string): Promise<boolean> {
    return (await this.act(action)) === undefined;
  }

  tellStoppedHere(): void {
    this.notices.say("stoppedHere", undefined, {
      time: formatInstant(this.state.shown.view?.now ?? 0),
    });
  }

  async step(): Promise<void> {
    this.notices.hush();
    const hurried = this.play.isGliding() || calmMotion.value;
    this.play.pause();
    this.play.land();
    const before = this.state.shown.view;
    const passage = await this.engine.move("step", [], {
      show: (shown) => {
        const from = this.state.shown.view;
        const spanUs = shown.view.now - (from?.now ?? 0);
        if (!hurried && from === before && from?.messages.length && spanUs > 0)
          this.play.glideTo(shown, spanUs);
        else this.play.land(shown);
      },
    });
    if (this.play.eventsOf(passage) === 0) this.notices.say("atEnd", "atEndRemedy");
  }

  stepBack(): void {
    void this.moved("stepBack", [], () => this.notices.say("atStart"));
  }

  nextOfNote(): void {
    void this.moved("toNext", ["note"], () => this.sayNoNote());
  }

  /** To the next event that is such, as the engine names it: a kind, or the id of a rule. */
  toNext(aim: string, words: () => string): void {
    void this.moved("toNext", [aim], () => this.sayNothingSuch(words));
  }

  /** To where the next expectation fails. */
  toNextFailure(): void {
    const position = this.state.shown.view?.position ?? 0;
    const next = this.state.shown.failures.find((failure) => failure.position > position);
    if (next) void this.goToPlace(next);
    else this.sayNothingSuch(() => t("toNextFailure"));
  }

  previousOfNote(): void {
    void this.moved("previousOfNote", [], () => this.sayNoNote());
  }

  async tick(): Promise<void> {
    this.notices.hush();
    this.play.pause();
    this.play.eventsOf(await this.engine.move("advance", [1000]));
  }

  goTo(position: number): void {
    void this.moved("goTo", [position]);
  }

  /** To an instant, but not past a question that covers what comes. */
  goToTime(us: number): void {
    const asked = coveredFrom(this.state);
    if (asked && us > asked.at) void this.goToPlace(asked);
    else void this.moved("goToTime", [Math.round(us)]);
  }

  /** To where a line of the text is over. */
  goToLine(line: number): Promise<void> {
    return this.moved("goToLine", [line]);
  }

  switchBranch(id: number): Promise<void> {
    return this.moved("switchBranch", [id]);
  }

  /** Goes back to before the last act. */
  async undo(): Promise<void> {
    const act = this.state.shown.view?.undoable;
    await this.moved("undo", [], () => this.notices.say("undoNone", "undoNoneRemedy"));
    this.run.actedUpon();
    if (act !== undefined) this.notices.say("undone", undefined, { act });
  }

  /** Does again what was undone. */
  async redo(): Promise<void> {
    const act = this.state.shown.view?.redoable;
    await this.moved("redo", [], () => this.notices.say("redoNone"));
    this.run.actedUpon();
    if (act !== undefined) this.notices.say("redone", undefined, { act });
  }

  async nameBranch(id: number, name: string): Promise<void> {
    await this.moved("nameBranch", [id, name, t("branchNamed", { name })]);
    this.run.actedUpon();
  }

  /** Takes a branch away, which is called `name` on the page. */
  async removeBranch(id: number, name: string): Promise<void> {
    const removed = t("branchRemoved", { name });
    await this.moved("removeBranch", [id, removed]);
    this.run.actedUpon();
    this.notices.notify(() => ({
      tone: "word",
      title: removed,
      remedy: "",
      actions: [{ label: t("undo"), run: () => void this.undo() }],
    }));
  }

  goToPlace({ position, at }: Place): Promise<void> {
    return this.moved("goToInstant", [position, at]);
  }

  /** To the next question, or where the next caption has come true; after the last one, to the end. */
  nextPhase(): void {
    this.play.land();
    const shown = this.state.shown.view;
    if (!shown) return;
    const now = { position: shown.position, at: this.shown.nowUs() };
    const next = landingAfter(this.state.shown.phases, shown.toldUntil, now);
    const asked = coveredFrom(this.state);
    if (asked && isBefore(now, asked) && (!next || isBefore(asked, next)))
      void this.goToPlace(asked);
    else if (next) void this.goToPlace(next);
    else this.goTo(shown.length);
  }

  /** Back to where the caption before came true; before the first one, to the beginning. */
  previousPhase(): void {
    this.play.land();
    const shown = this.state.shown.view;
    if (!shown) return;
    const now = { position: shown.position, at: this.shown.nowUs() };
    const before = landingBefore(this.state.shown.phases, shown.toldUntil, now);
    if (before) void this.goToPlace(before);
    else this.goTo(0);
  }

  /** Says what an event has just broken; going through what is known already is no news. */
  private tellViolations(before: View, now: View): void {
    const [first] = grouped(now.violations.slice(before.violations.length));
    // Beside another branch its own band says so.
    if (this.state.compare.other !== undefined) return;
    if (!first || now.branch !== before.branch || now.position <= before.position) return;
    this.notices.notifyBroken(first, (position) => this.goTo(position), now.branch);
  }

  /** Says what was wrong with an Action, or takes back what was said before it. */
  private acted(action: string, outcome: Acted, before: View | undefined): void {
    const now = this.state.shown.view;
    const isSame = now?.branch === before?.branch && now?.length === before?.length;
    // What was refused in the end may have done something before that.
    const isQuestion = outcome.kind !== "done" || outcome.holds !== undefined;
    const isKept = outcome.kind === "refused" && outcome.unmet !== undefined;
    if (!isQuestion || !isSame || isKept) this.run.actedUpon();
    switch (outcome.kind) {
      case "refused": {
        const { problem, unmet } = outcome;
        // A failed expectation is of the branch in which it was asked.
        const branch = unmet && now?.branch;
        this.notices.notifyProblem(
          () => t(unmet ? UNMET[unmet] : "refused"),
          problem,
          () => ({ place: action, branch }),
        );
        return;
      }
      case "stopped":
        this.tellStoppedHere();
        return;
      case "done":
        this.notices.settle();
        this.notices.hush();
        this.sayHolds(outcome);
    }
  }

  private sayHolds({ holds, holdsZh = "" }: Extract<Acted, { kind: "done" }>): void {
    if (holds) this.notices.notify(() => ({ tone: "word", title: inLanguage(holds, holdsZh) }));
  }

  private async moved<M extends Move>(
    name: M,
    args: Arguments<M>,
    otherwise?: () => void,
  ): Promise<void> {
    this.notices.hush();
    this.play.pause();
    const done: unknown = await this.engine.move(name, args);
    if (done === false) otherwise?.();
  }

  private sayNothingSuch(aim: () => string): void {
    this.notices.notify(() => ({
      tone: "word",
      title: t("toNextNone", { aim: aim() }),
      remedy: t("toNextNoneRemedy"),
    }));
  }

  private sayNoNote(): void {
    this.notices.say("noNote", "noNoteRemedy");
  }
}
