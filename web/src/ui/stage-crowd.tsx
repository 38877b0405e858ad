/** A crowd of servers: how much of what travels is drawn, and the thin lines for the rest. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { ARROWS, type Arrows, type Sorted, type Thin } from "../lib/crowd";
import type { Point, Ring } from "../lib/geometry";
import { useLab } from "./use-lab";

const KEYS = { focus: "arrowsFocus", context: "arrowsContext", all: "arrowsAll" } as const;

/** So high is the bar over the stage. */
export const BAR = 34;

export function ArrowsBar(props: {
  readonly arrows: Arrows;
  readonly sorted: Sorted<unknown>;
}): JSX.Element {
  const { viewState } = useLab();
  const { arrows, sorted } = props;
  const counts = { drawn: sorted.drawn.length, others: sorted.others, lines: sorted.thin.length };
  const said = { focus: "arrowsHidden", context: "arrowsThin", all: "arrowsDrawn" } as const;
  return (
    <div class="arrows-bar">
      <fieldset class="segmented" aria-label={t("arrows")} title={`${t("arrowsHint")} ( a )`}>
        {ARROWS.map((one) => (
          <button
            type="button"
            key={one}
            aria-pressed={one === arrows}
            aria-keyshortcuts="a"
            onClick={() => viewState.drawArrows(one)}
          >
            {t(KEYS[one])}
          </button>
        ))}
      </fieldset>
      <span>{t(sorted.others === 0 ? "arrowsDrawn" : said[arrows], counts)}</span>
    </div>
  );
}

/** The two ends of a thin line: at the edges of the discs. */
export function thinEnds(ring: Ring, { from, to }: Thin): readonly [Point, Point] | undefined {
  const [a, b] = [ring.places[from - 1], ring.places[to - 1]];
  if (!a || !b) return undefined;
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [x, y] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const edge = ring.radius + 9;
  return [
    { x: a.x + x * edge, y: a.y + y * edge },
    { x: b.x - x * edge, y: b.y - y * edge },
  ];
}

/** Where its head stands on a thin line. */
const HEAD_AT = 0.62;

export function ThinLine(props: { readonly thin: Thin; readonly ring: Ring }): JSX.Element | null {
  const { thin, ring } = props;
  const ends = thinEnds(ring, thin);
  if (!ends) return null;
  const [a, b] = ends;
  const turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const head = (share: number, way: number): JSX.Element => (
    <path
      class="thin-head"
      d="M4 0l-7-3.4v6.8z"
      transform={`translate(${(a.x + (b.x - a.x) * share).toFixed(1)} ${(a.y + (b.y - a.y) * share).toFixed(1)}) rotate(${(turn + way).toFixed(1)})`}
    />
  );
  return (
    <g class="thin" data-thin={`${thin.from}-${thin.to}`} data-count={thin.count}>
      <path
        class="thin-line"
        d={`M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`}
      />
      {head(HEAD_AT, 0)}
      {thin.isBothWays ? head(1 - HEAD_AT, 180) : null}
    </g>
  );
}
