/**
 * Where what comes and goes is drawn. Messages live for a few frames; to make elements for each and
 * throw them away would cost more than all else of a frame.
 */

/**
 * The place of each of `ids`: the one that it has had `before`, or one that has become free, or a
 * new one. The place of `gone` is not given to another: what was meant by it is not there any more.
 */
export function placesOf(
  ids: readonly number[],
  before: ReadonlyMap<number, number>,
  gone?: number,
): Map<number, number> {
  const left = new Map(before);
  for (const id of ids) left.delete(id);
  const free = [...left].flatMap(([id, place]) => (id === gone ? [] : [place]));
  free.sort((one, other) => other - one);
  let next = Math.max(-1, ...before.values());
  const placeOf = (id: number): number => {
    const kept = before.get(id) ?? free.pop();
    if (kept !== undefined) return kept;
    next += 1;
    return next;
  };
  return new Map(ids.map((id) => [id, placeOf(id)]));
}
