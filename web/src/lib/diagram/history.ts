/**
 * What a diagram of space and time draws of a run: its events in columns, as the engine tells them some
 * at a time, and beside them what follows from them. A run has up to a million events, so there is
 * no object for each.
 */

/** Events in a row, as `EventColumns` of the engine tells them. */
export interface EventColumns {
  /** When each happened, in microseconds. */
  readonly at: Float64Array;
  /** The number of the event that caused it; -1 for none. */
  readonly cause: Int32Array;
  /** On which server; 0 for none. */
  readonly server: Uint8Array;
  /** Between which servers a message went; 0 for none. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly what: Uint8Array;
  readonly fate: Uint8Array;
  readonly mark: Uint8Array;
  /** What a message says, as a number that is the same for the same words; 0 for no message. */
  readonly said: Int32Array;
}

/** The messages that were lost without an event of their own: in which event, and what had sent them. */
export interface Struck {
  readonly event: Int32Array;
  readonly cause: Int32Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** When each would have arrived. */
  readonly dueAt: Float64Array;
}

/** What came, or happened, as far as anything here depends on it. */
export const WHAT = {
  heartbeat: 1,
  append: 2,
  appended: 3,
  refusedAppend: 4,
  requestVote: 5,
  voted: 6,
  refusedVote: 7,
  preVote: 8,
  preVoted: 9,
  refusedPreVote: 10,
  installSnapshot: 11,
  installed: 12,
  timeoutNow: 13,
  heartbeatTimer: 30,
  clientTimer: 32,
  written: 33,
} as const;

/** What became of a message. */
export const FATE = { taken: 0, waits: 1, lost: 2 } as const;

/** What is marked on a lane. */
export const MARK = {
  none: 0,
  crash: 1,
  restart: 2,
  becomesLeader: 3,
  startsElection: 4,
  commits: 5,
  refuses: 6,
  installs: 7,
  votes: 8,
  follows: 9,
  acts: 10,
  news: 11,
} as const;

/** So many events in a row are passed over at once where none of them is in sight. */
export const BLOCK = 256;
/** One a server, and one for what is on none. */
export const LANES = 10;
/** The first messages say how long one usually travels. */
const SAMPLE = 999;

/** Where an event lies on an axis, and where what led to it does. */
export interface Extent {
  start: number;
  end: number;
}

export class History {
  count = 0;
  at = new Float64Array(BLOCK);
  cause = new Int32Array(BLOCK);
  server = new Uint8Array(BLOCK);
  from = new Uint8Array(BLOCK);
  to = new Uint8Array(BLOCK);
  what = new Uint8Array(BLOCK);
  fate = new Uint8Array(BLOCK);
  mark = new Uint8Array(BLOCK);
  private said = new Int32Array(BLOCK);
  /** 1 for a message that had come before: sent once, and doubled on its way. */
  doubled = new Uint8Array(BLOCK);
  /** The event before it on its server, and the next one; -1 for none. */
  previous = new Int32Array(BLOCK);
  next = new Int32Array(BLOCK);
  /** The first event that it caused; -1 for none. */
  effect = new Int32Array(BLOCK);
  /** How many events at least must have happened one after the other by then (Lamport's clock). */
  depth = new Int32Array(BLOCK);
  /** 1 for what happens all the time and changes nothing: heartbeats, their answers, and writes. */
  routine = new Uint8Array(BLOCK);
  /** How many rounds of heartbeats were sent before each event. */
  beats = new Int32Array(BLOCK);
  struck: Struck = NO_STRUCK;
  /** How long a message usually travels. */
  travelUs = 1;
  /** Of each block: when the first of its messages was sent, and when its last event happened. */
  readonly blockTimes: Extent[] = [];
  /** The same in depth. */
  readonly blockDepths: Extent[] = [];
  /** Of each block and lane: the kinds of its marks, a bit each. */
  readonly blockMarks: number[] = [];
  private readonly last = new Int32Array(256).fill(-1);
  private readonly travels: number[] = [];

  /** Adds the events that come next, and what else is known by now to have been lost. */
  add(columns: EventColumns, struck: Struck): void {
    const before = this.count;
    this.makeRoom(before + columns.at.length);
    this.at.set(columns.at, before);
    this.cause.set(columns.cause, before);
    this.server.set(columns.server, before);
    this.from.set(columns.from, before);
    this.to.set(columns.to, before);
    this.what.set(columns.what, before);
    this.fate.set(columns.fate, before);
    this.mark.set(columns.mark, before);
    this.said.set(columns.said, before);
    this.count = before + columns.at.length;
    this.sampleTravel(before);
    for (let k = before; k < this.count; k++) this.derive(k);
    this.struck = joined(this.struck, struck);
  }

  /** When the message came on its way that ended in event `k`; when it happened, if it was none. */
  startedAt(k: number): number {
    const cause = this.cause[k] ?? -1;
    return (cause >= 0 && this.from[k] ? this.at[cause] : this.at[k]) ?? 0;
  }

  /** The server on whose lane event `k` is drawn; 0 if on none. */
  laneOf(k: number): number {
    return this.server[k] || this.to[k] || 0;
  }

  /** Whether event `k` is the end of a message from one server to another. */
  isArrow(k: number): boolean {
    return this.from[k] !== 0 && this.to[k] !== 0 && (this.cause[k] ?? -1) >= 0;
  }

  /** Whether a message took far longer than most do. */
  isLate(k: number): boolean {
    return (this.at[k] ?? 0) - this.startedAt(k) > 3 * this.travelUs;
  }

  /** How many events happened at `us` or before. */
  countUntil(us: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.at[middle] ?? 0) <= us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many rounds of heartbeats were sent at `us` or before. */
  beatsUntil(us: number): number {
    const last = this.countUntil(us) - 1;
    return last < 0 ? 0 : (this.beats[last] ?? 0) + this.beatOf(last);
  }

  private beatOf(k: number): number {
    return this.what[k] === WHAT.heartbeatTimer ? 1 : 0;
  }

  private derive(k: number): void {
    const server = this.server[k] ?? 0;
    const cause = this.cause[k] ?? -1;
    const previous = server > 0 ? (this.last[server] ?? -1) : -1;
    this.previous[k] = previous;
    this.next[k] = -1;
    this.effect[k] = -1;
    if (previous >= 0) this.next[previous] = k;
    if (server > 0) this.last[server] = k;
    if (cause >= 0 && this.effect[cause] === -1) this.effect[cause] = k;
    // What stands outside of all servers is where time was.
    const before = previous < 0 && cause < 0 ? k - 1 : previous;
    this.depth[k] = 1 + Math.max(this.depth[before] ?? 0, this.depth[cause] ?? 0);
    this.doubled[k] = this.hasComeBefore(k) ? 1 : 0;
    this.routine[k] = this.isRoutine(k) ? 1 : 0;
    this.beats[k] = k > 0 ? (this.beats[k - 1] ?? 0) + this.beatOf(k - 1) : 0;
    this.widen(k);
  }

  /** Whether another message of the same event said the same to the same server. */
  private hasComeBefore(k: number): boolean {
    if (!this.isArrow(k)) return false;
    const { cause, said, to } = this;
    for (let j = this.effect[cause[k] ?? k] ?? k; j < k; j++)
      if (cause[j] === cause[k] && said[j] === said[k] && to[j] === to[k]) return true;
    return false;
  }

  private isRoutine(k: number): boolean {
    if (this.mark[k] !== MARK.none) return false;
    switch (this.what[k]) {
      case WHAT.heartbeat:
        return this.fate[k] === FATE.lost || !this.isLate(k);
      case WHAT.heartbeatTimer:
      case WHAT.clientTimer:
      case WHAT.written:
        return true;
      case WHAT.appended:
        return this.routine[this.cause[k] ?? -1] === 1;
      default:
        return false;
    }
  }

  private widen(k: number): void {
    const block = Math.floor(k / BLOCK);
    const cause = this.isArrow(k) ? (this.cause[k] ?? k) : k;
    widened(this.blockTimes, block, this.startedAt(k), this.at[k] ?? 0);
    const lane = block * LANES + this.laneOf(k);
    this.blockMarks[lane] = (this.blockMarks[lane] ?? 0) | (1 << (this.mark[k] ?? 0));
    widened(this.blockDepths, block, this.depth[cause] ?? 0, this.depth[k] ?? 0);
  }

  private sampleTravel(from: number): void {
    const { travels } = this;
    if (travels.length >= SAMPLE) return;
    for (let k = from; k < this.count && travels.length < SAMPLE; k++)
      if (this.isArrow(k) && this.fate[k] === FATE.taken)
        travels.push((this.at[k] ?? 0) - this.startedAt(k));
    travels.sort((one, other) => one - other);
    this.travelUs = Math.max(1, travels[travels.length >> 1] ?? 1);
  }

  private makeRoom(count: number): void {
    if (count <= this.at.length) return;
    const room = Math.max(count, 2 * this.at.length);
    this.at = grown(this.at, new Float64Array(room));
    this.cause = grown(this.cause, new Int32Array(room));
    this.server = grown(this.server, new Uint8Array(room));
    this.from = grown(this.from, new Uint8Array(room));
    this.to = grown(this.to, new Uint8Array(room));
    this.what = grown(this.what, new Uint8Array(room));
    this.fate = grown(this.fate, new Uint8Array(room));
    this.mark = grown(this.mark, new Uint8Array(room));
    this.said = grown(this.said, new Int32Array(room));
    this.doubled = grown(this.doubled, new Uint8Array(room));
    this.previous = grown(this.previous, new Int32Array(room));
    this.next = grown(this.next, new Int32Array(room));
    this.effect = grown(this.effect, new Int32Array(room));
    this.depth = grown(this.depth, new Int32Array(room));
    this.beats = grown(this.beats, new Int32Array(room));
    this.routine = grown(this.routine, new Uint8Array(room));
  }
}

const NO_STRUCK: Struck = {
  event: new Int32Array(),
  cause: new Int32Array(),
  from: new Uint8Array(),
  to: new Uint8Array(),
  dueAt: new Float64Array(),
};

function grown<Column extends Float64Array | Int32Array | Uint8Array>(
  old: Column,
  fresh: Column,
): Column {
  fresh.set(old);
  return fresh;
}

function widened(blocks: Extent[], block: number, start: number, end: number): void {
  const old = blocks[block];
  if (!old) blocks[block] = { start, end };
  else {
    old.start = Math.min(old.start, start);
    old.end = Math.max(old.end, end);
  }
}

function joined(one: Struck, other: Struck): Struck {
  const both = <Column extends Float64Array | Int32Array | Uint8Array>(
    column: Column,
    more: Column,
    fresh: Column,
  ): Column => {
    fresh.set(column);
    fresh.set(more, column.length);
    return fresh;
  };
  const length = one.event.length + other.event.length;
  return {
    event: both(one.event, other.event, new Int32Array(length)),
    cause: both(one.cause, other.cause, new Int32Array(length)),
    from: both(one.from, other.from, new Uint8Array(length)),
    to: both(one.to, other.to, new Uint8Array(length)),
    dueAt: both(one.dueAt, other.dueAt, new Float64Array(length)),
  };
}
