/**
 * The search through every run: a script of its own, dist/checker.js, which the page loads with the
 * first search. It leaves behind how one is begun.
 */
import { checker, wasm } from "virtual:checker";
import type { CheckBounds } from "../../pkg-check/raft_check_wasm";
import type { Scope } from "../engine/host";
import { startedWorker } from "../engine/worker";
import type { Heard, Wanted } from "./main";

/** A search takes so much memory at most: a tab may have more, but a reader's machine may not. */
const BYTES_MAX = 1e9;

export interface Running {
  /** Ends it; nothing more is heard of it. */
  readonly end: () => void;
}

/** Begins a search, in a worker of its own. */
export async function begin(bounds: CheckBounds, hear: (heard: Heard) => void): Promise<Running> {
  const worker = await startedWorker(`(${checker})().serve(self,"worker")`);
  const scope = worker ?? ownScope();
  scope.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
  const wanted: Wanted = { wasm, bounds, bytesMax: BYTES_MAX };
  scope.postMessage(wanted);
  const end = (): void => {
    scope.onmessage = null;
    scope.terminate();
  };
  return { end };
}

/** The search in the page itself, where workers are refused. */
function ownScope(): Scope & { readonly terminate: () => void } {
  const { port1, port2 } = new MessageChannel();
  checker().serve(port2, "page");
  return Object.assign(port1, { terminate: () => port1.close() });
}

export const checking = { begin };

globalThis.raftChecker = checking;
