/**
 * The run as a text that is written: what is typed into it is played in the place of the branch on
 * show, and while recording what is done becomes a line of it. It comes with what shows it (ui/text.tsx).
 *
 * No text that a person wrote is lost: what is not played yet is kept in the browser from the first
 * letter on, and what was left unplayed is listed below the text until somebody discards it.
 */
import { batch } from "@preact/signals";
import type { Acted, Written } from "../engine/protocol";
import type { Problem } from "../engine/types";
import { t } from "../i18n/later";
import { freshKey, keysOf, recall, remember, remove } from "../lib/memory";
import { countLines, firstLines, merged } from "../lib/text-lines";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import type { Play } from "./play";
import type { Run } from "./run";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

/** Whoever types on within so long has not finished the line. */
const SETTLES_MS = 400;
const KEPT = "draft.";

/** What the text has to do with. */
export interface Parts {
  readonly state: Owning<"text">;
  readonly engine: Engine;
  readonly play: Play;
  readonly run: Run;
  readonly session: Session;
  readonly notices: Notices;
  /** Drafts last for the next visit where the laboratory owns the page. */
  readonly isLasting: boolean;
}

/** Where the text is shown: at once, so that nothing typed can come between it and what is known here. */
export interface Page {
  /** The text is the run's. */
  readonly show: (text: string) => void;
  /** What is being typed has changed elsewhere. */
  readonly amend: (text: string) => void;
}

export class Text {
  private due: ReturnType<typeof setTimeout> | undefined;
  /** Which run and which branch of it the text is of. */
  private here = "";
  private page: Page | undefined;
  /** So many times the reader has put the cursor where the run has not come yet. */
  private going = 0;
  /** The run's text from which the draft began, and the key by which the draft is kept. */
  private base = "";
  private key = "";

  constructor(private readonly parts: Parts) {
    const { state } = parts;
    if (parts.isLasting) state.text.left = kept();
    whenever(
      () => [state.run.current.id, state.shown.view?.branch].join(" "),
      (here) => {
        if (here !== this.here) this.leave();
        const [run] = here.split(" ");
        if (run !== this.here.split(" ")[0]) this.forget();
        this.here = here;
      },
    );
    whenever(
      () => this.of(),
      (of) => {
        if (of !== "") void this.read();
      },
    );
  }

  /** It is shown here from now on; nowhere, if not. */
  shownOn(page: Page | undefined): void {
    this.page = page;
  }

  /** The reader has typed, and the cursor is in this line. Half a word of Chinese waits for the rest. */
  type(text: string, line: number, isComposing = false): void {
    const { state } = this.parts;
    if (state.text.draft === undefined) {
      this.base = state.text.written?.text ?? "";
      this.key = KEPT + freshKey();
    }
    batch(() => {
      state.text.draft = text;
      state.text.line = line;
      state.text.isHeld = false;
    });
    if (this.parts.isLasting) remember(this.key, text);
    clearTimeout(this.due);
    if (!isComposing) this.due = setTimeout(() => void this.playDraft(), SETTLES_MS);
  }

  /** Goes to where the line is over; what is not played yet leads nowhere. */
  async goTo(line: number): Promise<void> {
    const { session, state } = this.parts;
    state.text.line = line;
    if (state.text.draft !== undefined) return;
    this.going += 1;
    await session.goToLine(line);
    this.going -= 1;
  }

  /** The run is still on its way to where the cursor is: it does not lead the cursor anywhere else. */
  isOnItsWay(): boolean {
    return this.going > 0;
  }

  /** Puts away what has been typed and could not be played; else takes back the last act. */
  undo(): void {
    if (this.parts.state.text.draft === undefined) void this.parts.session.undo();
    else this.putAway();
  }

  /** Types what was left unplayed into the text of this run. */
  takeUp(key: string): void {
    const { state } = this.parts;
    const left = state.text.left.find((one) => one.key === key);
    if (!left || !state.text.written) return;
    this.putAway();
    this.discard(key);
    this.type(left.text, 1);
    this.page?.amend(left.text);
  }

  discard(key: string): void {
    const { state } = this.parts;
    state.text.left = state.text.left.filter((one) => one.key !== key);
    if (this.parts.isLasting) remove(key);
  }

  toggleRecording(): void {
    this.parts.state.text.recording = !this.parts.state.text.recording;
  }

  /** While recording, writes a line where the run stands, and answers what is wrong with it. */
  records(action: string): Promise<Problem | undefined> | undefined {
    return this.parts.state.text.recording ? this.record(action) : undefined;
  }

  /** Plays what has been typed. */
  async playDraft(): Promise<void> {
    const { engine, run, state } = this.parts;
    clearTimeout(this.due);
    // What was done meanwhile stays.
    await this.read();
    const { draft, line, written } = state.text;
    if (draft === undefined) return;
    if (draft === written?.text) return this.settle();
    const { here } = this;
    const acted = await this.put(draft, line, t("textEdited"));
    if (here !== this.here || !acted) return;
    if (acted.kind === "done") {
      run.actedUpon();
      // What the reader has typed meanwhile was typed into this.
      this.base = draft;
      await this.read();
    }
    const unread = acted.kind === "refused" ? await engine.askUnread(draft) : [];
    if (state.text.draft !== draft) return;
    if (acted.kind === "done") return this.settle();
    batch(() => {
      state.text.isHeld = acted.kind === "stopped";
      if (acted.kind === "refused")
        state.text.problems = unread.length > 0 ? unread : [acted.problem];
    });
  }

  private async record(action: string): Promise<Problem | undefined> {
    const { engine, notices, session, state } = this.parts;
    if (state.text.draft !== undefined) await this.playDraft();
    if (state.text.draft !== undefined) {
      const [title, remedy] = ["recordDraft", "recordDraftRemedy"] as const;
      notices.notify(() => ({ tone: "error", title: t(title), remedy: t(remedy) }));
      return state.text.problems[0];
    }
    const recording = await engine.askRecorded(action, state.text.line);
    if (!recording) return undefined;
    if (recording.kind === "refused") {
      this.refuse(recording.problem, action);
      return recording.problem;
    }
    const { line, text } = recording;
    const acted = await this.put(text, line, action);
    if (acted?.kind === "done") await this.hasRecorded(line);
    if (acted?.kind !== "refused") return undefined;
    const { problem } = acted;
    if (problem.line <= line) {
      this.refuse(problem, action);
      return problem;
    }
    // What is recorded is all that a later line did not reckon with.
    const more = countLines(text) - countLines(state.text.written?.text ?? "");
    notices.notifyProblem(
      () => t("recordBreaks", { line: problem.line - more }),
      problem,
      () => ({
        place: action,
        actions: [
          { label: t("recordCut"), run: () => void this.recordAndCut(action) },
          { label: t("recordBranch"), run: () => void session.perform(action) },
        ],
      }),
    );
    return problem;
  }

  /** Writes a line where the run stands, and nothing below it. */
  private async recordAndCut(action: string): Promise<void> {
    const { engine, state } = this.parts;
    const recording = await engine.askRecorded(action, state.text.line);
    if (recording?.kind !== "recorded") return;
    const { line, text } = recording;
    const acted = await this.put(firstLines(text, line), line, action);
    if (acted?.kind === "done") await this.hasRecorded(line);
    else if (acted?.kind === "refused") this.refuse(acted.problem, action);
  }

  private refuse(problem: Problem, action: string): void {
    this.parts.notices.notifyProblem(
      () => t("refused"),
      problem,
      () => ({ place: action }),
    );
  }

  private async hasRecorded(line: number): Promise<void> {
    const { notices, run, state } = this.parts;
    notices.settle();
    run.actedUpon();
    await this.read();
    batch(() => {
      if (state.text.draft === undefined) state.text.line = line;
      state.text.recorded = { line };
    });
  }

  private put(text: string, line: number, words: string): Promise<Acted | undefined> {
    this.parts.play.stop();
    return this.parts.engine.rewrite(text, line, words);
  }

  /** What was typed is the run's text, or is kept elsewhere. */
  private settle(isKept = false): void {
    const { state } = this.parts;
    clearTimeout(this.due);
    if (this.parts.isLasting && !isKept) remove(this.key);
    batch(() => {
      state.text.draft = undefined;
      state.text.problems = [];
      state.text.isHeld = false;
    });
    if (state.text.written) this.page?.show(state.text.written.text);
  }

  /** What was typed and is not played is listed, and no longer stands in the text. */
  private putAway(): void {
    const { run, state } = this.parts;
    const { draft, left } = state.text;
    if (draft === undefined) return;
    const name = run.name() || run.clusterWords();
    if (draft !== state.text.written?.text)
      state.text.left = [{ key: this.key, name, text: draft }, ...left];
    this.settle(draft !== state.text.written?.text);
  }

  /** What was typed into another branch is no line of this one, but it is not lost. */
  private leave(): void {
    const { notices, state } = this.parts;
    const { draft } = state.text;
    if (draft === undefined) return;
    this.putAway();
    notices.notify(() => ({
      tone: "word",
      title: t("draftLeft"),
      remedy: t("draftLeftRemedy"),
      text: draft,
      lasting: true,
    }));
  }

  private forget(): void {
    const { state } = this.parts;
    batch(() => {
      state.text.written = undefined;
      state.text.recorded = undefined;
      state.text.recording = false;
      state.text.line = 0;
    });
  }

  /** Of which state of which branch the text is wanted; of none, while nobody looks at it. */
  private of(): string {
    const { play, run, shown, text, viewState } = this.parts.state;
    const view = shown.calmView;
    if (!view || play.playing || !(viewState.tab === "text" || text.recording)) return "";
    const end = shown.branches.find((branch) => branch.current)?.endAt;
    return [run.current.id, view.branch, view.turn, view.length, end].join(" ");
  }

  private async read(): Promise<void> {
    const { engine } = this.parts;
    const { here } = this;
    const of = this.of();
    const written = await engine.askText();
    if (written && of === this.of() && here === this.here) this.take(written);
  }

  /** The run's text, as it is now; what is being typed keeps what has been done meanwhile. */
  private take(written: Written): void {
    const { notices, state } = this.parts;
    const { draft } = state.text;
    state.text.written = written;
    if (draft === undefined) this.page?.show(written.text);
    if (draft === undefined || written.text === this.base) return;
    const both = merged(this.base, written.text, draft);
    this.base = written.text;
    if (both === undefined) {
      const [title, remedy] = ["draftAgainst", "draftAgainstRemedy"] as const;
      notices.notify(() => ({ tone: "word", title: t(title), remedy: t(remedy) }));
    } else if (both !== draft) {
      this.type(both, state.text.line);
      this.page?.amend(both);
    }
  }
}

/** What earlier visits have left unplayed. */
function kept(): { readonly key: string; readonly name: string; readonly text: string }[] {
  return keysOf(KEPT).map((key) => ({ key, name: "", text: recall(key) ?? "" }));
}
