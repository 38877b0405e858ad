import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

test("both languages fill the same gaps", () => {
  const gaps = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.equal(gaps(zh[key]), gaps(en[key]), key);
    assert.ok(zh[key].length > 0, key);
  }
});
