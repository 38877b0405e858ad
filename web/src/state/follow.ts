/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { effect } from "@preact/signals";
import type { Play } from "./play";
import type { Shown } from "./shown";
import type { ViewState } from "./view-state";

/** While time flies the panel stays with a server for so long, or nobody could read it. */
const STAYS_MS = 1500;

export function followEvents(shown: Shown, play: Play, viewState: ViewState): void {
  let cameAt = Number.NEGATIVE_INFINITY;
  effect(() => {
    const view = shown.calmView.value;
    if (!view || viewState.pinned.value) return;
    const now = performance.now();
    if (play.playing.peek() && now - cameAt < STAYS_MS) return;
    // What happens to a link or a message belongs to none.
    const server = view.lastServer;
    if (server === undefined || server === viewState.chosen.peek()) return;
    cameAt = now;
    viewState.follow(server);
  });
}
