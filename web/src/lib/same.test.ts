import assert from "node:assert/strict";
import { test } from "node:test";
import { isSame } from "./same";

test("what has the same plain values is the same, however deep they lie", () => {
  const curve = () => ({ a: { x: 1, y: 2 }, lanes: [[1, 2]], label: "AE", none: undefined });
  assert.ok(isSame(curve(), curve()));
  for (const other of [
    { ...curve(), a: { x: 1, y: 3 } },
    { ...curve(), lanes: [[1, 2], []] },
    { ...curve(), lanes: [[1]] },
    { ...curve(), label: null },
    { ...curve(), more: undefined },
    undefined,
    "AE",
  ]) {
    assert.equal(isSame(curve(), other), false, JSON.stringify(other));
    assert.equal(isSame(other, curve()), false, JSON.stringify(other));
  }
});

test("what has a revision is as the engine says, whatever else it holds", () => {
  const server = { id: 1, revision: 7, electionRemaining: 100 };
  assert.ok(
    isSame({ server, radius: 40 }, { server: { ...server, electionRemaining: 99 }, radius: 40 }),
  );
  assert.equal(isSame({ server }, { server: { ...server, revision: 8 } }), false);
  assert.equal(isSame({ server }, { server: { id: 1 } }), false);
});
