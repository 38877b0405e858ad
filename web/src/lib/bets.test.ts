import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bets, coveredFrom, questionAt } from "./bets";

const question = (key: string, asked: number, revealed: number) => ({
  key,
  askedPosition: asked,
  askedAt: asked * 10,
  revealedPosition: revealed,
});
const questions = [question("a", 5, 6), question("b", 12, 15)];
const phase = (position: number) => ({ caption: "", telling: 0, position, at: 0 });
const phases = [phase(0), phase(8), phase(20)];

const covered = (position: number, placed: Bets): number | undefined => {
  return coveredFrom({ bets: { questions, placed }, shown: { view: { position } } })?.position;
};

test("what comes after the first question without a bet is covered", () => {
  assert.equal(covered(0, {}), 5);
  assert.equal(covered(5, {}), 5);
  assert.equal(covered(0, { a: 1 }), 12);
  assert.equal(covered(6, {}), 12, "what was passed by is known");
  assert.equal(covered(0, { a: "passed", b: 0 }), undefined);
});

test("a question is asked, open, and told beside what came of it until the next caption", () => {
  const told = (position: number): string => {
    const there = questionAt(questions, phases, position);
    return there ? `${there.question.key} ${there.told}` : "none";
  };
  assert.equal(told(4), "none");
  assert.equal(told(5), "a asked");
  assert.equal(told(6), "a revealed");
  assert.equal(told(8), "a revealed");
  assert.equal(told(9), "none");
  assert.equal(told(12), "b asked");
  assert.equal(told(13), "b open");
  assert.equal(told(16), "b revealed");
});
