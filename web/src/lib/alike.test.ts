import assert from "node:assert/strict";
import { test } from "node:test";
import { alike } from "./alike";

test("runs with the same texts are one, where the newest of them stands", () => {
  const run = (id: string, ...texts: string[]) => ({
    id,
    branches: texts.map((text) => ({ text })),
  });
  const runs = [run("a", "x"), run("b", "y"), run("c", "x"), run("d", "x", "y"), run("e", "xy")];
  const ids = alike(runs).map((group) => group.map(({ id }) => id));
  assert.deepEqual(ids, [["a", "c"], ["b"], ["d"], ["e"]]);
});
