/** What the browser tests reach for: the engine under the page. */
import type { Lab } from "../pkg/raft_wasm";
import { openLab } from "./engine/load";
import { currentLab } from "./state/engine";

export interface RaftTesting {
  readonly lab: () => Lab | undefined;
  readonly digestOf: (playbook: string) => string | undefined;
}

declare global {
  var __raft: RaftTesting | undefined;
}

/** The digest of all events of a playbook, to compare with what it is elsewhere. */
function digestOf(playbook: string): string | undefined {
  const { lab } = openLab(playbook);
  const digest = lab?.digest();
  lab?.free();
  return digest;
}

export function exposeForTests(): void {
  globalThis.__raft = { lab: currentLab, digestOf };
}
