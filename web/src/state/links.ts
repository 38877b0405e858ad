/** What the run can be named by, and a link to this instant of it, to be given to somebody else. */
import { type Key, t } from "../i18n";
import { playbookHash, presented } from "../lib/address";
import { BYTES_MAX, fragmentOf } from "../lib/link";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import { isFramed } from "./page";
import { modifiedWords } from "./run";
import type { Readable } from "./state";

export class Links {
  constructor(
    private readonly state: Readable,
    private readonly engine: Engine,
    private readonly notices: Notices,
    private readonly ownsPage: boolean,
  ) {}

  /** The hash of what is shown; undefined if it would have more letters than that. */
  async hashOf(lettersMax: number): Promise<string | undefined> {
    const view = this.state.shown.view;
    if (!view) return undefined;
    const { path } = this.state.run.origin;
    if (this.isPlaybook() && path) return playbookHash(path, view.position);
    const text = await this.engine.ask("save");
    if (text === undefined) return undefined;
    if (text.length > BYTES_MAX || new Blob([text]).size > BYTES_MAX) return undefined;
    const hash = `#${await fragmentOf(text, view.position)}`;
    return hash.length > lettersMax ? undefined : hash;
  }

  /** Puts a link into the address, if that is this laboratory's, and into the clipboard if it may. */
  async share(): Promise<void> {
    const { notices } = this;
    const plain = await this.hashOf(Number.POSITIVE_INFINITY);
    if (plain === undefined) {
      notices.notify(() => ({
        tone: "error",
        title: t("linkTooLong"),
        remedy: t("linkTooLongRemedy"),
      }));
      return;
    }
    const hash = this.state.viewState.presenting ? presented(plain) : plain;
    const link = new URL(hash, location.href).href;
    const without = this.state.shown.calmView?.without ?? [];
    if (this.ownsPage) putIntoAddress(hash);
    // A frame has an address bar that nobody sees.
    if (isFramed || !this.ownsPage) {
      notices.notify(() => ({
        tone: "word",
        title: t("linkHere"),
        text: link,
        lasting: true,
        remedy: modifiedWords(without),
      }));
      void navigator.clipboard?.writeText(link).catch(() => undefined);
      return;
    }
    const tell = (title: Key): void =>
      notices.notify(() => ({
        tone: "word",
        title: t(title),
        remedy: [t(reachOf(hash)), modifiedWords(without)].join(" ").trim(),
      }));
    try {
      await navigator.clipboard.writeText(link);
      tell("linkCopied");
    } catch {
      tell("linkInAddress");
    }
  }

  /** Whether nothing is shown but a playbook of the page, up to where that ends. */
  private isPlaybook(): boolean {
    const view = this.state.shown.view;
    const end = view?.toldUntil?.position ?? 0;
    const { kind } = this.state.run.origin;
    return kind === "playbook" && !this.state.run.current.acted && (view?.position ?? 0) <= end;
  }
}

/** How far a link leads: one that names a file of this machine leads nowhere on another. */
function reachOf(hash: string): Key {
  if (location.protocol === "file:") return "linkFile";
  return hash.startsWith("#/") ? "linkNames" : "linkHolds";
}

function putIntoAddress(hash: string): void {
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    // A frame may be refused its history; the link is the same.
  }
}
