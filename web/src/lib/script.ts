/** What the page loads when it is first needed: by an element, which works from a file, too. */
import { trusted } from "./trusted";

/** Settles when the script has run. After a failure whoever asks again tries again. */
export function loadScript(path: string): Promise<void> {
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => loaded());
    script.addEventListener("error", () => failed(new Error(path)));
    script.src = trusted(path);
    document.head.append(script);
  });
}

/** Settles when the style sheet is there. */
export function loadStyle(path: string): Promise<void> {
  return new Promise((loaded, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.addEventListener("load", () => loaded());
    link.addEventListener("error", () => {
      link.remove();
      failed(new Error(path));
    });
    link.href = path;
    document.head.append(link);
  });
}
