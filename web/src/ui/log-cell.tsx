/** One place of a log: an entry, or nothing yet. */
import type { JSX } from "preact";
import type { EntryView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import type { Lab } from "../state/lab";
import { termClass } from "./hooks";
import { keyed } from "./keyed";
import { entryMenu } from "./offers";
import { useLab } from "./use-lab";

interface PlaceProps {
  readonly server: number;
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

interface CellProps extends PlaceProps, Readonly<EntryView> {
  /** Whether it shows its term alone. */
  readonly isFolded: boolean;
  /** What is broken here, if anything is. */
  readonly lost: string | undefined;
  readonly fresh: boolean;
  /** The term of which an entry has to be committed first, if it is on a majority without being. */
  readonly heldUntil: number | undefined;
}

/** Plain values as properties: a cell that did not change is not drawn again. */
export const Cell = keyed(DrawnCell);

function DrawnCell(props: CellProps): JSX.Element {
  const lab = useLab();
  const { server, index, term, text, short, kind, committed, applied, durable, differs } = props;
  const { askedBy, fresh, heldUntil, isFolded, left, lost, width } = props;
  const classes = [
    "cell",
    termClass(term),
    committed ? "committed" : "pending",
    applied ? "applied" : "",
    differs ? "differs" : "",
    durable ? "" : "volatile",
    fresh ? "fresh" : "",
    lost ? "lost" : "",
    isFolded ? "folded" : "",
  ];
  const isHeld = !committed && heldUntil !== undefined;
  const states = [t(committed ? "stateCommitted" : "statePending")];
  if (isHeld) states.push(t("stateHeldBack", { term: heldUntil }));
  if (applied) states.push(t("keyApplied"));
  if (differs) states.push(t("stateDiffers"));
  if (!durable) states.push(t("keyVolatile"));
  if (lost) states.push(lost);
  const command = askedBy ? `${askedBy}: ${text}` : text;
  const words = t("cellAria", {
    name: name(server),
    index,
    term,
    command,
    state: states.join(", "),
  });
  // Its name begins with what is seen of it, so that it can be called by that.
  const seen = isFolded ? term : `${term} ${short ?? command}`;
  return (
    <button
      type="button"
      class={classes.join(" ")}
      style={{ left: `${left}px`, width: `${width}px` }}
      title={words}
      aria-label={`${seen} · ${words}`}
      data-cell={`${server}-${index}`}
      onClick={(event) => openCell(lab, event.currentTarget, server, index)}
    >
      <span class="cell-term">{term}</span>
      {isFolded ? null : (
        <span class="cell-held">
          {askedBy ? <small class="cell-asker"> {askedBy}: </small> : " "}
          <span class={kind === "command" ? "cell-command" : "cell-command meta"}>
            {short ?? text}
          </span>
        </span>
      )}
    </button>
  );
}

interface GapProps extends PlaceProps {
  readonly next: boolean;
}

/** No entry: the first such place can be written to, the rest only keeps the axis. */
export const Gap = keyed(DrawnGap);

function DrawnGap(props: GapProps): JSX.Element {
  const lab = useLab();
  const { server, index, next, left, width } = props;
  const words = t("cellEmptyAria", { name: name(server), index });
  const place = { left: `${left}px`, width: `${width}px` };
  if (!next) return <span class="cell gap" style={place} />;
  return (
    <button
      type="button"
      class="cell gap next"
      style={place}
      title={words}
      aria-label={words}
      data-cell={`${server}-${index}`}
      onClick={(event) => openCell(lab, event.currentTarget, server, index)}
    >
      +
    </button>
  );
}

/** Opens the cell's menu with the log as it is now. */
function openCell(lab: Lab, target: Element, id: number, index: number): void {
  const server = lab.state.shown.view?.servers.find((one) => one.id === id);
  if (!server) return;
  const entry = server.log.find((one) => one.index === index);
  lab.menu.openOn(target, entryMenu(lab, server, index, entry));
}
