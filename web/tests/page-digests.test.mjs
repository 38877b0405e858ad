/** The same seeds give the same Events in the browser as they do natively. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import test from "node:test";
import { onEveryPage, web } from "./launch.mjs";

const runs = 200;

/** Lines of `SEED DIGEST` by the native build, one for each random run with faults. */
function nativeDigests() {
  const example = ["run", "-q", "--release", "-p", "raft-sim", "--example", "digests"];
  const printed = execFileSync("cargo", [...example, "--", String(runs)], {
    cwd: dirname(web),
    encoding: "utf8",
  });
  return printed
    .trim()
    .split("\n")
    .map((line) => {
      const [seed, digest] = line.split(" ");
      return { seed: Number(seed), digest };
    });
}

const native = nativeDigests();

test("the native digests are worth comparing", () => {
  assert.ok(native.length >= 200, `${native.length} runs`);
  assert.ok(
    native.every(({ seed, digest }) => Number.isSafeInteger(seed) && /^[0-9a-f]{16}$/.test(digest)),
  );
  assert.equal(new Set(native.map(({ digest }) => digest)).size, native.length, "all differ");
});

onEveryPage(
  (site) => {
    test(`${runs} random runs with faults have the native digests`, async () => {
      await site().visit({}, async (page) => {
        const seeds = native.map(({ seed }) => seed);
        const digests = await page.evaluate(
          (all) => all.map((seed) => globalThis.__raft.random_run_digest(seed)),
          seeds,
        );
        assert.deepEqual(
          digests,
          native.map(({ digest }) => digest),
        );
      });
    });
  },
  { places: ["file"] },
);
