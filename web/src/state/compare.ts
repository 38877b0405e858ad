/**
 * Another branch beside the one on show. The one on show is A, in which one acts; B is looked at, at
 * the same instant.
 */
import { batch } from "@preact/signals";
import type { Beginning } from "../engine/protocol";
import type { DifferenceView } from "../engine/types";
import { t } from "../i18n";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import type { Play } from "./play";
import type { Run } from "./run";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

export class Compare {
  constructor(
    private readonly state: Owning<"compare">,
    private readonly engine: Engine,
    private readonly play: Play,
    private readonly run: Run,
    private readonly session: Session,
    private readonly notices: Notices,
  ) {
    // Branches are numbered anew, or the one beside has become the one on show.
    whenever(
      () => [state.shown.view, state.run.acts] as const,
      ([view]) => {
        if (!view || state.compare.other === undefined || this.isSwapping) return;
        const isOther = this.of !== this.numbered() || view.branch === state.compare.other;
        // Who acts goes on in a branch of its own, which is not the one that was compared.
        if (isOther || this.acts !== state.run.acts) this.close();
      },
    );
  }

  /** How often something had been done when the two were put side by side. */
  private acts = 0;
  /** Of which run, and as how numbered, a branch stands beside. */
  private of = "";
  private isSwapping = false;
  /** Where one stood before: whoever leaves comes back to that. */
  private cameFrom = { branch: 0, position: 0, at: 0 };

  private numbered(): string {
    return `${this.state.run.current.id} ${this.state.shown.view?.turn}`;
  }

  /**
   * Plays what is different as a branch of its own, and looks at it beside this one. One that turns
   * out the same is taken back, and `ifSame` says so. Answers whether they differ.
   */
  async beside(
    beginning: Beginning,
    name: string,
    ifSame = (): void => this.notices.say("sameThroughout", "sameThroughoutRemedy", { name }),
  ): Promise<boolean> {
    const branch = await this.make(beginning, name);
    if (branch === undefined) return false;
    const of = `${this.numbered()} ${this.state.run.acts}`;
    const found = await this.search(branch, true);
    // Whoever has opened or done something else meanwhile is not led away from that.
    if (of !== `${this.numbered()} ${this.state.run.acts}`) return false;
    if (found !== "none") {
      await this.show(branch, found);
      return true;
    }
    await this.engine.move("undo", []);
    this.run.actedUpon();
    ifSame();
    return false;
  }

  /** Plays what is different as a branch of its own, and says which one that is. */
  async make(beginning: Beginning, name: string): Promise<number | undefined> {
    const { engine, notices, play, run, session } = this;
    notices.hush();
    play.pause();
    const made = await engine.makeBeside(beginning, name);
    if (made?.kind === "stopped") session.tellStoppedHere();
    if (made?.kind === "refused")
      notices.notifyProblem(
        () => t("refused"),
        made.problem,
        () => ({ place: name }),
      );
    if (made?.kind !== "done" || made.branch === undefined) return undefined;
    run.actedUpon();
    return made.branch;
  }

  /** Looks at a branch beside this one, where they first differ. */
  async open(branch: number): Promise<void> {
    const { view } = this.state.shown;
    if (!view || view.branch === branch) return;
    await this.show(branch, await this.search(branch, true));
  }

  /** Leaves the comparison, for where one was before it. */
  async leave(): Promise<void> {
    if (this.state.compare.other === undefined) return;
    const { branch, ...place } = this.cameFrom;
    this.close();
    if (this.state.shown.view?.branch !== branch) await this.session.switchBranch(branch);
    await this.session.goToPlace(place);
  }

  /** Leaves it, and stays. */
  close(): void {
    if (this.state.compare.other === undefined) return;
    this.state.compare.other = undefined;
    void this.engine.look();
  }

  /** Says what is the same, and then what differs; once that is said, goes to the next difference. */
  async goOn(): Promise<void> {
    const { compare } = this.state;
    if (compare.isTold) return this.seek();
    if (compare.other !== undefined && compare.found) await this.session.goToPlace(compare.found);
    compare.isTold = compare.other !== undefined;
  }

  /** Makes the other one the one in which one acts. */
  async swap(): Promise<void> {
    const { compare, shown } = this.state;
    const here = shown.view;
    if (compare.other === undefined || !here) return;
    const { other } = compare;
    const { position = 0, now: at = 0 } = shown.beside?.view ?? {};
    this.isSwapping = true;
    batch(() => {
      compare.found = compare.found && swapped(compare.found);
      compare.other = here.branch;
    });
    await this.engine.move("switchBranch", [other]);
    this.isSwapping = false;
    await this.session.goToPlace({ position, at });
  }

  /** To the next instant at which the two begin to differ, or to the first. */
  async seek(first = false): Promise<void> {
    const { compare } = this.state;
    if (compare.other !== undefined) await this.goTo(await this.search(compare.other, first));
  }

  /**
   * Puts a branch beside this one, at what was found. Only once that is known: a page that opens for a
   * comparison and closes again because there is nothing to compare would only flicker.
   */
  private async show(branch: number, found: Found): Promise<void> {
    const { compare, run, shown } = this.state;
    if (!shown.view) return;
    if (compare.other === undefined)
      this.cameFrom = {
        branch: shown.view.branch,
        position: shown.view.position,
        at: shown.view.now,
      };
    this.of = this.numbered();
    this.acts = run.acts;
    batch(() => {
      compare.other = branch;
      compare.found = undefined;
      compare.isTold = false;
    });
    await this.engine.look();
    // What differs would be the answer to what is asked first: both stand right before it.
    const { other: there } = compare;
    if (typeof found !== "object" || there === undefined) return this.goTo(found);
    compare.found = found;
    await this.session.goToPlace({ position: found.before, at: Math.max(0, found.at - 1) });
  }

  private async search(branch: number, first: boolean): Promise<Found> {
    this.play.pause();
    const outcome = await this.engine.compareWith(branch, first, t("nextDifference"));
    if (outcome?.kind !== "done") return "stopped";
    return (await this.engine.ask("takeDifference")) ?? "none";
  }

  private async goTo(found: Found): Promise<void> {
    const { compare } = this.state;
    if (compare.other === undefined) return;
    batch(() => {
      compare.isOver = found === "none";
      if (typeof found === "object") compare.found = found;
    });
    if (typeof found === "object") await this.session.goToPlace(found);
  }
}

/** Where two branches begin to differ; that they do nowhere; or that the search was stopped before. */
type Found = DifferenceView | "none" | "stopped";

/** The same difference, seen from the other branch. */
function swapped(found: DifferenceView): DifferenceView {
  return {
    ...found,
    position: found.positionBeside,
    positionBeside: found.position,
    values: found.values.map((value) => ({ ...value, before: value.after, after: value.before })),
    broken: found.broken.toReversed(),
    brokenZh: found.brokenZh.toReversed(),
  };
}
