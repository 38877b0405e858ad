/** The engine works beside the page: whatever it does, nobody waits for it. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, there, until } from "./launch.mjs";

const LONG_MS = 2000;

/** In the page: keeps the engine busy, and notes when it has answered what it was asked meanwhile. */
function keepBusy(ms) {
  const call = { isOver: false, ms: 0 };
  globalThis.call = call;
  const began = performance.now();
  globalThis.__raft.hold(ms);
  globalThis.__raft
    .lab()
    .digest()
    .then(() => {
      call.isOver = true;
      call.ms = performance.now() - began;
    });
}

onEveryPage((site) => {
  test("a call to the engine that takes two seconds does not delay a click", async () => {
    await site().visit({}, async (page) => {
      const lang = () => document.documentElement.lang;
      const button = await there(page, ".language");
      // The words of a language are a script, which is there from its first use on.
      for (const language of ["zh-Hans", "en"]) {
        await button.click();
        await until(page, (one) => document.documentElement.lang === one, language);
      }
      await page.evaluate(keepBusy, LONG_MS);
      let clicks = 0;
      for (;;) {
        const before = await page.evaluate(lang);
        await button.click();
        const after = await page.evaluate(lang);
        if (await page.evaluate(() => globalThis.call.isOver)) break;
        // The page has changed at once, though the engine is at work.
        assert.notEqual(after, before);
        clicks += 1;
      }
      const call = await page.evaluate(() => globalThis.call);
      // The page and its worker have clocks of their own, which browsers round.
      assert.ok(call.ms >= LONG_MS - 100, JSON.stringify(call));
      assert.ok(clicks > 0, "what was clicked meanwhile was kept waiting until the end");
    });
  });
});
