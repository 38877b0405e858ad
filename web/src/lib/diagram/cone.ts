/**
 * What led to an event, and what came of it: Lamport's relation, by which an event happened before
 * another if a chain of messages, timers and steps of servers goes from one to the other. Of each
 * server the past is a beginning of its events and the future an end of them, so one number a server
 * says all.
 */
import type { History } from "./history";

export interface Cone {
  readonly selected: number;
  /** By server: the last event that led to the selected one; -1 for none. */
  readonly past: Int32Array;
  /** By server: the first one that came of it; `NEVER` for none. */
  readonly future: Int32Array;
}

export const NEVER = 2 ** 31 - 1;

/** The cone of `selected` in a run of so many servers. */
export function coneOf(history: History, selected: number, servers: number): Cone {
  const cone: Cone = {
    selected,
    past: new Int32Array(servers + 1).fill(-1),
    future: new Int32Array(servers + 1).fill(NEVER),
  };
  if (selected < 0 || selected >= history.count) return cone;
  lookBack(history, cone);
  lookAhead(history, cone);
  return cone;
}

/** Whether event `k` led to the selected one. */
export function ledTo(history: History, cone: Cone, k: number): boolean {
  const server = history.server[k] ?? 0;
  if (k === cone.selected) return true;
  if (server > 0) return k <= (cone.past[server] ?? -1);
  // What was done from outside of all servers led to what it is named as the cause of.
  return history.cause[cone.selected] === k;
}

/** Whether event `k` came of the selected one. */
export function cameOf(history: History, cone: Cone, k: number): boolean {
  const server = history.server[k] ?? 0;
  if (k === cone.selected) return true;
  if (server > 0) return k >= (cone.future[server] ?? NEVER);
  const cause = history.cause[k] ?? -1;
  return cause >= cone.selected && cameOf(history, cone, cause);
}

function lookBack(history: History, { past, selected }: Cone): void {
  const reach = (k: number): void => {
    const server = history.server[k] ?? 0;
    if (server > 0) past[server] = Math.max(past[server] ?? -1, k);
    else if (k >= 0 && k < selected) reach(history.cause[k] ?? -1);
  };
  reach(selected);
  reach(history.cause[selected] ?? -1);
  for (let k = selected; k >= 0; k--) {
    const server = history.server[k] ?? 0;
    if (server > 0 && k <= (past[server] ?? -1)) reach(history.cause[k] ?? -1);
    // All that happened earlier led to it as well.
    if (past.every((last, i) => i === 0 || last >= k)) return;
  }
}

function lookAhead(history: History, cone: Cone): void {
  const { future, selected } = cone;
  const own = history.server[selected] ?? 0;
  if (own > 0) future[own] = selected;
  let left = future.length - 1 - (own > 0 ? 1 : 0);
  for (let k = selected + 1; k < history.count && left > 0; k++) {
    const server = history.server[k] ?? 0;
    if (server === 0 || (future[server] ?? NEVER) <= k) continue;
    const cause = history.cause[k] ?? -1;
    if (cause < selected || !cameOf(history, cone, cause)) continue;
    future[server] = k;
    left -= 1;
  }
}
