/** What can be done to a server, a link, a message: each choice is an Action's text. */
import type { ClientView, LinkView, MessageView, ServerView, View } from "../engine/types";
import { partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { formatInstant } from "../lib/time";
import type { Lab } from "../state/lab";
import type { MenuChoice, MenuItem, Offer } from "../state/state";
import { draftCommand } from "./command";
import { isCut, isIn } from "./links";
import { rate } from "./stage-below";

function item(label: string, action: string, grave = false): MenuItem {
  return { label, action, grave };
}

/** A choice that asks for a word first: `action` makes an Action of it. */
function asking(
  lab: Lab,
  label: string,
  value: string,
  hint: string,
  action: (text: string) => string,
): MenuItem {
  const submit = async (text: string): Promise<boolean> => lab.session.does(action(text.trim()));
  return { label, field: { value, hint, submit } };
}

/** A command that nobody has proposed yet; the engine knows which are. */
const FRESH = "*";

export function proposeItem(lab: Lab, id: number): MenuItem {
  return asking(
    lab,
    t("propose"),
    FRESH,
    t("proposeHint"),
    (text) => `propose ${name(id)} ${text}`,
  );
}

export function serverMenu(lab: Lab, server: ServerView): Offer {
  const s = name(server.id);
  const items: MenuItem[] = [];
  if (server.state === "crashed") {
    items.push(item(t("restart"), `restart ${s}`));
    items.push(item(t("restartEmpty"), `restart ${s} empty`, true));
  } else {
    items.push(proposeItem(lab, server.id), item(t("timeout"), `timeout ${s}`));
    // Together they split the vote; alone, one of them wins.
    items.push(item(t("timeoutAll"), "timeout followers"));
    items.push(item(t("timeoutAny"), "timeout any of followers"));
    items.push(
      server.state === "paused" ? item(t("resume"), `resume ${s}`) : item(t("pause"), `pause ${s}`),
    );
    if (server.takesRequests) {
      items.push(item(t("read"), `read ${s}`));
      const choices = transferChoices(lab, server);
      if (choices.length > 0) items.push({ label: t("transferTo"), choices });
      const change = `reconfigure ${s} ${server.configurationWritten}`;
      items.push({ label: t("reconfigure"), run: () => draftCommand(lab, change) });
    }
    items.push(item(t("snapshot"), `snapshot ${s}`), item(t("crash"), `crash ${s}`, true));
    if (server.writesPending > 0) items.push(item(t("crashTorn"), `crash ${s} torn`, true));
  }
  items.push(
    server.connected
      ? item(t("disconnect"), `disconnect ${s}`, true)
      : item(t("connect"), `connect ${s}`),
    asking(lab, t("disk"), "", "1ms..3ms", (text) => `disk ${s} ${text}`),
    server.isStalled ? item(t("unstall"), `unstall ${s}`) : item(t("stall"), `stall ${s}`, true),
    asking(lab, t("clock"), rate(server), "110%", (text) => `clock ${s} ${text}`),
    asking(lab, t("cpu"), `${server.cpuUs}us`, "5ms", (text) => `cpu ${s} ${text}`),
  );
  const links = linkChoices(lab, server.id);
  if (links.length > 0) items.push({ label: t("menuLinks"), choices: links });
  return { title: t("menuServer", { name: s }), items };
}

export function clientMenu(lab: Lab, client: ClientView): Offer {
  const c = name(-client.id);
  const works = client.works
    ? item(t("rest"), `rest ${c}`)
    : asking(lab, t("work"), "keys 3 every 50ms..200ms", "keys 3 every 50ms..200ms", (text) => {
        return `work ${c} ${text}`;
      });
  const next = `x ${client.begun + client.queued + 1}`;
  return {
    title: t("menuClient", { name: c }),
    note: client.begun > 0 ? t("lastAnswer", { answer: client.lastAnswer }) : "",
    items: [
      asking(lab, t("put"), next, "x 1", (text) => `put ${c} ${text}`),
      asking(lab, t("append"), next, "x 1", (text) => `append ${c} ${text}`),
      asking(lab, t("get"), "x", "x", (text) => `get ${c} ${text}`),
      asking(lab, t("getQuery"), "x", "x", (text) => `get ${c} ${text} by read-index`),
      asking(lab, t("getLocal"), "x", "x", (text) => `get ${c} ${text} by local`),
      works,
    ],
  };
}

function transferChoices(lab: Lab, { id, successors }: ServerView): MenuChoice[] {
  return successors.map((successor) => ({
    label: name(successor),
    run: () => void lab.session.act(`transfer ${name(id)} ${name(successor)}`),
  }));
}

/** The way to a link for those who do not point at it. */
function linkChoices(lab: Lab, id: number): MenuChoice[] {
  const others = lab.state.shown.view?.servers.filter((other) => other.id !== id) ?? [];
  return others.map((other) => ({
    label: name(other.id),
    run: () => {
      const [from, to] = id < other.id ? [id, other.id] : [other.id, id];
      const link = lab.element.querySelector(`[data-link="${from}-${to}"]`);
      const view = lab.state.shown.view;
      if (link && view) lab.menu.openOn(link, linkMenu(lab, view, from, to));
    },
  }));
}

export async function linkMenu(lab: Lab, view: View, from: number, to: number): Promise<Offer> {
  const a = name(from);
  const b = name(to);
  const there = isCut(view, from, to);
  const back = isCut(view, to, from);
  const items: MenuItem[] = [];
  if (!there || !back) items.push(item(t("cutBoth"), `cut ${a} ${b}`, true));
  if (there || back) items.push(item(t("healBoth"), `heal ${a} ${b}`));
  items.push(oneWay(there, a, b), oneWay(back, b, a));
  const clogged = isIn(view.clogged, from, to) || isIn(view.clogged, to, from);
  items.push(clogged ? item(t("unclog"), `unclog ${a} ${b}`) : item(t("clog"), `clog ${a} ${b}`));
  const ways = [
    [from, to],
    [to, from],
  ] as const;
  const links = await Promise.all(ways.map(([x, y]) => lab.engine.ask("link", x, y)));
  for (const [i, [x, y]] of ways.entries()) items.push(latencyItem(lab, x, y, links[i]));
  for (const [i, [x, y]] of ways.entries()) items.push(lossItem(lab, x, y, links[i]));
  return { title: t("menuLink", { from: a, to: b }), items };
}

function latencyItem(lab: Lab, from: number, to: number, link: LinkView | undefined): MenuItem {
  const latency = link?.latency ?? "";
  const names = { from: name(from), to: name(to) };
  const write = (text: string) => `latency ${names.from} -> ${names.to} ${text}`;
  return asking(lab, t("latencyOf", names), latency, latency, write);
}

function lossItem(lab: Lab, from: number, to: number, link: LinkView | undefined): MenuItem {
  const names = { from: name(from), to: name(to) };
  const write = (text: string) => `loss ${names.from} -> ${names.to} ${text}`;
  return asking(lab, t("lossOf", names), `${(link?.lossPermille ?? 0) / 10}%`, "10%", write);
}

function oneWay(cut: boolean, from: string, to: string): MenuItem {
  return cut
    ? item(t("healOne", { from, to }), `heal ${from} -> ${to}`)
    : item(t("cutOne", { from, to }), `cut ${from} -> ${to}`, true);
}

export async function messageMenu(lab: Lab, message: MessageView): Promise<Offer> {
  const id = `M${message.id}`;
  return {
    title: t("menuMessage", {
      kind: message.kind,
      id,
      from: name(message.from),
      to: name(message.to),
    }),
    note: `${t("travelling", {
      sent: formatInstant(message.sentAt),
      due: formatInstant(message.dueAt),
    })}${message.doomed ? ` · ${t("doomed")}` : ""}`,
    rows: (await lab.engine.ask("detail", message.id)) ?? [],
    items: [
      item(t("deliver"), `deliver ${id}`),
      item(t("delay10"), `delay ${id} 10ms`),
      asking(lab, t("delayBy"), "100ms", "100ms", (text) => `delay ${id} ${text}`),
      item(t("duplicate"), `duplicate ${id}`),
      item(t("drop"), `drop ${id}`, true),
      {
        label: t("compare"),
        choices: (
          [
            ["earlier", `deliver ${id}`],
            ["later", `delay ${id} 10ms`],
            ["lost", `drop ${id}`],
          ] as const
        ).map(([key, action]) => ({
          label: t(key),
          run: () => void lab.compare.beside({ action }, action),
        })),
      },
    ],
  };
}
