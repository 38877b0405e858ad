/**
 * The page's end of the port: every request is answered by a promise, in the order in which the
 * requests were made, but for what takes long. The engine runs in a worker, so that nothing it
 * does keeps the page waiting; where workers are refused it runs in the page.
 */
import { engine } from "virtual:engine";
import { wasm } from "virtual:wasm";
import type { Scope } from "./host";
import type { Answer, Call, Look, Progress, Request, Shown } from "./protocol";
import type { LastWords } from "./types";
import { startedWorker } from "./worker";

/** What a request says besides its answer. */
export interface Hearing {
  readonly look?: Look | undefined;
  readonly onShown?: (shown: Shown) => void;
  readonly onProgress?: (progress: Progress) => void;
}

interface Waiting extends Hearing {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export class Port {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  private constructor(
    private readonly scope: Scope,
    private readonly onPanic: (words: LastWords) => void,
  ) {
    scope.onmessage = ({ data }) => this.hear(data);
  }

  /** An engine of its own; an error says why there is none. */
  static async open(onPanic: (words: LastWords) => void): Promise<Port> {
    const worker = await startedWorker(`(${engine})().serve(self)`);
    const port = new Port(worker ?? ownScope(), onPanic);
    await port.call({ kind: "load", wasm });
    return port;
  }

  /** Answers with the engine's value; with nothing if it panicked. */
  call(call: Call, hearing: Hearing = {}): Promise<unknown> {
    this.lastId += 1;
    const request: Request = { id: this.lastId, call, look: hearing.look };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { ...hearing, resolve, reject });
      this.scope.postMessage(request);
    });
  }

  private hear(answer: Answer): void {
    if ("panic" in answer) this.onPanic(answer.panic);
    const waiting = this.waiting.get(answer.id);
    if (!waiting) return;
    if ("progress" in answer) {
      waiting.onProgress?.(answer.progress);
      return;
    }
    this.waiting.delete(answer.id);
    if ("failed" in answer) waiting.reject(new Error(answer.failed));
    else if ("panic" in answer) waiting.resolve(undefined);
    else {
      if (answer.shown) waiting.onShown?.(answer.shown);
      waiting.resolve(answer.value);
    }
  }
}

/** The engine in the page itself: it is slower to be stopped, and the same otherwise. */
function ownScope(): Scope {
  const { port1, port2 } = new MessageChannel();
  engine().serve(port2);
  return port1;
}

/** Unpacks a text in the page itself: it carries what that takes for the engine's end anyway. */
export function unpackedText(packed: string): Promise<string> {
  return engine().unpackedText(packed);
}
