/** The run as a text: an instrument for the same instant as the others, in which one can write. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Complaint, TextEditor } from "../editor";
import type { Written } from "../engine/protocol";
import type { FailureView, Problem } from "../engine/types";
import { inLanguage, lang } from "../i18n";
import { t } from "../i18n/later";
import { asTest } from "../lib/as-test";
import { loadScript } from "../lib/script";
import { answersIn, type Reached, reached } from "../lib/text-lines";
import type { Lab } from "../state/lab";
import { Text } from "../state/text";
import { giveBackKeys } from "./hooks";
import { useLab } from "./use-lab";

/** How the laboratory's run is written as a text. */
function textOf({ textBy }: Lab): Text {
  return textBy(Text);
}

/** From now on what is done becomes a line of the text, or no longer does. */
export function toggleRecording(lab: Lab): void {
  textOf(lab).toggleRecording();
}

export function TextTab(): JSX.Element {
  textOf(useLab());
  // Its own words are of one language.
  return (
    <div class="text">
      <Editing key={lang.value} />
      <Foot />
    </div>
  );
}

function Editing(): JSX.Element {
  const lab = useLab();
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<TextEditor>();
  const isThere = lab.state.text.written !== undefined;
  useEffect(() => {
    const element = host.current;
    if (!isThere || !element) return undefined;
    let opened: TextEditor | undefined;
    let isHere = true;
    openEditor(lab, element, () => isHere).then(
      (one) => {
        opened = one;
        if (one) setEditor(one);
      },
      () => {
        if (!isHere) return;
        lab.viewState.showTab("server");
        lab.notices.notify(() => ({
          tone: "error",
          title: t("partMissing"),
          remedy: t("partMissingRemedy"),
        }));
      },
    );
    return () => {
      isHere = false;
      if (opened) textOf(lab).shownOn(undefined);
      opened?.close();
    };
  }, [isThere]);
  useShown(lab, editor);
  return <div class="text-editor" ref={host} />;
}

async function openEditor(
  lab: Lab,
  host: HTMLElement,
  isWanted: () => boolean,
): Promise<TextEditor | undefined> {
  const { engine, state } = lab;
  const text = textOf(lab);
  const phrases = await engine.askVocabulary(lang.peek(), true);
  if (!globalThis.raftEditor) await loadScript("dist/editor.js");
  if (!globalThis.raftEditor) throw new Error("dist/editor.js");
  if (!isWanted()) return undefined;
  const { draft, line, written } = state.text;
  const editor = new globalThis.raftEditor(host, draft ?? written?.text ?? "", {
    label: t("textLabel"),
    phrases,
    words: { Completions: t("textCompletions") },
    onEdit: (now, at, isComposing) => text.type(now, at, isComposing),
    onLine: (at) => void text.goTo(at),
    onUndo: () => text.undo(),
    onRedo: () => void lab.session.redo(),
    onLeave: (focused) => giveBackKeys(lab, focused),
  });
  text.shownOn({ show: (now) => editor.show(now), amend: (now) => editor.amend(now) });
  if (line > 0) editor.goTo(line);
  return editor;
}

/** The words that begin a block, up to its `end`. */
const BLOCKS = ["repeat", "chance", "if", "concurrently", "in", "meanwhile"];
const NOWHERE: Reached = { over: 0, current: 0 };

/** Shows in the editor what the run says of its text. */
function useShown(lab: Lab, editor: TextEditor | undefined): void {
  const { state } = lab;
  const { draft, line, problems, recorded, written } = state.text;
  const view = state.shown.calmView;
  const isRuns = draft === undefined;
  const failed = useMemo(() => failedLines(state), [written, state.shown.failures]);
  const now = view && { position: view.position, at: view.now };
  const { over, current } = written && now ? reached(written, now, line) : NOWHERE;
  const covered = isRuns && written ? coveredLines(state, written) : [];
  const isCovered = JSON.stringify(covered);
  useEffect(() => {
    editor?.cover({ lines: covered, words: t("textCovered") });
  }, [editor, written, isCovered]);
  const seen = useRef(0);
  // What is marked goes along with what is typed: that may have begun since this was drawn.
  const isStill = (): boolean => editor !== undefined && state.text.draft === undefined;
  useEffect(() => {
    if (!isStill()) return;
    editor?.mark({ over, current });
    if (current !== seen.current && !textOf(lab).isOnItsWay()) editor?.goTo(current);
    seen.current = current;
  }, [editor, written, isRuns, over, current]);
  useEffect(() => {
    if (!isStill()) return;
    editor?.tellFailures(
      failed.map((failure) => complaintOf(failure.problem, whyOf(lab, failure))),
    );
    editor?.markHeld(written ? heldLines(written, failed) : []);
  }, [editor, written, isRuns, failed]);
  useEffect(() => {
    editor?.tellUnread(problems.map((problem) => complaintOf(problem)));
  }, [editor, problems]);
  useEffect(() => {
    if (recorded) editor?.markRecorded(recorded.line);
  }, [editor, recorded]);
}

/** The lines of a playbook of the page that would answer what is still to be bet on or built. */
function coveredLines({ bets, build, run }: Lab["state"], { text, shift }: Written) {
  if (run.origin.kind !== "playbook") return [];
  const open = bets.questions.filter(({ key }) => bets.placed[key] === undefined);
  const toBuild = build.view?.donePosition === undefined && !build.said?.isRight;
  const lines = open.map(({ line }) => line).concat(toBuild ? (build.view?.line ?? []) : []);
  return answersIn(
    text,
    lines.map((line) => line + shift),
  );
}

/** A failure, and its number among all. */
type FailedLine = FailureView & { readonly number: number };

/** What is not as the text expects, where it stands in it. */
function failedLines({ shown, text }: Lab["state"]): readonly FailedLine[] {
  const shift = text.written?.shift ?? 0;
  const all = shown.failures.map((failure, number) => {
    const { problem } = failure;
    return { ...failure, number, problem: { ...problem, line: problem.line + shift } };
  });
  return all.filter(({ number }) => (shown.failures[number]?.problem.line ?? 0) > 0);
}

/** The lines that expect something and were not let down: those outside blocks, whose lines may be passed over. */
function heldLines({ text }: Written, failed: readonly FailedLine[]): readonly number[] {
  const wrong = new Set(failed.map(({ problem }) => problem.line));
  const held: number[] = [];
  let depth = 0;
  for (const [i, line] of text.split("\n").entries()) {
    const [word = ""] = line.trimStart().split(/\s/, 1);
    if (BLOCKS.includes(word)) depth += 1;
    else if (word === "end") depth -= 1;
    else if (word === "expect" && depth === 0 && !wrong.has(i + 1)) held.push(i + 1);
  }
  return held;
}

function complaintOf(problem: Problem, link?: Complaint["link"]): Complaint {
  const { column, instead, line } = problem;
  return {
    line,
    column,
    message: inLanguage(problem.message, problem.messageZh),
    remedy: inLanguage(problem.remedy, problem.remedyZh),
    mend: instead && { ...instead, words: t("textMend", { text: instead.text }) },
    link,
  };
}

/** Leads to the event that made it so, which the narrator explains; to where it failed, if none did. */
function whyOf(lab: Lab, { number, position }: FailedLine): Complaint["link"] {
  const { engine, session, state, viewState } = lab;
  const go = async (): Promise<void> => {
    const made = await engine.ask("madeSo", number);
    session.goTo(made === undefined ? position : made + 1);
    if (!state.viewState.shape.hasNarrator) viewState.showTab("why");
  };
  return { words: t("textWhy"), go: () => void go() };
}

/** Copies the run as a test, and says how to run it. */
async function copyTest({ engine, files, notices, run }: Lab): Promise<void> {
  const playbook = await engine.ask("save");
  if (playbook === undefined) return;
  const text = asTest(run.name(), playbook);
  const name = files.name();
  const remedy = (): string => t("testCopiedRemedy", { name });
  try {
    await navigator.clipboard.writeText(text);
    notices.notify(() => ({ tone: "word", title: t("testCopied"), remedy: remedy() }));
  } catch {
    // A browser may refuse its clipboard.
    notices.notify(() => ({
      tone: "word",
      title: t("testHere"),
      remedy: remedy(),
      text,
      lasting: true,
    }));
  }
}

function Foot(): JSX.Element {
  const lab = useLab();
  const { state } = lab;
  const text = textOf(lab);
  const { draft, isHeld, problems, recording } = state.text;
  return (
    <>
      <Left />
      <div class="text-foot">
        <Standing />
        {isHeld ? (
          <button type="button" class="quiet" onClick={() => void text.playDraft()}>
            {t("textPlay")}
          </button>
        ) : null}
        {draft !== undefined && (isHeld || problems.length > 0) ? (
          <button type="button" class="quiet" title={t("textDropHint")} onClick={() => text.undo()}>
            {t("textDrop")}
          </button>
        ) : null}
        <button
          type="button"
          class="quiet record"
          aria-pressed={recording}
          aria-keyshortcuts="j"
          title={`${t("recordHint")} ( j )`}
          onClick={() => text.toggleRecording()}
        >
          <span aria-hidden="true">●</span> {t(recording ? "recording" : "record")}
        </button>
        <button
          type="button"
          class="quiet copy-test"
          aria-keyshortcuts="Shift+Y"
          title={`${t("copyTestHint")} ( Y )`}
          onClick={() => void copyTest(lab)}
        >
          {t("copyTest")}
        </button>
      </div>
    </>
  );
}

/** How the text stands: what of it is not played, or what of it fails. */
function Standing(): JSX.Element {
  const { state } = useLab();
  const { draft, isHeld, problems } = state.text;
  const [first] = problems;
  const failed = failedLines(state).length;
  const fails = draft === undefined && failed > 0 ? t("textFails", { count: failed }) : "";
  const count = problems.length;
  const unread =
    first && t(count > 1 ? "textUnreadAll" : "textUnread", { count, line: first.line });
  const words = unread ?? (isHeld ? t("textHeld") : fails);
  return <output class={words === "" ? "dim" : "wrong"}>{words}</output>;
}

/** What was typed into other branches and is not played: it stays until somebody discards it. */
function Left(): JSX.Element | null {
  const lab = useLab();
  const { left } = lab.state.text;
  const text = textOf(lab);
  if (left.length === 0) return null;
  return (
    <details class="text-left">
      <summary>{t("textLeft", { count: left.length })}</summary>
      <ul>
        {left.map((one) => (
          <li key={one.key}>
            <textarea readonly rows={4} aria-label={t("textLeftOne")} value={one.text} />
            <span class="dim">{one.name}</span>
            <button
              type="button"
              class="quiet"
              title={t("textTakeUpHint")}
              onClick={() => text.takeUp(one.key)}
            >
              {t("textTakeUp")}
            </button>
            <button type="button" class="quiet" onClick={() => text.discard(one.key)}>
              {t("textDrop")}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
