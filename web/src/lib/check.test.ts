import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, expectedLevels, readable, roughly, turned, USUAL_CHECK } from "./check";

test("what is asked for is turned within its limits, and copies beyond the most into any number", () => {
  const less = turned(USUAL_CHECK, "copies", -1);
  assert.equal(less.copies, 4);
  assert.equal(turned(less, "copies", 1).copies, undefined);
  assert.equal(turned(USUAL_CHECK, "copies", 1).copies, undefined, "more than any is any");
  assert.equal(turned(USUAL_CHECK, "crashes", -1).crashes, 0);
  assert.equal(turned({ ...USUAL_CHECK, servers: 5 }, "servers", 1).servers, 5);
  assert.equal(turned(USUAL_CHECK, "servers", 1).servers, 4);
});

test("the module is told the bounds and no more, and nothing of copies where any number may come", () => {
  const asked = boundsOf({ ...USUAL_CHECK, ablated: ["RV2-log"] }, undefined);
  assert.deepEqual(asked, {
    servers: 3,
    terms: 2,
    commands: 1,
    crashes: 0,
    snapshots: 0,
    reads: 0,
    transfers: 0,
    changes: 0,
    features: [],
    ablated: ["RV2-log"],
  });
  const from = { text: "servers 3\n", events: 4 };
  assert.deepEqual(boundsOf({ ...USUAL_CHECK, copies: 2 }, from).from, from);
  assert.equal(boundsOf({ ...USUAL_CHECK, copies: 2 }, from).copies, 2);
});

test("levels are expected to go on as they do, and nothing is expected while they only grow", () => {
  // A bell: each level is a multiple of the one before, and that multiple falls by a factor.
  const bell = Array.from({ length: 21 }, (_, depth) =>
    Math.round(1e5 * Math.exp(-((depth - 10) ** 2) / 12)),
  );
  const all = bell.reduce((sum, states) => sum + states, 0);
  for (const known of [9, 12, 15]) {
    const seen = bell.slice(0, known).reduce((sum, states) => sum + states, 0);
    const expected = expectedLevels([...bell.slice(0, known), 1]);
    const sum = seen + expected.reduce((sum, states) => sum + states, 0);
    assert.ok(sum > 0.9 * all && sum < 1.1 * all, `${known} levels: ${sum} of ${all}`);
  }
  assert.deepEqual(expectedLevels([1, 2, 4, 8, 16, 32, 64, 128, 256]), []);
  assert.deepEqual(expectedLevels([1, 9, 20, 10]), [], "too few to tell");
});

test("numbers are read at a glance", () => {
  assert.deepEqual([0, 26836, 9999999, 1.234e7, 2.34e8, 3e9].map(readable), [
    "0",
    "26,836",
    "9,999,999",
    "12 M",
    "234 M",
    "3.0 G",
  ]);
  assert.equal(roughly(7092664), "~ 7,100,000");
});
