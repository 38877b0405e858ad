/** All logs over one index axis, as much of them as is in sight. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type {
  ChangeView,
  EntryView,
  ProgressView,
  ServerView,
  View,
  ViolationView,
} from "../engine/types";
import { inLanguage, type Key, lang, partyName as name, t } from "../i18n";
import { brokenAt } from "../lib/broken";
import { atTail, scrollToShow, visibleSpan } from "../lib/window";
import type { Lab } from "../state/lab";
import { presentedScale } from "../state/view-state";
import { termClass, useAtFrameEnd, useSize } from "./hooks";
import { Icon } from "./icons";
import { keyed } from "./keyed";
import { entryMenu, logMenu } from "./log-menu";
import { roleWord } from "./stage-below";
import { useLab } from "./use-lab";

const CELL_WIDE = 64;
const CELL_NARROW = 56;
const NAMES_WIDE = 98;
const NAMES_NARROW = 88;
/** Columns drawn beyond what is in sight, so that a quick scroll meets no gap. */
const SPARE = 3;
/** The axis grows, and the window moves, by so many columns at a time. */
const STRIDE = 4;

export function Logs(): JSX.Element {
  const { engine, side, state, viewState } = useLab();
  const view = state.shown.view;
  const scale = presentedScale(state);
  const { narrow } = state.viewState.shape;
  const names = (narrow ? NAMES_NARROW : NAMES_WIDE) * scale;
  const [ref, size] = useSize<HTMLDivElement>();
  // Asking the box where it is scrolled to would lay the page out once more at every event.
  const scrolled = useRef(0);
  // What happens, and else the tail, is followed until the reader scrolls away.
  const following = useRef(true);
  // Cells share the room among them, so that none is cut in half at its end.
  const least = (narrow ? CELL_NARROW : CELL_WIDE) * scale;
  const room = Math.max(least, size.width - names);
  const inSight = Math.floor(room / least);
  const cell = room / inSight;
  const columns = view ? Math.max(upToStride(view.lastIndexMax + 1), inSight) : 0;
  const whole = names + columns * cell;
  // The tail is where entries end, and the next will stand; the axis goes on behind it.
  const tail = names + ((view?.lastIndexMax ?? 0) + 1) * cell;
  const showWindow = (): void => {
    const span = visibleSpan(scrolled.current, room, cell, columns, SPARE);
    const from = span.from - (span.from % STRIDE);
    const next = { first: from + 1, columns: Math.max(1, upToStride(span.to - from)) };
    const old = state.viewState.logWindow;
    if (old.first === next.first && old.columns === next.columns) return;
    viewState.scrollLog(next);
    if (!viewState.isAsked(next)) void engine.look(false);
  };
  /** Where the box was last told to scroll to. */
  const told = useRef(0);
  const settle = useAtFrameEnd(() => {
    const box = ref.current;
    if (!box) return;
    const place = box.scrollLeft;
    if (Math.abs(place - told.current) > 2) {
      // The reader has scrolled.
      following.current = atTail(place, size.width, tail);
      scrolled.current = place;
    } else if (scrolled.current !== told.current) box.scrollLeft = scrolled.current;
    told.current = scrolled.current;
    showWindow();
  });
  const scrollTo = (wanted: number): void => {
    const place = Math.max(0, Math.min(wanted, whole - size.width));
    if (place !== scrolled.current) {
      scrolled.current = place;
      settle();
    }
    showWindow();
  };
  const touched = view?.touched;
  const position = view?.position;
  useLayoutEffect(() => {
    if (!following.current || touched === undefined) return;
    scrollTo(scrollToShow(scrolled.current, room, cell, touched - 1));
  }, [position, touched]);
  useLayoutEffect(() => {
    if (following.current && touched === undefined) scrollTo(tail - size.width);
    else showWindow();
  }, [columns, size.width, cell]);
  return (
    <section class="logs" aria-label={t("logs") + side}>
      <Legend
        onTail={() => {
          following.current = true;
          scrollTo(tail - size.width);
        }}
      />
      <div class="log-scroll" ref={ref} onScroll={settle}>
        {view ? (
          <Grid view={view} cell={cell} names={names} columns={columns} whole={whole} />
        ) : null}
      </div>
    </section>
  );
}

/** Words of the legend that begin below this are in its second line. */
const LEGEND_LINE = 12;

function upToStride(columns: number): number {
  return Math.ceil(columns / STRIDE) * STRIDE;
}

function upTo(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

function changedOf({ id }: ServerView, changes: readonly ChangeView[]): [number, number][] {
  return changes.flatMap(({ server, entries }) => (entries && server === id ? [entries] : []));
}

function Legend(props: { readonly onTail: () => void }): JSX.Element {
  const { state } = useLab();
  const keys: readonly (readonly [string, Key])[] = [
    ["committed", "keyCommitted"],
    ["pending", "keyPending"],
    ["applied", "keyApplied"],
    ["differs", "keyDiffers"],
    ["volatile", "keyVolatile"],
  ];
  // Of two leaders it is the one of the higher term whose view is drawn.
  const view = state.shown.calmView;
  const leader = view?.leader;
  const held = view?.servers.find(({ id }) => id === leader);
  const [lost] = brokenAt(view?.violations ?? []).values();
  const [unfolded, unfold] = useState(false);
  const [list, size] = useSize<HTMLUListElement>();
  const [fits, setFits] = useState(true);
  const words = `${lang.value} ${leader}`;
  useLayoutEffect(() => {
    const last = list.current?.lastElementChild;
    if (!(last instanceof HTMLElement) || unfolded) return;
    setFits(last.offsetTop < LEGEND_LINE);
  }, [size.width, words, unfolded]);
  return (
    <header class="bar">
      <h2>{t("logs")}</h2>
      {lost ? (
        <p class="held-back lost">◆ {brokenWords(lost)}</p>
      ) : held?.heldBack === undefined ? null : (
        <p class="held-back">
          {t("heldBack", { name: name(held.id), index: held.heldBack, term: held.currentTerm })}
        </p>
      )}
      <ul class={`legend${unfolded ? " whole" : ""}`} ref={list}>
        <li>
          <span class="mark next" />
          {leader === undefined ? t("keyNext") : t("keyNextOf", { name: name(leader) })}
        </li>
        <li>
          <span class="mark match" />
          {t("keyMatch")}
        </li>
        {keys.map(([kind, key]) => (
          <li key={kind}>
            <span class={`swatch ${kind}`} />
            {t(key)}
          </li>
        ))}
        <li class="hint">{t("keyHint")}</li>
      </ul>
      {fits && !unfolded ? null : (
        <button
          type="button"
          class="quiet icon-only unfold"
          title={t("legend")}
          aria-label={t("legend")}
          aria-expanded={unfolded}
          onClick={() => unfold(!unfolded)}
        >
          <Icon name="help" />
        </button>
      )}
      <button
        type="button"
        class="quiet icon-only"
        title={t("toTail")}
        aria-label={t("toTail")}
        onClick={props.onTail}
      >
        <Icon name="tail" />
      </button>
    </header>
  );
}

/** Which invariant broke, and what was found. */
function brokenWords({ property, propertyZh, text, textZh }: ViolationView): string {
  const title = t("violation", { property: inLanguage(property, propertyZh) });
  return `${title}${inLanguage(": ", "：")}${inLanguage(text, textZh)}`;
}

interface GridProps {
  readonly view: View;
  readonly cell: number;
  readonly names: number;
  readonly columns: number;
  readonly whole: number;
}

function Grid(props: GridProps): JSX.Element {
  const { state } = useLab();
  const { view, cell, names, columns, whole } = props;
  const { first, columns: count } = state.viewState.logWindow;
  const last = Math.min(columns, first + count - 1);
  const leader = view.servers.find((server) => server.id === view.leader);
  const broken = brokenAt(view.violations);
  return (
    <div
      class={`log-grid${view.servers.length > 6 ? " dense" : ""}`}
      style={{ width: `${whole}px` }}
    >
      <div class="log-axis">
        <span class="log-corner" aria-hidden="true" />
        {upTo(first, last).map((index) => (
          <span
            key={index}
            class={`log-index${broken.has(index) ? " lost" : ""}`}
            title={wordsAt(broken, index)}
            style={{ left: `${names + (index - 1) * cell}px`, width: `${cell}px` }}
          >
            {index}
          </span>
        ))}
      </div>
      {view.servers.map((server) => (
        <Row
          key={server.id}
          server={server}
          first={first}
          last={last}
          cell={cell}
          names={names}
          progress={leader?.progress.find((one) => one.peer === server.id)}
          changed={changedOf(server, view.changes)}
          lost={[...broken.values()].flatMap((one) =>
            one.servers.includes(server.id) ? [[one.index, brokenWords(one)] as const] : [],
          )}
        />
      ))}
    </div>
  );
}

function wordsAt(broken: ReadonlyMap<number, ViolationView>, index: number): string | undefined {
  const found = broken.get(index);
  return found && brokenWords(found);
}

interface RowProps {
  readonly server: ServerView;
  /** The columns in sight. */
  readonly first: number;
  readonly last: number;
  readonly cell: number;
  readonly names: number;
  readonly progress: ProgressView | undefined;
  /** From which to which entry the last event changed it. */
  readonly changed: readonly (readonly [number, number])[];
  /** Where an invariant is broken in its log, and what is said of it. */
  readonly lost: readonly (readonly [number, string])[];
}

const Row = keyed(DrawnRow);

function DrawnRow(props: RowProps): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { server, first, last, cell, names, progress, changed, lost } = props;
  const entries = new Map(server.log.map((entry) => [entry.index, entry]));
  const left = (index: number): number => Math.round(names + (index - 1) * cell);
  const width = Math.floor(cell) - 4;
  return (
    <div class={`log-row ${server.state} ${termClass(server.currentTerm)}`}>
      <div class={`log-name${state.viewState.chosen === server.id ? " chosen" : ""}`}>
        <button
          type="button"
          onClick={(event) => {
            viewState.pin(server.id);
            viewState.showTab("server");
            menu.openOn(event.currentTarget, logMenu(lab, server));
          }}
        >
          <b>{name(server.id)}</b>
          <small>
            {server.role === "follower" && server.state === "up" ? "" : roleWord(server)}
          </small>
        </button>
      </div>
      <Prefix server={server} cell={cell} names={names} />
      {upTo(first, last).map((index) => {
        if (index <= server.snapshotIndex) return null;
        const entry = entries.get(index);
        return entry ? (
          <Cell
            key={index}
            server={server.id}
            {...entry}
            left={left(index)}
            width={width}
            lost={lost.find(([at]) => at === index)?.[1]}
            fresh={changed.some(([from, to]) => index >= from && index <= to)}
            heldUntil={index <= (server.heldBack ?? 0) ? server.currentTerm : undefined}
          />
        ) : (
          <Gap
            key={index}
            server={server.id}
            index={index}
            next={index === server.lastIndex + 1}
            left={left(index)}
            width={width}
          />
        );
      })}
      {progress ? (
        <Marks
          server={server.id}
          nextIndex={progress.nextIndex}
          matchIndex={progress.matchIndex}
          cell={cell}
          names={names}
        />
      ) : null}
    </div>
  );
}

/** Entries that a snapshot has taken the place of. */
function Prefix(props: {
  readonly server: ServerView;
  readonly cell: number;
  readonly names: number;
}): JSX.Element | null {
  const { server, cell, names } = props;
  if (server.snapshotIndex === 0) return null;
  const words = t("snapshotUntil", {
    index: server.snapshotIndex,
    term: server.snapshotTerm,
  });
  return (
    <div
      class={`log-snapshot ${termClass(server.snapshotTerm)}`}
      title={words}
      style={{ left: `${names}px`, width: `${server.snapshotIndex * cell - 4}px` }}
    >
      <span>{t("snapshotShort", { index: server.snapshotIndex })}</span>
    </div>
  );
}

/** Opens the cell's menu with the log as it is now. */
function openCell(lab: Lab, target: Element, id: number, index: number): void {
  const server = lab.state.shown.view?.servers.find((one) => one.id === id);
  if (!server) return;
  const entry = server.log.find((one) => one.index === index);
  lab.menu.openOn(target, entryMenu(lab, server, index, entry));
}

interface PlaceProps {
  readonly server: number;
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

interface CellProps extends PlaceProps, Readonly<EntryView> {
  /** What is broken here, if anything is. */
  readonly lost: string | undefined;
  readonly fresh: boolean;
  /** The term of which an entry has to be committed first, if it is on a majority without being. */
  readonly heldUntil: number | undefined;
}

/** Plain values as properties: a cell that did not change is not drawn again. */
const Cell = keyed(DrawnCell);

function DrawnCell(props: CellProps): JSX.Element {
  const lab = useLab();
  const { server, index, term, text, short, kind, committed, applied, durable, differs } = props;
  const { fresh, heldUntil, left, lost, width } = props;
  const classes = [
    "cell",
    termClass(term),
    committed ? "committed" : "pending",
    applied ? "applied" : "",
    differs ? "differs" : "",
    durable ? "" : "volatile",
    fresh ? "fresh" : "",
    lost ? "lost" : "",
  ];
  const isHeld = !committed && heldUntil !== undefined;
  const states = [t(committed ? "stateCommitted" : "statePending")];
  if (isHeld) states.push(t("stateHeldBack", { term: heldUntil }));
  if (applied) states.push(t("keyApplied"));
  if (differs) states.push(t("stateDiffers"));
  if (!durable) states.push(t("keyVolatile"));
  if (lost) states.push(lost);
  const words = t("cellAria", {
    name: name(server),
    index,
    term,
    command: text,
    state: states.join(", "),
  });
  // Its name begins with what is seen of it, so that it can be called by that.
  const seen = `${term} ${short ?? text}`;
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
      <span class="cell-term">{term}</span>{" "}
      <span class={kind === "command" ? "cell-command" : "cell-command meta"}>{short ?? text}</span>
    </button>
  );
}

interface GapProps extends PlaceProps {
  readonly next: boolean;
}

/** No entry: the first such place can be written to, the rest only keeps the axis. */
const Gap = keyed(DrawnGap);

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

/** What the leader believes of this follower: where it sends next, what it knows to match. */
function Marks(props: {
  readonly server: number;
  readonly nextIndex: number;
  readonly matchIndex: number;
  readonly cell: number;
  readonly names: number;
}): JSX.Element {
  const { server, nextIndex, matchIndex, cell, names } = props;
  const s = name(server);
  const middle = (index: number): number => names + (index - 0.5) * cell - 2;
  return (
    <>
      {matchIndex > 0 ? (
        <span
          class="mark match"
          style={{ left: `${middle(matchIndex)}px` }}
          title={t("matchOf", { name: s, index: matchIndex })}
        />
      ) : null}
      <span
        class="mark next"
        style={{ left: `${middle(nextIndex)}px` }}
        title={t("nextOf", { name: s, index: nextIndex })}
      />
    </>
  );
}
