import assert from "node:assert/strict";
import { test } from "node:test";
import { placesOf } from "./places";

test("what stays keeps its place, and what comes takes those that are free, lowest first", () => {
  const first = placesOf([10, 11, 12, 13], new Map());
  assert.deepEqual(
    [...first],
    [
      [10, 0],
      [11, 1],
      [12, 2],
      [13, 3],
    ],
  );
  const second = placesOf([12, 20, 21, 22], first);
  assert.deepEqual(
    [...second],
    [
      [12, 2],
      [20, 0],
      [21, 1],
      [22, 3],
    ],
  );
  const third = placesOf([21, 30, 31, 32, 33], second);
  assert.deepEqual(
    [...third],
    [
      [21, 1],
      [30, 0],
      [31, 2],
      [32, 3],
      [33, 4],
    ],
  );
});

test("what was pointed at gives its place to nobody", () => {
  const first = placesOf([10, 11], new Map());
  assert.deepEqual(
    [...placesOf([20, 21], first, 10)],
    [
      [20, 1],
      [21, 2],
    ],
  );
  assert.deepEqual(
    [...placesOf([10, 21], first, 10)],
    [
      [10, 0],
      [21, 1],
    ],
  );
});
