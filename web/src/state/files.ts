/** Runs that are saved as files, and opened from them. */
import type { LastWords } from "../engine/types";
import { t } from "../i18n";
import { linked } from "../lib/link";
import { marked } from "../lib/modified";
import type { Engine } from "./engine";
import type { Notices } from "./notices";
import type { Opening } from "./opening";
import { isFramed } from "./page";
import type { Play } from "./play";
import type { Readable } from "./state";

/** The longest playbook: the engine would refuse more, but only with all of it in memory. */
const BYTES_MAX = 32 * 1024 * 1024;

export class Files {
  constructor(
    private readonly state: Readable,
    private readonly engine: Engine,
    private readonly play: Play,
    private readonly opening: Opening,
    private readonly notices: Notices,
  ) {}

  async save(): Promise<void> {
    const text = await this.engine.ask("save");
    if (text !== undefined) this.download(marked(text, this.state.shown.view?.without ?? []));
  }

  async openFile(file: File): Promise<void> {
    if (file.size > BYTES_MAX) {
      this.notices.notify(() => ({
        tone: "error",
        title: t("fileTooLong"),
        place: file.name,
        remedy: t("fileRemedy"),
      }));
      return;
    }
    try {
      const text = await file.text();
      // A picture of the page has its run inside, as a link.
      const [inside] = /#run=[\w-]+&(amp;)?at=\d+/.exec(text) ?? [];
      const found =
        /\.(svg|png)$/.test(file.name) && inside && (await linked(inside.replace("amp;", "")));
      if (typeof found === "object") {
        const from = { kind: "file", path: file.name } as const;
        return void this.opening.open(found.text, { from, at: found.at });
      }
      const complaint = isText(text) ? (text.trim() === "" ? "fileEmpty" : "") : "fileNotText";
      if (complaint === "") void this.opening.openRun(text, "file", file.name);
      else
        this.notices.notify(() => ({
          tone: "error",
          title: t(complaint),
          place: file.name,
          remedy: t("fileRemedy"),
        }));
    } catch {
      this.notices.notify(() => ({
        tone: "error",
        title: t("fileUnreadable"),
        place: file.name,
        remedy: t("fileRemedy"),
      }));
    }
  }

  /** A saved run may be dropped anywhere on the laboratory, which says so while it is held there. */
  acceptDropsOn(element: HTMLElement): void {
    const show = (held: boolean): void => {
      if (held) element.setAttribute("data-dropping", t("dropHere"));
      else element.removeAttribute("data-dropping");
    };
    element.addEventListener("dragover", (event) => {
      event.preventDefault();
      show(event.dataTransfer?.types.includes("Files") ?? false);
    });
    element.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) show(false);
    });
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      show(false);
      const file = event.dataTransfer?.files[0];
      if (file) void this.openFile(file);
    });
  }

  /** Says that the engine has stopped, and offers what is left of the run as a file. */
  tellStopped({ message, run }: LastWords): void {
    this.play.stop();
    this.notices.notify(() => ({
      tone: "error",
      title: t("engineStopped"),
      cause: message,
      remedy: t("engineRemedy"),
      actions: run ? [{ label: t("saveRun"), run: () => this.download(run) }] : undefined,
    }));
  }

  /** What a saved run is called. */
  name(): string {
    const shown = this.state.shown.view;
    return `raft-${shown?.servers.length ?? 0}-${shown?.seed ?? 0}.raft`;
  }

  private download(text: string): void {
    this.saveAs(this.name(), new Blob([text], { type: "text/plain" }), text);
  }

  /** Saves a file; its text, if it has one, is offered where a frame may be refused that. */
  saveAs(name: string, file: Blob, text?: string): void {
    const address = URL.createObjectURL(file);
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    if (!isFramed) {
      this.notices.say("saved", undefined, { name });
      return;
    }
    // A frame may be refused its downloads, and nobody tells the page.
    this.notices.notify(() => ({
      tone: "word",
      title: t("savedInFrame", { name }),
      remedy: t("savedInFrameRemedy"),
      actions: text === undefined ? [] : [{ label: t("showText"), run: () => this.showText(text) }],
    }));
  }

  private showText(text: string): void {
    this.notices.notify(() => ({ tone: "word", title: t("textOfRun"), text, lasting: true }));
  }
}

/** A picture or a program has letters in it that no text has. */
function isText(text: string): boolean {
  const begin = text.slice(0, 4096);
  return !begin.includes("\0") && !begin.includes("\ufffd");
}
