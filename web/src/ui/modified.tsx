/** That what is seen is not Raft: a clause is off. */
import type { JSX } from "preact";
import { useLab } from "./use-lab";

export function Modified(): JSX.Element | null {
  const { run } = useLab();
  const words = run.modified();
  return words === "" ? null : <span class="modified">{words}</span>;
}
