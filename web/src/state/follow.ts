/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { effect } from "@preact/signals";
import type { View } from "../engine/types";
import { with_lab } from "./engine";
import { calm_view, playing } from "./shown";
import { chosen, pinned } from "./ui";

/** While time flies the panel stays with a server for so long, or nobody could read it. */
const STAYS_MS = 1500;

/** The server of the last event; what happens to a link or a message belongs to none. */
function acting(view: View): number | undefined {
  const last = view.position - 1;
  if (last < 0) return undefined;
  return with_lab((lab) => lab.events(last, last + 1, "en"))?.[0]?.server;
}

export function follow_events(): void {
  let came_at = Number.NEGATIVE_INFINITY;
  effect(() => {
    const view = calm_view.value;
    if (!view || pinned.value) return;
    const now = performance.now();
    if (playing.peek() && now - came_at < STAYS_MS) return;
    const server = acting(view);
    if (server === undefined || server === chosen.peek()) return;
    came_at = now;
    chosen.value = server;
  });
}
