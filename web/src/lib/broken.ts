/** One cause often breaks one invariant in several places; those belong together. */

interface Found {
  readonly property: string;
  readonly event: number;
}

export interface Broken<V> {
  readonly first: V;
  readonly more: readonly V[];
}

/** The violations of one invariant after one event as one, in the order of the first of each. */
export function grouped<V extends Found>(violations: readonly V[]): Broken<V>[] {
  const groups = new Map<string, { first: V; more: V[] }>();
  for (const violation of violations) {
    const key = `${violation.event} ${violation.property}`;
    const group = groups.get(key);
    if (group) group.more.push(violation);
    else groups.set(key, { first: violation, more: [] });
  }
  return [...groups.values()];
}

/** What broke at an index of the log: the first of each, with the servers whose cells it is about. */
export function brokenAt<V extends { readonly index: number }>(
  violations: readonly V[],
): ReadonlyMap<number, V> {
  const found = new Map<number, V>();
  for (const violation of violations) {
    if (violation.index > 0 && !found.has(violation.index)) found.set(violation.index, violation);
  }
  return found;
}

/** The first index of the log at which the last event has broken an invariant. */
export function brokenJustNow(view: {
  readonly position: number;
  readonly violations: readonly { readonly event: number; readonly index: number }[];
}): number | undefined {
  return view.violations.find(({ event, index }) => event + 1 === view.position && index > 0)
    ?.index;
}
