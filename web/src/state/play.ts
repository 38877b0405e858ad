/** Playing: real time becomes simulated time, frame by frame. */
import type { Shown as Answered } from "../engine/protocol";
import type { Passage, View } from "../engine/types";
import { t } from "../i18n";
import { coveredFrom } from "../lib/bets";
import { neighbourSpeed, nextAtOnce } from "../lib/pace";
import { inTime, nextStop, type Place, toldNow } from "../lib/phases";
import type { Engine } from "./engine";
import type { Frame } from "./frame";
import type { Notices } from "./notices";
import type { Shown } from "./shown";
import { type Owning, whenever } from "./state";

const GLIDE_MS = 140;

/** A step on its way: the heads travel to the instant of the event before it is shown. */
interface Glide {
  readonly to: Answered;
  readonly spanUs: number;
  readonly started: number;
}

export class Play {
  private carriedUs = 0;
  /** The most time to ask for at once. */
  private atOnceUs = Number.POSITIVE_INFINITY;
  private glide: Glide | undefined;

  constructor(
    private readonly state: Owning<"play">,
    private readonly engine: Engine,
    private readonly frame: Frame,
    private readonly shown: Shown,
    private readonly notices: Notices,
  ) {
    whenever(
      () => this.told(),
      (number) => {
        if (number !== undefined && number > state.play.heard) state.play.heard = number;
      },
    );
  }

  /** The phase whose caption is told now, if one is. */
  told(): number | undefined {
    const { view, phases } = this.state.shown;
    if (!view) return undefined;
    const now = { position: view.position, at: this.shown.nowUs() };
    return toldNow(phases, view, now, this.state.play.playing, this.state.play.heard);
  }

  setSpeed(speed: number): void {
    this.state.play.speed = speed;
  }

  changeSpeed(direction: 1 | -1): void {
    this.setSpeed(neighbourSpeed(this.state.play.speed, direction));
  }

  pause(): void {
    if (!this.state.play.playing) return;
    this.stop();
    void this.engine.look();
  }

  /** Pauses a run that is gone, or that something else is about to be shown of. */
  stop(): void {
    this.state.play.playing = false;
    this.carriedUs = 0;
  }

  /** Another run takes the place of this one. */
  forgetRun(): void {
    this.stop();
    this.state.play.heard = -1;
  }

  toggle(): void {
    if (this.state.play.playing) this.pause();
    else if (this.engine.isThere() && this.state.shown.view) {
      this.land();
      this.state.play.playing = true;
      this.carriedUs = 0;
      this.frame.wake();
    }
  }

  /** Whether a step is on its way; it is over once anything else is shown. */
  isGliding(): boolean {
    return this.glide !== undefined;
  }

  /** Lets the heads travel for so long before what has happened is shown. */
  glideTo(to: Answered, spanUs: number): void {
    this.glide = { to, spanUs, started: performance.now() };
    this.frame.wake();
  }

  /** Shows what was on its way, and then what has come after it. */
  land(after?: Answered): void {
    const { glide } = this;
    this.glide = undefined;
    if (glide) this.shown.show(glide.to);
    if (after) this.shown.show(after);
  }

  /** How many events passed, or undefined and a word why none can. */
  eventsOf(passage: Passage | undefined): number | undefined {
    if (passage?.kind === "refused")
      this.notices.notifyProblem(() => t("refused"), passage.problem);
    return passage?.kind === "passed" ? passage.events : undefined;
  }

  /** One frame: `ms` of real time become simulated time. Answers whether there is to be another. */
  pass(ms: number): boolean {
    if (this.glide) return this.glideOn(this.glide);
    if (!this.state.play.playing) return false;
    const { shown } = this;
    const factor = this.state.play.speed === 0 ? shown.pace : this.state.play.speed;
    const wish = ms * 1000 * factor + this.carriedUs;
    // Where the engine is slower than the speed asked for, playing is slower, and not late.
    let us = Math.floor(Math.min(wish, this.atOnceUs));
    this.carriedUs = Math.min(wish, this.atOnceUs) - us;
    // What is on its way is answered first; the time that passes meanwhile is not lost.
    if (this.engine.isChanging()) {
      this.carriedUs = wish;
      return true;
    }
    const view = this.state.shown.view;
    const now = shown.nowUs();
    const stop = view && nextStop(this.stops(view), { position: view.position, at: now });
    if (stop) {
      // What the next phase does happens at its very instant, so play ends just before.
      us = Math.min(us, stop.at - 1 - now);
      if (us <= 0 && now >= stop.at - 1) {
        void this.arrive(stop);
        return false;
      }
    }
    if (us > 0) void this.passTime(us);
    return this.state.play.playing;
  }

  /** One frame of a step; the event is shown when the heads have arrived. */
  private glideOn({ spanUs, started }: Glide): boolean {
    const share = (performance.now() - started) / GLIDE_MS;
    if (share < 1) this.shown.setDrift(spanUs * share);
    else this.land();
    return share < 1 || this.state.play.playing;
  }

  private async passTime(us: number): Promise<void> {
    const { shown } = this;
    const before = this.state.shown.view;
    const look = shown.whilePlaying();
    const passage = await this.engine.move("advance", [us], { look });
    const events = this.eventsOf(passage);
    if (events === undefined) return this.pause();
    this.atOnceUs = nextAtOnce(this.atOnceUs, us, events);
    // Nothing has happened, but time has passed.
    if (this.state.shown.view === before) shown.setDrift(shown.drift() + us);
  }

  /** Where playing stops: where each phase ends, and where the playbook does. */
  private stops(view: View): readonly Place[] {
    // What comes before the first caption is no phase of its own.
    const phases = this.state.shown.phases.slice(1);
    const asked = coveredFrom(this.state);
    const here = this.state.shown.branches.find((branch) => branch.current);
    const end = here?.parent === undefined ? view.toldUntil : undefined;
    const others = [end, asked, this.state.embed.end].flatMap((place) => place ?? []);
    return [...phases, ...others].sort(inTime);
  }

  private async arrive({ position, at }: Place): Promise<void> {
    this.notices.hush();
    this.pause();
    await this.engine.move("goToInstant", [position, at]);
    const view = this.state.shown.view;
    const end = view?.toldUntil;
    if (end && view.position === end.position && view.now === end.at) {
      this.notices.say("endOfPlaybook", "endOfPlaybookRemedy");
    }
    this.state.play.arrivals += 1;
  }
}
