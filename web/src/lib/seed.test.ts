import assert from "node:assert/strict";
import test from "node:test";
import { freshSeed } from "./seed";

test("fresh seeds are whole numbers that JavaScript holds exactly, and differ", () => {
  const seeds = Array.from({ length: 20 }, freshSeed);
  assert.ok(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0));
  assert.equal(new Set(seeds).size, seeds.length);
});
