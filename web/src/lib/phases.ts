/** Where the captions of a playbook stand, and where one goes to read them. */

/** An instant: how many events come before it, and when it is. */
export interface Place {
  readonly position: number;
  readonly at: number;
}

/** A phase begins at its place; `telling` is after the last event of note in it. */
export interface Phase extends Place {
  readonly caption: string;
  readonly telling: number;
}

export function isBefore(one: Place, other: Place): boolean {
  return one.position < other.position || (one.position === other.position && one.at < other.at);
}

/** Sorts places by when they come. */
export function inTime(one: Place, other: Place): number {
  return one.position - other.position || one.at - other.at;
}

/** The first of these places that is still to come. */
export function nextStop(stops: readonly Place[], now: Place): Place | undefined {
  return stops.find((stop) => isBefore(now, stop));
}

/**
 * Where the caption of a phase can be read beside what it tells of: after the last event of note
 * in it; at its end, if there is none.
 */
export function landing(
  phases: readonly Phase[],
  number: number,
  toldUntil: Place | undefined,
): Place | undefined {
  const phase = phases[number];
  const end = phases[number + 1] ?? toldUntil;
  if (!phase || phase.caption === "") return undefined;
  if (!end || phase.telling < end.position) return { position: phase.telling, at: 0 };
  return { position: end.position, at: end.at };
}

function landings(phases: readonly Phase[], toldUntil: Place | undefined): Place[] {
  return phases.flatMap((_, number) => landing(phases, number, toldUntil) ?? []);
}

/** The first caption that has not come true yet. */
export function landingAfter(
  phases: readonly Phase[],
  toldUntil: Place | undefined,
  now: Place,
): Place | undefined {
  return landings(phases, toldUntil).find((place) => isBefore(now, place));
}

/** The last caption that had come true before. */
export function landingBefore(
  phases: readonly Phase[],
  toldUntil: Place | undefined,
  now: Place,
): Place | undefined {
  // A place within a phase is the first instant of its position: one may stand there already.
  const left = (place: Place): boolean =>
    place.position < now.position || (place.at > 0 && isBefore(place, now));
  return landings(phases, toldUntil).findLast(left);
}

/**
 * The phase whose caption is told now. At rest a caption is told from where it can be read; whoever
 * has `heard` it sees it beside everything that it tells of. While playing it is told as it comes true.
 */
export function toldNow(
  phases: readonly Phase[],
  { phase: standing, toldUntil }: { phase?: number | undefined; toldUntil?: Place | undefined },
  now: Place,
  playing: boolean,
  heard: number,
): number | undefined {
  if (!playing) {
    const there = standing === undefined ? undefined : landing(phases, standing, toldUntil);
    if (!there || standing === undefined) return undefined;
    return standing <= heard || !isBefore(now, there) ? standing : undefined;
  }
  const begun = phases.findLastIndex(
    (phase) => phase.position === now.position && phase.at === now.at,
  );
  return begun >= 0 && phases[begun]?.caption !== "" ? begun : standing;
}
