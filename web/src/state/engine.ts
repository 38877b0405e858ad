/**
 * The engine under the page. Every request goes through here and ends on one path: what its
 * answer brings of the state is shown, in the order of the answers.
 */
import { Port } from "../engine/port";
import type {
  Acted,
  Arguments,
  Call,
  Kept,
  Look,
  Move,
  Opened,
  Progress,
  Question,
  Result,
  Shown,
} from "../engine/protocol";
import type { FeatureView, LastWords } from "../engine/types";
import { underWay } from "./under-way";

let port: Port | undefined;
/** How many requests that change the laboratory have not been answered. */
let changing = 0;
let onPanic: (words: LastWords) => void = () => undefined;
let onShown: (shown: Shown) => void = () => undefined;
let lookAt: (all: boolean) => Look | undefined = () => undefined;

/** Who is told of a panic, who shows the state, and what of it is in sight. */
export function connectEngine(
  panicked: (words: LastWords) => void,
  shows: (shown: Shown) => void,
  looks: (all: boolean) => Look,
): void {
  onPanic = panicked;
  onShown = shows;
  lookAt = looks;
}

/** Starts the engine; an error says why it cannot be. */
export async function startEngine(): Promise<void> {
  port = await Port.open((words) => onPanic(words));
}

export function isEngineThere(): boolean {
  return port !== undefined;
}

/** Whether every request has been answered. */
export function isIdle(): boolean {
  return port?.isIdle() ?? true;
}

/** Whether something that changes the laboratory is on its way. */
export function isChanging(): boolean {
  return changing > 0;
}

/** Asks what only looks. */
export async function ask<Q extends Question>(
  question: Q,
  ...args: Arguments<Q>
): Promise<Result<Q> | undefined> {
  return (await port?.call({ kind: "ask", question, args })) as Result<Q> | undefined;
}

export async function askFeatures(): Promise<readonly FeatureView[] | undefined> {
  return (await port?.call({ kind: "features" })) as readonly FeatureView[] | undefined;
}

/** The whole run as text. */
export async function askKept(): Promise<Kept | undefined> {
  return (await port?.call({ kind: "keep" })) as Kept | undefined;
}

/** How a request is shown: all of the state at once, unless it says otherwise. */
export interface Showing {
  readonly look?: Partial<Look>;
  readonly show?: (shown: Shown) => void;
}

async function change(call: Call, showing: Showing = {}, name?: string): Promise<unknown> {
  const look = lookAt(true);
  changing += 1;
  try {
    return await port?.call(call, {
      look: look && { ...look, ...showing.look },
      onShown: (shown) => (showing.show ?? onShown)(shown),
      ...telling(name),
    });
  } finally {
    changing -= 1;
  }
}

/** What takes long under this name says on the page how far it is. */
function telling(name: string | undefined): { onProgress?: (progress: Progress) => void } {
  if (name === undefined) return {};
  return {
    onProgress: (progress) => {
      underWay.value = { name, ...progress };
    },
  };
}

/** Goes through time, or to another branch. */
export async function move<M extends Move>(
  name: M,
  args: Arguments<M>,
  showing?: Showing,
): Promise<Result<M> | undefined> {
  return (await change({ kind: "move", move: name, args }, showing)) as Result<M> | undefined;
}

/** Shows the state anew. */
export async function look(all = true): Promise<void> {
  await change({ kind: "look" }, { look: { all } });
}

/** Does what a line says. */
export async function doLine(line: string): Promise<Acted | undefined> {
  return long<Acted>(() => change({ kind: "act", line }, {}, line));
}

/** Plays the branch again without these rules, under the name of that. */
export async function replay(rules: string[], name: string): Promise<Acted | undefined> {
  return long<Acted>(() => change({ kind: "replay", rules }, {}, name));
}

/** Plays a playbook, or a whole run; it takes its place only once it is adopted. */
export async function prepare(what: string | Kept, name: string): Promise<Opened | undefined> {
  const call: Call =
    typeof what === "string" ? { kind: "open", text: what } : { kind: "restore", kept: what };
  return long<Opened>(() => port?.call(call, telling(name)));
}

/** Puts what was prepared in the place of the run that there is. */
export async function adoptPrepared(at: number | undefined, showing: Showing): Promise<boolean> {
  return (await change({ kind: "adopt", at }, showing)) === true;
}

/** The last one of these that was begun: it alone may say that nothing is under way any more. */
let latest = 0;

async function long<T>(work: () => Promise<unknown> | undefined): Promise<T | undefined> {
  latest += 1;
  const mine = latest;
  underWay.value = undefined;
  try {
    return (await work()) as T | undefined;
  } finally {
    if (mine === latest) underWay.value = undefined;
  }
}

/** Stops what is under way. */
export async function stop(): Promise<void> {
  await port?.call({ kind: "stop" });
}

/** For tests: the laboratory itself, each method a promise. */
export function bare(question: string, args: readonly unknown[]): Promise<unknown> | undefined {
  return port?.call({ kind: "ask", question: question as Question, args });
}

export function digestOf(text: string): Promise<unknown> | undefined {
  return port?.call({ kind: "digestOf", text });
}
