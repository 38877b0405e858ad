import assert from "node:assert/strict";
import { test } from "node:test";
import { answersIn, differenceOf, reached } from "./text-lines.ts";

/** Line 3 begins at the start, 5 after an event, 6 at 50 ms after four, 9 is the end. */
const text = {
  lines: [3, 5, 6, 9],
  positions: [0, 1, 4, 5],
  ats: [0, 0, 50, 50],
};

test("a line is under way until the next one begins", () => {
  assert.deepEqual(reached(text, { position: 0, at: 0 }, 0), { over: 2, current: 2 });
  assert.deepEqual(reached(text, { position: 1, at: 0 }, 0), { over: 4, current: 4 });
  assert.deepEqual(reached(text, { position: 1, at: 20 }, 0), { over: 4, current: 5 });
  assert.deepEqual(reached(text, { position: 3, at: 50 }, 5), { over: 4, current: 5 });
  assert.deepEqual(reached(text, { position: 5, at: 50 }, 0), { over: 8, current: 8 });
  assert.deepEqual(reached(text, { position: 9, at: 90 }, 0), { over: 8, current: 9 });
});

test("of lines that end at one instant it is the one with the cursor", () => {
  assert.deepEqual(reached(text, { position: 1, at: 0 }, 3), { over: 3, current: 3 });
  assert.deepEqual(reached(text, { position: 5, at: 50 }, 6), { over: 6, current: 6 });
  // The cursor is in a line that has ended earlier.
  assert.deepEqual(reached(text, { position: 5, at: 50 }, 3), { over: 8, current: 8 });
});

test("what differs is one part, and nothing around it", () => {
  assert.equal(differenceOf("a\nb\n", "a\nb\n"), undefined);
  assert.deepEqual(differenceOf("a\nb\nc\n", "a\nx\nc\n"), { from: 2, to: 3, insert: "x" });
  assert.deepEqual(differenceOf("a\na\n", "a\na\na\n"), { from: 4, to: 4, insert: "a\n" });
  assert.deepEqual(differenceOf("aaa", "a"), { from: 1, to: 3, insert: "" });
});

test("what would answer a question or build a run stands below what is asked", () => {
  const asked = [
    "step",
    "ask Why?",
    "ask.zh 为何？",
    "answer A",
    "when term S1 = 1",
    "why B",
    "why.zh 乙",
  ];
  assert.deepEqual(answersIn([...asked, "step", "reveal"].join("\n"), [2]), [[4, 7]]);
  const goals = [
    "build C",
    "actions 2",
    "goal D",
    "goal.zh 丁",
    "when stored x = 1",
    "always E",
    "when running = 3",
  ];
  const rest = ["hint F", "why G", "rules L1", "way step"];
  assert.deepEqual(answersIn(["", ...goals, ...rest].join("\n"), [2]), [[9, 12]]);
  assert.deepEqual(answersIn("ask Why?\nstep", [1]), []);
  assert.deepEqual(answersIn("ask Why?", [7]), []);
});
