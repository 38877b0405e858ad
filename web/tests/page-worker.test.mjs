/** The engine works beside the page: whatever it does, nobody waits for it. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage } from "./launch.mjs";

/** Nine servers that have much to say to each other, for so many milliseconds. */
const busy = (ms) => `servers 9\nheartbeat 1ms\ntimeout S1\nrun ${ms}ms\n`;
const LONG_MS = 500;

/** In the page: has the engine play in one go, which it cannot be interrupted in. */
function work(text) {
  const call = { isOver: false, ms: 0, clicks: 0 };
  globalThis.call = call;
  addEventListener("click", () => {
    call.clicks += 1;
  });
  const began = performance.now();
  const end = () => {
    call.isOver = true;
    call.ms = performance.now() - began;
  };
  globalThis.__raft.digestOf(text).then(end, end);
}

onEveryPage((site) => {
  test("a call to the engine that takes half a second does not delay a click", async () => {
    await site().visit({}, async (page) => {
      const lang = () => document.documentElement.lang;
      const isOver = () => globalThis.call.isOver;
      const button = await page.$(".language");
      // How much is half a second's work depends on the machine; a run has a bound.
      for (let ms = 500; ms <= 64_000; ms *= 2) {
        await page.evaluate(work, busy(ms));
        while (!(await page.evaluate(isOver))) {
          const before = await page.evaluate(lang);
          await button.click();
          // The page has changed at once, though the engine is at work.
          assert.notEqual(await page.evaluate(lang), before);
        }
        const call = await page.evaluate(() => globalThis.call);
        if (call.ms < LONG_MS) continue;
        // What was clicked meanwhile was not kept waiting until the end.
        assert.ok(call.clicks >= 3, JSON.stringify(call));
        return;
      }
      assert.fail("the longest run took less than half a second");
    });
  });
});
