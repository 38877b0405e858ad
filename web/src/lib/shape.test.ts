import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameShape, shapeOf } from "./shape";

test("a tablet upright keeps its narrator, and one that lies has it as a tab", () => {
  for (const [width, height] of [
    [820, 1180],
    [768, 1024],
    [1280, 720],
  ] as const)
    assert.ok(shapeOf(width, height).hasNarrator, `${width}`);
  for (const [width, height] of [
    [1180, 599],
    [1024, 768],
    [360, 740],
    [900, 899],
  ] as const)
    assert.ok(!shapeOf(width, height).hasNarrator, `${width}`);
  assert.ok(!shapeOf(820, 1180).roomy);
});

test("what is drawn grows with the laboratory, and only at a few sizes", () => {
  assert.deepEqual(
    [1280, 1920, 2560].map((width) => shapeOf(width, 1000).scale),
    [1, 1.15, 1.4],
  );
  assert.ok(isSameShape(shapeOf(1280, 720), shapeOf(1281, 720)));
  assert.ok(!isSameShape(shapeOf(759, 720), shapeOf(760, 720)));
});
