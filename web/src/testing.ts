/** What the browser tests reach for: the engine under the page, each of its methods a promise. */
import { bare, digestOf, isEngineThere, isIdle } from "./state/engine";
import { playing } from "./state/shown";
import { underWay } from "./state/under-way";

type Method = (...args: readonly unknown[]) => Promise<unknown> | undefined;

export interface RaftTesting {
  readonly lab: () => Readonly<Record<string, Method>>;
  readonly digestOf: (playbook: string) => Promise<unknown> | undefined;
  /** Comes true once all that was asked of the engine is answered and drawn, or takes long. */
  readonly rest: () => Promise<void>;
}

declare global {
  var __raft: RaftTesting | undefined;
}

/** Reaches by the page, so that the page does not know what is done. */
const lab = new Proxy<Readonly<Record<string, Method>>>(
  {},
  {
    get:
      (_, name): Method =>
      (...args) =>
        bare(String(name), args),
  },
);

export function exposeForTests(): void {
  if (isEngineThere()) globalThis.__raft = { lab: () => lab, digestOf, rest };
}

async function rest(): Promise<void> {
  // An answer may lead to the next request, so it has to be quiet twice.
  for (let quiet = 0; quiet < 2; ) {
    await new Promise((wake) => setTimeout(wake, 0));
    const rests = isIdle() || underWay.peek() !== undefined || playing.peek();
    quiet = rests ? quiet + 1 : 0;
  }
}
