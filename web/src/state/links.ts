/** A link to this instant of the run, to be given to somebody else. */
import { t } from "../i18n";
import { link_hash } from "./address";
import { notify, say } from "./notices";
import { is_framed } from "./ui";

/** Puts a link into the address, and into the clipboard if it may. */
export async function share(): Promise<void> {
  const hash = await link_hash();
  if (hash === undefined) {
    notify({ tone: "error", title: t("link_too_long"), remedy: t("link_too_long_remedy") });
    return;
  }
  const link = new URL(hash, location.href).href;
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    // A frame may be refused its history; the link is the same.
  }
  // A frame has an address bar that nobody sees.
  if (is_framed) {
    notify({ tone: "word", title: t("link_here"), text: link, lasting: true });
    void navigator.clipboard?.writeText(link).catch(() => undefined);
    return;
  }
  const holds = t(hash.startsWith("#/") ? "link_names" : "link_holds");
  try {
    await navigator.clipboard.writeText(link);
    say(t("link_copied"), holds);
  } catch {
    say(t("link_in_address"), holds);
  }
}
