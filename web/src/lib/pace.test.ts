import assert from "node:assert/strict";
import { test } from "node:test";
import { automaticPace, neighbourSpeed, nextAtOnce, SPEEDS } from "./pace.ts";

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

test("a cluster too busy for its speed is asked for less at once, and then for more again", () => {
  let atOnceUs = Number.POSITIVE_INFINITY;
  let most = 0;
  // A hundred times real time, fifty events a millisecond, frames of 16 ms.
  for (let frame = 0; frame < 100; frame++) {
    const us = Math.min(1_600_000, atOnceUs);
    const events = us / 20;
    if (frame > 0) most = Math.max(most, events);
    atOnceUs = nextAtOnce(atOnceUs, us, events);
  }
  assert.ok(most >= 10_000 && most <= 20_000, String(most));
  // It calms down.
  for (let frame = 0; frame < 5; frame++) atOnceUs = nextAtOnce(atOnceUs, 100_000, 3);
  assert.ok(atOnceUs >= 1_600_000, String(atOnceUs));
});
