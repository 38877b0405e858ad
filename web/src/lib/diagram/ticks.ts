/** The ticks of the diagram's axis: round instants some way apart, or so many steps. */
import { formatTick } from "../time";
import type { Sight } from "./sight";

export interface Tick {
  readonly place: number;
  readonly words: string;
}

/** No two ticks are nearer than this. */
const APART = 76;

export function ticksOf(sight: Sight, isCausal: boolean): Tick[] {
  const { axis, from, perPixel, width } = sight;
  const step = roundUp(perPixel * APART);
  const until = Math.min(axis.extent, from + perPixel * width);
  const ticks: Tick[] = [];
  if (isCausal) {
    const every = Math.max(1, step);
    for (let place = Math.max(0, Math.ceil(from / every) * every); place <= until; place += every)
      ticks.push({ place, words: String(place) });
    return ticks;
  }
  // Between two tears time is true to scale, and an instant within a tear has no tick.
  const stretches = [...axis.tears.map(({ start }) => start), axis.extent];
  let start = 0;
  for (const [i, end] of stretches.entries()) {
    const first = Math.max(start, from);
    if (end >= from && start <= until) {
      const firstUs = Math.ceil(axis.usAt(first) / step) * step;
      const lastUs = axis.usAt(Math.min(end, until));
      for (let us = firstUs; us <= lastUs; us += step) push(ticks, axis.at(us), us, sight);
    }
    start = axis.tears[i]?.end ?? end;
  }
  const room = (until - Math.max(0, from)) / (perPixel * APART);
  return ticks.length >= room / 4 ? ticks : evenTicks(sight, until);
}

/** Where no stretch between two tears is wide enough for a round instant: whatever instant is there. */
function evenTicks({ axis, from, perPixel }: Sight, until: number): Tick[] {
  const every = perPixel * 2 * APART;
  const ticks: Tick[] = [];
  for (let place = Math.ceil(Math.max(0, from) / every) * every; place <= until; place += every) {
    const us = axis.usAt(place);
    const unit = us > 60_000_000 ? 1_000_000 : 1000;
    ticks.push({ place, words: formatTick(Math.round(us / unit) * unit) });
  }
  return ticks;
}

function push(ticks: Tick[], place: number, us: number, { perPixel }: Sight): void {
  const last = ticks.at(-1);
  if (last && (place - last.place) / perPixel < APART * 0.7) return;
  ticks.push({ place, words: formatTick(us) });
}

/** The next of 1, 2, 5, 10, 20, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const found = [1, 2, 5, 10].find((one) => one * power >= value);
  return (found ?? 10) * power;
}
