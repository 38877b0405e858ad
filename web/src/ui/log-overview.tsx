/** The logs from end to end, a few pixels an index, and which part of them is in sight below. */
import type { JSX, RefObject } from "preact";
import type { ServerView, View } from "../engine/types";
import { t } from "../i18n";
import { indexAt, lengthOf, startOf } from "../lib/log-axis";
import { termClass } from "./hooks";
import type { Sizes } from "./log-sizes";

/** An index is never wider; in a log that is too long for that, all are narrower. */
const STRIP = 4;

type Pointed = PointerEvent & { readonly currentTarget: HTMLDivElement };

interface OverviewProps {
  readonly view: View;
  readonly sizes: Sizes;
  /** What marks the part in sight: it is moved without drawing anything anew. */
  readonly mark: RefObject<HTMLDivElement | null>;
  /** Scrolls the logs, so that they begin at this place of their axis. */
  readonly scrollTo: (place: number) => void;
  readonly scrollBy: (length: number) => void;
}

export function Overview(props: OverviewProps): JSX.Element {
  const { view, sizes, mark, scrollTo, scrollBy } = props;
  const { axis, names, room } = sizes;
  const last = view.lastIndexMax;
  const each = pixelsEach(sizes, last);
  /** What is pointed at comes into the middle. */
  const point = ({ buttons, clientX, currentTarget, pointerId }: Pointed): void => {
    if (buttons === 0) return;
    currentTarget.setPointerCapture(pointerId);
    const { left } = currentTarget.getBoundingClientRect();
    const index = Math.max(1, Math.min(last, Math.ceil((clientX - left) / each)));
    scrollTo(startOf(axis, index) + axis.cell / 2 - room / 2);
  };
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => scrollBy(-axis.cell),
    ArrowRight: () => scrollBy(axis.cell),
    PageUp: () => scrollBy(-room),
    PageDown: () => scrollBy(room),
    Home: () => scrollTo(0),
    End: () => scrollTo(lengthOf(axis) - room),
  };
  return (
    <div class="log-overview" style={{ paddingInlineStart: `${names}px` }}>
      <span class="log-overview-name" aria-hidden="true">
        {t("wholeLogs")}
      </span>
      <div
        class="log-strip"
        style={{ width: `${last * each}px` }}
        onPointerDown={point}
        onPointerMove={point}
      >
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${last} ${view.servers.length}`}
          preserveAspectRatio="none"
        >
          {view.servers.map((server, row) => (
            <Strip key={server.id} server={server} row={row} />
          ))}
        </svg>
        <div
          class="log-window"
          ref={mark}
          role="slider"
          tabIndex={0}
          title={`${t("logWindow")} ( ← → PgUp PgDn Home End )`}
          aria-label={t("logWindow")}
          aria-valuemin={1}
          aria-valuemax={last}
          aria-valuenow={1}
          onKeyDown={(event) => {
            const move = moves[event.key];
            if (!move) return;
            move();
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </div>
    </div>
  );
}

function pixelsEach({ room }: Sizes, last: number): number {
  return Math.min(STRIP, (room - 4) / Math.max(1, last));
}

/** A server's log: committed entries are as strong as in its cells, the others fainter. */
function Strip(props: { readonly server: ServerView; readonly row: number }): JSX.Element {
  const { commitIndex, lastIndex, runs, snapshotIndex, snapshotTerm } = props.server;
  const before = snapshotIndex > 0 ? [{ first: 1, term: snapshotTerm }] : [];
  const all = [...before, ...runs];
  return (
    <>
      {all.map(({ first, term }, i) => {
        const end = all[i + 1]?.first ?? lastIndex + 1;
        const middle = Math.max(first, Math.min(end, commitIndex + 1));
        const part = (from: number, to: number, kind: string): JSX.Element | null =>
          to > from ? (
            <rect
              class={`${termClass(term)} ${kind}`}
              x={from - 1}
              y={props.row + 0.1}
              width={to - from}
              height={0.8}
            />
          ) : null;
        return (
          <g key={first}>
            {part(first, middle, first <= snapshotIndex ? "in-snapshot" : "committed")}
            {part(middle, end, "pending")}
          </g>
        );
      })}
    </>
  );
}

/** Puts the mark over what is in sight. */
export function markWindow(
  mark: HTMLDivElement | null,
  sizes: Sizes,
  scrolled: number,
  last: number,
): void {
  if (!mark) return;
  const { axis, room } = sizes;
  const each = pixelsEach(sizes, last);
  const from = indexAt(axis, scrolled);
  const to = Math.min(last, indexAt(axis, scrolled + room - 1));
  const left = Math.max(0, (from - 1) * each - 2);
  mark.style.left = `${left}px`;
  mark.style.width = `${Math.max(10, to * each + 2 - left)}px`;
  mark.ariaValueNow = String(from);
  mark.ariaValueText = t("logWindowNow", { from, to, last });
}
