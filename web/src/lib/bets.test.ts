import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bets, coveredFrom, questionAt } from "./bets";

const question = (line: number, asked: number, revealed: number) => ({
  line,
  askedPosition: asked,
  askedAt: asked * 10,
  revealedPosition: revealed,
});
const questions = [question(3, 5, 6), question(9, 12, 15)];
const phase = (position: number) => ({ caption: "", telling: 0, position, at: 0 });
const phases = [phase(0), phase(8), phase(20)];

const covered = (position: number, placed: Bets): number | undefined => {
  return coveredFrom({ bets: { questions, placed }, shown: { view: { position } } })?.position;
};

test("what comes after the first question without a bet is covered", () => {
  assert.equal(covered(0, {}), 5);
  assert.equal(covered(5, {}), 5);
  assert.equal(covered(0, { 3: 1 }), 12);
  assert.equal(covered(6, {}), 12, "what was passed by is known");
  assert.equal(covered(0, { 3: "passed", 9: 0 }), undefined);
});

test("a question is asked, open, and told beside what came of it until the next caption", () => {
  const told = (position: number): string => {
    const there = questionAt(questions, phases, position);
    return there ? `${there.question.line} ${there.told}` : "none";
  };
  assert.equal(told(4), "none");
  assert.equal(told(5), "3 asked");
  assert.equal(told(6), "3 revealed");
  assert.equal(told(8), "3 revealed");
  assert.equal(told(9), "none");
  assert.equal(told(12), "9 asked");
  assert.equal(told(13), "9 open");
  assert.equal(told(16), "9 revealed");
});
