/** What two logs say, worked out by the rules of the paper and the lab before anything is looked up. */

/** The terms of a log, from index 1 on. */
export type Terms = readonly number[];

/** Up to where two logs agree: what has the same term at an index is the same up to it (§5.3). */
export function agreeUpTo(one: Terms, other: Terms): number {
  let index = Math.min(one.length, other.length);
  while (index > 0 && one[index - 1] !== other[index - 1]) index -= 1;
  return index;
}

/** Whether a server with the log `voter` may vote for one with the log `candidate` (§5.4.1). */
export function mayVote(voter: Terms, candidate: Terms): boolean {
  const [own, asked] = [voter.at(-1) ?? 0, candidate.at(-1) ?? 0];
  return asked > own || (asked === own && candidate.length >= voter.length);
}

/** A refusal at a prevLogIndex, with what it says. */
export type Refusal =
  | { readonly at: number; readonly length: number }
  | { readonly at: number; readonly term: number; readonly index: number };

/** What a new leader is told until the logs agree, and from where on it then sends. */
export function backUp(
  leader: Terms,
  follower: Terms,
): { readonly refusals: readonly Refusal[]; readonly from: number } {
  const refusals: Refusal[] = [];
  let next = leader.length + 1;
  for (;;) {
    const at = next - 1;
    const term = follower[at - 1];
    if (at === 0 || term === leader[at - 1]) return { refusals, from: next };
    if (term === undefined) {
      // XLen counts the entry 0 that every log begins with.
      next = follower.length + 1;
      refusals.push({ at, length: next });
      continue;
    }
    const index = follower.indexOf(term) + 1;
    refusals.push({ at, term, index });
    const last = leader.lastIndexOf(term, at - 1);
    next = last < 0 ? index : last + 2;
  }
}
