/** Logs as people write them: terms, and commands where these matter. `4 5 5` names its commands itself. */

const ENTRY = /^\d+(?::\S+)?$/;
/** Whose log it is may stand before it: `S1: 4 5 5`, `S1 4:a 5:b`. */
const OWNER = /^S(\d+)\s*[:：]?\s+/i;

function entriesOf(text: string): readonly string[] | undefined {
  const entries = text.split(/\s+/);
  return entries.every((entry) => ENTRY.test(entry)) ? entries : undefined;
}

/** The entries of a text of several, such as `4 5 5`. */
export function severalEntries(text: string): readonly string[] | undefined {
  const entries = entriesOf(text.trim());
  return entries && entries.length > 1 ? entries : undefined;
}

/** The line that writes a log: of the server that is named before it, else of `server`. */
export function logLine(text: string, server: number): string | undefined {
  const line = text.trim();
  const owner = OWNER.exec(line);
  const entries = entriesOf(owner ? line.slice(owner[0].length) : line);
  return entries && `rewrite S${owner?.[1] ?? server} log ${entries.join(" ")}`;
}

/** The lines that write logs, one of each server in its turn; nothing if a line is no log. */
export function logLines(text: string): readonly string[] | undefined {
  const lines = text
    .trim()
    .split("\n")
    .map((line, i) => logLine(line, i + 1));
  return lines.every((line) => line !== undefined) ? lines : undefined;
}
