/** Which question of a playbook stands where, and how much of what comes it covers. */
import type { Phase, Place } from "./phases";

/** A question by what it asks: where it is asked, and where what came of it is known. */
interface Question {
  readonly key: string;
  readonly askedPosition: number;
  readonly askedAt: number;
  readonly revealedPosition: number;
}

/** What a reader has bet on, an answer counted from 0; or that the reader played on without. */
export type Bet = number | "passed";
/** The bets by what their questions ask, so that an edit of the text moves none to another question. */
export type Bets = Readonly<Record<string, Bet | undefined>>;

/** Where a question is asked. */
export function askedAt({ askedPosition, askedAt }: Question): Place {
  return { position: askedPosition, at: askedAt };
}

/** What of a laboratory's state decides how much is covered. */
interface Asking {
  readonly bets: { readonly questions: readonly Question[]; readonly placed: Bets };
  readonly shown: { readonly view: { readonly position: number } | undefined };
}

/** Where the first question stands that is still to be bet on: what comes after it is covered. */
export function coveredFrom({ bets, shown }: Asking): Place | undefined {
  const position = shown.view?.position ?? 0;
  const question = bets.questions.find(
    ({ key, askedPosition }) => bets.placed[key] === undefined && askedPosition >= position,
  );
  return question && askedAt(question);
}

/**
 * The question that is told at a position, and how: while it is asked, until it is revealed, or
 * beside what came of it, up to the next caption or question.
 */
export function questionAt<Q extends Question>(
  questions: readonly Q[],
  phases: readonly Phase[],
  position: number,
): { readonly question: Q; readonly told: "asked" | "open" | "revealed" } | undefined {
  const question = questions.findLast(({ askedPosition }) => askedPosition <= position);
  if (!question) return undefined;
  if (question.askedPosition === position) return { question, told: "asked" };
  if (position < question.revealedPosition) return { question, told: "open" };
  const next = phases.find((phase) => phase.position >= question.revealedPosition);
  const isOver = next !== undefined && position > next.position;
  return isOver ? undefined : { question, told: "revealed" };
}
