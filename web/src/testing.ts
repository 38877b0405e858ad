/** What the browser tests reach for: the engine under a laboratory, each of its methods a promise. */
import type { Lab } from "./state/lab";

type Method = (...args: readonly unknown[]) => Promise<unknown> | undefined;

export interface RaftTesting {
  readonly lab: () => Readonly<Record<string, Method>>;
  readonly digestOf: (playbook: string) => Promise<unknown> | undefined;
  /** Comes true once all that was asked of the engine is answered and drawn, or takes long. */
  readonly rest: () => Promise<void>;
}

declare global {
  /** Of the laboratory that owns the page. */
  var __raft: RaftTesting | undefined;
  /** Of each laboratory, by the id of its element. */
  var __rafts: Record<string, RaftTesting> | undefined;
}

export function exposeForTests({ engine, state, element, ownsPage }: Lab): void {
  // Reaches by the page, so that the page does not know what is done.
  const reach = new Proxy<Readonly<Record<string, Method>>>(
    {},
    {
      get:
        (_, name): Method =>
        (...args) =>
          engine.bare(String(name), args),
    },
  );
  const rest = async (): Promise<void> => {
    // An answer may lead to the next request, so it has to be quiet twice.
    for (let quiet = 0; quiet < 2; ) {
      await new Promise((wake) => setTimeout(wake, 0));
      const rests = engine.isIdle() || state.engine.underWay !== undefined || state.play.playing;
      quiet = rests ? quiet + 1 : 0;
    }
  };
  const testing = { lab: () => reach, digestOf: (text: string) => engine.digestOf(text), rest };
  globalThis.__rafts = { ...globalThis.__rafts, [element.id]: testing };
  if (ownsPage) globalThis.__raft = testing;
}
