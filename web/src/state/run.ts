/** Which run is on the page: where it came from, what it is called, whether it was acted upon. */
import { batch, signal } from "@preact/signals";
import { inLanguage, lang, t } from "../i18n";
import { freshKey } from "../lib/memory";
import { cardAt } from "./library";
import type { Shown } from "./shown";

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

/** The run on the page: its name in the journal, and whether there is anything to be kept. */
export interface Current {
  readonly id: string;
  readonly acted: boolean;
  /** Whether it came by its address, so that it is no visit of its own. */
  readonly arrived: boolean;
}

export class Run {
  readonly origin = signal<Origin>({ kind: "free" });
  readonly current = signal<Current>({ id: freshKey(), acted: false, arrived: true });
  /** How often something was done to this run, or to one before it. */
  readonly acts = signal(0);

  constructor(private readonly shown: Shown) {}

  /** Another run takes the place of this one. */
  replace(origin: Origin, current: Current): void {
    batch(() => {
      this.origin.value = origin;
      this.current.value = current;
    });
  }

  /** Something was done to it, so that it is worth keeping. */
  actedUpon(): void {
    batch(() => {
      this.acts.value += 1;
      this.current.value = { ...this.current.peek(), acted: true };
    });
  }

  /** What it is called in the header, on the tab, in the journal; nothing for a mere cluster. */
  name(): string {
    const { kind, path } = this.origin.value;
    if (kind === "free") return "";
    const card = kind === "playbook" ? cardAt(path) : undefined;
    if (card) return card.title[lang.value];
    const view = this.shown.calmView.value;
    const name = view && inLanguage(view.title, view.titleZh);
    return name || path || (kind === "link" ? t("fromLink") : "");
  }

  clusterWords(): string {
    const view = this.shown.calmView.value;
    if (!view) return "";
    const { seed, features, without } = view;
    const words = t("serversSeed", { servers: view.servers.length, seed });
    const all = [words, ...features].join(" · ");
    return without.length > 0 ? `${all} · ${t("without", { rules: without.join(" ") })}` : all;
  }
}
