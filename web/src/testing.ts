/** What the browser tests reach for: the engine under the page. */
import type { Lab } from "../pkg/raft_wasm";
import { open_lab } from "./engine/load";
import { current_lab } from "./state/engine";

export interface RaftTesting {
  readonly lab: () => Lab | undefined;
  readonly digest_of: (playbook: string) => string | undefined;
}

declare global {
  var __raft: RaftTesting | undefined;
}

/** The digest of all events of a playbook, to compare with what it is elsewhere. */
function digest_of(playbook: string): string | undefined {
  const { lab } = open_lab(playbook);
  const digest = lab?.digest();
  lab?.free();
  return digest;
}

export function expose_for_tests(): void {
  globalThis.__raft = { lab: current_lab, digest_of };
}
