/** Scripts that the page loads when they are first needed: by an element, which works from a file, too. */
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
