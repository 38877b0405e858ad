/** The run as a text: an instrument for the same instant as the others, in which one can write. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Complaint, TextEditor } from "../editor";
import type { Problem } from "../engine/types";
import { inLanguage, lang } from "../i18n";
import { t } from "../i18n/later";
import { asTest } from "../lib/as-test";
import { loadScript } from "../lib/script";
import { answersIn, type Reached, reached } from "../lib/text-lines";
import type { Lab } from "../state/lab";
import { giveBackKeys } from "./hooks";
import { useLab } from "./use-lab";

type Written = NonNullable<Lab["state"]["text"]["written"]>;

export function TextTab(): JSX.Element {
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
    openEditor(lab, element).then(
      (one) => {
        if (!isHere) return one.close();
        opened = one;
        setEditor(one);
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
      opened?.close();
    };
  }, [isThere]);
  useShown(lab, editor);
  return <div class="text-editor" ref={host} />;
}

async function openEditor(lab: Lab, host: HTMLElement): Promise<TextEditor> {
  const { engine, state, text } = lab;
  const phrases = await engine.askVocabulary(lang.peek(), true);
  if (!globalThis.raftEditor) await loadScript("dist/editor.js");
  if (!globalThis.raftEditor) throw new Error("dist/editor.js");
  const { draft, line, written } = state.text;
  const editor = new globalThis.raftEditor(host, draft ?? written?.text ?? "", {
    label: t("textLabel"),
    phrases,
    words: { Completions: t("textCompletions") },
    onEdit: (now, at) => text.type(now, at),
    onLine: (at) => text.goTo(at),
    onUndo: () => text.undo(),
    onRedo: () => void lab.session.redo(),
    onLeave: (focused) => giveBackKeys(lab, focused),
  });
  if (line > 0) editor.goTo(line);
  return editor;
}

const NOWHERE: Reached = { over: 0, current: 0 };

/** Shows in the editor what the run has: the text, and where in it the run stands. */
function useShown({ state }: Lab, editor: TextEditor | undefined): void {
  const { draft, line, problem, recorded, written } = state.text;
  const view = state.shown.calmView;
  const isRuns = draft === undefined;
  const failed = useMemo(() => failedLines(state), [written, state.shown.failures]);
  useEffect(() => {
    if (isRuns && written) editor?.show(written.text);
  }, [editor, written, isRuns]);
  const now = view && { position: view.position, at: view.now };
  const { over, current } = written && now ? reached(written, now, line) : NOWHERE;
  const covered = isRuns && written ? coveredLines(state, written) : [];
  const isCovered = JSON.stringify(covered);
  useEffect(() => {
    editor?.cover({ lines: covered, words: t("textCovered") });
  }, [editor, written, isCovered]);
  const seen = useRef(0);
  useEffect(() => {
    // What is marked goes along with what is typed.
    if (!editor || !isRuns) return;
    editor.mark({ over, current });
    if (current !== seen.current) editor.goTo(current);
    seen.current = current;
  }, [editor, written, isRuns, over, current]);
  useEffect(() => {
    if (isRuns) editor?.tellFailures(failed.map(complaintOf));
  }, [editor, written, isRuns, failed]);
  useEffect(() => {
    if (problem || isRuns) editor?.tellUnread(problem && complaintOf(problem));
  }, [editor, isRuns, problem]);
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

/** What is not as the text expects, where it stands in it. */
function failedLines({ shown, text }: Lab["state"]): readonly Problem[] {
  const shift = text.written?.shift ?? 0;
  const problems = shown.failures.map(({ problem }) => problem);
  const told = problems.filter(({ line }) => line > 0);
  return told.map((problem) => ({ ...problem, line: problem.line + shift }));
}

function complaintOf({ line, column, ...said }: Problem): Complaint {
  const message = inLanguage(said.message, said.messageZh);
  return { line, column, message, remedy: inLanguage(said.remedy, said.remedyZh) };
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
  const { state, text } = lab;
  const { draft, problem, recording } = state.text;
  const failed = failedLines(state).length;
  const wrong = problem
    ? t("textUnread", { line: problem.line })
    : draft === undefined && failed > 0
      ? t("textFails", { count: failed })
      : "";
  return (
    <div class="text-foot">
      <output class={wrong === "" ? "dim" : "wrong"}>{wrong}</output>
      {problem ? (
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
  );
}
