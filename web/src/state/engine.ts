/** The engine under the page: who may only look at it, and who may change it. */
import { type Lab, lastWords } from "../../pkg/raft_wasm";
import type { LastWords } from "../engine/types";
import { stopHere } from "./under-way";

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
  | "saveBranch"
  | "soFar"
  | "view"
>;

let lab: Lab | undefined;
let onStop: (words: LastWords) => void = () => undefined;

/** Whom to tell when the engine has panicked. */
export function whenStopped(told: (words: LastWords) => void): void {
  onStop = told;
}

export function currentLab(): Lab | undefined {
  return lab;
}

export function replaceLab(next: Lab): void {
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
    onStop(lastWords() ?? { message: String(error), run: "" });
    return undefined;
  }
}

/** Looks at the laboratory, if there is one. */
export function withLab<T>(look: (lab: Looked) => T): T | undefined {
  const now = lab;
  return now && guarded(() => look(now));
}

/** Goes on with what was begun, or leaves it: for whoever has begun it. */
export function goingLab<T>(work: (lab: Lab) => T): T | undefined {
  const now = lab;
  return now && guarded(() => work(now));
}

/** Changes the laboratory; what is under way in it is stopped before. The page must be brought up to date afterwards: see `session.ts`. */
export function changingLab<T>(work: (lab: Lab) => T): T | undefined {
  stopHere();
  const now = lab;
  return now && guarded(() => work(now));
}
