import assert from "node:assert/strict";
import { test } from "node:test";
import { automaticPace, neighbourSpeed, SPEEDS } from "./pace.ts";

test("the automatic pace slows down for messages and hurries without", () => {
  const quiet = automaticPace([]);
  const busy = automaticPace([{ sentAt: 0, dueAt: 3000 }]);
  assert.ok(busy < quiet / 10);
  assert.ok(automaticPace([{ sentAt: 0, dueAt: 1 }]) > 0);
  assert.ok(automaticPace([{ sentAt: 0, dueAt: 10_000_000 }]) <= quiet);
});

test("the scale of speeds reaches from a hundredth to a hundred", () => {
  assert.equal(SPEEDS[1], 0.01);
  assert.equal(SPEEDS[SPEEDS.length - 1], 100);
  assert.equal(neighbourSpeed(1, 1), 2);
  assert.equal(neighbourSpeed(100, 1), 100);
  assert.equal(neighbourSpeed(0, -1), 0);
});
