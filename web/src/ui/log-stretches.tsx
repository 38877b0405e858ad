/**
 * Folded logs while they play: entries that look the same are one element, on which the cells are only
 * drawn. Under full load hundreds of cells come and go with each frame, and nobody clicks on one; once
 * the run stands still, each is a cell again, in its place (`node tests/measure.mjs`, nine servers).
 */
import type { JSX } from "preact";
import { type Axis, startOf, widthAt } from "../lib/log-axis";
import { stretchesOf } from "../lib/stretches";
import { termClass } from "./hooks";
import { keyed } from "./keyed";

/** What can be seen of an entry of which only the term is. */
interface Look {
  readonly index: number;
  readonly term: number;
  readonly committed: boolean;
  readonly applied: boolean;
  readonly durable: boolean;
  readonly differs: boolean;
}

export function Stretches(props: {
  readonly entries: readonly Look[];
  readonly axis: Axis;
  readonly names: number;
}): JSX.Element {
  const { entries, axis, names } = props;
  return (
    <>
      {stretchesOf(entries, looksLike).map(({ first, last }) => {
        const left = Math.round(names + startOf(axis, first.index));
        const end = Math.round(names + startOf(axis, last) + widthAt(axis, last));
        const { committed, applied, durable, differs, term, index } = first;
        return (
          <Drawn
            key={index}
            {...{ committed, applied, durable, differs, term, left, cell: axis.cell }}
            width={end - left - 2}
          />
        );
      })}
    </>
  );
}

function looksLike(one: Look, other: Look): boolean {
  return (
    one.term === other.term &&
    one.committed === other.committed &&
    one.applied === other.applied &&
    one.durable === other.durable &&
    one.differs === other.differs
  );
}

interface DrawnProps extends Omit<Look, "index"> {
  readonly left: number;
  readonly width: number;
  readonly cell: number;
}

const Drawn = keyed(DrawnStretch);

function DrawnStretch(props: DrawnProps): JSX.Element {
  const { term, committed, applied, durable, differs, left, width, cell } = props;
  const classes = [
    "cell folded stretch",
    termClass(term),
    committed ? "committed" : "pending",
    applied ? "applied" : "",
    differs ? "differs" : "",
    durable ? "" : "volatile",
  ];
  return (
    <span
      class={classes.join(" ")}
      style={{ left: `${left}px`, width: `${width}px`, "--cell": `${cell}px` }}
    >
      <span class="cell-term">{term}</span>
    </span>
  );
}
