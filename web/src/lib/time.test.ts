import assert from "node:assert/strict";
import { test } from "node:test";
import { durationText, formatColumn, formatInstant, formatShare, formatSpan } from "./time.ts";

test("an instant is short and exact enough", () => {
  assert.equal(formatInstant(0), "0 ms");
  assert.equal(formatInstant(806_412), "806.4 ms");
  assert.equal(formatInstant(2_345_678), "2.346 s");
  assert.equal(formatInstant(187_250_000), "3:07.250");
});

test("a column of instants lines up", () => {
  assert.equal(formatColumn(1_234_567_890), "1234 567.89");
  assert.equal(formatColumn(806_412), "806.41");
});

test("a span names its unit", () => {
  assert.equal(formatSpan(350), "350 µs");
  assert.equal(formatSpan(4200), "4.2 ms");
  assert.equal(formatSpan(742_000), "742 ms");
  assert.equal(formatSpan(1_500_000), "1.5 s");
  assert.equal(formatShare(642_000, 820_000), "642 / 820 ms");
});

test("an Action's duration loses nothing", () => {
  assert.equal(durationText(5000), "5ms");
  assert.equal(durationText(250), "250us");
  assert.equal(durationText(2_000_000), "2s");
  assert.equal(durationText(1500), "1500us");
});
