/** The panel goes along with the server that acts, unless the reader has pinned one. */
import { type Readable, whenever } from "./state";
import type { ViewState } from "./view-state";

export function followEvents(state: Readable, viewState: ViewState): void {
  whenever(
    () => (state.viewState.pinned ? undefined : state.shown.calmView),
    (view) => {
      // What happens to a link or a message belongs to none.
      const server = view?.lastServer;
      if (server === undefined || server === state.viewState.chosen) return;
      viewState.follow(server);
    },
  );
}
