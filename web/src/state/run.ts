/** Which run is on the page: where it came from, what it is called, whether it was acted upon. */
import { batch } from "@preact/signals";
import { inLanguage, t } from "../i18n";
import { cardAt } from "./library";
import type { Current, Entry, Named, Origin, Owning } from "./state";

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
    return titleOf(this.state.run.origin, this.named());
  }

  /** That the servers do not keep to all of Raft, wherever the run is named; nothing while they do. */
  modified(): string {
    return modifiedWords(this.named().without);
  }

  clusterWords(): string {
    return this.state.shown.calmView ? clusterOf(this.named()) : "";
  }

  /** What it is named by, whatever the language. */
  named(): Named {
    const { origin } = this.state.run;
    const view = this.state.shown.calmView;
    const card = origin.kind === "playbook" ? cardAt(origin.path) : undefined;
    return {
      title: card?.title.en ?? view?.title ?? "",
      titleZh: card?.title.zh ?? view?.titleZh ?? "",
      servers: view?.servers.length ?? 0,
      seed: view?.seed ?? 0,
      features: view?.features ?? [],
      without: view?.without ?? [],
    };
  }
}

/** What a run of the journal is called, in the reader's language. */
export function nameOf({ name, named, origin }: Entry): string {
  if (!named) return name;
  const plain = titleOf(origin, named) || clusterOf(named);
  return [plain, modifiedWords(named.without)].filter(Boolean).join(" · ");
}

export function modifiedWords(without: readonly string[]): string {
  return without.length > 0 ? t("modified", { rules: without.join(" ") }) : "";
}

function titleOf({ kind, path }: Origin, { title, titleZh }: Named): string {
  if (kind === "free") return "";
  return inLanguage(title, titleZh) || path || (kind === "link" ? t("fromLink") : "");
}

function clusterOf({ servers, seed, features }: Named): string {
  return [t("serversSeed", { servers, seed }), ...features].join(" · ");
}
