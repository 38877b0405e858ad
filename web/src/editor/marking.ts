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
}

export const setReached = StateEffect.define<Reached>();
/** What is not as a line expects. */
export const setFailures = StateEffect.define<readonly Complaint[]>();
/** Why what has been typed is not played. */
export const setUnread = StateEffect.define<readonly Complaint[]>();
export const noteRecorded = StateEffect.define<number>();

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
const RECORDED = new Dot("●", "recorded");
const CURRENT = new Dot("▸", "current");

class Told extends WidgetType {
  constructor(private readonly complaint: Complaint) {
    super();
  }
  override eq({ complaint }: Told): boolean {
    const { message, remedy } = this.complaint;
    return complaint.message === message && complaint.remedy === remedy;
  }
  override toDOM(): HTMLElement {
    const told = document.createElement("div");
    told.className = "complaint";
    const remedy = document.createElement("span");
    remedy.textContent = this.complaint.remedy;
    told.append(this.complaint.message, " ", remedy);
    return told;
  }
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
  const at = Math.min(from + complaint.column - 1, Math.max(from, to - 1));
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

function signOf(state: EditorState, from: number): GutterMarker | null {
  if (isWrong(state, from)) return WRONG;
  let isRecorded = false;
  state.field(recorded).between(from, from, () => {
    isRecorded = true;
  });
  if (isRecorded) return RECORDED;
  return from === state.field(placed).current ? CURRENT : null;
}

export const marking: Extension = [
  placed,
  failures,
  unread,
  tints,
  recorded,
  covered,
  gutter({
    class: "signs",
    lineMarker: ({ state }, line) => signOf(state, line.from),
    lineMarkerChange: ({ startState, state }) => {
      return [placed, recorded, failures, unread].some((field) => {
        return startState.field<unknown>(field) !== state.field<unknown>(field);
      });
    },
    initialSpacer: () => CURRENT,
  }),
];
