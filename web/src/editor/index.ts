/**
 * The editor of a playbook's text: CodeMirror, in a script of its own, dist/editor.js. It knows the
 * lines of the language only as the engine lists them, and of the run only where its lines are.
 */
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, redo, redoDepth, undo, undoDepth } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, tooltips } from "@codemirror/view";
import { differenceOf, type Reached } from "../lib/text-lines";
import { colouring, type Phrase } from "./colouring";
import { acceptsFirst, completes } from "./completing";
import {
  type Complaint,
  type Covered,
  marking,
  noteRecorded,
  setCovered,
  setFailures,
  setHeld,
  setReached,
  setUnread,
} from "./marking";
import { theme } from "./theme";

export type { Complaint } from "./marking";

/** What the editor asks of the page, and tells it. */
export interface Hearing {
  readonly label: string;
  readonly phrases: readonly Phrase[];
  /** Words of CodeMirror's own, in the reader's language. */
  readonly words: Readonly<Record<string, string>>;
  /** The reader has typed, or goes on with a word of several keys, as Chinese ones are. */
  readonly onEdit: (text: string, line: number, isComposing: boolean) => void;
  /** The cursor has gone to this line. */
  readonly onLine: (line: number) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  /** The reader is done here: the keys are the page's again. */
  readonly onLeave: (focused: HTMLElement) => void;
}

/** A change of the text or of the cursor that comes from the run and not from the reader. */
const ofRun = Annotation.define<true>();

export class TextEditor {
  private readonly view: EditorView;
  private readonly past = new Compartment();

  constructor(
    host: HTMLElement,
    text: string,
    private readonly hearing: Hearing,
  ) {
    // Its style sheets are adopted by a root of its own: a page that allows no inline style allows them.
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.view = new EditorView({
      state: EditorState.create({ doc: text, extensions: this.extensions(host) }),
      parent: root,
      root,
    });
  }

  /** The text as the run has it; what stands where it stood keeps its marks and the cursor. */
  show(text: string): void {
    this.amend(text);
    // What led here is undone with the run.
    this.view.dispatch({ effects: this.past.reconfigure([]) });
    this.view.dispatch({ effects: this.past.reconfigure(history()) });
  }

  /** What is being typed has changed elsewhere; the rest of it keeps its place and its past. */
  amend(text: string): void {
    const before = this.view.state.doc.toString();
    const changes = differenceOf(before, text);
    if (changes) this.view.dispatch({ changes, annotations: ofRun.of(true) });
  }

  /** Says below each line what is not as it expects. */
  tellFailures(complaints: readonly Complaint[]): void {
    this.view.dispatch({ effects: setFailures.of(complaints) });
  }

  /** Says below each line why it is not played; nothing, once it is. */
  tellUnread(complaints: readonly Complaint[]): void {
    this.view.dispatch({ effects: setUnread.of(complaints) });
  }

  /** Marks the lines whose expectations held. */
  markHeld(lines: readonly number[]): void {
    this.view.dispatch({ effects: setHeld.of(lines) });
  }

  /** Covers lines that would tell what the reader is asked. */
  cover(covered: Covered): void {
    this.view.dispatch({ effects: setCovered.of(covered) });
  }

  /** Marks how far the run has come. */
  mark(reached: Reached): void {
    this.view.dispatch({ effects: setReached.of(reached) });
  }

  /** Marks a line that a click has written. */
  markRecorded(line: number): void {
    this.view.dispatch({ effects: noteRecorded.of(line) });
  }

  /** Goes to a line, unless the cursor is in it. */
  goTo(number: number): void {
    const { doc, selection } = this.view.state;
    const line = doc.line(Math.max(1, Math.min(number, doc.lines)));
    const isThere = doc.lineAt(selection.main.head).number === line.number;
    this.view.dispatch({
      ...(isThere ? {} : { selection: { anchor: line.from } }),
      effects: EditorView.scrollIntoView(line.from, { y: "nearest", yMargin: 40 }),
      annotations: ofRun.of(true),
    });
  }

  focus(): void {
    this.view.focus();
  }

  close(): void {
    this.view.destroy();
  }

  private line(): number {
    const { doc, selection } = this.view.state;
    return doc.lineAt(selection.main.head).number;
  }

  private extensions(host: HTMLElement): Extension {
    const { hearing } = this;
    return [
      this.past.of(history()),
      lineNumbers(),
      drawSelection(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": hearing.label, spellcheck: "false" }),
      EditorState.phrases.of(hearing.words),
      EditorState.tabSize.of(2),
      colouring(hearing.phrases),
      marking,
      autocompletion({
        override: [completes(hearing.phrases)],
        selectOnOpen: false,
        interactionDelay: 0,
        icons: false,
      }),
      tooltips({ position: "absolute", tooltipSpace: () => host.getBoundingClientRect() }),
      keymap.of([...completionKeymap, ...this.keys(), ...defaultKeymap]),
      theme,
      EditorView.domEventHandlers({
        compositionend: (_event, view) => {
          // What was composed is in the text once the browser has told all of it.
          setTimeout(() => hearing.onEdit(view.state.doc.toString(), this.line(), false));
        },
      }),
      EditorView.updateListener.of(
        ({ docChanged, selectionSet, startState, state, transactions, view }) => {
          if (transactions.some((one) => one.annotation(ofRun))) return;
          const { main } = state.selection;
          const before = startState.doc.lineAt(startState.selection.main.head).number;
          if (docChanged) hearing.onEdit(state.doc.toString(), this.line(), view.composing);
          else if (selectionSet && main.empty && this.line() !== before)
            hearing.onLine(this.line());
        },
      ),
    ];
  }

  private keys() {
    const { hearing } = this;
    return [
      { key: "Tab", run: acceptsFirst },
      { key: "Mod-z", run: this.turns(undoDepth, undo, hearing.onUndo), preventDefault: true },
      { key: "Mod-y", run: this.turns(redoDepth, redo, hearing.onRedo), preventDefault: true },
      {
        key: "Mod-Shift-z",
        run: this.turns(redoDepth, redo, hearing.onRedo),
        preventDefault: true,
      },
      {
        key: "Escape",
        run: ({ contentDOM }: EditorView) => {
          hearing.onLeave(contentDOM);
          return true;
        },
      },
    ];
  }

  /** First what has been typed and is not played yet, then what the run knows. */
  private turns(
    depth: (state: EditorState) => number,
    here: (view: EditorView) => boolean,
    there: () => void,
  ) {
    return (view: EditorView): boolean => {
      if (depth(view.state) > 0) return here(view);
      there();
      return true;
    };
  }
}

globalThis.raftEditor = TextEditor;
