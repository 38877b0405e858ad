import assert from "node:assert/strict";
import { test } from "node:test";
import { piecesOf } from "./words-of.ts";

const spoken = (names: string, values?: string, server?: string) =>
  piecesOf(names, values, server).flatMap(({ text, of, owner }) =>
    of.length === 0 ? [] : owner === undefined ? [[text, of]] : [[text, of, owner]],
  );

test("a comparison speaks of servers, fields, and the indices that they hold", () => {
  assert.deepEqual(spoken("lastLogIndex < prevLogIndex", "3 < 4", "S1"), [
    ["lastLogIndex", ["lastLogIndex", "3"], "S1"],
    ["prevLogIndex", ["prevLogIndex", "4"], "S1"],
  ]);
  assert.deepEqual(spoken("log[3].term ≠ prevLogTerm", "5 ≠ 6", "S1"), [["log[3].term", ["3"]]]);
  assert.deepEqual(spoken("lastLogIndex ≥ nextIndex[S3]", "49 ≥ 49", "S1")[1], [
    "nextIndex[S3]",
    ["nextIndex", "S3", "49"],
  ]);
  assert.deepEqual(spoken("is a candidate"), []);
});

test("the pieces are the text again", () => {
  for (const text of ["N > commitIndex", "S1 ← S3: reply", "", "log[3].term ≠ prevLogTerm"])
    assert.equal(
      piecesOf(text, undefined)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
});
