import assert from "node:assert/strict";
import { test } from "node:test";
import { arrow, CLIENT, drawnShare, headingAt, pointAt, progress, ring } from "./geometry.ts";

test("a ring keeps every server inside its stage and apart from the others", () => {
  for (const [width, height] of [
    [360, 320],
    [434, 584],
    [870, 1300],
  ] as const) {
    for (let count = 1; count <= 9; count++) {
      const { radius, places } = ring(count, width, height);
      assert.equal(places.length, count);
      for (const place of places) {
        assert.ok(place.x - radius >= 0 && place.x + radius <= width, `${count} at x ${place.x}`);
        assert.ok(place.y - radius >= 0 && place.y + radius <= height, `${count} at y ${place.y}`);
      }
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < i; j++) {
          const a = places[i];
          const b = places[j];
          assert.ok(a && b && Math.hypot(a.x - b.x, a.y - b.y) > 2 * radius);
        }
      }
    }
  }
});

test("few clients stand beside the servers or above them, and inside the stage", () => {
  for (const [width, height] of [
    [360, 320],
    [434, 584],
    [870, 1300],
  ] as const) {
    for (let count = 1; count <= 4; count++) {
      const { radius, places, clients } = ring(5, width, height, count);
      assert.equal(clients.length, count);
      for (const client of clients) {
        assert.ok(client.x >= 17 && client.x <= width - 17, `${count} at x ${client.x}`);
        assert.ok(client.y >= CLIENT.h / 2 && client.y <= height - CLIENT.h / 2);
        for (const place of places) {
          const aside = Math.abs(client.x - place.x) - CLIENT.w / 2 > radius;
          const above = Math.abs(client.y - place.y) - CLIENT.h / 2 > radius;
          assert.ok(aside || above, `${count} clients at ${width}`);
        }
      }
    }
  }
});

test("two ways between the same servers never share an end", () => {
  const a = { x: 0, y: 0 };
  const b = { x: 200, y: 0 };
  const there = arrow(a, b, 40, 0);
  const back = arrow(b, a, 40, 0);
  assert.ok(Math.hypot(there.a.x - back.b.x, there.a.y - back.b.y) > 8);
  assert.ok(there.c.y * back.c.y < 0, "they bend to different sides");
});

test("an arrow from below ends under the words of its server", () => {
  const words = { x: 0, y: 48, w: 60, h: 14 };
  const { b } = arrow({ x: 0, y: 300 }, { x: 0, y: 0 }, 40, 0, [words]);
  assert.ok(b.y > 55 || Math.abs(b.x) > 30, `${b.x} ${b.y}`);
});

test("an arrow starts and ends at its curve's ends and heads along it", () => {
  const curve = arrow({ x: 0, y: 0 }, { x: 100, y: 0 }, 10, 0);
  assert.deepEqual(pointAt(curve, 0), curve.a);
  assert.deepEqual(pointAt(curve, 1), curve.b);
  assert.ok(Math.abs(headingAt(curve, 0.5)) < 1);
});

test("a message just sent is drawn clear of its sender, and an arriving one at its end", () => {
  const curve = arrow({ x: 0, y: 0 }, { x: 200, y: 0 }, 30, 0);
  const sent = pointAt(curve, drawnShare(curve, 0));
  assert.ok(Math.hypot(sent.x - curve.a.x, sent.y - curve.a.y) > 12);
  assert.equal(drawnShare(curve, 1), 1);
  assert.ok(drawnShare(curve, 0.4) < drawnShare(curve, 0.5));
});

test("progress stays within its bounds", () => {
  assert.equal(progress(0, 10, 20), 0);
  assert.equal(progress(15, 10, 20), 0.5);
  assert.equal(progress(30, 10, 20), 1);
  assert.equal(progress(5, 5, 5), 1);
});
