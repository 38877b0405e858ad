/** What of many messages is drawn: those in focus as arrows, the others as one thin line a link. */

/** As much of a message as it takes to sort it. */
export interface Sent {
  readonly from: number;
  readonly to: number;
  /** The first and the last index that it is about, if it is about entries. */
  readonly carries?: readonly [number, number] | undefined;
}

/** Only what is asked about, the rest thin besides, or everything. */
export const ARROWS = ["focus", "context", "all"] as const;
export type Arrows = (typeof ARROWS)[number];

/** More servers than this are a crowd. */
const SERVERS_FEW = 6;

export function isCrowd(servers: number): boolean {
  return servers > SERVERS_FEW;
}

/** What is asked about: an entry by its index, else a server. */
export interface Asked {
  readonly index: number | undefined;
  readonly server: number;
}

export function isInFocus({ carries, from, to }: Sent, { index, server }: Asked): boolean {
  if (index === undefined) return from === server || to === server;
  return carries !== undefined && carries[0] <= index && index <= carries[1];
}

/** A link with so many messages, there, back or both ways. */
export interface Thin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly isBothWays: boolean;
}

export interface Sorted<Message> {
  readonly drawn: readonly Message[];
  readonly thin: readonly Thin[];
  /** How many messages stand behind the thin lines, or are not drawn. */
  readonly others: number;
}

export function sorted<Message extends Sent>(
  messages: readonly Message[],
  arrows: Arrows,
  asked: Asked,
): Sorted<Message> {
  if (arrows === "all") return { drawn: messages, thin: [], others: 0 };
  const drawn = messages.filter((message) => isInFocus(message, asked));
  const others = messages.length - drawn.length;
  if (arrows === "focus") return { drawn, thin: [], others };
  const links = new Map<string, Thin>();
  for (const message of messages) {
    if (isInFocus(message, asked)) continue;
    const { from, to } = message;
    const link = from < to ? `${from}-${to}` : `${to}-${from}`;
    const old = links.get(link);
    links.set(link, {
      from: old?.from ?? from,
      to: old?.to ?? to,
      count: (old?.count ?? 0) + 1,
      isBothWays: old !== undefined && (old.isBothWays || old.from !== from),
    });
  }
  return { drawn, thin: [...links.values()], others };
}
