/**
 * The run as a text that is written: what is typed into it is played in the place of the branch on
 * show, and while recording what is done becomes a line of it.
 */
import { batch } from "@preact/signals";
import type { Acted } from "../engine/protocol";
import type { Problem } from "../engine/types";
import { t } from "../i18n";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import type { Play } from "./play";
import type { Run } from "./run";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

/** Whoever types on within so long has not finished the line. */
const SETTLES_MS = 400;

/** What the text has to do with. */
interface Parts {
  readonly state: Owning<"text">;
  readonly engine: Engine;
  readonly play: Play;
  readonly run: Run;
  readonly session: Session;
  readonly notices: Notices;
}

export class Text {
  private due: ReturnType<typeof setTimeout> | undefined;
  /** Which run the text is of. */
  private run = "";

  constructor(private readonly parts: Parts) {
    const { state } = parts;
    whenever(
      () => state.run.current.id,
      (run) => {
        if (run !== this.run) this.forget();
        this.run = run;
      },
    );
    whenever(
      () => this.of(),
      (of) => {
        if (of !== "") void this.read();
      },
    );
  }

  /** The reader has typed, and the cursor is in this line. */
  type(text: string, line: number): void {
    batch(() => {
      this.parts.state.text.draft = text;
      this.parts.state.text.line = line;
    });
    clearTimeout(this.due);
    this.due = setTimeout(() => void this.playDraft(), SETTLES_MS);
  }

  /** Goes to where the line is over; what is not played yet leads nowhere. */
  goTo(line: number): void {
    const { session, state } = this.parts;
    state.text.line = line;
    if (state.text.draft === undefined) void session.goToLine(line);
  }

  /** Takes back what has been typed and could not be played; else the last act. */
  undo(): void {
    if (this.parts.state.text.draft === undefined) void this.parts.session.undo();
    else this.settle();
  }

  toggleRecording(): void {
    this.parts.state.text.recording = !this.parts.state.text.recording;
  }

  /** While recording, writes a line where the run stands, and answers what is wrong with it. */
  records(action: string): Promise<Problem | undefined> | undefined {
    return this.parts.state.text.recording ? this.record(action) : undefined;
  }

  private async record(action: string): Promise<Problem | undefined> {
    const { engine, notices, state } = this.parts;
    if (state.text.draft !== undefined) {
      notices.notify(() => ({
        tone: "error",
        title: t("recordDraft"),
        remedy: t("recordDraftRemedy"),
      }));
      return state.text.problem;
    }
    const recording = await engine.askRecorded(action, state.text.line);
    if (!recording) return undefined;
    const acted =
      recording.kind === "recorded"
        ? await this.put(recording.text, recording.line, action)
        : recording;
    if (acted?.kind === "refused") {
      const { line } = acted.problem;
      // What is recorded may be all that a later line did not reckon with.
      const isLater = recording.kind === "recorded" && line > recording.line;
      const title = (): string => (isLater ? t("recordBreaks", { line: line - 1 }) : t("refused"));
      notices.notifyProblem(title, acted.problem, () => ({ place: action }));
      return acted.problem;
    }
    if (recording.kind === "recorded" && acted?.kind === "done") {
      notices.settle();
      await this.taken(recording.line);
      state.text.recorded = { line: recording.line };
    }
    return undefined;
  }

  private async playDraft(): Promise<void> {
    const { state } = this.parts;
    const { draft, line, written } = state.text;
    if (draft === undefined) return;
    if (draft === written?.text) return this.settle();
    const acted = await this.put(draft, line, t("textEdited"));
    // The reader has typed on meanwhile, or opened another run.
    if (state.text.draft !== draft) return;
    if (acted?.kind === "refused") state.text.problem = acted.problem;
    if (acted?.kind === "done") await this.taken(state.text.line, draft);
  }

  private put(text: string, line: number, words: string): Promise<Acted | undefined> {
    this.parts.play.stop();
    return this.parts.engine.rewrite(text, line, words);
  }

  /** The text has become the run's. */
  private async taken(line: number, draft?: string): Promise<void> {
    const { run, state } = this.parts;
    run.actedUpon();
    await this.read();
    if (state.text.draft === draft) {
      state.text.line = line;
      this.settle();
    }
  }

  private settle(): void {
    clearTimeout(this.due);
    batch(() => {
      this.parts.state.text.draft = undefined;
      this.parts.state.text.problem = undefined;
    });
  }

  /** What was typed into another run is no line of this one, but it is not lost. */
  private forget(): void {
    const { notices, state } = this.parts;
    const { draft } = state.text;
    if (draft !== undefined)
      notices.notify(() => ({ tone: "word", title: t("draftLeft"), text: draft, lasting: true }));
    batch(() => {
      this.settle();
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
    const { engine, state } = this.parts;
    const of = this.of();
    const written = await engine.askText();
    if (written && of === this.of()) state.text.written = written;
  }
}
