/** The address says what is on the page, and brings it back: by a link, a reload, Back, Forward. */
import { effect } from "@preact/signals";
import { t } from "../i18n";
import { type Address, address_of, kept_hash, playbook_hash } from "../lib/address";
import { BYTES_MAX, fragment_of } from "../lib/link";
import { with_lab } from "./engine";
import { entries, entry_named } from "./journal";
import { keep_now, restore } from "./keeping";
import { card_at, with_library } from "./library";
import { run_name } from "./name";
import { notify } from "./notices";
import { current, first_run, type Origin, open_text, origin } from "./opening";
import { go_to } from "./session";
import { playing, view } from "./shown";

/** A longer address is for somebody who asks for a link; a run so long is named in the journal. */
const LETTERS_MAX = 60_000;
/** An address that changed with every event of a quick reader would be refused by browsers. */
const SETTLES_MS = 400;

/** What the tab remembers beside the address: the run's name in the journal, and its origin. */
interface Remembered {
  readonly id: string;
  readonly origin: Origin;
}

function remembered(): Remembered | undefined {
  const state: Remembered | null = history.state;
  return typeof state?.id === "string" && state.origin ? state : undefined;
}

/** Whether the page shows nothing but a playbook of its own, up to where that ends. */
function is_playbook(): boolean {
  const end = view.peek()?.told_until?.position ?? 0;
  const { kind } = origin.peek();
  return kind === "playbook" && !current.peek().acted && (view.peek()?.position ?? 0) <= end;
}

/** The address of what is on the page; undefined if a link cannot hold it. */
async function hash_of(letters: number): Promise<string | undefined> {
  const shown = view.peek();
  const text = with_lab((l) => l.save());
  if (!shown || text === undefined) return undefined;
  const { path } = origin.peek();
  if (is_playbook() && path) return playbook_hash(path, shown.position);
  if (text.length > BYTES_MAX || new Blob([text]).size > BYTES_MAX) return undefined;
  const hash = `#${await fragment_of(text, shown.position)}`;
  return hash.length > letters ? undefined : hash;
}

/** A link to what is on the page, as long as one may be; undefined if it would be longer. */
export function link_hash(): Promise<string | undefined> {
  return hash_of(Number.POSITIVE_INFINITY);
}

let written = 0;
/** Whether a visit was begun that has no entry of its own yet: it is not lost to the next instant. */
let owes_visit = false;

/** Writes the address; what is opened meanwhile comes first. */
async function write(into: "push" | "replace"): Promise<void> {
  written += 1;
  const mine = written;
  if (into === "push") owes_visit = true;
  const { id, acted } = current.peek();
  const position = view.peek()?.position ?? 0;
  const is_first = id === first_id && !acted && position === 0;
  let hash = is_first ? "" : await hash_of(LETTERS_MAX);
  if (mine !== written) return;
  if (hash === undefined) {
    keep_now(true);
    hash = kept_hash(id, position);
  }
  const address = hash === "" ? location.pathname + location.search : hash;
  try {
    const state: Remembered = { id, origin: origin.peek() };
    if (owes_visit) history.pushState(state, "", address);
    else history.replaceState(state, "", address);
  } catch {
    // A frame may be refused its history; the page goes on without.
  }
  owes_visit = false;
}

/** How often something was begun to be opened; the last of it is what the visitor wants. */
let openings = 0;
/** Whether the address names what is still to come: it is not written over. */
let awaits_library = false;

/** The run that the page begins with: it needs no name. */
let first_id = "";
let shown_id = "";
/** Whether what is being opened came from the address, and must not be written as a visit. */
let arriving = false;

function begin_anew(): void {
  first_run();
  first_id = current.peek().id;
}

function open(address: Address, from: Remembered | undefined): void {
  const id = from?.id;
  if ("at" in address && id === current.peek().id) {
    go_to(address.at);
    return;
  }
  const entry = entry_named(id ?? (address.kind === "kept" ? address.id : undefined));
  if (entry && restore(entry)) {
    if ("at" in address) go_to(address.at);
    return;
  }
  switch (address.kind) {
    case "none":
      if (current.peek().id !== first_id || current.peek().acted) begin_anew();
      return;
    case "broken":
      notify({ tone: "error", title: t("link_broken"), remedy: t("link_broken_remedy") });
      return;
    case "too_long":
      notify({ tone: "error", title: t("link_refused"), remedy: t("link_refused_remedy") });
      return;
    case "kept":
      notify({ tone: "error", title: t("kept_gone"), remedy: t("kept_gone_remedy") });
      return;
    case "run":
      open_text(address.text, from?.origin ?? { kind: "link" }, at_its_place(address.at));
      return;
    case "playbook":
      open_playbook(address.path, address.at);
  }
}

function open_playbook(path: string, at: number): void {
  openings += 1;
  const mine = openings;
  awaits_library = true;
  with_library(() => {
    awaits_library = false;
    // Somebody who opened something else meanwhile has moved on.
    if (mine !== openings) return;
    const card = card_at(path);
    if (!card) {
      const place = path.replace(/\.raft$/, "");
      notify({ tone: "error", title: t("no_playbook"), place, remedy: t("no_playbook_remedy") });
      return;
    }
    open_text(card.text, { kind: "playbook", path: card.path }, at_its_place(at));
  });
}

/** Opens what the address names; the page keeps what it has if that cannot be. */
export async function open_address(): Promise<void> {
  openings += 1;
  const mine = openings;
  const from = remembered();
  const address = await address_of(location.hash);
  if (mine === openings) arrive(() => open(address, from));
}

/** How a run that may take long to open is put in its place, once it is, with its address. */
function at_its_place(at: number): (adoption: () => boolean) => boolean {
  return (adoption) => {
    let is_open = false;
    arrive(() => {
      is_open = adoption();
      if (is_open) go_to(at);
    });
    return is_open;
  };
}

/** Opens something that has an address already. */
function arrive(work: () => void): void {
  arriving = true;
  try {
    work();
  } finally {
    arriving = false;
    shown_id = current.peek().id;
  }
}

/** The first thing that the page shows: what the address names, or a fresh cluster. */
export async function begin(): Promise<void> {
  const address = await address_of(location.hash);
  const from = remembered();
  arrive(() => {
    begin_anew();
    if (address.kind !== "none" || entry_named(from?.id)) open(address, from);
    else offer_last();
  });
  follow_the_page();
}

/** Somebody who comes back is offered what was done last. */
function offer_last(): void {
  const [last] = entries.peek();
  if (!last) return;
  notify({
    tone: "word",
    title: t("last_run", { name: last.name }),
    lasting: true,
    actions: [{ label: t("go_on"), run: () => restore(last) }],
  });
}

/** Whatever the page shows once it is at rest is what the address says. */
function follow_the_page(): void {
  let due: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const { id } = current.value;
    if (id === shown_id) return;
    shown_id = id;
    openings += 1;
    clearTimeout(due);
    void write(arriving ? "replace" : "push");
  });
  effect(() => {
    if (view.value === undefined || playing.value) return;
    clearTimeout(due);
    due = setTimeout(() => {
      if (!awaits_library) void write("replace");
    }, SETTLES_MS);
  });
  effect(() => {
    const name = run_name();
    document.title = name ? `${name} · ${t("title")}` : t("title");
  });
  addEventListener("popstate", () => void open_address());
}
