/** What is the whole page's, however many laboratories it holds: its theme, its size, its frame. */
import { signal } from "@preact/signals";
import { EMBED } from "../lib/embed";
import { recall, remember } from "../lib/memory";

export type Theme = "auto" | "light" | "dark";

function firstTheme(): Theme {
  const kept = EMBED?.theme ?? recall("theme");
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

/** Whether the system is dark, which the theme follows unless it is chosen. */
export const dark = media("(prefers-color-scheme: dark)");
export const calmMotion = media("(prefers-reduced-motion: reduce)");

/** Whether the page stands in another one, which may withhold some of what it could do alone. */
export const isFramed = window.parent !== window;
