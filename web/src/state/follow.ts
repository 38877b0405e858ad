/** The panel goes along with the server that acts, the logs with the index that an event is about. */
import { type Readable, whenever } from "./state";
import type { ViewState } from "./view-state";

export function followEvents(state: Readable, viewState: ViewState): void {
  // What the reader has unfolded stays so until another event is about an index.
  let seen = "";
  whenever(
    () => state.shown.view,
    (view) => {
      const now = `${view?.branch} ${view?.turn} ${view?.position}`;
      if (view?.touched !== undefined && now !== seen) viewState.askAbout(view.touched);
      seen = now;
    },
  );
  // The reader may have pinned a server.
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
