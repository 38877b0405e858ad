/**
 * Logs as people write them, wherever they are typed or pasted: a log a line, or parted by a slash, a bar or
 * a semicolon; terms, and commands where these matter. `4 5 5` names its commands itself.
 */

/** The log of a server. */
export interface TypedLog {
  readonly server: number;
  /** Terms, each with its command if it was written: `4`, `5:b`. */
  readonly entries: readonly string[];
}

/** Terms begin with 1. */
const ENTRY = /^[1-9]\d{0,5}(?::\S+)?$/;
/** Whose log it is may stand before it: `S1: 4 5 5`, `S1 4:a 5:b`. */
const OWNER = /^S([1-9])\s*(?:[:：]\s*|\s)/i;

function entriesOf(text: string): readonly string[] | undefined {
  const entries = text
    .replaceAll(/[[\],]/g, " ")
    .trim()
    .split(/\s+/);
  return entries.every((entry) => ENTRY.test(entry)) ? entries : undefined;
}

/** One log: of the server that is named before it, else of `server`. */
function logOf(text: string, server: number): TypedLog | undefined {
  const line = text.trim();
  const owner = OWNER.exec(line);
  const entries = entriesOf(owner ? line.slice(owner[0].length) : line);
  return entries && { server: owner ? Number(owner[1]) : server, entries };
}

/** The term of an entry. */
export function termOf(entry: string): number {
  return Number.parseInt(entry, 10);
}

/** The logs of a text, in the order of their servers; nothing if a line is no log, or two are of one server. */
export function typedLogs(text: string): readonly TypedLog[] | undefined {
  const rows = text
    .split(/[/|\n;]+/)
    .map((row) => row.trim())
    .filter((row) => row !== "");
  const logs = rows.map((row, i) => logOf(row, i + 1));
  const all = logs.filter((log) => log !== undefined);
  const servers = new Set(all.map(({ server }) => server));
  if (rows.length === 0 || all.length < rows.length || servers.size < rows.length) return undefined;
  return all.sort((one, other) => one.server - other.server);
}

/**
 * Two logs or more among other words that are looked for: terms never decrease in a log, and at least one
 * of them has several entries or an owner, so that a date is none.
 */
export function pastedLogs(text: string): readonly TypedLog[] | undefined {
  const logs = typedLogs(text);
  if (!logs || logs.length < 2) return undefined;
  const isInOrder = ({ entries }: TypedLog): boolean =>
    entries.every((entry, i) => i === 0 || termOf(entries[i - 1] ?? "") <= termOf(entry));
  const isMeant = /\bS\d/i.test(text) || logs.some(({ entries }) => entries.length > 1);
  return isMeant && logs.every(isInOrder) ? logs : undefined;
}

/** The entries of a text of several, such as `4 5 5`. */
export function severalEntries(text: string): readonly string[] | undefined {
  const entries = entriesOf(text);
  return entries && entries.length > 1 ? entries : undefined;
}

function lineOf({ server, entries }: TypedLog): string {
  return `rewrite S${server} log ${entries.join(" ")}`;
}

/** The line that writes a log: of the server that is named before it, else of `server`. */
export function logLine(text: string, server: number): string | undefined {
  const log = logOf(text, server);
  return log && lineOf(log);
}

/** The lines that write logs, each of the server that is named before it, or of the one in its turn. */
export function logLines(text: string): readonly string[] | undefined {
  return typedLogs(text)?.map(lineOf);
}
