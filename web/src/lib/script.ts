/**
 * What the page loads when it is first needed: by an element, which works from a file, too. It is asked
 * for by its version, so that no cache can mix two, and says which one it is.
 */

import { version } from "virtual:version";
import { signal } from "@preact/signals";
import { trusted } from "./trusted";

/** Whether something of another version was found: the page has been renewed since it was opened. */
export const outdated = signal(false);

/** Settles when the script has run. After a failure whoever asks again tries again. */
export async function loadScript(path: string): Promise<void> {
  // The page that is one single file has everything in it.
  if (globalThis.raftLoaded?.[path] !== version) {
    const script = document.createElement("script");
    script.src = trusted(`${path}?v=${version}`);
    await added(script, path);
  }
  if (globalThis.raftLoaded?.[path] === version) return;
  outdated.value = globalThis.raftLoaded?.[path] !== undefined;
  throw new Error(path);
}

/** Settles when the style sheet is there. */
export async function loadStyle(path: string): Promise<void> {
  if (globalThis.raftLoaded?.[path] === version) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${path}?v=${version}`;
  await added(link, path);
}

function added(element: HTMLElement, path: string): Promise<void> {
  return new Promise((loaded, failed) => {
    element.addEventListener("load", () => loaded());
    element.addEventListener("error", () => {
      element.remove();
      failed(new Error(path));
    });
    document.head.append(element);
  });
}
