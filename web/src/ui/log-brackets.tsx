/** The indices that messages name, bracketed in the log that is asked, while they travel or are decided. */
import type { JSX } from "preact";
import type { BracketView } from "../engine/types";
import { type Axis, lengthOf, startOf, widthAt } from "../lib/log-axis";
import { presentedScale } from "../state/view-state";
import { useLab } from "./use-lab";

/** What a letter of the words beside a log needs, and what is around them. */
const LETTER = 6.6;
const AROUND = 22;
/** Index 0 is before the first entry. */
const BEFORE = 5;

export function Brackets(props: {
  readonly brackets: readonly BracketView[];
  readonly axis: Axis;
  readonly names: number;
  /** Where the log ends: words stand behind it. */
  readonly lastIndex: number;
}): JSX.Element {
  const { state } = useLab();
  const { brackets, axis, names, lastIndex } = props;
  // Before the first of no entries there is nothing to be bracketed.
  const isAtEntry = ({ index }: BracketView): boolean => index > 0 || lastIndex > 0;
  const decided = brackets.find(({ message }) => message === undefined);
  // Behind the index that was asked for, too, where the log does not reach it.
  const end = startOf(axis, Math.max(lastIndex, decided?.index ?? 0) + 1);
  // Letters grow with the page, and once more where it is presented.
  const scale = presentedScale(state) * state.viewState.shape.scale;
  const fits = (words: string): boolean =>
    (words.length * LETTER + AROUND) * scale <= lengthOf(axis) - end;
  const words = decided && wordsOf(decided).find(fits);
  return (
    <>
      {brackets.filter(isAtEntry).map(({ field, index, message }) => {
        const left = index === 0 ? -BEFORE : startOf(axis, index);
        const width = index === 0 ? BEFORE : widthAt(axis, index) - (axis.isFolded ? 2 : 4);
        const kinds = [
          field === "prevLogIndex" ? "asked" : "answered",
          message === undefined ? "decided" : "",
          message !== undefined && message === state.viewState.near ? "near" : "",
        ];
        return (
          <i
            key={field}
            class={`bracket ${kinds.join(" ")}`}
            data-bracket={field}
            data-index={index}
            style={{ translate: `${Math.round(names + left)}px`, width: `${width}px` }}
          />
        );
      })}
      {words ? (
        <span class="bracket-words" style={{ left: `${Math.round(names + end)}px` }}>
          ◂ {words}
        </span>
      ) : null}
    </>
  );
}

/** As Figure 2 and the lab name it: with the term, or without where there is no room for that. */
function wordsOf({ field, index, term }: BracketView): readonly string[] {
  const short = `${field} ${index}`;
  if (term === undefined) return [short];
  return [`${short} · ${field === "XIndex" ? "XTerm" : "prevLogTerm"} ${term}`, short];
}
