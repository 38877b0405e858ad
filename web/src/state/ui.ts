/** What the page itself remembers: choices of the reader, none of Raft's. */
import { batch, computed, signal } from "@preact/signals";
import { recall, remember } from "../lib/memory";

export type Theme = "auto" | "light" | "dark";
export type Tab = "server" | "events" | "why";
export type Dialog = "help" | "playbooks" | "newRun";

/** The server whose state the panel shows, and that the keys act on. */
export const chosen = signal(1);
/** Whether it is the reader's choice; else it is the server that acted last. */
export const pinned = signal(false);

/** Chooses a server for good: what happens elsewhere does not take the panel away from it. */
export function pin(id: number): void {
  batch(() => {
    chosen.value = id;
    pinned.value = true;
  });
}

export function toggleFollow(): void {
  pinned.value = !pinned.peek();
}

export const tab = signal<Tab>("server");
export const dialog = signal<Dialog | undefined>(undefined);

function firstTheme(): Theme {
  const kept = recall("theme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export const theme = signal<Theme>(firstTheme());

export function setTheme(next: Theme): void {
  theme.value = next;
  remember("theme", next);
  showTheme();
}

/** The style sheet follows the system unless the root names a theme. */
export function showTheme(): void {
  const root = document.documentElement;
  if (theme.value === "auto") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", theme.value);
}

export function nextTheme(): void {
  const order: readonly Theme[] = ["auto", "light", "dark"];
  setTheme(order[(order.indexOf(theme.value) + 1) % order.length] ?? "auto");
}

function media(query: string): { readonly value: boolean } {
  const list = globalThis.matchMedia(query);
  const state = signal(list.matches);
  list.addEventListener("change", () => {
    state.value = list.matches;
  });
  return state;
}

/** A phone: the page scrolls, panels are shown one at a time. */
export const narrow = media("(max-width: 759px)");
/** Room enough to keep the explanation beside the panel. */
export const roomy = media("(min-width: 1100px)");
/** How much larger the stage is drawn where the page's own words are larger. */
const large = media("(min-width: 1900px)");
const huge = media("(min-width: 2400px)");
export const stageScale = computed(() => (huge.value ? 1.4 : large.value ? 1.15 : 1));
export const calmMotion = media("(prefers-reduced-motion: reduce)");

/** The tab in truth: what has a place of its own is not shown twice. */
export const shownTab = computed<Tab>(() =>
  roomy.value && tab.value === "why" ? "server" : tab.value,
);

/** Whether the page stands in another one, which may withhold some of what it could do alone. */
export const isFramed = window.parent !== window;
