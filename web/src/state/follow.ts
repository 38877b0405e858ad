/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { effect } from "@preact/signals";
import type { View } from "../engine/types";
import { withLab } from "./engine";
import { calmView, playing } from "./shown";
import { chosen, pinned } from "./ui";

/** While time flies the panel stays with a server for so long, or nobody could read it. */
const STAYS_MS = 1500;

/** The server of the last event; what happens to a link or a message belongs to none. */
function acting(view: View): number | undefined {
  const last = view.position - 1;
  if (last < 0) return undefined;
  return withLab((lab) => lab.events(last, last + 1, "en"))?.[0]?.server;
}

export function followEvents(): void {
  let cameAt = Number.NEGATIVE_INFINITY;
  effect(() => {
    const view = calmView.value;
    if (!view || pinned.value) return;
    const now = performance.now();
    if (playing.peek() && now - cameAt < STAYS_MS) return;
    const server = acting(view);
    if (server === undefined || server === chosen.peek()) return;
    cameAt = now;
    chosen.value = server;
  });
}
