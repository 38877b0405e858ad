/** What the browser tests reach for: the engine under the page, and how long frames take. */
import { type Lab, random_run_digest } from "../pkg/raft_wasm";
import { frame_costs } from "./state/frame";
import { current_lab } from "./state/session";

export interface RaftTesting {
  readonly lab: () => Lab | undefined;
  readonly frame_costs: () => number[];
  readonly random_run_digest: (seed: number) => string;
}

declare global {
  var __raft: RaftTesting | undefined;
}

export function expose_for_tests(): void {
  globalThis.__raft = { lab: current_lab, frame_costs, random_run_digest };
}
