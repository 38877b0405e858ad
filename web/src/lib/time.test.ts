import assert from "node:assert/strict";
import { test } from "node:test";
import { duration_text, format_column, format_instant, format_share, format_span } from "./time.ts";

test("an instant is short and exact enough", () => {
  assert.equal(format_instant(0), "0 ms");
  assert.equal(format_instant(806_412), "806.4 ms");
  assert.equal(format_instant(2_345_678), "2.346 s");
  assert.equal(format_instant(187_250_000), "3:07.250");
});

test("a column of instants lines up", () => {
  assert.equal(format_column(1_234_567_890), "1234 567.89");
  assert.equal(format_column(806_412), "806.41");
});

test("a span names its unit", () => {
  assert.equal(format_span(350), "350 µs");
  assert.equal(format_span(4200), "4.2 ms");
  assert.equal(format_span(742_000), "742 ms");
  assert.equal(format_span(1_500_000), "1.5 s");
  assert.equal(format_share(642_000, 820_000), "642 / 820 ms");
});

test("an Action's duration loses nothing", () => {
  assert.equal(duration_text(5000), "5ms");
  assert.equal(duration_text(250), "250us");
  assert.equal(duration_text(2_000_000), "2s");
  assert.equal(duration_text(1500), "1500us");
});
