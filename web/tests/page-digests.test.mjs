/** The same seeds give the same Events in the browser as they do natively. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { onEveryPage, web } from "./launch.mjs";

const runs = 200;

/**
 * By the native build: random runs with faults, as texts, with their digests. It may have to be built first, for which
 * nothing else waits: a browser that is being started meanwhile has to be heard.
 */
async function nativeDigests() {
  const folder = mkdtempSync(join(tmpdir(), "digests-"));
  const example = ["run", "-q", "-p", "raft-check", "--example", "digests"];
  const { stdout } = await promisify(execFile)("cargo", [...example, "--", String(runs), folder], {
    cwd: dirname(web),
  });
  const lines = stdout.trim().split("\n");
  const all = lines.map((line) => {
    const [seed, digest] = line.split(" ");
    return { seed: Number(seed), digest, text: readFileSync(join(folder, `${seed}.raft`), "utf8") };
  });
  rmSync(folder, { recursive: true });
  return all;
}

const native = await nativeDigests();

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
        const texts = native.map(({ text }) => text);
        const digests = await page.evaluate(
          (all) => Promise.all(all.map((text) => globalThis.__raft.digestOf(text))),
          texts,
        );
        assert.deepEqual(
          digests,
          native.map(({ digest }) => digest),
        );
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
