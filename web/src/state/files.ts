/** Runs that are saved as files, and opened from them. */
import { t } from "../i18n";
import { ask } from "./engine";
import { notify, say } from "./notices";
import { openRun } from "./opening";
import { view } from "./shown";
import { isFramed } from "./ui";

/** The longest playbook: the engine would refuse more, but only with all of it in memory. */
const BYTES_MAX = 32 * 1024 * 1024;

export async function save(): Promise<void> {
  const text = await ask("save");
  if (text !== undefined) download(text);
}

export function download(text: string): void {
  const shown = view.peek();
  const name = `raft-${shown?.servers.length ?? 0}-${shown?.seed ?? 0}.raft`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  if (!isFramed) {
    say(t("saved", { name }));
    return;
  }
  // A frame may be refused its downloads, and nobody tells the page.
  notify({
    tone: "word",
    title: t("savedInFrame", { name }),
    remedy: t("savedInFrameRemedy"),
    actions: [{ label: t("showText"), run: () => showText(text) }],
  });
}

function showText(text: string): void {
  notify({ tone: "word", title: t("textOfRun"), text, lasting: true });
}

/** A picture or a program has letters in it that no text has. */
function isText(text: string): boolean {
  const begin = text.slice(0, 4096);
  return !begin.includes("\0") && !begin.includes("\ufffd");
}

/** A saved run may be dropped anywhere on the page, which says so while it is held over it. */
export function acceptDroppedFiles(): void {
  const show = (held: boolean): void => {
    if (held) document.body.setAttribute("data-dropping", t("dropHere"));
    else document.body.removeAttribute("data-dropping");
  };
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    show(event.dataTransfer?.types.includes("Files") ?? false);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) show(false);
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    show(false);
    const file = event.dataTransfer?.files[0];
    if (file) void openFile(file);
  });
}

export async function openFile(file: File): Promise<void> {
  if (file.size > BYTES_MAX) {
    notify({
      tone: "error",
      title: t("fileTooLong"),
      place: file.name,
      remedy: t("fileRemedy"),
    });
    return;
  }
  try {
    const text = await file.text();
    const complaint = isText(text) ? (text.trim() === "" ? "fileEmpty" : "") : "fileNotText";
    if (complaint === "") void openRun(text, "file", file.name);
    else notify({ tone: "error", title: t(complaint), place: file.name, remedy: t("fileRemedy") });
  } catch {
    notify({
      tone: "error",
      title: t("fileUnreadable"),
      place: file.name,
      remedy: t("fileRemedy"),
    });
  }
}
