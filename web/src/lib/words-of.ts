/**
 * What a text speaks of: servers, indices, and the fields of Figure 2. Each is named by one word, as
 * `S3`, `4` and `nextIndex`, by which it is found wherever it is shown.
 */

/** A piece of a text, and what it speaks of. */
export interface Piece {
  readonly text: string;
  readonly of: readonly string[];
  /** Whose it is, where it does not say so: that is lit by it, and does not light it. */
  readonly owner?: string | undefined;
}

const FIELDS = [
  "nextIndex",
  "matchIndex",
  "commitIndex",
  "lastApplied",
  "currentTerm",
  "votedFor",
  "prevLogIndex",
  "lastLogIndex",
  "leaderCommit",
  "lastIncludedIndex",
] as const;
const SPOKEN = new RegExp(
  `\\bS[1-9]\\b|\\blog\\[\\d+\\](?:\\.term)?|\\b(?:${FIELDS.join("|")})\\b(?:\\[S[1-9]\\])?`,
  "g",
);
const OPERATOR = / (?:[<>=≤≥≠∉∈]) /;

/**
 * The pieces of a comparison's names. A field that holds an index speaks of it as well, which stands
 * among the values; one that is nobody's is the server's own.
 */
export function piecesOf(names: string, values: string | undefined, server?: string): Piece[] {
  const operands = values?.split(OPERATOR) ?? [];
  const operator = OPERATOR.exec(names);
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of names.matchAll(SPOKEN)) {
    const [text] = found;
    if (found.index > last) pieces.push({ text: names.slice(last, found.index), of: [] });
    const value = operands[operator && found.index > operator.index ? 1 : 0];
    const of = wordsOf(text, value);
    pieces.push({ text, of, owner: isOwn(of) ? server : undefined });
    last = found.index + text.length;
  }
  if (last < names.length) pieces.push({ text: names.slice(last), of: [] });
  return pieces;
}

/** Whether a field names no server. */
function isOwn(of: readonly string[]): boolean {
  return of.some((word) => FIELDS.some((field) => field === word)) && !of.some(isServer);
}

function isServer(word: string): boolean {
  return /^S\d$/.test(word);
}

/** What a name speaks of. */
export function wordsOf(name: string, value?: string): string[] {
  const words = name.match(/S[1-9]|\d+|[a-zA-Z]{3,}/g)?.filter((word) => word !== "term") ?? [];
  const spoken = words.filter((word) => word !== "log");
  const field = FIELDS.find((one) => spoken.includes(one));
  const holdsIndex = field !== undefined && /Index|leaderCommit|lastApplied/.test(field);
  if (holdsIndex && value !== undefined && /^\d+$/.test(value)) spoken.push(value);
  return spoken;
}
