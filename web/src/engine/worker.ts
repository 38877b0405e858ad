/** Workers made of text, as one that comes from a file may be: a page from a file has no other. */
import { trusted } from "../lib/trusted";

/** A worker in which this text has run; none where the browser or its host refuses. */
export async function startedWorker(text: string): Promise<Worker | undefined> {
  const whole = `${text};self.postMessage("ready")`;
  const address = URL.createObjectURL(new Blob([whole], { type: "text/javascript" }));
  try {
    const worker = new Worker(trusted(address));
    const isReady = await new Promise<boolean>((resolve) => {
      worker.onmessage = () => resolve(true);
      // A policy that refuses it says so only now.
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(false);
      };
    });
    worker.onerror = null;
    return isReady ? worker : undefined;
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(address);
  }
}
