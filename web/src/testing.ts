/** What the browser tests reach for: the engine under the page. */
import { type Lab, random_run_digest } from "../pkg/raft_wasm";
import { current_lab } from "./state/session";

export interface RaftTesting {
  readonly lab: () => Lab | undefined;
  readonly random_run_digest: (seed: number) => string;
}

declare global {
  var __raft: RaftTesting | undefined;
}

export function expose_for_tests(): void {
  globalThis.__raft = { lab: current_lab, random_run_digest };
}
