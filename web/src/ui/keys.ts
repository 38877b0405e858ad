/** The keyboard: every deed of the page has a key. */

import { lang, party_name, set_language } from "../i18n";
import { neighbour_speed } from "../lib/pace";
import { save } from "../state/files";
import { share } from "../state/links";
import { open_menu } from "../state/menu";
import { speed, toggle_play } from "../state/play";
import {
  act,
  go_to,
  next_of_note,
  next_phase,
  previous_of_note,
  previous_phase,
  step,
  step_back,
  tick,
} from "../state/session";
import { view } from "../state/shown";
import { chosen, dialog, is_framed, next_theme, pin, tab, toggle_follow } from "../state/ui";
import { focus_command, is_empty_command } from "./command";
import { server_menu } from "./menus";

function chosen_server() {
  return view.peek()?.servers.find((server) => server.id === chosen.peek());
}

/** Does one thing or the other to the chosen server, by its state. */
function switch_state(state: "crashed" | "paused", back: string, there: string): void {
  const server = chosen_server();
  if (server) act(`${server.state === state ? back : there} ${party_name(server.id)}`);
}

function open_chosen(): void {
  const server = chosen_server();
  const disc = document.querySelector(`[data-server="${chosen.peek()}"]`);
  if (server && disc) open_menu(disc, server_menu(server));
}

const KEYS: Readonly<Record<string, () => void>> = {
  " ": toggle_play,
  ArrowRight: step,
  ArrowLeft: step_back,
  n: next_of_note,
  p: previous_of_note,
  t: tick,
  Home: () => go_to(0),
  End: () => go_to(view.peek()?.length ?? 0),
  "[": previous_phase,
  "]": next_phase,
  "-": () => {
    speed.value = neighbour_speed(speed.peek(), -1);
  },
  "+": () => {
    speed.value = neighbour_speed(speed.peek(), 1);
  },
  "=": () => {
    speed.value = neighbour_speed(speed.peek(), 1);
  },
  c: () => switch_state("crashed", "restart", "crash"),
  z: () => switch_state("paused", "resume", "pause"),
  e: () => act(`timeout ${party_name(chosen.peek())}`),
  m: open_chosen,
  "/": focus_command,
  ">": focus_command,
  f: toggle_follow,
  i: () => {
    tab.value = "server";
  },
  v: () => {
    tab.value = "events";
  },
  l: () => {
    dialog.value = "playbooks";
  },
  r: () => {
    dialog.value = "new_run";
  },
  s: save,
  k: () => void share(),
  o: () => document.getElementById("open-run")?.click(),
  g: () => set_language(lang.peek() === "en" ? "zh" : "en"),
  d: next_theme,
  Escape: () => {
    // The page around a frame, say a deck of slides, hears the next keys again.
    if (is_framed) window.parent.focus();
  },
  "?": () => {
    dialog.value = "help";
  },
};

const OF_AN_EMPTY_COMMAND = [" ", "ArrowLeft", "ArrowRight"];

/**
 * A field keeps its keys, but an empty command line has no use for some of them; a focused
 * button keeps space and Enter, and what is drawn on the stage keeps Enter.
 */
function belongs_elsewhere(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (!(target instanceof Element)) return false;
  if (is_empty_command(target) && OF_AN_EMPTY_COMMAND.includes(key)) return false;
  if (target.closest("input:not([type=range]), select, textarea, dialog")) return true;
  if (target.matches("input[type=range]")) return key.startsWith("Page");
  const presses =
    (key === " " || key === "Enter") && target.closest("button, summary, div[role=button]");
  // A button that was clicked keeps the focus unseen; space then plays all the same.
  return presses !== null && presses !== false && target.matches(":focus-visible");
}

export function on_key(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (belongs_elsewhere(event)) return;
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
  if (digit > 0) {
    if (digit <= (view.peek()?.servers.length ?? 0)) pin(digit);
    return;
  }
  const deed = KEYS[event.key];
  if (!deed) return;
  event.preventDefault();
  if (event.key === " " && event.target instanceof HTMLElement) event.target.blur();
  deed();
}
