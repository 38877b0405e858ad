/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { effect } from "@preact/signals";
import { calmView, playing } from "./shown";
import { chosen, pinned } from "./ui";

/** While time flies the panel stays with a server for so long, or nobody could read it. */
const STAYS_MS = 1500;

export function followEvents(): void {
  let cameAt = Number.NEGATIVE_INFINITY;
  effect(() => {
    const view = calmView.value;
    if (!view || pinned.value) return;
    const now = performance.now();
    if (playing.peek() && now - cameAt < STAYS_MS) return;
    // What happens to a link or a message belongs to none.
    const server = view.lastServer;
    if (server === undefined || server === chosen.peek()) return;
    cameAt = now;
    chosen.value = server;
  });
}
