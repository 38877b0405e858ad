import assert from "node:assert/strict";
import test from "node:test";
import { landing, landingAfter, landingBefore, nextStop, toldNow } from "./phases";

const phase = (position: number, at: number, telling: number, caption = "told") => ({
  position,
  at,
  telling,
  caption,
});
/** Two phases, one in which nothing is of note, and one without words. */
const phases = [phase(0, 0, 4), phase(6, 60, 9), phase(9, 100, 9), phase(9, 120, 9, "")];
const end = { position: 9, at: 120 };

test("a caption is read after the last event of note, or at the end", () => {
  const all = phases.map((_, number) => landing(phases, number, end));
  assert.deepEqual(all, [
    { position: 4, at: 0 },
    { position: 9, at: 100 },
    { position: 9, at: 120 },
    undefined,
  ]);
});

test("captions are gone through in both directions", () => {
  const after = (position: number, at: number) =>
    landingAfter(phases, end, { position, at })?.position;
  const before = (position: number, at: number) =>
    landingBefore(phases, end, { position, at })?.position;
  assert.deepEqual([after(0, 0), after(4, 40), after(9, 100), after(9, 120)], [4, 9, 9, undefined]);
  assert.deepEqual(
    [before(0, 0), before(4, 40), before(5, 50), before(9, 100)],
    [undefined, undefined, 4, 4],
  );
});

test("playing stops where the next phase begins, and never where it is", () => {
  assert.deepEqual(nextStop(phases, { position: 0, at: 0 }), phases[1]);
  assert.deepEqual(nextStop(phases, { position: 6, at: 60 }), phases[2]);
  assert.equal(nextStop(phases, { position: 9, at: 120 }), undefined);
});

test("at rest the caption of what has happened stands, and of what comes only while it plays", () => {
  const told = (phase: number, position: number, at: number, playing: boolean, heard = -1) =>
    toldNow(phases, { phase, toldUntil: end }, { position, at }, playing, heard);
  assert.equal(told(0, 6, 60, false), 0);
  assert.equal(told(0, 6, 60, true), 1);
  assert.equal(told(1, 7, 70, true), 1);
  assert.equal(told(2, 9, 120, true), 2);
});

test("a caption is not told before what it tells of, unless it has been heard", () => {
  const told = (position: number, heard: number) =>
    toldNow(phases, { phase: 1, toldUntil: end }, { position, at: 70 }, false, heard);
  assert.deepEqual([told(7, -1), told(7, 0), told(7, 1)], [undefined, undefined, 1]);
  assert.equal(toldNow(phases, { phase: 0 }, { position: 4, at: 40 }, false, -1), 0);
});
