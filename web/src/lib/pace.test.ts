import assert from "node:assert/strict";
import { test } from "node:test";
import { automatic_pace, neighbour_speed, SPEEDS } from "./pace.ts";

test("the automatic pace slows down for messages and hurries without", () => {
  const quiet = automatic_pace([]);
  const busy = automatic_pace([{ sent_at: 0, due_at: 3000 }]);
  assert.ok(busy < quiet / 10);
  assert.ok(automatic_pace([{ sent_at: 0, due_at: 1 }]) > 0);
  assert.ok(automatic_pace([{ sent_at: 0, due_at: 10_000_000 }]) <= quiet);
});

test("the scale of speeds reaches from a hundredth to a hundred", () => {
  assert.equal(SPEEDS[1], 0.01);
  assert.equal(SPEEDS[SPEEDS.length - 1], 100);
  assert.equal(neighbour_speed(1, 1), 2);
  assert.equal(neighbour_speed(100, 1), 100);
  assert.equal(neighbour_speed(0, -1), 0);
});
