/** A link to this instant of the run, to be given to somebody else. */
import { t } from "../i18n";
import { linkHash } from "./address";
import { notify, say } from "./notices";
import { isFramed } from "./ui";

/** Puts a link into the address, and into the clipboard if it may. */
export async function share(): Promise<void> {
  const hash = await linkHash();
  if (hash === undefined) {
    notify({ tone: "error", title: t("linkTooLong"), remedy: t("linkTooLongRemedy") });
    return;
  }
  const link = new URL(hash, location.href).href;
  try {
    history.replaceState(history.state, "", hash);
  } catch {
    // A frame may be refused its history; the link is the same.
  }
  // A frame has an address bar that nobody sees.
  if (isFramed) {
    notify({ tone: "word", title: t("linkHere"), text: link, lasting: true });
    void navigator.clipboard?.writeText(link).catch(() => undefined);
    return;
  }
  const holds = t(hash.startsWith("#/") ? "linkNames" : "linkHolds");
  try {
    await navigator.clipboard.writeText(link);
    say(t("linkCopied"), holds);
  } catch {
    say(t("linkInAddress"), holds);
  }
}
