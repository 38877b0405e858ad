/** The term tape: a thin lane a server, its colour the term, thick where it leads, a gap where it is down. */

/** What each server was, in columns, server by server; a term of -1 says that it was down. */
export interface Lanes {
  readonly server: Uint8Array;
  /** After how many events. */
  readonly position: Float64Array;
  readonly at: Float64Array;
  readonly term: Float64Array;
  /** One of `ROLE`. */
  readonly role: Uint8Array;
}

/** The roles of servers, as the columns tell them. */
export const ROLE = { follower: 0, candidate: 1, leader: 2 } as const;

/** What was until so many events had happened; all of it, if no number says until when. */
export function lanesUntil(lanes: Lanes, position: number | undefined): Lanes {
  if (position === undefined) return lanes;
  const isPast = (_: number, i: number): boolean => (lanes.position[i] ?? 0) <= position;
  return {
    server: lanes.server.filter(isPast),
    position: lanes.position.filter(isPast),
    at: lanes.at.filter(isPast),
    term: lanes.term.filter(isPast),
    role: lanes.role.filter(isPast),
  };
}

/** Before there is a run. */
export const NO_LANES: Lanes = {
  server: new Uint8Array(),
  position: new Float64Array(),
  at: new Float64Array(),
  term: new Float64Array(),
  role: new Uint8Array(),
};

/** What is drawn of the lanes: paths by the term's class, and where a leadership begins. */
export interface Tape {
  readonly paths: readonly { readonly of: string; readonly d: string }[];
  readonly elections: readonly number[];
}

/** Two crowns nearer than this would cover each other. */
const CROWN_WIDTH = 10;

/** The lanes of a run up to `end`; `x` and `y` say where an instant and a server are drawn. */
export function tapeOf(
  lanes: Lanes,
  end: number,
  x: (at: number) => number,
  y: (server: number) => { readonly middle: number; readonly thin: number; readonly thick: number },
  classOf: (term: number) => string,
): Tape {
  const paths = new Map<string, string>();
  const elections: number[] = [];
  for (let i = 0; i < lanes.at.length; i++) {
    const server = lanes.server[i] ?? 0;
    const from = lanes.at[i] ?? 0;
    const isLast = lanes.server[i + 1] !== server;
    const to = isLast ? end : (lanes.at[i + 1] ?? end);
    const leads = lanes.role[i] === ROLE.leader;
    if (leads) elections.push(x(from));
    const term = lanes.term[i] ?? -1;
    const [left, right] = [x(from), x(to)];
    // What is narrower than a pixel is drawn as one, unless its neighbour begins in the same.
    if (term < 0 || (Math.floor(left) === Math.floor(right) && !leads && !isLast)) continue;
    const { middle, thin, thick } = y(server);
    const half = (leads ? thick : thin) / 2;
    const of = classOf(term);
    const rect = `M${left.toFixed(1)} ${middle - half}H${Math.max(right, left + 1).toFixed(1)}v${2 * half}H${left.toFixed(1)}z`;
    paths.set(of, (paths.get(of) ?? "") + rect);
  }
  return {
    paths: [...paths].map(([of, d]) => ({ of, d })),
    elections: apart(elections.sort((one, other) => one - other)),
  };
}

function apart(places: readonly number[]): number[] {
  const found: number[] = [];
  for (const place of places) {
    if (place - (found.at(-1) ?? Number.NEGATIVE_INFINITY) >= CROWN_WIDTH) found.push(place);
  }
  return found;
}
