import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lanes, tapeOf } from "./tape";

const LANES: Lanes = {
  server: Uint8Array.from([1, 1, 1, 2, 2]),
  position: new Float64Array(5),
  at: Float64Array.from([0, 10, 60, 0, 50]),
  term: Float64Array.from([0, 1, -1, 0, 1]),
  role: Uint8Array.from([0, 2, 0, 0, 0]),
};

const draw = (lanes: Lanes) =>
  tapeOf(
    lanes,
    100,
    (at) => at,
    (server) => ({ middle: server * 10, thin: 2, thick: 6 }),
    (term) => `t${term}`,
  );

test("a lane is thick where its server leads, and has a gap where it is down", () => {
  const { paths } = draw(LANES);
  const d = new Map(paths.map((path) => [path.of, path.d]));
  assert.equal(d.get("t0"), "M0.0 9H10.0v2H0.0zM0.0 19H50.0v2H0.0z");
  assert.equal(d.get("t1"), "M10.0 7H60.0v6H10.0zM50.0 19H100.0v2H50.0z");
  assert.equal(d.size, 2, "nothing is drawn of a server that is down");
});

test("crowns stand where a leadership begins, and never on one another", () => {
  assert.deepEqual(draw(LANES).elections, [10]);
  const many = 1000;
  const flapping: Lanes = {
    server: new Uint8Array(many).fill(1),
    position: new Float64Array(many),
    at: Float64Array.from({ length: many }, (_, i) => i / 10),
    term: Float64Array.from({ length: many }, (_, i) => i),
    role: new Uint8Array(many).fill(2),
  };
  assert.ok(draw(flapping).elections.length <= 10);
});

test("what happens within one pixel is drawn once", () => {
  const many = 10_000;
  const busy: Lanes = {
    server: new Uint8Array(many).fill(1),
    position: new Float64Array(many),
    at: Float64Array.from({ length: many }, (_, i) => i / 100),
    term: Float64Array.from({ length: many }, (_, i) => i % 2),
    role: new Uint8Array(many),
  };
  const rects = draw(busy).paths.flatMap(({ d }) => d.split("z")).length;
  assert.ok(rects < 300, `${rects} rectangles`);
});
