import assert from "node:assert/strict";
import { test } from "node:test";
import { callOf } from "./calls";

test("what is no call is passed over", () => {
  for (const message of [
    null,
    7,
    "slide:stop",
    {},
    { raftLab: 1 },
    { raftLab: 2, id: 1, call: "play" },
  ]) {
    assert.equal(callOf(message), undefined, JSON.stringify(message));
  }
  assert.equal(callOf({ raftLab: 1, id: {}, call: "play" }), undefined);
});

test("a call is read, and one that makes no sense is to be refused", () => {
  const ask = (call: string, ...args: unknown[]) =>
    callOf({ raftLab: 1, id: "a", call, args })?.ask;
  assert.deepEqual(ask("do", "crash S1"), { call: "do", line: "crash S1" });
  assert.deepEqual(ask("seek", 12), { call: "seek", position: 12 });
  assert.deepEqual(ask("play"), { call: "play" });
  for (const wrong of [
    ask("do"),
    ask("do", 7),
    ask("seek", -1),
    ask("seek", "3"),
    ask("toString"),
  ]) {
    assert.equal(wrong, undefined);
  }
  assert.deepEqual(callOf({ raftLab: 1, id: 3, call: "constructor" }), { id: 3, ask: undefined });
});
