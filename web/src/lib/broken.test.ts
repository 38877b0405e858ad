import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenJustNow, grouped } from "./broken.ts";

test("what breaks one invariant after one event is one entry, and all is kept in order", () => {
  const found = (property: string, event: number, text: string) => ({ property, event, text });
  const a = found("Log Matching", 7, "S1 and S2");
  const b = found("State Machine Safety", 7, "S1");
  const c = found("Log Matching", 7, "S1 and S3");
  const d = found("Log Matching", 9, "S1 and S2");
  assert.deepEqual(grouped([a, b, c, d]), [
    { first: a, more: [c] },
    { first: b, more: [] },
    { first: d, more: [] },
  ]);
  assert.deepEqual(grouped([]), []);
});

test("what the last event has broken is told of first, where it is of an index", () => {
  const violations = [
    { event: 4, index: 9 },
    { event: 7, index: 0 },
    { event: 7, index: 2 },
    { event: 7, index: 3 },
  ];
  assert.equal(brokenJustNow({ position: 8, violations }), 2);
  assert.equal(brokenJustNow({ position: 7, violations }), undefined);
});
