/** Words for instants and spans. The engine counts in whole microseconds. */

/** An instant for the eye: `806.4 ms`, `12.345 s`, `3:07.250`. */
export function formatInstant(us: number): string {
  if (us < 1_000_000) return `${(us / 1000).toFixed(us % 1000 === 0 ? 0 : us < 10_000 ? 2 : 1)} ms`;
  if (us < 60_000_000) return `${(us / 1_000_000).toFixed(3)} s`;
  const minutes = Math.floor(us / 60_000_000);
  const seconds = ((us - minutes * 60_000_000) / 1_000_000).toFixed(3).padStart(6, "0");
  return `${minutes}:${seconds}`;
}

/** An instant for a column of them: milliseconds with two decimals, aligned by figures. */
export function formatColumn(us: number): string {
  const ms = (us / 1000).toFixed(2);
  const dot = ms.length - 3;
  return dot > 3 ? `${ms.slice(0, dot - 3)} ${ms.slice(dot - 3)}` : ms;
}

/** A span: `350 µs`, `4.2 ms`, `742 ms`, `1.5 s`. */
export function formatSpan(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 10_000) return `${trim((us / 1000).toFixed(1))} ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  return `${trim((us / 1_000_000).toFixed(2))} s`;
}

/** What is left of a span: `642 / 820 ms`. */
export function formatShare(left: number, all: number): string {
  if (all >= 1_000_000 || all < 1000) return `${formatSpan(left)} / ${formatSpan(all)}`;
  return `${Math.round(left / 1000)} / ${Math.round(all / 1000)} ms`;
}

/** A round instant beside a tick: `340 ms`, `1.25 s`, `3:20`. */
export function formatTick(us: number): string {
  if (us < 1_000_000) return us < 1000 && us > 0 ? `${us} µs` : `${us / 1000} ms`;
  if (us < 60_000_000) return `${us / 1_000_000} s`;
  const minutes = Math.floor(us / 60_000_000);
  const seconds = String((us - minutes * 60_000_000) / 1_000_000);
  return `${minutes}:${seconds.includes(".") ? seconds.padStart(6, "0") : seconds.padStart(2, "0")}`;
}

/** A span as Actions write it. */
export function durationText(us: number): string {
  if (us % 1_000_000 === 0 && us > 0) return `${us / 1_000_000}s`;
  if (us % 1000 === 0) return `${us / 1000}ms`;
  return `${us}us`;
}

function trim(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
