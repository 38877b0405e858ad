/** Runs that are saved as files, and opened from them. */
import { t } from "../i18n";
import { with_lab } from "./engine";
import { notify, say } from "./notices";
import { open_run } from "./opening";
import { view } from "./shown";

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
  say(t("saved", { name }));
}

export async function open_file(file: File): Promise<void> {
  try {
    const text = await file.text();
    if (text.trim() !== "") open_run(text, "file", file.name);
    else {
      notify({
        tone: "error",
        title: t("file_empty"),
        place: file.name,
        remedy: t("file_remedy"),
      });
    }
  } catch {
    notify({
      tone: "error",
      title: t("file_unreadable"),
      place: file.name,
      remedy: t("file_remedy"),
    });
  }
}
