/**
 * What the page around may ask of an embedded laboratory, by messages. Whatever comes is data: what
 * is no call is nobody's business here, and a call that makes no sense is refused with a sentence.
 */

/** The number of this way of speaking: another one would be another `raftLab`. */
export const SPOKEN = 1;

export type Ask =
  | { readonly call: "play" | "pause" | "step" | "state" }
  | { readonly call: "seek"; readonly position: number }
  | { readonly call: "do"; readonly line: string };

export interface Call {
  /** What the answer is told by. */
  readonly id: number | string;
  /** Undefined where the call makes no sense. */
  readonly ask: Ask | undefined;
}

export const CALLS: readonly string[] = ["play", "pause", "seek", "step", "do", "state"];
/** A longer line is for a playbook. */
const LETTERS_MAX = 100_000;

/** A call, if the message is one. */
export function callOf(message: unknown): Call | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const { raftLab, id, call, args }: Record<string, unknown> = { ...message };
  if (raftLab !== SPOKEN || typeof call !== "string") return undefined;
  if (typeof id !== "number" && typeof id !== "string") return undefined;
  return { id, ask: askOf(call, Array.isArray(args) ? args : []) };
}

function askOf(call: string, [first]: readonly unknown[]): Ask | undefined {
  switch (call) {
    case "play":
    case "pause":
    case "step":
    case "state":
      return { call };
    case "seek":
      if (typeof first !== "number" || !Number.isSafeInteger(first) || first < 0) return undefined;
      return { call, position: first };
    case "do":
      if (typeof first !== "string" || first.length > LETTERS_MAX) return undefined;
      return { call, line: first };
    default:
      return undefined;
  }
}
