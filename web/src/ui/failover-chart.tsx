/** The chart of the dials: for each instant the share of elections that were over by then. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/later";
import { after, FIGURE_16_SHARES, type Found, sharesAt } from "../lib/dials";
import { loadScript } from "../lib/script";
import { dark, theme } from "../state/page";
import { paletteOf } from "./palette";

const INSTANTS = 160;

type Charts = NonNullable<typeof globalThis.raftCharts>;

/** The instants at which the curves are drawn: to where nearly all elections are over. */
function instantsOf(mine: Found, other: Found, paper: readonly number[] | undefined): number[] {
  const most = Math.max(
    ...[mine, other].map((found) => after(found, 0.995) ?? found.ms.at(-1) ?? 0),
    ...(paper ?? []),
    100,
  );
  const each = Array.from({ length: INSTANTS + 1 }, (_, i) => (i * most * 1.05) / INSTANTS);
  return [...new Set([...each, ...(paper ?? [])])].sort((a, b) => a - b);
}

export function Chart(props: {
  readonly mine: Found;
  readonly other: Found;
  readonly paper: readonly number[] | undefined;
}): JSX.Element {
  const { mine, other, paper } = props;
  const ref = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<Charts["chart"]>>(undefined);
  const [isReady, setReady] = useState(false);
  const [failed, setFailed] = useState(false);
  const show = (): void => {
    const instants = instantsOf(mine, other, paper);
    const points = instants.map((instant) => {
      const place = paper?.indexOf(instant) ?? -1;
      return FIGURE_16_SHARES[place] ?? null;
    });
    drawn.current?.show([instants, sharesAt(mine, instants), sharesAt(other, instants), points]);
  };
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    let isOver = false;
    load()
      .then(() => {
        if (isOver) return;
        drawn.current = globalThis.raftCharts?.chart(element, lookOf(element));
        setReady(true);
      })
      .catch(() => setFailed(true));
    return () => {
      isOver = true;
      drawn.current?.end();
      drawn.current = undefined;
      setReady(false);
    };
  }, [theme.value, dark.value]);
  useEffect(show, [isReady, mine, other, paper]);
  // The figures below say the same.
  return (
    <div class="chart" ref={ref} aria-hidden="true">
      {failed ? <p class="dim">{t("noChart")}</p> : null}
    </div>
  );
}

async function load(): Promise<void> {
  if (!globalThis.raftCharts) await loadScript("dist/charts.js");
}

/** The colours and letters of the page, as they are where the chart stands. */
function lookOf(element: HTMLElement) {
  const { accent, assent, ink, dim, line, font } = paletteOf(element);
  return { mine: accent, other: assent, points: ink, axis: dim, grid: line, font };
}
