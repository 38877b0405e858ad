/** What the run says of its lines: how far it has come, what is wrong with one, who wrote one. */
import {
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  RangeSetBuilder,
  StateEffect,
  type StateEffectType,
  StateField,
  type Text,
} from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import type { Reached } from "../lib/text-lines";

/** Something that is wrong in a line. */
export interface Complaint {
  readonly line: number;
  /** Where in the line, counted from 1. */
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
  /** What would mend it, in the place of so many characters; and what the button says that writes it. */
  readonly mend?:
    | { readonly chars: number; readonly text: string; readonly words: string }
    | undefined;
  /** What leads to where it came from. */
  readonly link?: { readonly words: string; readonly go: () => void } | undefined;
}

export const setReached = StateEffect.define<Reached>();
/** What is not as a line expects. */
export const setFailures = StateEffect.define<readonly Complaint[]>();
/** Why what has been typed is not played. */
export const setUnread = StateEffect.define<readonly Complaint[]>();
export const noteRecorded = StateEffect.define<number>();
/** The lines whose expectations held. */
export const setHeld = StateEffect.define<readonly number[]>();

class Dot extends GutterMarker {
  constructor(
    private readonly sign: string,
    private readonly name: string,
  ) {
    super();
  }
  override eq(other: Dot): boolean {
    return other.name === this.name;
  }
  override toDOM(): Node {
    const dot = document.createElement("span");
    dot.className = `dot-${this.name}`;
    dot.textContent = this.sign;
    return dot;
  }
}

const WRONG = new Dot("✕", "wrong");
const HELD = new Dot("✓", "held");
const RECORDED = new Dot("●", "recorded");
const CURRENT = new Dot("▸", "current");

class Told extends WidgetType {
  constructor(private readonly complaint: Complaint) {
    super();
  }
  override eq({ complaint }: Told): boolean {
    const { link, mend, message, remedy } = this.complaint;
    const isSameDeed = complaint.mend?.text === mend?.text && complaint.link?.words === link?.words;
    return complaint.message === message && complaint.remedy === remedy && isSameDeed;
  }
  override toDOM(view: EditorView): HTMLElement {
    const { link, mend, message, remedy } = this.complaint;
    const told = document.createElement("div");
    told.className = "complaint";
    const words = document.createElement("span");
    words.textContent = remedy;
    told.append(message, " ", words);
    if (mend)
      told.append(
        " ",
        pressable(mend.words, () => this.mend(view, told)),
      );
    if (link) told.append(" ", pressable(link.words, link.go));
    return told;
  }
  /** What is pressed in it is no place for the cursor. */
  override ignoreEvent(): boolean {
    return true;
  }
  /** Writes what would mend it, as if the reader had typed that. */
  private mend(view: EditorView, told: HTMLElement): void {
    const { column, mend } = this.complaint;
    const line = view.state.doc.lineAt(view.posAtDOM(told));
    const before = lengthOf(line.text, column - 1);
    const from = line.from + before;
    const to = from + lengthOf(line.text.slice(before), mend?.chars ?? 0);
    const changes = { from, to, insert: mend?.text ?? "" };
    view.dispatch({ changes, selection: { anchor: from + changes.insert.length } });
    view.focus();
  }
}

function pressable(words: string, press: () => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.addEventListener("click", press);
  return button;
}

/** How long so many characters are, of which some are two units of a string. */
function lengthOf(text: string, characters: number): number {
  return [...text].slice(0, Math.max(0, characters)).join("").length;
}

/** How far the run has come: where the lines begin, so that they go along with what is typed above them. */
const placed = StateField.define<Reached>({
  create: () => ({ over: -1, current: -1 }),
  update(before, { changes, docChanged, effects, state }) {
    const move = (at: number): number => (at < 0 ? at : changes.mapPos(at, -1));
    let now = docChanged ? { over: move(before.over), current: move(before.current) } : before;
    for (const effect of effects) {
      if (!effect.is(setReached)) continue;
      const { over, current } = effect.value;
      now = { over: beginOf(state.doc, over), current: beginOf(state.doc, current) };
    }
    return now;
  },
});

/** Where lines begin; no line begins before the first. */
function beginOf(doc: Text, line: number): number {
  return line < 1 ? -1 : doc.line(Math.min(line, doc.lines)).from;
}

/** Complaints of one sort. */
function complaintsOf(given: StateEffectType<readonly Complaint[]>): StateField<DecorationSet> {
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(before, { changes, effects, state }) {
      let now = before.map(changes);
      for (const effect of effects) if (effect.is(given)) now = toldIn(state.doc, effect.value);
      return now;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

const failures = complaintsOf(setFailures);
const unread = complaintsOf(setUnread);

function toldIn(doc: Text, complaints: readonly Complaint[]): DecorationSet {
  const there = complaints.filter(({ line }) => line >= 1 && line <= doc.lines);
  const all = there.flatMap((complaint) => tellingOf(doc, complaint));
  return Decoration.set(all, true);
}

/** Whether something is wrong in the line that begins there. */
function isWrong(state: EditorState, from: number): boolean {
  let isSo = false;
  for (const field of [failures, unread]) {
    state.field(field).between(from, from, (_from, _to, decoration) => {
      isSo ||= decoration === AMISS;
    });
  }
  return isSo;
}

const OVER = Decoration.line({ class: "line-over" });
const NOW = Decoration.line({ class: "line-current" });
const AMISS = Decoration.line({ class: "line-wrong" });
const PLACE = Decoration.mark({ class: "wrong-place" });

/** What is wrong with a line, below it, and where in it. */
function tellingOf(doc: Text, complaint: Complaint): Range<Decoration>[] {
  const { from, to } = doc.line(complaint.line);
  const before = lengthOf(doc.sliceString(from, to), complaint.column - 1);
  const at = Math.min(from + before, Math.max(from, to - 1));
  const word = /^\S+/.exec(doc.sliceString(at, to))?.[0].length ?? 0;
  const below = Decoration.widget({ widget: new Told(complaint), block: true, side: 1 });
  const all = [AMISS.range(from), below.range(to)];
  return word > 0 ? [...all, PLACE.range(at, at + word)] : all;
}

/** The lines in sight that are over, and the one that is being played. */
function tintsOf({ state, visibleRanges }: EditorView): DecorationSet {
  const { over, current } = state.field(placed);
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      if (line.from === current) builder.add(line.from, line.from, NOW);
      else if (line.from <= over) builder.add(line.from, line.from, OVER);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

const tints = ViewPlugin.fromClass(
  class {
    all: DecorationSet;
    constructor(view: EditorView) {
      this.all = tintsOf(view);
    }
    update({ docChanged, viewportChanged, startState, state, view }: ViewUpdate): void {
      const isSame = startState.field(placed) === state.field(placed);
      if (docChanged || viewportChanged || !isSame) this.all = tintsOf(view);
    }
  },
  { decorations: ({ all }) => all },
);

/** Lines that would tell what is asked, by their first and last numbers, and what stands in their place. */
export interface Covered {
  readonly lines: readonly (readonly [number, number])[];
  readonly words: string;
}

export const setCovered = StateEffect.define<Covered>();

class Cover extends WidgetType {
  constructor(private readonly words: string) {
    super();
  }
  override eq({ words }: Cover): boolean {
    return words === this.words;
  }
  override toDOM(): HTMLElement {
    const cover = document.createElement("div");
    cover.className = "cover";
    cover.textContent = this.words;
    return cover;
  }
}

const covered = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, { changes, effects, state: { doc } }) {
    let now = before.map(changes);
    for (const effect of effects) {
      if (!effect.is(setCovered)) continue;
      const { lines, words } = effect.value;
      const there = lines.filter(([, last]) => last <= doc.lines);
      const cover = Decoration.replace({ widget: new Cover(words), block: true });
      now = Decoration.set(
        there.map(([first, last]) => cover.range(doc.line(first).from, doc.line(last).to)),
        true,
      );
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Lines that clicks have written. */
const recorded = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(before, { changes, effects, state }) {
    let dots = before.map(changes);
    for (const effect of effects) {
      if (!effect.is(noteRecorded)) continue;
      const line = state.doc.line(Math.min(Math.max(1, effect.value), state.doc.lines));
      dots = dots.update({ add: [RECORDED.range(line.from)] });
    }
    return dots;
  },
});

/** Lines whose expectations held; what is typed in one has not been asked yet. */
const held = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(before, { changes, effects, state }) {
    let now = before.map(changes);
    for (const effect of effects) {
      if (!effect.is(setHeld)) continue;
      const there = effect.value.filter((line) => line >= 1 && line <= state.doc.lines);
      now = RangeSet.of(
        there.map((line) => HELD.range(state.doc.line(line).from)),
        true,
      );
    }
    return now;
  },
});

function has(set: RangeSet<GutterMarker>, from: number): boolean {
  let isThere = false;
  set.between(from, from, () => {
    isThere = true;
  });
  return isThere;
}

function signOf(state: EditorState, from: number): GutterMarker | null {
  if (isWrong(state, from)) return WRONG;
  if (has(state.field(recorded), from)) return RECORDED;
  if (from === state.field(placed).current) return CURRENT;
  return has(state.field(held), from) ? HELD : null;
}

export const marking: Extension = [
  placed,
  failures,
  unread,
  tints,
  recorded,
  covered,
  held,
  gutter({
    class: "signs",
    lineMarker: ({ state }, line) => signOf(state, line.from),
    lineMarkerChange: ({ startState, state }) => {
      return [placed, recorded, held, failures, unread].some((field) => {
        return startState.field<unknown>(field) !== state.field<unknown>(field);
      });
    },
    initialSpacer: () => CURRENT,
  }),
];
