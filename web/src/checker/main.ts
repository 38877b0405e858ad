/**
 * The search's end of its port. It runs in a worker, or in the page where workers are refused, and
 * is the same in both: it is told what to search, goes on a slice at a time, says how far it is, and
 * tells what came of it. Nobody stops it: who wants no more ends the worker, or closes the port.
 */
import init, {
  type CheckBounds,
  type CheckProgress,
  type CheckRefusal,
  type CheckReport,
  Search,
} from "../../pkg-check/raft_check_wasm";
import type { Scope } from "../engine/host";
import { unpacked } from "../engine/unpack";

/** What is to be searched, by a module that is packed, with so much memory. */
export interface Wanted {
  readonly wasm: string;
  readonly bounds: CheckBounds;
  readonly bytesMax: number;
}

/** What is heard of a search; after anything but its progress, nothing more. */
export type Heard =
  | { readonly kind: "going"; readonly progress: CheckProgress; readonly flags: string }
  | { readonly kind: "over"; readonly report: CheckReport; readonly flags: string }
  | { readonly kind: "refused"; readonly refusal: CheckRefusal }
  | { readonly kind: "failed"; readonly words: string };

/** So often it says how far it is. In the page itself no slice may be felt. */
const SLICE_MS = { worker: 100, page: 12 };

export function serve(scope: Scope, where: keyof typeof SLICE_MS): void {
  scope.onmessage = async ({ data }: MessageEvent<Wanted>) => {
    const tell = (heard: Heard): void => scope.postMessage(heard);
    try {
      await search(data, SLICE_MS[where], tell);
    } catch (error) {
      tell({ kind: "failed", words: String(error) });
    }
  };
}

async function search(wanted: Wanted, sliceMs: number, tell: (heard: Heard) => void) {
  // biome-ignore lint/style/useNamingConvention: the glue code of wasm-bindgen names it so.
  await init({ module_or_path: await unpacked(wanted.wasm) });
  const search = new Search(wanted.bounds);
  const refusal = search.refusal();
  if (refusal) return tell({ kind: "refused", refusal });
  const flags = search.flags();
  for (;;) {
    const until = performance.now() + sliceMs;
    do {
      const report = search.advance(wanted.bytesMax);
      if (report) return tell({ kind: "over", report, flags });
    } while (performance.now() < until);
    const progress = search.progress();
    if (progress) tell({ kind: "going", progress, flags });
    await new Promise((wake) => setTimeout(wake, 0));
  }
}
