/** Nothing is lost: what was acted upon goes into the journal. */
import type { Engine } from "./engine";
import type { Journal } from "./journal";
import type { Notices } from "./notices";
import { nameOf, type Run } from "./run";
import { type Entry, type Readable, whenever } from "./state";

/** Where the reader stands is kept once it has been so for a moment. */
const SETTLES_MS = 400;

export class Keeping {
  private due: ReturnType<typeof setTimeout> | undefined;
  /** How many events each branch had when it was kept: what has happened since is not in its text. */
  private readonly lengths = new Map<string, number>();
  private placeDue: ReturnType<typeof setTimeout> | undefined;
  /** Why something was not kept, as it was said last: it is said once. */
  private toldRefusal = "";

  constructor(
    private readonly state: Readable,
    private readonly engine: Engine,
    private readonly run: Run,
    private readonly journal: Journal,
    private readonly notices: Notices,
  ) {
    whenever(
      () => state.run.acts,
      (acts) => {
        if (acts > 0) this.due ??= setTimeout(() => void this.keepNow(), 0);
      },
    );
    // A tab may crash, and then tells nobody.
    whenever(
      () => !state.play.playing && state.shown.calmView,
      (rests) => {
        if (rests) this.placeDue ??= setTimeout(() => this.keepPlace(), SETTLES_MS);
      },
    );
    // A tab that is put away may never come back.
    addEventListener("pagehide", () => this.keepPlace());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.keepPlace();
    });
  }

  /** Keeps the run as it is now, if it was acted upon or there is no other way to name it. */
  async keepNow(anyway = false): Promise<void> {
    clearTimeout(this.due);
    this.due = undefined;
    const { id, acted } = this.state.run.current;
    if (!(acted || anyway)) return;
    const origin = this.state.run.origin;
    const { view } = this.state.shown;
    if (view) this.lengths.set(`${id} ${view.branch}`, view.length);
    const run = await this.engine.askKept();
    if (!run || run.branches.some(({ text }) => text === "")) return;
    const entry = { ...run, id, when: Date.now(), name: "", named: this.run.named(), origin };
    this.keepEntry({ ...entry, name: nameOf(entry) });
  }

  private keepEntry(entry: Entry): void {
    const kept = this.journal.keep(entry);
    const refusal = kept === "too long" ? `${kept} ${entry.id}` : kept;
    if (kept === "kept" || refusal === this.toldRefusal) return;
    this.toldRefusal = refusal;
    this.notices.say(kept === "too long" ? "tooLongToKeep" : "notKept", "notKeptRemedy");
  }

  /**
   * The instant at which a run was left is kept with it, but is no reason to keep it. A page that is
   * being left waits for no answer, so that its texts stay those that were kept before.
   */
  private keepPlace(): void {
    clearTimeout(this.placeDue);
    this.placeDue = undefined;
    const view = this.state.shown.view;
    const entry = this.journal.named(this.state.run.current.id);
    if (this.due !== undefined) void this.keepNow();
    if (!entry || !view || view.branch >= entry.branches.length) return;
    const { branch: current, position, now: at, length } = view;
    const key = `${entry.id} ${current}`;
    const before = this.lengths.get(key) ?? length;
    this.lengths.set(key, length);
    if (length > before) void this.keepNow();
    if (entry.current === current && entry.position === position && entry.at === at) return;
    this.journal.leave(entry.id, { current, position, at });
  }
}
