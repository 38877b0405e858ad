/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { type Readable, whenever } from "./state";
import type { ViewState } from "./view-state";

/** While time flies the panel stays with a server for so long, or nobody could read it. */
const STAYS_MS = 1500;

export function followEvents(state: Readable, viewState: ViewState): void {
  let cameAt = Number.NEGATIVE_INFINITY;
  whenever(
    () => (state.viewState.pinned ? undefined : state.shown.calmView),
    (view) => {
      // What happens to a link or a message belongs to none.
      const server = view?.lastServer;
      const now = performance.now();
      if (state.play.playing && now - cameAt < STAYS_MS) return;
      if (server === undefined || server === state.viewState.chosen) return;
      cameAt = now;
      viewState.follow(server);
    },
  );
}
