import assert from "node:assert/strict";
import test from "node:test";
import { stretchesOf } from "./stretches";

const entry = (index: number, term: number) => ({ index, term });
const sameTerm = (one: { term: number }, other: { term: number }): boolean =>
  one.term === other.term;

test("a stretch ends where an entry looks different, and where one is missing", () => {
  const entries = [entry(3, 1), entry(4, 1), entry(5, 2), entry(7, 2), entry(8, 2)];
  const found = stretchesOf(entries, sameTerm).map(({ first, last }) => [first.index, last]);
  assert.deepEqual(found, [
    [3, 4],
    [5, 5],
    [7, 8],
  ]);
  assert.deepEqual(stretchesOf([], sameTerm), []);
});
