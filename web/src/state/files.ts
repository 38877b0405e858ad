/** Runs that are saved as files, and opened from them. */
import { t } from "../i18n";
import { with_lab } from "./engine";
import { notify, say } from "./notices";
import { open_run } from "./opening";
import { view } from "./shown";
import { is_framed } from "./ui";

/** The longest playbook: the engine would refuse more, but only with all of it in memory. */
const BYTES_MAX = 32 * 1024 * 1024;

export function save(): void {
  const text = with_lab((l) => l.save());
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
  if (!is_framed) {
    say(t("saved", { name }));
    return;
  }
  // A frame may be refused its downloads, and nobody tells the page.
  notify({
    tone: "word",
    title: t("saved_in_frame", { name }),
    remedy: t("saved_in_frame_remedy"),
    actions: [{ label: t("show_text"), run: () => show_text(text) }],
  });
}

function show_text(text: string): void {
  notify({ tone: "word", title: t("text_of_run"), text, lasting: true });
}

/** A picture or a program has letters in it that no text has. */
function is_text(text: string): boolean {
  const begin = text.slice(0, 4096);
  return !begin.includes("\0") && !begin.includes("\ufffd");
}

/** A saved run may be dropped anywhere on the page, which says so while it is held over it. */
export function accept_dropped_files(): void {
  const show = (held: boolean): void => {
    if (held) document.body.setAttribute("data-dropping", t("drop_here"));
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
    if (file) void open_file(file);
  });
}

export async function open_file(file: File): Promise<void> {
  if (file.size > BYTES_MAX) {
    notify({
      tone: "error",
      title: t("file_too_long"),
      place: file.name,
      remedy: t("file_remedy"),
    });
    return;
  }
  try {
    const text = await file.text();
    const complaint = is_text(text) ? (text.trim() === "" ? "file_empty" : "") : "file_not_text";
    if (complaint === "") open_run(text, "file", file.name);
    else notify({ tone: "error", title: t(complaint), place: file.name, remedy: t("file_remedy") });
  } catch {
    notify({
      tone: "error",
      title: t("file_unreadable"),
      place: file.name,
      remedy: t("file_remedy"),
    });
  }
}
