/** The address says what is on the page, and brings it back: by a link, a reload, Back, Forward. */
import { effect } from "@preact/signals";
import { t } from "../i18n";
import { type Address, addressOf, keptHash, playbookHash } from "../lib/address";
import { BYTES_MAX, fragmentOf } from "../lib/link";
import { recallOnce, rememberOnce } from "../lib/memory";
import { ask } from "./engine";
import { type Entry, entries, entryNamed, freshId } from "./journal";
import { keepNow, restore } from "./keeping";
import { cardAt, withLibrary } from "./library";
import { runName } from "./name";
import { notify } from "./notices";
import { current, firstRun, type Origin, open as openText, origin } from "./opening";
import { goTo } from "./session";
import { playing, view } from "./shown";
import { underWay } from "./under-way";

/** A longer address is for somebody who asks for a link; a run so long is named in the journal. */
const LETTERS_MAX = 60_000;
/** An address that changed with every event of a quick reader would be refused by browsers. */
const SETTLES_MS = 400;

/** What the tab remembers beside the address: the run's name in the journal, and its origin. */
interface Remembered {
  readonly id: string;
  readonly origin: Origin;
}

/** Notes where the run is left: the address follows only once the reader is at rest. */
function noteLeaving(): void {
  rememberOnce("left", JSON.stringify([current.peek().id, view.peek()?.position ?? 0]));
}

/** After how many events this tab has left the run `id`, if that was the last thing it did. */
function leftAt(id: string | undefined): number | undefined {
  const [run, position] = JSON.parse(recallOnce("left") ?? "[]");
  return id !== undefined && run === id && Number.isSafeInteger(position) ? position : undefined;
}

function remembered(): Remembered | undefined {
  const state: Remembered | null = history.state;
  return typeof state?.id === "string" && state.origin ? state : undefined;
}

/** Whether the page shows nothing but a playbook of its own, up to where that ends. */
function isPlaybook(): boolean {
  const end = view.peek()?.toldUntil?.position ?? 0;
  const { kind } = origin.peek();
  return kind === "playbook" && !current.peek().acted && (view.peek()?.position ?? 0) <= end;
}

/** The address of what is on the page; undefined if a link cannot hold it. */
async function hashOf(letters: number): Promise<string | undefined> {
  const shown = view.peek();
  if (!shown) return undefined;
  const { path } = origin.peek();
  if (isPlaybook() && path) return playbookHash(path, shown.position);
  const text = await ask("save");
  if (text === undefined) return undefined;
  if (text.length > BYTES_MAX || new Blob([text]).size > BYTES_MAX) return undefined;
  const hash = `#${await fragmentOf(text, shown.position)}`;
  return hash.length > letters ? undefined : hash;
}

/** A link to what is on the page, as long as one may be; undefined if it would be longer. */
export function linkHash(): Promise<string | undefined> {
  return hashOf(Number.POSITIVE_INFINITY);
}

let written = 0;
/** Whether a visit was begun that has no entry of its own yet: it is not lost to the next instant. */
let owesVisit = false;

/** Writes the address; what is opened meanwhile comes first. */
async function write(into: "push" | "replace"): Promise<void> {
  written += 1;
  const mine = written;
  if (into === "push") owesVisit = true;
  const { id, acted } = current.peek();
  const position = view.peek()?.position ?? 0;
  const isFirst = id === firstId && !acted && position === 0;
  let hash = isFirst ? "" : await hashOf(LETTERS_MAX);
  if (mine !== written) return;
  if (hash === undefined) {
    await keepNow(true);
    if (mine !== written) return;
    hash = keptHash(id, position);
  }
  const address = hash === "" ? location.pathname + location.search : hash;
  try {
    const state: Remembered = { id, origin: origin.peek() };
    if (owesVisit) history.pushState(state, "", address);
    else history.replaceState(state, "", address);
  } catch {
    // A frame may be refused its history; the page goes on without.
  }
  owesVisit = false;
}

/** How often something was begun to be opened; the last of it is what the visitor wants. */
let openings = 0;
/** Whether the address names what is still to come: it is not written over. */
let awaitsLibrary = false;

/** The run that the page begins with: it needs no name. */
let firstId = "";
let shownId = "";

async function beginAnew(): Promise<void> {
  firstId = freshId();
  await firstRun(firstId);
}

async function open(address: Address, from: Remembered | undefined): Promise<void> {
  const id = from?.id;
  if ("at" in address && id === current.peek().id) {
    goTo(address.at);
    return;
  }
  const at = "at" in address ? { at: address.at } : {};
  const entry = entryNamed(id ?? (address.kind === "kept" ? address.id : undefined));
  if (entry && (await restore(entry, { ...at, arrived: true }))) return;
  switch (address.kind) {
    case "none":
      if (current.peek().id !== firstId || current.peek().acted) await beginAnew();
      return;
    case "broken":
      notify({ tone: "error", title: t("linkBroken"), remedy: t("linkBrokenRemedy") });
      return;
    case "too long":
      notify({ tone: "error", title: t("linkRefused"), remedy: t("linkRefusedRemedy") });
      return;
    case "kept":
      notify({ tone: "error", title: t("keptGone"), remedy: t("keptGoneRemedy") });
      return;
    case "run": {
      const origin = from?.origin ?? { kind: "link" };
      const isOpen = await openText(address.text, { from: origin, arrived: true, ...at });
      if (isOpen && !from) offerBranches(address.text);
      return;
    }
    case "playbook":
      openPlaybook(address.path, address.at);
  }
}

function openPlaybook(path: string, at: number): void {
  openings += 1;
  const mine = openings;
  awaitsLibrary = true;
  withLibrary(() => {
    awaitsLibrary = false;
    // Somebody who opened something else meanwhile has moved on.
    if (mine !== openings) return;
    const card = cardAt(path);
    if (!card) {
      const place = path.replace(/\.raft$/, "");
      notify({ tone: "error", title: t("noPlaybook"), place, remedy: t("noPlaybookRemedy") });
      return;
    }
    void openText(card.text, { from: { kind: "playbook", path: card.path }, arrived: true, at });
  });
}

/** A link holds one branch. Whoever has the others in this browser is told so. */
function offerBranches(text: string): void {
  const isOne = (entry: Entry): boolean => entry.branches.some((branch) => branch.text === text);
  const entry = entries.peek().find((one) => one.branches.length > 1 && isOne(one));
  if (!entry) return;
  notify({
    tone: "word",
    title: t("linkHasBranches", { count: entry.branches.length }),
    lasting: true,
    actions: [{ label: t("linkBranches"), run: () => void restore(entry) }],
  });
}

/** Opens what the address names; the page keeps what it has if that cannot be. */
export async function openAddress(): Promise<void> {
  openings += 1;
  const mine = openings;
  const from = remembered();
  const address = await addressOf(location.hash);
  if (mine === openings) await open(address, from);
}

/** The first thing that the page shows: what the address names, or a fresh cluster. */
export async function begin(): Promise<void> {
  const named = await addressOf(location.hash);
  const from = remembered();
  const left = leftAt(from?.id);
  const address = "at" in named && left !== undefined ? { ...named, at: left } : named;
  await beginAnew();
  shownId = current.peek().id;
  followThePage();
  if (address.kind === "none" && !entryNamed(from?.id)) offerLast();
  // What takes long to be opened is waited for by nobody.
  else await Promise.race([open(address, from), isUnderWay()]);
}

/** Comes true once something takes longer than a blink. */
function isUnderWay(): Promise<void> {
  return new Promise((resolve) => {
    const stop = underWay.subscribe((far) => {
      if (!far) return;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

/** Somebody who comes back is offered what was done last. */
function offerLast(): void {
  const [last] = entries.peek();
  if (!last) return;
  notify({
    tone: "word",
    title: t("lastRun", { name: last.name }),
    lasting: true,
    actions: [{ label: t("goOn"), run: () => void restore(last) }],
  });
}

/** Whatever the page shows once it is at rest is what the address says. */
function followThePage(): void {
  let due: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const { id, arrived } = current.value;
    if (id === shownId) return;
    shownId = id;
    openings += 1;
    clearTimeout(due);
    void write(arrived ? "replace" : "push");
  });
  effect(() => {
    if (view.value === undefined || playing.value) return;
    clearTimeout(due);
    due = setTimeout(() => {
      if (!awaitsLibrary) void write("replace");
    }, SETTLES_MS);
  });
  effect(() => {
    const name = runName();
    document.title = name ? `${name} · ${t("title")}` : t("title");
  });
  addEventListener("popstate", () => void openAddress());
  addEventListener("pagehide", noteLeaving);
}
