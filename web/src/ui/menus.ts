/** What can be done to a server, a link, a message: each choice is an Action's text. */
import type { ClientView, MessageView, ServerView, View } from "../engine/types";
import { party_name as name, t } from "../i18n";
import { format_instant } from "../lib/time";
import { with_lab } from "../state/engine";
import { type MenuChoice, type MenuItem, type MenuState, open_menu } from "../state/menu";
import { act } from "../state/session";
import { view } from "../state/shown";
import { draft_command } from "./command";

type Menu = Omit<MenuState, "place" | "opener">;

function item(label: string, action: string, grave = false): MenuItem {
  return { label, action, grave };
}

/** A choice that asks for a word first: `action` makes an Action of it. */
function asking(
  label: string,
  value: string,
  hint: string,
  action: (text: string) => string,
): MenuItem {
  const submit = (text: string): boolean => act(action(text.trim())) === undefined;
  return { label, field: { value, hint, submit } };
}

/** The next command nobody has used yet in this run: x1, x2, … */
let proposals = 0;
function next_command(): string {
  return `x${proposals + 1}`;
}

export function propose_item(id: number): MenuItem {
  const s = name(id);
  return asking(t("propose"), next_command(), "x1", (text) => {
    proposals += 1;
    return `propose ${s} ${text}`;
  });
}

export function server_menu(server: ServerView): Menu {
  const s = name(server.id);
  const items: MenuItem[] = [];
  if (server.state === "crashed") {
    items.push(item(t("restart"), `restart ${s}`));
    items.push(item(t("restart_empty"), `restart ${s} empty`, true));
  } else {
    items.push(propose_item(server.id), item(t("timeout"), `timeout ${s}`));
    items.push(
      server.state === "paused" ? item(t("resume"), `resume ${s}`) : item(t("pause"), `pause ${s}`),
    );
    if (server.role === "leader") {
      items.push(item(t("read"), `read ${s}`));
      const choices = transfer_choices(server.id);
      if (choices.length > 0) items.push({ label: t("transfer_to"), choices });
      const change = `reconfigure ${s} ${server.configuration_written}`;
      items.push({ label: t("reconfigure"), run: () => draft_command(change) });
    }
    items.push(item(t("snapshot"), `snapshot ${s}`), item(t("crash"), `crash ${s}`, true));
    if (server.writes_pending > 0) items.push(item(t("crash_torn"), `crash ${s} torn`, true));
  }
  items.push(
    server.connected
      ? item(t("disconnect"), `disconnect ${s}`, true)
      : item(t("connect"), `connect ${s}`),
    asking(t("disk"), "1ms..3ms", "1ms..3ms", (text) => `disk ${s} ${text}`),
    server.is_stalled ? item(t("unstall"), `unstall ${s}`) : item(t("stall"), `stall ${s}`, true),
    asking(t("clock"), rate(server), "110%", (text) => `clock ${s} ${text}`),
  );
  const links = link_choices(server.id);
  if (links.length > 0) items.push({ label: t("menu_links"), choices: links });
  return { title: t("menu_server", { name: s }), items };
}

/** How fast a server's clock runs. */
export function rate(server: ServerView): string {
  return `${server.clock_rate_permille / 10}%`;
}

export function client_menu(client: ClientView): Menu {
  const c = name(-client.id);
  const works = client.works
    ? item(t("rest"), `rest ${c}`)
    : asking(t("work"), "keys 3 every 50ms..200ms", "keys 3 every 50ms..200ms", (text) => {
        return `work ${c} ${text}`;
      });
  const next = `x ${client.begun + client.queued + 1}`;
  return {
    title: t("menu_client", { name: c }),
    note: client.begun > 0 ? t("last_answer", { answer: client.last_answer }) : "",
    items: [
      asking(t("put"), next, "x 1", (text) => `put ${c} ${text}`),
      asking(t("append"), next, "x 1", (text) => `append ${c} ${text}`),
      asking(t("get"), "x", "x", (text) => `get ${c} ${text}`),
      asking(t("get_query"), "x", "x", (text) => `get ${c} ${text} by read-index`),
      asking(t("get_local"), "x", "x", (text) => `get ${c} ${text} by local`),
      works,
    ],
  };
}

function transfer_choices(id: number): MenuChoice[] {
  // Only who votes may be elected.
  const may = (other: ServerView): boolean => other.id !== id && other.standing === "voter";
  const others = view.peek()?.servers.filter(may) ?? [];
  return others.map((other) => ({
    label: name(other.id),
    run: () => {
      act(`transfer ${name(id)} ${name(other.id)}`);
    },
  }));
}

/** The way to a link for those who do not point at it. */
function link_choices(id: number): MenuChoice[] {
  const others = view.peek()?.servers.filter((other) => other.id !== id) ?? [];
  return others.map((other) => ({
    label: name(other.id),
    run: () => {
      const [from, to] = id < other.id ? [id, other.id] : [other.id, id];
      const link = document.querySelector(`[data-link="${from}-${to}"]`);
      const shown = view.peek();
      if (link && shown) open_menu(link, link_menu(shown, from, to));
    },
  }));
}

export function is_cut(view: View, from: number, to: number): boolean {
  return is_in(view.cut, from, to);
}

export function is_in(links: View["cut"], from: number, to: number): boolean {
  return links.some((link) => link.from === from && link.to === to);
}

export function link_menu(view: View, from: number, to: number): Menu {
  const a = name(from);
  const b = name(to);
  const there = is_cut(view, from, to);
  const back = is_cut(view, to, from);
  const items: MenuItem[] = [];
  if (!there || !back) items.push(item(t("cut_both"), `cut ${a} ${b}`, true));
  if (there || back) items.push(item(t("heal_both"), `heal ${a} ${b}`));
  items.push(one_way(there, a, b), one_way(back, b, a));
  const clogged = is_in(view.clogged, from, to) || is_in(view.clogged, to, from);
  items.push(clogged ? item(t("unclog"), `unclog ${a} ${b}`) : item(t("clog"), `clog ${a} ${b}`));
  const ways = [
    [from, to],
    [to, from],
  ] as const;
  for (const [x, y] of ways) items.push(latency_item(x, y));
  for (const [x, y] of ways) items.push(loss_item(x, y));
  return { title: t("menu_link", { from: a, to: b }), items };
}

function latency_item(from: number, to: number): MenuItem {
  const link = with_lab((lab) => lab.link(from, to));
  const latency = link?.latency ?? "";
  const names = { from: name(from), to: name(to) };
  const write = (text: string) => `latency ${names.from} -> ${names.to} ${text}`;
  return asking(t("latency_of", names), latency, latency, write);
}

function loss_item(from: number, to: number): MenuItem {
  const link = with_lab((lab) => lab.link(from, to));
  const names = { from: name(from), to: name(to) };
  const write = (text: string) => `loss ${names.from} -> ${names.to} ${text}`;
  return asking(t("loss_of", names), `${(link?.loss_permille ?? 0) / 10}%`, "10%", write);
}

function one_way(cut: boolean, from: string, to: string): MenuItem {
  return cut
    ? item(t("heal_one", { from, to }), `heal ${from} -> ${to}`)
    : item(t("cut_one", { from, to }), `cut ${from} -> ${to}`, true);
}

export function message_menu(message: MessageView): Menu {
  const id = `M${message.id}`;
  return {
    title: t("menu_message", {
      kind: message.kind,
      id,
      from: name(message.from),
      to: name(message.to),
    }),
    note: `${t("travelling", {
      sent: format_instant(message.sent_at),
      due: format_instant(message.due_at),
    })}${message.doomed ? ` · ${t("doomed")}` : ""}`,
    rows: with_lab((lab) => lab.detail(message.id)) ?? [],
    items: [
      item(t("deliver"), `deliver ${id}`),
      item(t("delay_10"), `delay ${id} 10ms`),
      asking(t("delay_by"), "100ms", "100ms", (text) => `delay ${id} ${text}`),
      item(t("duplicate"), `duplicate ${id}`),
      item(t("drop"), `drop ${id}`, true),
    ],
  };
}
