import assert from "node:assert/strict";
import { test } from "node:test";
import { sorted } from "./crowd.ts";

function message(id: number, from: number, to: number, carries?: [number, number]) {
  return { id, from, to, carries };
}

const MESSAGES = [
  message(1, 1, 5, [92, 109]),
  message(2, 1, 2, [97, 97]),
  message(3, 2, 1),
  message(4, 1, 2, [98, 98]),
  message(5, 3, 4),
];

test("what carries the entry that is asked about is in focus, the rest is one line a link", () => {
  const { drawn, thin, others } = sorted(MESSAGES, "context", { index: 96, server: 3 });
  assert.deepEqual(
    drawn.map(({ id }) => id),
    [1],
  );
  assert.equal(others, 4);
  assert.deepEqual(thin, [
    { from: 1, to: 2, count: 3, isBothWays: true },
    { from: 3, to: 4, count: 1, isBothWays: false },
  ]);
});

test("where no entry is asked about, the server's own are in focus", () => {
  const { drawn, thin } = sorted(MESSAGES, "focus", { index: undefined, server: 3 });
  assert.deepEqual(
    drawn.map(({ id }) => id),
    [5],
  );
  assert.deepEqual(thin, []);
  assert.equal(sorted(MESSAGES, "all", { index: 96, server: 3 }).drawn.length, 5);
});
