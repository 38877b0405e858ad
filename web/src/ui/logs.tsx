/** All logs over one index axis, as much of them as is in sight. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ChangeView, ServerView, View, ViolationView } from "../engine/types";
import { t } from "../i18n";
import { brokenAt, brokenJustNow } from "../lib/broken";
import {
  type Axis,
  indexAt,
  labelStep,
  lengthOf,
  STRIDE,
  scrollFor,
  startOf,
  upToStride,
  widthAt,
} from "../lib/log-axis";
import { atTail, upTo } from "../lib/window";
import type { LogWindow } from "../state/state";
import { presentedScale } from "../state/view-state";
import { useAtFrameEnd, useSize } from "./hooks";
import { Ever } from "./log-ever";
import { brokenWords, Legend } from "./log-legend";
import { markWindow, Overview } from "./log-overview";
import { Row } from "./log-row";
import { DENSE, type Sizes, sizesOf } from "./log-sizes";
import { useLab } from "./use-lab";

/** Columns drawn beyond what is in sight, so that a quick scroll meets no gap. */
const SPARE = 3;

export function Logs(): JSX.Element {
  const { side, state } = useLab();
  const view = state.shown.view;
  const [ref, size] = useSize<HTMLDivElement>();
  const { askedIndex: asked, shape } = state.viewState;
  const scale = presentedScale(state);
  const sizes = view && sizesOf(view, size.width, { shape, scale, asked });
  const { settle, toTail, ...scrolling } = useScrolling(ref, size.width, sizes);
  const isCut = sizes !== undefined && lengthOf(sizes.axis) > sizes.room + 1;
  return (
    <section class="logs" aria-label={t("logs") + side}>
      <Legend onTail={toTail} />
      {view && sizes && isCut ? <Overview view={view} sizes={sizes} {...scrolling} /> : null}
      <div class="log-scroll" ref={ref} onScroll={settle}>
        {view && sizes ? <Grid view={view} sizes={sizes} /> : null}
      </div>
    </section>
  );
}

/** The columns that are drawn, some more than are in sight. */
function windowOf({ axis, room }: Sizes, scrolled: number): LogWindow {
  const from = Math.max(1, indexAt(axis, scrolled) - SPARE);
  const to = Math.min(axis.columns, indexAt(axis, scrolled + room) + SPARE);
  const first = from - ((from - 1) % STRIDE);
  return { first, columns: Math.max(1, upToStride(to - first + 1)) };
}

/** Which part of the logs is in sight: where the last event was, until the reader scrolls away. */
function useScrolling(
  ref: { readonly current: HTMLDivElement | null },
  width: number,
  sizes: Sizes | undefined,
) {
  const { engine, side, state, viewState } = useLab();
  const view = state.shown.view;
  // Asking the box where it is scrolled to would lay the page out once more at every event.
  const scrolled = useRef(0);
  const following = useRef(true);
  /** Where the box was last told to scroll to. */
  const told = useRef(0);
  const mark = useRef<HTMLDivElement>(null);
  const last = view?.lastIndexMax ?? 0;
  const length = sizes ? lengthOf(sizes.axis) : 0;
  // The tail is where entries end, and the next will stand; the axis goes on behind it.
  const tail = sizes ? startOf(sizes.axis, last + 2) : 0;
  const room = sizes?.room ?? 0;
  const showWindow = (): void => {
    if (!sizes) return;
    markWindow(mark.current, sizes, scrolled.current, last);
    viewState.scrollLog(windowOf(sizes, scrolled.current), side);
    if (!viewState.isAsked(state.viewState.logWindow)) void engine.look(false);
  };
  const settle = useAtFrameEnd(() => {
    const box = ref.current;
    if (!box) return;
    const place = box.scrollLeft;
    if (Math.abs(place - told.current) > 2) {
      // The reader has scrolled.
      following.current = atTail(place, room, tail);
      scrolled.current = place;
    } else if (scrolled.current !== told.current) box.scrollLeft = scrolled.current;
    told.current = scrolled.current;
    showWindow();
  });
  const scrollTo = (wanted: number): void => {
    const place = Math.max(0, Math.min(wanted, length - room));
    if (place !== scrolled.current) {
      scrolled.current = place;
      settle();
    }
    showWindow();
  };
  // What an event has just broken is what whoever comes to it wants to see.
  const touched = view && (brokenJustNow(view) ?? view.touched);
  useLayoutEffect(() => {
    // Who goes from event to event wants to see it, forwards and backwards.
    if (!sizes || touched === undefined || (state.play.playing && !following.current)) return;
    scrollTo(scrollFor(sizes.axis, scrolled.current, room, touched));
  }, [view?.position, touched]);
  useLayoutEffect(() => {
    if (following.current && touched === undefined) scrollTo(tail - room);
    else scrollTo(scrolled.current);
  }, [length, width, sizes?.axis.isFolded]);
  const open = sizes?.axis.open ?? 0;
  useLayoutEffect(() => {
    // What is unfolded comes into sight whole; nothing moves where a reader has scrolled to.
    const isAway = open === 0 || (state.play.playing && !following.current);
    if (!sizes || isAway) scrollTo(scrolled.current);
    else scrollTo(scrollFor(sizes.axis, scrolled.current, room, open));
  }, [open]);
  const leadTo = (place: number): void => {
    following.current = atTail(place, room, tail);
    scrollTo(place);
  };
  return {
    mark,
    settle,
    scrollTo: leadTo,
    scrollBy: (length: number): void => leadTo(scrolled.current + length),
    toTail: (): void => {
      following.current = true;
      scrollTo(tail - room);
    },
  };
}

function changedOf({ id }: ServerView, changes: readonly ChangeView[]): [number, number][] {
  return changes.flatMap(({ server, entries }) => (entries && server === id ? [entries] : []));
}

interface GridProps {
  readonly view: View;
  readonly sizes: Sizes;
}

function Grid({ view, sizes }: GridProps): JSX.Element {
  const { state } = useLab();
  const { axis, names } = sizes;
  const { first, columns } = state.viewState.logWindow;
  const last = Math.min(axis.columns, first + columns - 1);
  const leader = view.servers.find((server) => server.id === view.leader);
  const broken = brokenAt(view.violations);
  const isDense = view.servers.length > DENSE;
  return (
    <div
      class={`log-grid${isDense ? " dense" : ""}${axis.isFolded ? " folded" : ""}`}
      style={{ width: `${names + lengthOf(axis)}px` }}
    >
      <div class="log-axis">
        <span class="log-corner" aria-hidden="true" />
        <Numbers
          first={first}
          last={last}
          held={view.firstIndexMin}
          axis={axis}
          names={names}
          broken={broken}
        />
      </div>
      {view.servers.map((server) => (
        <Row
          key={server.id}
          server={server}
          first={first}
          last={last}
          axis={axis}
          names={names}
          progress={leader?.progress.find((one) => one.peer === server.id)}
          brackets={view.brackets.filter((one) => one.server === server.id)}
          changed={changedOf(server, view.changes)}
          lost={[...broken.values()].flatMap((one) =>
            one.servers.includes(server.id) ? [[one.index, brokenWords(one)] as const] : [],
          )}
        />
      ))}
      <Ever view={view} first={first} last={last} axis={axis} names={names} />
    </div>
  );
}

/** The width of a digit of the axis. */
const DIGIT = 7;

/** The axis. While it is folded, an index is unfolded by its number. */
function Numbers(props: {
  readonly first: number;
  readonly last: number;
  /** The first index of which a log still holds an entry. */
  readonly held: number;
  readonly axis: Axis;
  readonly names: number;
  readonly broken: ReadonlyMap<number, ViolationView>;
}): JSX.Element {
  const { state, viewState } = useLab();
  const { first, last, held, axis, names, broken } = props;
  const step = labelStep(axis.cell, last, DIGIT);
  const numbers = upTo(first, last).map((index) => {
    const isSaid = index % step === 0 || index === 1 || index === axis.open || broken.has(index);
    if (!isSaid && state.play.playing) return null;
    const lost = broken.get(index);
    const all = {
      key: index,
      class: `log-index${lost ? " lost" : ""}${index === axis.open ? " open" : ""}`,
      "data-of": index,
      "data-index": index,
      style: { left: `${names + startOf(axis, index)}px`, width: `${widthAt(axis, index)}px` },
    };
    if (!axis.isFolded || index < held) {
      return (
        <span {...all} title={lost && brokenWords(lost)}>
          {index}
        </span>
      );
    }
    return (
      <button
        type="button"
        {...all}
        tabIndex={index === axis.open ? 0 : -1}
        title={lost ? brokenWords(lost) : t("unfoldIndex", { index })}
        aria-label={t("unfoldIndex", { index })}
        aria-pressed={index === axis.open}
        onClick={() => viewState.askAbout(index)}
      >
        {isSaid ? index : ""}
      </button>
    );
  });
  return <>{numbers}</>;
}
