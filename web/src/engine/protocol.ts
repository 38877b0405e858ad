/**
 * What is said between the page and its engine. Everything is a message, so that the engine can
 * run in a worker; a request is answered once, and may tell of its progress before.
 */
import type { Lab } from "../../pkg/raft_wasm";
import type { EventColumns, Struck } from "../lib/diagram/history";
import type { Lanes } from "../lib/tape";
import type {
  BesideView,
  BranchView,
  Explanation,
  FailureView,
  Lang,
  LastWords,
  Outcome,
  PhaseView,
  Problem,
  View,
} from "./types";

/** What only looks. */
export type Question =
  | "build"
  | "cannotBeBuilt"
  | "contrasts"
  | "detail"
  | "events"
  | "hint"
  | "link"
  | "madeSo"
  | "questions"
  | "save"
  | "takeDifference"
  | "usesOf"
  | "view";

/** What goes through time, or to another branch, or does something to branches, in one go. */
export type Move =
  | "advance"
  | "goTo"
  | "goToInstant"
  | "goToLine"
  | "goToTime"
  | "nameBranch"
  | "previousOfNote"
  | "redo"
  | "removeBranch"
  | "step"
  | "stepBack"
  | "switchBranch"
  | "toNext"
  | "undo";

export type Arguments<M extends keyof Lab> = Lab[M] extends (...args: infer A) => unknown
  ? A
  : never;
export type Result<M extends keyof Lab> = Lab[M] extends (...args: never[]) => infer R ? R : never;

/** What the page wants to see of the state after its request. */
export interface Look {
  /** The columns of the log that are in sight. */
  readonly first: number;
  readonly columns: number;
  readonly lang: Lang;
  /** All of it; else no more than the stage and the logs show. */
  readonly all: boolean;
  /** Nothing, if nothing has happened. */
  readonly unlessIdle?: boolean;
  /** The branch that is looked at beside it. */
  readonly beside?: number | undefined;
}

/** An event of note: its number, and its instant in microseconds. */
export interface Note {
  readonly number: number;
  readonly at: number;
}

/** How long clusters were without a leader, in microseconds; negative for ever. And whether votes were split. */
export interface Trials {
  readonly leaderless: Float64Array;
  readonly split: Uint8Array;
}

/** The state after a request, as much of it as was asked for. */
export interface Shown {
  readonly view: View;
  readonly rest?: Rest | undefined;
  readonly beside?: Beside | undefined;
}

/** Another branch at the same instant; its lanes, if all of the state was asked for. */
export interface Beside extends BesideView {
  readonly lanes?: Lanes | undefined;
}

/** In what a branch is to be another one than the present: by rules, a seed, a feature, an Action, or
 * all of its text. */
export type Beginning =
  | { readonly without: string[] }
  | { readonly seed: number }
  | { readonly feature: string }
  | { readonly action: string }
  | { readonly text: string };

/** How the making of a branch ended, and which one it is. */
export type Made = Acted & { readonly branch?: number | undefined };

/** What the panels show besides the View. */
export interface Rest {
  readonly branches: readonly BranchView[];
  readonly failures: readonly FailureView[];
  readonly phases: readonly PhaseView[];
  readonly explanation: Explanation | undefined;
  /** The events of note that have not been told yet; all of them, if `isAnew`. */
  readonly notes: readonly Note[];
  readonly isAnew: boolean;
  readonly lanes: Lanes;
  readonly uses: Uses;
}

/** In how many events each clause has acted, in the order of the figure's list. */
export interface Uses {
  /** Up to the instant on show. */
  readonly soFar: Uint32Array;
  /** In the whole branch. */
  readonly all: Uint32Array;
}

/** A branch as text, and where in the branch its lines begin. */
export interface Written {
  readonly text: string;
  /** Numbers of lines, counted from 1; the last one stands for the end. */
  readonly lines: Uint32Array;
  /** After how many events each begins, and when. */
  readonly positions: Float64Array;
  readonly ats: Float64Array;
  /** By how much lines stand further down than where failures say. */
  readonly shift: number;
}

/** A text with a line more, or why it has none. */
export type Recorded =
  | { readonly kind: "recorded"; readonly text: string; readonly line: number }
  | { readonly kind: "refused"; readonly problem: Problem };

/** Events in columns, and all messages that were lost in the course of another event. */
export interface HistoryPart {
  readonly columns: EventColumns;
  readonly struck: Struck;
}

/**
 * A branch as text; it left `parent` after `forkedAt` events, and `replayOf` is the branch of which
 * it is a replay under other rules.
 */
export interface KeptBranch {
  readonly text: string;
  readonly parent?: number | undefined;
  readonly forkedAt?: number | undefined;
  readonly replayOf?: number | undefined;
}

/** A whole run as text, and the instant at which it is looked at. */
export interface Kept {
  readonly branches: readonly KeptBranch[];
  readonly current: number;
  readonly position: number;
  readonly at: number;
}

export type Call =
  /** The first one: the engine itself, compressed, in base64. */
  | { readonly kind: "load"; readonly wasm: string }
  | { readonly kind: "ask"; readonly question: Question; readonly args: readonly unknown[] }
  | { readonly kind: "move"; readonly move: Move; readonly args: readonly unknown[] }
  /** Does what a line says, however long it takes. */
  | { readonly kind: "act"; readonly line: string }
  /** Plays the branch again as another one, and stays where it is; undone, that is told by the words. */
  | { readonly kind: "beside"; readonly beginning: Beginning; readonly words: string }
  /** Plays a text in the place of the branch, and goes to where this line of it is over. */
  | {
      readonly kind: "rewrite";
      readonly text: string;
      readonly line: number;
      readonly words: string;
    }
  /** Looks for the first or the next difference from another branch. */
  | { readonly kind: "compare"; readonly branch: number; readonly first: boolean }
  /** Plays a playbook, or all branches of a run, beside the run that there is. */
  | { readonly kind: "open"; readonly text: string }
  | { readonly kind: "restore"; readonly kept: Kept }
  /** Puts what was opened in the place of the run that there is, after so many events. */
  | { readonly kind: "adopt"; readonly at?: number | undefined }
  | { readonly kind: "features" }
  | { readonly kind: "figure"; readonly lang: Lang }
  | { readonly kind: "vocabulary"; readonly lang: Lang; readonly ofPlaybooks: boolean }
  | {
      readonly kind: "failovers";
      readonly header: string;
      readonly seed: number;
      readonly count: number;
    }
  | { readonly kind: "failoverText"; readonly header: string; readonly seed: number }
  /** What a diagram draws of so many events from `from` on. */
  | { readonly kind: "history"; readonly from: number; readonly count: number }
  | { readonly kind: "text" }
  /** What is wrong with each line of a text that cannot be read. */
  | { readonly kind: "unread"; readonly text: string }
  /** Writes a line into the text where the run stands: below that line, if it ends there. */
  | { readonly kind: "record"; readonly action: string; readonly below: number }
  | { readonly kind: "keep" }
  | { readonly kind: "look" }
  /** Stops what is under way. */
  | { readonly kind: "stop" };

export interface Request {
  readonly id: number;
  readonly call: Call;
  readonly look?: Look | undefined;
}

/** How an Action ended: it can also be stopped by the reader. */
export type Acted = Exclude<Outcome, { kind: "going" }> | { readonly kind: "stopped" };

export type Opened =
  | { readonly kind: "opened" }
  | { readonly kind: "refused"; readonly problem: Problem }
  | { readonly kind: "stopped" };

/** How far something is: so many events, and so much simulated time. */
export interface Progress {
  readonly events: number;
  readonly us: number;
}

export type Answer =
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly value: unknown; readonly shown?: Shown | undefined }
  /** The engine has panicked, and the run with it. */
  | { readonly id: number; readonly panic: LastWords }
  /** The engine could not be loaded. */
  | { readonly id: number; readonly failed: string };
