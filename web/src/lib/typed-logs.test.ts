import assert from "node:assert/strict";
import { test } from "node:test";
import { logLine, logLines, severalEntries } from "./typed-logs.ts";

test("a log is written as its terms, with its owner or without", () => {
  assert.equal(logLine("4 5 5", 2), "rewrite S2 log 4 5 5");
  assert.equal(logLine(" S3: 4:a 5 5:c ", 2), "rewrite S3 log 4:a 5 5:c");
  assert.equal(logLine("propose S1 4", 2), undefined);
  assert.equal(logLine("", 2), undefined);
});

test("lines of terms are the logs of the servers in their order", () => {
  assert.deepEqual(logLines("4 5 5\n4 6 6 6\n"), [
    "rewrite S1 log 4 5 5",
    "rewrite S2 log 4 6 6 6",
  ]);
  assert.equal(logLines("4 5 5\ncrash S1"), undefined);
});

test("one entry is not several", () => {
  assert.equal(severalEntries("4"), undefined);
  assert.deepEqual(severalEntries("4 5:b"), ["4", "5:b"]);
  assert.equal(severalEntries("4 two words"), undefined);
});
