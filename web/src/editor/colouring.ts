/** Colours of the words, from the same list of lines that completes them: there is no grammar here. */
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

/** Lines of one sort. */
export interface Phrase {
  readonly verb: string;
  readonly forms: readonly string[];
  readonly meaning: string;
  /** Whether a sentence for the reader stands behind the word. */
  readonly isSaid: boolean;
}

const mark = (name: string): Decoration => Decoration.mark({ class: `word-${name}` });
const VERB = mark("verb");
const SAID = mark("said");
const PARTY = mark("party");
const NUMBER = mark("number");
const COMMENT = mark("comment");

export function colouring(phrases: readonly Phrase[]): Extension {
  const verbs = new Map(phrases.map(({ verb, isSaid }) => [verb, isSaid]));
  return ViewPlugin.fromClass(
    class {
      colours: DecorationSet;
      constructor(view: EditorView) {
        this.colours = coloursOf(view, verbs);
      }
      update({ docChanged, viewportChanged, view }: ViewUpdate): void {
        if (docChanged || viewportChanged) this.colours = coloursOf(view, verbs);
      }
    },
    { decorations: ({ colours }) => colours },
  );
}

function coloursOf(view: EditorView, verbs: ReadonlyMap<string, boolean>): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      colourLine(line.text, verbs, (begin, end, colour) => {
        builder.add(line.from + begin, line.from + end, colour);
      });
      at = line.to + 1;
    }
  }
  return builder.finish();
}

type Colour = (from: number, to: number, colour: Decoration) => void;

function colourLine(text: string, verbs: ReadonlyMap<string, boolean>, colour: Colour): void {
  const word = /\S+/.exec(text);
  if (!word) return;
  const begins = word.index + word[0].length;
  const isSaid = verbs.get(word[0]);
  if (isSaid !== undefined) colour(word.index, begins, VERB);
  if (isSaid) {
    if (begins < text.length) colour(begins, text.length, SAID);
    return;
  }
  const rest = /#.*|\b[SCM]\d+\b|(?<![\w.])[-+]?\d[\w.%:]*/g;
  rest.lastIndex = isSaid === undefined ? word.index : begins;
  for (const found of text.matchAll(rest)) {
    const of = found[0].startsWith("#") ? COMMENT : /^[SCM]/.test(found[0]) ? PARTY : NUMBER;
    colour(found.index, found.index + found[0].length, of);
  }
}
