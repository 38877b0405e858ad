/**
 * The chart of the dials, drawn by uPlot: dist/charts.js, which is loaded when somebody first looks at
 * one. Its texts stand in the page, and its figures in a table beside it.
 */
import uPlot from "uplot";

/** How the lines of a chart are drawn. */
export interface Look {
  readonly mine: string;
  readonly other: string;
  readonly points: string;
  readonly axis: string;
  readonly grid: string;
  readonly font: string;
}

/** Instants in ms, and for each the shares of what is drawn: mine, the other, the published points. */
export type Curves = [number[], (number | null)[], (number | null)[], (number | null)[]];

const HEIGHT = 230;

/** Draws in `element`, and anew whenever there is more. */
export function chart(element: HTMLElement, look: Look) {
  const axis = {
    stroke: look.axis,
    font: look.font,
    grid: { stroke: look.grid, width: 1 },
    ticks: { show: false },
  };
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      padding: [12, 16, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false }, y: { range: [0, 1] } },
      axes: [
        { ...axis, values: (_, all) => all.map((ms) => `${ms}`), size: 28 },
        {
          ...axis,
          size: 48,
          splits: [0, 0.25, 0.5, 0.75, 1],
          values: (_, all) => all.map((share) => `${share * 100} %`),
        },
      ],
      series: [
        {},
        { stroke: look.mine, width: 2, points: { show: false } },
        { stroke: look.other, width: 1.5, dash: [5, 4], points: { show: false } },
        {
          stroke: look.points,
          width: 0,
          paths: () => null,
          points: { show: true, size: 8, width: 1.6, fill: "transparent" },
        },
      ],
    },
    [[], [], [], []],
    element,
  );
  const resized = new ResizeObserver(() =>
    plot.setSize({ width: element.clientWidth, height: HEIGHT }),
  );
  resized.observe(element);
  return {
    show: (curves: Curves): void => plot.setData(curves),
    end: (): void => {
      resized.disconnect();
      plot.destroy();
    },
  };
}

globalThis.raftCharts = { chart };
