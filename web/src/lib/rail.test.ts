import assert from "node:assert/strict";
import { test } from "node:test";
import { ring } from "./geometry.ts";
import { isWhole } from "./rail.ts";

test("many clients stand in rows below the ring, inside the stage and apart from each other", () => {
  for (const [width, height] of [
    [360, 420],
    [460, 720],
    [870, 1300],
  ] as const) {
    for (let count = 5; count <= 9; count++) {
      const { places, radius, clients, card, hasRail } = ring(9, width, height, count, 30);
      assert.ok(hasRail && clients.length === count);
      const lowest = Math.max(...places.map(({ y }) => y + radius));
      for (const [i, { x, y }] of clients.entries()) {
        assert.ok(x - card.w / 2 >= 0 && x + card.w / 2 <= width, `${count} at ${x}`);
        assert.ok(y - card.h / 2 > lowest && y + card.h / 2 <= height, `${count} at ${y}`);
        for (const other of clients.slice(0, i)) {
          const apart = Math.abs(other.x - x) >= card.w || Math.abs(other.y - y) >= card.h;
          assert.ok(apart, `${count} at ${width}`);
        }
      }
      assert.ok(Math.min(...places.map(({ y }) => y - radius)) >= 30, "the bar stays free");
    }
  }
  assert.ok(isWhole(ring(9, 460, 720, 9).card));
  assert.ok(!isWhole(ring(9, 360, 420, 9).card));
});
