/** Makes the page, where a host serves it, one that is there without a network and can be installed. */
import { isFramed } from "./page";

/** What is wanted at once comes first. */
const AFTER_MS = 4000;

export function installLater(): void {
  const isServed = location.protocol === "https:" || location.protocol === "http:";
  if (!isServed || isFramed || !("serviceWorker" in navigator)) return;
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = "dist/manifest.webmanifest";
  document.head.append(manifest);
  // A host that withholds it has a page all the same.
  setTimeout(() => void navigator.serviceWorker.register("sw.js").catch(() => undefined), AFTER_MS);
}
