/** What the run says of its lines: how far it has come, what is wrong with one, who wrote one. */
import {
  type ChangeDesc,
  type EditorState,
  type Extension,
  type Range,
  RangeSet,
  RangeSetBuilder,
  StateEffect,
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
export const setComplaints = StateEffect.define<readonly Complaint[]>();
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

/** Marks as places in the text, so that they go along with what is typed above them. */
interface Placed {
  readonly over: number;
  readonly current: number;
  /** Where the lines begin in which something is wrong. */
  readonly wrong: readonly number[];
  readonly told: DecorationSet;
}

const placed = StateField.define<Placed>({
  create: () => ({ over: -1, current: -1, wrong: [], told: Decoration.none }),
  update(before, { changes, docChanged, effects, state }) {
    let now = docChanged ? moved(before, changes) : before;
    for (const effect of effects) {
      if (effect.is(setReached)) now = { ...now, ...placesOf(state.doc, effect.value) };
      if (effect.is(setComplaints)) now = { ...now, ...toldIn(state.doc, effect.value) };
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field, ({ told }) => told),
});

function moved({ over, current, wrong, told }: Placed, changes: ChangeDesc): Placed {
  const move = (at: number): number => (at < 0 ? at : changes.mapPos(at, -1));
  return {
    over: move(over),
    current: move(current),
    wrong: wrong.map(move),
    told: told.map(changes),
  };
}

/** Where lines begin; no line begins before the first. */
function beginOf(doc: Text, line: number): number {
  return line < 1 ? -1 : doc.line(Math.min(line, doc.lines)).from;
}

function placesOf(doc: Text, { over, current }: Reached): Reached {
  return { over: beginOf(doc, over), current: beginOf(doc, current) };
}

function toldIn(doc: Text, complaints: readonly Complaint[]): Pick<Placed, "wrong" | "told"> {
  const there = complaints.filter(({ line }) => line >= 1 && line <= doc.lines);
  return {
    wrong: there.map(({ line }) => beginOf(doc, line)),
    told: Decoration.set(
      there.flatMap((complaint) => tellingOf(doc, complaint)),
      true,
    ),
  };
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
  const { wrong, current } = state.field(placed);
  if (wrong.includes(from)) return WRONG;
  let isRecorded = false;
  state.field(recorded).between(from, from, () => {
    isRecorded = true;
  });
  if (isRecorded) return RECORDED;
  return from === current ? CURRENT : null;
}

export const marking: Extension = [
  placed,
  tints,
  recorded,
  gutter({
    class: "signs",
    lineMarker: ({ state }, line) => signOf(state, line.from),
    lineMarkerChange: ({ startState, state }) => {
      const isSame = startState.field(placed) === state.field(placed);
      return !isSame || startState.field(recorded) !== state.field(recorded);
    },
    initialSpacer: () => CURRENT,
  }),
];
