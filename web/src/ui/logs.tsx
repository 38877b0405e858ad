/** All logs over one index axis, as much of them as is in sight. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ChangeView, ServerView, View, ViolationView } from "../engine/types";
import { t } from "../i18n";
import { brokenAt } from "../lib/broken";
import { atTail, scrollToShow, upTo, visibleSpan } from "../lib/window";
import { presentedScale } from "../state/view-state";
import { useAtFrameEnd, useSize } from "./hooks";
import { brokenWords, Legend } from "./log-legend";
import { Row } from "./log-row";
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

function upToStride(columns: number): number {
  return Math.ceil(columns / STRIDE) * STRIDE;
}

function changedOf({ id }: ServerView, changes: readonly ChangeView[]): [number, number][] {
  return changes.flatMap(({ server, entries }) => (entries && server === id ? [entries] : []));
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
