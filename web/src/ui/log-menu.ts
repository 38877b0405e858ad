/** How a log is rewritten by hand: the place where a mismatch is injected. */
import type { EntryView, ServerView } from "../engine/types";
import { partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { severalEntries } from "../lib/typed-logs";
import type { Lab } from "../state/lab";
import type { MenuItem, Offer } from "../state/state";
import { draftCommand } from "./command";

/** A term that a command follows, whichever way they are kept apart. */
const TERM = /^(\d+)\s*[:：\s]\s*(?=\S)/;

/**
 * The term of the last entry in sight: an entry of an older term than the leader's is one that
 * Raft can tell from its own, which is what a mismatch is written for.
 */
function olderTerm(server: ServerView): number {
  return server.log.at(-1)?.term ?? server.currentTerm;
}

/** What stands there, to be edited; nothing but a term for what no Action writes. */
function writtenAt(server: ServerView, entry: EntryView | undefined): string {
  return entry?.written ?? `${entry?.term ?? olderTerm(server)}:`;
}

function writeItem(lab: Lab, server: ServerView, index: number, value: string): MenuItem {
  const submit = async (text: string): Promise<boolean> => {
    const several = severalEntries(text);
    if (several) return lab.session.does(await logFrom(lab, server, index, several));
    const entry = text.trim().replace(TERM, "$1:");
    return lab.session.does(`rewrite ${name(server.id)} entry ${index} ${entry}`);
  };
  return { label: t("rewriteEntry"), field: { value, hint: t("editShape"), submit } };
}

export function entryMenu(
  lab: Lab,
  server: ServerView,
  index: number,
  entry: EntryView | undefined,
): Offer {
  const s = name(server.id);
  const items = [writeItem(lab, server, index, writtenAt(server, entry))];
  if (entry) {
    items.push(
      { label: t("rewriteDelete"), action: `rewrite ${s} delete ${index}`, grave: true },
      { label: t("rewriteTruncate"), action: `rewrite ${s} truncate ${index}`, grave: true },
    );
  }
  items.push(wholeItem(lab, server));
  const isHeld = entry && !entry.committed && index <= (server.heldBack ?? 0);
  const note = isHeld ? t("stateHeldBack", { term: server.currentTerm }) : undefined;
  return { title: t("rewriteTitle", { name: s, index }), note, items };
}

/** The line that puts these entries in the place of all from an index on. */
async function logFrom(
  lab: Lab,
  server: ServerView,
  index: number,
  entries: readonly string[],
): Promise<string> {
  const before = await writtenLog(lab, server, index - 1);
  return ["rewrite", name(server.id), "log", ...before, ...entries].join(" ");
}

/** A log up to an index, as an Action writes it. */
async function writtenLog(lab: Lab, server: ServerView, last: number): Promise<readonly string[]> {
  const first = server.snapshotIndex + 1;
  if (last < first) return [];
  const whole = await lab.engine.ask("view", first, last - first + 1);
  const log = whole?.servers.find((other) => other.id === server.id)?.log ?? [];
  return log.map((entry) => entry.written ?? `${entry.term}:"${entry.text}"`);
}

/** Puts the whole log as an Action into the command line, ready to be edited. */
function wholeItem(lab: Lab, server: ServerView): MenuItem {
  return {
    label: t("rewriteWhole"),
    run: async () => {
      const entries = await writtenLog(lab, server, server.lastIndex);
      draftCommand(lab, ["rewrite", name(server.id), "log", ...entries].join(" "));
    },
  };
}

export function logMenu(lab: Lab, server: ServerView): Offer {
  const s = name(server.id);
  return {
    title: t("menuServer", { name: s }),
    items: [wholeItem(lab, server), { label: t("snapshot"), action: `snapshot ${s}` }],
  };
}
