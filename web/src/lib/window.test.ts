import assert from "node:assert/strict";
import { test } from "node:test";
import { atTail, scrollToShow, visibleSpan } from "./window.ts";

test("only what is in sight is drawn, with some to spare", () => {
  assert.deepEqual(visibleSpan(0, 260, 26, 1000, 2), { from: 0, to: 12 });
  assert.deepEqual(visibleSpan(2600, 260, 26, 1000, 2), { from: 98, to: 112 });
  assert.deepEqual(visibleSpan(26_000, 260, 26, 1000, 2), { from: 998, to: 1000 });
  assert.deepEqual(visibleSpan(0, 260, 26, 0, 2), { from: 0, to: 0 });
});

test("scrolling happens only when something is out of sight", () => {
  assert.equal(scrollToShow(0, 260, 26, 5), 0);
  assert.equal(scrollToShow(0, 260, 26, 10), 52);
  assert.equal(scrollToShow(520, 260, 26, 3), 52);
});

test("the tail tolerates rounding", () => {
  assert.ok(atTail(740.4, 260, 1000));
  assert.ok(!atTail(600, 260, 1000));
});
