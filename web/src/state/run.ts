/** Which run is on the page: where it came from, what it is called, whether it was acted upon. */
import { batch } from "@preact/signals";
import { inLanguage, lang, t } from "../i18n";
import { cardAt } from "./library";
import type { Current, Origin, Owning } from "./state";

export class Run {
  constructor(private readonly state: Owning<"run">) {}

  /** Another run takes the place of this one. */
  replace(origin: Origin, current: Current): void {
    batch(() => {
      this.state.run.origin = origin;
      this.state.run.current = current;
    });
  }

  /** Something was done to it, so that it is worth keeping. */
  actedUpon(): void {
    batch(() => {
      this.state.run.acts += 1;
      this.state.run.current = { ...this.state.run.current, acted: true };
    });
  }

  /** What it is called in the header, on the tab, in the journal; nothing for a mere cluster. */
  name(): string {
    const { kind, path } = this.state.run.origin;
    if (kind === "free") return "";
    const card = kind === "playbook" ? cardAt(path) : undefined;
    if (card) return card.title[lang.value];
    const view = this.state.shown.calmView;
    const name = view && inLanguage(view.title, view.titleZh);
    return name || path || (kind === "link" ? t("fromLink") : "");
  }

  /** That the servers do not keep to all of Raft, wherever the run is named; nothing while they do. */
  modified(): string {
    const without = this.state.shown.calmView?.without ?? [];
    return without.length > 0 ? t("modified", { rules: without.join(" ") }) : "";
  }

  clusterWords(): string {
    const view = this.state.shown.calmView;
    if (!view) return "";
    const { seed, features } = view;
    return [t("serversSeed", { servers: view.servers.length, seed }), ...features].join(" · ");
  }
}
