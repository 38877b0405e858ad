/** The engine under the page: who may only look at it, and who may change it. */
import { type Lab, last_words } from "../../pkg/raft_wasm";
import type { LastWords } from "../engine/types";
import { stop_here } from "./under_way";

/** What only looks. Whatever else a laboratory can do goes by the one path of `session.ts`. */
export type Looked = Pick<
  Lab,
  | "branches"
  | "columns"
  | "detail"
  | "digest"
  | "events"
  | "explain"
  | "failures"
  | "link"
  | "now"
  | "phases"
  | "position"
  | "save"
  | "save_branch"
  | "view"
>;

let lab: Lab | undefined;
let on_stop: (words: LastWords) => void = () => undefined;

/** Whom to tell when the engine has panicked. */
export function when_stopped(told: (words: LastWords) => void): void {
  on_stop = told;
}

export function current_lab(): Lab | undefined {
  return lab;
}

export function replace_lab(next: Lab): void {
  const old = lab;
  lab = next;
  old?.free();
}

/** A panic of the engine ends the run but not the page. */
export function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    lab = undefined;
    on_stop(last_words() ?? { message: String(error), run: "" });
    return undefined;
  }
}

/** Looks at the laboratory, if there is one. */
export function with_lab<T>(look: (lab: Looked) => T): T | undefined {
  const now = lab;
  return now && guarded(() => look(now));
}

/** Goes on with what was begun, or leaves it: for whoever has begun it. */
export function going_lab<T>(work: (lab: Lab) => T): T | undefined {
  const now = lab;
  return now && guarded(() => work(now));
}

/** Changes the laboratory; what is under way in it is stopped before. The page must be brought up to date afterwards: see `session.ts`. */
export function changing_lab<T>(work: (lab: Lab) => T): T | undefined {
  stop_here();
  const now = lab;
  return now && guarded(() => work(now));
}
