import assert from "node:assert/strict";
import { test } from "node:test";
import { arrow } from "./geometry.ts";
import { placePills } from "./pills.ts";

const room = { width: 400, height: 300 };
const curve = arrow({ x: 50, y: 50 }, { x: 350, y: 50 }, 30, 0);
const request = (id: number, widths: readonly number[] = [60]) => ({
  id,
  curve,
  widths,
  height: 17,
});

test("labels on one path stand apart, and the older one stays", () => {
  const alone = placePills([request(1)], [], room).get(1);
  const both = placePills([request(2), request(1)], [], room);
  assert.deepEqual(both.get(1), alone);
  const second = both.get(2);
  assert.ok(alone && second && Math.abs(alone.x - second.x) >= 60);
});

test("a label stays off the words of a server", () => {
  const free = placePills([request(1)], [], room).get(1);
  assert.ok(free);
  const moved = placePills([request(1)], [], room, [{ x: free.x, y: free.y, w: 40, h: 20 }]);
  assert.ok(Math.abs((moved.get(1)?.x ?? 0) - free.x) >= 50);
});

test("where there is no room for a label it is short, and where there is none it is left out", () => {
  const narrow = [
    { x: 0, y: 50, w: 340, h: 90 },
    { x: 400, y: 50, w: 340, h: 90 },
  ];
  const short = placePills([request(1, [90, 20])], [], room, narrow).get(1);
  assert.equal(short?.size, 1);
  const none = placePills([request(1, [90, 20])], [{ x: 200, y: 60, r: 200 }], room);
  assert.equal(none.size, 0);
});

test("a label does not move back when what it made way for is gone", () => {
  const both = placePills([request(1), request(2)], [], room);
  const later = placePills([request(2)], [], room, [], both);
  assert.deepEqual(later.get(2), both.get(2));
});
