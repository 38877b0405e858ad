/** A run to build: how far it has come, the hints that were opened, and what was answered to “it cannot be done”. */
import { batch } from "@preact/signals";
import { lang } from "../i18n";
import type { Course } from "./course";
import type { Engine } from "./engine";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";
import type { ViewState } from "./view-state";

export class Build {
  /** The run, the branch and the language of which it is known whether there is something to build. */
  private of = "";
  private run = "";

  constructor(
    private readonly state: Owning<"build">,
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly viewState: ViewState,
    private readonly course: Course,
  ) {
    whenever(
      () => [this.here(), state.shown.calmView?.position, state.shown.calmView?.now] as const,
      ([here]) => {
        // What is nothing to build does not become it by time.
        if (here !== this.of || state.build.view) void this.read(here);
      },
    );
  }

  /** Opens the next hint. */
  async hint(): Promise<void> {
    const { build } = this.state;
    const { run } = this;
    const hint = await this.engine.ask("hint", build.hints.length, lang.peek());
    if (hint && run === this.run) build.hints = [...build.hints, hint];
  }

  /** The reader says that it cannot be built, because of this rule: a wrong answer costs nothing. */
  async say(rule: string): Promise<void> {
    const { run } = this;
    const said = await this.engine.ask("cannotBeBuilt", rule, lang.peek());
    if (!said || run !== this.run) return;
    this.state.build.said = said;
    if (said.isRight) this.note();
  }

  /** Back to where the building began: what is done there goes on in a branch of its own. */
  async beginAnew(): Promise<void> {
    const { view } = this.state.build;
    if (view) await this.session.goToPlace({ position: view.startedPosition, at: view.startedAt });
  }

  private here(): string {
    const { run, shown } = this.state;
    return `${run.current.id} ${shown.calmView?.branch} ${shown.calmView?.turn} ${lang.value}`;
  }

  private async read(here: string): Promise<void> {
    this.of = here;
    const { build, run } = this.state;
    const view = await this.engine.ask("build", lang.peek());
    if (here !== this.here()) return;
    const isOther = this.run !== run.current.id;
    this.run = run.current.id;
    batch(() => {
      build.view = view;
      if (!isOther) return;
      build.hints = [];
      build.said = undefined;
    });
    if (view?.donePosition !== undefined) this.note();
    if (view && isOther) await this.begin(view.startedPosition);
  }

  /** Whoever opens a run to build stands where the building begins. */
  private async begin(started: number): Promise<void> {
    const { run, shown } = this.state;
    this.viewState.showTab("actions");
    if (run.current.acted || (shown.view?.position ?? 0) >= started) return;
    await this.beginAnew();
  }

  private note(): void {
    const { kind, path } = this.state.run.origin;
    if (kind === "playbook" && path !== undefined) this.course.note(path);
  }
}
