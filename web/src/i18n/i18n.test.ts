import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "./en.ts";
import { en as enLater } from "./en-later.ts";
import { zh } from "./zh.ts";
import { zh as zhLater } from "./zh-later.ts";

test("both languages fill the same gaps", () => {
  const gaps = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
  const tables: readonly Readonly<Record<string, string>>[][] = [
    [en, zh],
    [enLater, zhLater],
  ];
  for (const [english = {}, chinese = {}] of tables) {
    for (const [key, sentence] of Object.entries(english)) {
      assert.equal(gaps(chinese[key] ?? ""), gaps(sentence), key);
      assert.ok(chinese[key], key);
    }
  }
});
