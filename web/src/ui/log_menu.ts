/** How a log is rewritten by hand: the place where a mismatch is injected. */
import type { EntryView, ServerView } from "../engine/types";
import { party_name as name, t } from "../i18n";
import { with_lab } from "../state/engine";
import type { MenuItem, MenuState } from "../state/menu";
import { notify } from "../state/notices";
import { act } from "../state/session";
import { draft_command } from "./command";

type Menu = Omit<MenuState, "place" | "opener">;

/** A term, then a command, whichever way they are kept apart. */
const ENTRY = /^\s*(\d+)\s*[:：\s]\s*(\S.*?)\s*$/;

/**
 * The term of the last entry in sight: an entry of an older term than the leader's is one that
 * Raft can tell from its own, which is what a mismatch is written for.
 */
function older_term(server: ServerView): number {
  return server.log.at(-1)?.term ?? server.current_term;
}

/** What stands there, to be edited; nothing but a term for what no Action writes. */
function written_at(server: ServerView, entry: EntryView | undefined): string {
  return entry?.written ?? `${entry?.term ?? older_term(server)}:`;
}

function write_item(server: ServerView, index: number, value: string): MenuItem {
  const submit = (text: string): boolean => {
    const parts = ENTRY.exec(text);
    if (!parts) {
      notify({
        tone: "error",
        title: t("refused"),
        place: t("rewrite_title", { name: name(server.id), index }),
        excerpt: text,
        column: 1,
        remedy: t("edit_shape"),
      });
      return false;
    }
    const entry = `${parts[1]}:${parts[2]}`;
    return act(`rewrite ${name(server.id)} entry ${index} ${entry}`) === undefined;
  };
  return { label: t("rewrite_entry"), field: { value, hint: t("edit_shape"), submit } };
}

export function entry_menu(server: ServerView, index: number, entry: EntryView | undefined): Menu {
  const s = name(server.id);
  const items = [write_item(server, index, written_at(server, entry))];
  if (entry) {
    items.push(
      { label: t("rewrite_delete"), action: `rewrite ${s} delete ${index}`, grave: true },
      { label: t("rewrite_truncate"), action: `rewrite ${s} truncate ${index}`, grave: true },
    );
  }
  items.push(whole_item(server));
  return { title: t("rewrite_title", { name: s, index }), items };
}

/** Puts the whole log as an Action into the command line, ready to be edited. */
function whole_item(server: ServerView): MenuItem {
  return {
    label: t("rewrite_whole"),
    run: () => {
      const first = server.snapshot_index + 1;
      const count = server.last_index - server.snapshot_index;
      const whole = with_lab((lab) => lab.view(first, Math.max(1, count)));
      const log = whole?.servers.find((other) => other.id === server.id)?.log ?? [];
      const entries = log.map((entry) => entry.written ?? `${entry.term}:"${entry.text}"`);
      draft_command(["rewrite", name(server.id), "log", ...entries].join(" "));
    },
  };
}

export function log_menu(server: ServerView): Menu {
  const s = name(server.id);
  return {
    title: t("menu_server", { name: s }),
    items: [whole_item(server), { label: t("snapshot"), action: `snapshot ${s}` }],
  };
}
