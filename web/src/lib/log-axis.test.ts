import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Axis,
  axisOf,
  indexAt,
  labelStep,
  lengthOf,
  scrollFor,
  startOf,
  widthAt,
} from "./log-axis.ts";

const measures = { room: 400, wide: 64, whole: 40, term: 16, open: 100 };

test("cells stay wide while they fit, and share the room", () => {
  const axis = axisOf(measures, 3, 2);
  assert.deepEqual(axis, { isFolded: false, columns: 6, cell: 400 / 6, open: 0, openWidth: 0 });
  assert.equal(lengthOf(axis), 400);
});

test("where commands are short, cells become as narrow as these before they fold", () => {
  assert.equal(axisOf(measures, 10, 2).isFolded, false);
  assert.equal(axisOf(measures, 10, 2).cell, 40);
  assert.equal(axisOf(measures, 11, 2).isFolded, true);
});

test("where commands are long, cells are wider as long as all fit", () => {
  const long = { ...measures, whole: 110 };
  assert.ok(axisOf(long, 3, 1).cell >= 110);
  assert.equal(axisOf(long, 6, 1).isFolded, false);
  assert.equal(axisOf(long, 7, 1).isFolded, true);
});

test("folded, one index is open, and nothing scrolls before the terms do not fit", () => {
  const axis = axisOf(measures, 20, 5);
  assert.deepEqual([axis.columns, axis.open, axis.openWidth, lengthOf(axis)], [20, 5, 96, 400]);
  const long = axisOf(measures, 21, 5);
  assert.ok(long.columns === 24 && lengthOf(long) > 400);
});

test("a place and its index are told from each other on both sides of the open one", () => {
  const axis = axisOf(measures, 60, 5);
  for (let index = 1; index <= 60; index++) {
    assert.equal(indexAt(axis, startOf(axis, index)), index);
    assert.equal(indexAt(axis, startOf(axis, index) + widthAt(axis, index) - 0.01), index);
  }
  assert.equal(Math.round(startOf(axis, 6) - startOf(axis, 5)), 96);
});

test("a column is brought into sight only where it is not", () => {
  const axis: Axis = { isFolded: true, columns: 100, cell: 16, open: 50, openWidth: 100 };
  assert.equal(scrollFor(axis, 0, 400, 3), 0);
  assert.equal(scrollFor(axis, 800, 400, 3), 16);
  const there = scrollFor(axis, 0, 400, 50);
  assert.ok(there + 400 >= startOf(axis, 51) && there <= startOf(axis, 50));
});

test("numbers of the axis do not touch", () => {
  assert.deepEqual([labelStep(64, 5, 7), labelStep(16, 99, 7), labelStep(16, 1000, 7)], [1, 2, 5]);
});
