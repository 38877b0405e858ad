/** Which of several runs are one and the same: those whose branches have the same texts. */

interface Told {
  readonly branches: readonly { readonly text: string }[];
}

/**
 * The runs in groups of those that are the same, in the order in which the first of each stands. A run can be kept
 * more than once: whoever opens its link again and does the same has it under another id.
 */
export function alike<R extends Told>(runs: readonly R[]): readonly (readonly [R, ...R[]])[] {
  const groups = new Map<string, [R, ...R[]]>();
  for (const run of runs) {
    const key = JSON.stringify(run.branches.map(({ text }) => text));
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups.values()];
}
