/** Runs that travel as links: opened from the address, and put into it. */
import { t } from "../i18n";
import { BYTES_MAX, fragment_of, linked } from "../lib/link";
import { with_lab } from "./engine";
import { notify, say } from "./notices";
import { open_run } from "./opening";
import { go_to } from "./session";
import { view } from "./shown";

/** Opens the run that the address holds, at its instant; `false` if there is none to open. */
export async function open_link(): Promise<boolean> {
  const found = await linked(location.hash);
  if (found === "none") return false;
  if (!found) {
    notify({ tone: "error", title: t("link_broken"), remedy: t("link_broken_remedy") });
    return false;
  }
  if (!open_run(found.text, "link")) return false;
  if (found.at > 0) go_to(found.at);
  return true;
}

/** Puts a link to this instant of the run into the address, and into the clipboard if it may. */
export async function share(): Promise<void> {
  const text = with_lab((l) => l.save());
  const shown = view.peek();
  if (text === undefined || !shown) return;
  if (new Blob([text]).size > BYTES_MAX) {
    notify({ tone: "error", title: t("link_too_long"), remedy: t("link_too_long_remedy") });
    return;
  }
  const fragment = await fragment_of(text, shown.position);
  history.replaceState(null, "", `#${fragment}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say(t("link_copied"), t("link_holds"));
  } catch {
    say(t("link_in_address"), t("link_holds"));
  }
}
