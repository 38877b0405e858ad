import assert from "node:assert/strict";
import test from "node:test";
import { offersFor } from "./complete";

const phrases = [
  { verb: "crash", forms: ["crash S1", "crash S1 torn"], meaning: "it stops" },
  { verb: "cut", forms: ["cut S1 S2", "cut S1 -> S2"], meaning: "a link" },
  { verb: "expect", forms: ["expect leaders = 1"], meaning: "how many lead" },
  { verb: "expect", forms: ["expect term S1 = 2"], meaning: "currentTerm" },
];
const lines = (draft: string) => offersFor(phrases, draft).map(({ line }) => line);

test("after until any condition is offered, as after expect, and nothing else that expect says", () => {
  const refused = { verb: "expect", forms: ["expect refused crash S1"], meaning: "an attempt" };
  const after = (draft: string) => offersFor([...phrases, refused], draft).map(({ line }) => line);
  assert.deepEqual(after("wait 10s until "), [
    "wait 10s until leaders = 1",
    "wait 10s until term S1 = 2",
  ]);
  assert.deepEqual(after("run 5s until te"), ["run 5s until term S1 = 2"]);
  assert.deepEqual(after("run 5s until term S3 = "), ["run 5s until term S3 = 2"]);
});

test("a verb that is being typed is offered once, with its plainest line", () => {
  assert.deepEqual(lines("c"), ["crash S1", "cut S1 S2"]);
  assert.deepEqual(lines("exp"), ["expect leaders = 1"]);
  assert.deepEqual(lines(""), []);
  assert.deepEqual(lines("x"), []);
});

test("after it all of its lines are, with what has been typed", () => {
  assert.deepEqual(lines("cut "), ["cut S1 S2", "cut S1 -> S2"]);
  assert.deepEqual(lines("cut S3 -"), ["cut S3 -> S2"]);
  assert.deepEqual(lines("crash leader "), ["crash leader torn"]);
  assert.deepEqual(lines("crash l"), ["crash leader", "crash leader torn"]);
  assert.deepEqual(lines("cut S3 -> l"), ["cut S3 -> leader"]);
  assert.deepEqual(lines("Crash s2 t"), ["Crash s2 torn"]);
  assert.deepEqual(lines("expect t"), ["expect term S1 = 2"]);
  assert.deepEqual(lines("crash S1"), ["crash S1 torn"]);
  assert.deepEqual(lines("crash S1 torn now"), []);
});
