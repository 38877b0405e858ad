/** Time, at the foot of the page: the term tape with the slider over it. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { coveredFrom } from "../lib/bets";
import { type Lanes as LaneColumns, NO_LANES, tapeOf } from "../lib/tape";
import { formatInstant } from "../lib/time";
import { termClass, useMover, useSize } from "./hooks";
import { useLab } from "./use-lab";

/** Room above the lanes for crowns, and below them for the marks. */
const ABOVE = 10;
const BELOW = 9;

export function Tape(): JSX.Element {
  const { session, shown, state } = useLab();
  const view = state.shown.calmView;
  const end = Math.max(1, view?.endAt ?? 1);
  const { beside } = state.shown;
  const { found } = state.compare;
  const [ref, size] = useSize<HTMLDivElement>();
  const input = useRef<HTMLInputElement>(null);
  const ahead = useRef<HTMLDivElement>(null);
  const told = useRef("");
  useMover((now) => {
    const at = Math.min(now, end);
    // A head that would not move by a quarter of a pixel is left alone: setting it is dear.
    const place = `${Math.round((at / end) * size.width * 4)} ${end} ${at === end}`;
    if (place === told.current) return;
    if (input.current) input.current.value = String(at);
    if (ahead.current) ahead.current.style.transform = `scaleX(${1 - at / end})`;
    told.current = place;
  });
  const now = view ? shown.nowUs() : 0;
  return (
    <div
      class={`tape${(view?.servers.length ?? 0) > 6 ? " crowded" : ""}${beside ? " forked" : ""}`}
      ref={ref}
    >
      <Lanes
        lanes={state.shown.lanes}
        broken={view?.violations ?? []}
        fails={state.shown.failures}
        end={end}
        width={size.width}
        height={beside ? size.height / 2 : size.height}
        isAlone={!beside}
      />
      {beside ? (
        <div class="tape-beside">
          <Lanes
            lanes={beside.lanes ?? NO_LANES}
            broken={beside.view.violations}
            fails={beside.failures}
            end={end}
            width={size.width}
            height={size.height / 2}
            isAlone={false}
          />
        </div>
      ) : null}
      {beside && found ? (
        <i
          class="parting"
          title={t("firstDifference")}
          style={{ left: `${(Math.min(found.at, end) / end) * 100}%` }}
        />
      ) : null}
      <div class="tape-ahead" ref={ahead} />
      <Cover end={end} />
      <Seen end={end} />
      <input
        type="range"
        ref={input}
        min={0}
        max={end}
        step={1}
        title={t("tapeHint")}
        onPointerMove={({ currentTarget, offsetY }) => {
          const servers = view?.servers.length ?? 0;
          const server = Math.ceil((offsetY - ABOVE) / pitchOf(size.height, servers, !beside));
          const isLane = !beside && server >= 1 && server <= servers;
          currentTarget.setAttribute("data-points", isLane ? `S${server}` : "");
        }}
        aria-label={t("slider")}
        aria-valuetext={t("timeOf", { now: formatInstant(now), end: formatInstant(end) })}
        onInput={(event) => session.goToTime(Number(event.currentTarget.value))}
      />
    </div>
  );
}

/** What comes after a question is covered, or the answer would be one glance away. */
function Cover({ end }: { readonly end: number }): JSX.Element | null {
  const asked = coveredFrom(useLab().state);
  if (!asked) return null;
  return (
    <div class="tape-cover" style={{ left: `${(100 * Math.min(asked.at, end)) / end}%` }}>
      <span>{t("betCovered")}</span>
    </div>
  );
}

/** What of the run the diagram shows. */
function Seen({ end }: { readonly end: number }): JSX.Element | null {
  const { seen } = useLab().state.diagram;
  if (!seen) return null;
  const share = (us: number): number => Math.max(0, Math.min(1, us / end));
  const [left, right] = [share(seen.fromUs), 1 - share(seen.toUs)];
  return <div class="tape-seen" style={{ left: `${100 * left}%`, right: `${100 * right}%` }} />;
}

export function Clock(): JSX.Element {
  const clock = useRef<HTMLOutputElement>(null);
  const told = useRef("");
  useMover((now) => {
    const words = formatInstant(now);
    if (clock.current && words !== told.current) clock.current.textContent = words;
    told.current = words;
  });
  return <output class="clock" ref={clock} />;
}

/** From lane to lane. */
function pitchOf(height: number, servers: number, isAlone: boolean): number {
  return Math.max(3, Math.floor((height - ABOVE - (isAlone ? BELOW : 0)) / Math.max(1, servers)));
}

/** From one column of marks to the next: closer together they would be one bar. */
const COLUMN = 4;

function Lanes(props: {
  readonly lanes: LaneColumns;
  /** What breaks an invariant, and what is not as expected. */
  readonly broken: readonly { readonly at: number }[];
  readonly fails: readonly { readonly at: number }[];
  readonly end: number;
  readonly width: number;
  readonly height: number;
  /** Whether no other branch is drawn with it: there is room for the lesser marks then. */
  readonly isAlone: boolean;
}): JSX.Element {
  const { state } = useLab();
  const { end, width, height, isAlone } = props;
  const servers = state.shown.calmView?.servers.length ?? 1;
  const pitch = pitchOf(height, servers, isAlone);
  // The head of the slider is two pixels wide, and its middle is what it stands on.
  const x = (at: number): number => 1 + (Math.min(at, end) / end) * Math.max(0, width - 2);
  const lane = (server: number) => ({
    middle: ABOVE + pitch * (server - 0.5),
    thin: Math.max(2, Math.round(pitch / 3)),
    thick: Math.max(3, pitch - 2),
  });
  const { paths, elections } = tapeOf(props.lanes, end, x, lane, termClass);
  const bottom = ABOVE + pitch * servers;
  // Many events of note fall into one column: the more, the higher it is.
  const columns = new Map<number, number>();
  for (const { at } of state.shown.notes) {
    const column = Math.floor(x(at) / COLUMN) * COLUMN;
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const marks = [...columns]
    .map(([column, count]) => `M${column}.5 ${bottom + 8}v${-Math.min(7, 2 + Math.log2(count))}`)
    .join("");
  const tick = (at: number): string => `M${Math.round(x(at))}.5 `;
  const starts = state.shown.phases.map(({ at }) => `${tick(at)}${bottom + 2}v7`).join("");
  const fails = props.fails.map(({ at }) => `${tick(at)}0v${bottom}`).join("");
  const broken = [...new Set(props.broken.map(({ at }) => at))]
    .map((at) => `M${x(at) - 4} 5l4-4 4 4-4 4z`)
    .join("");
  const crowns = elections.map((at) => `M${at - 3.5} 8v-6l2 2.5 1.5-3.5 1.5 3.5 2-2.5v6z`).join("");
  return (
    <svg aria-hidden="true">
      {paths.map(({ of, d }) => (
        <path key={of} class={`lane ${of}`} d={d} />
      ))}
      {Array.from({ length: servers }, (_, i) => (
        <rect
          key={`S${i + 1}`}
          class="tape-lane"
          data-of={`S${i + 1}`}
          x={0}
          y={ABOVE + pitch * i}
          width={width}
          height={pitch}
        />
      ))}
      <path class="crowns" d={crowns} />
      {isAlone ? (
        <>
          <path class="note" d={marks} />
          <path class="phase" d={starts} />
        </>
      ) : null}
      <path class="fails" d={fails} />
      <path class="broken-at" d={broken} />
    </svg>
  );
}
