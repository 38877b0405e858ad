/** The engine works beside the page: whatever it does, nobody waits for it. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, until } from "./launch.mjs";

/** Nine servers that have much to say to each other. */
const BUSY = "servers 9\nheartbeat 1ms\ntimeout S1\nrun 20ms\n";
const LONG_MS = 2000;

/** In the page: asks for more and more simulated time, until one call took so many milliseconds. */
function work(least) {
  globalThis.calls = [];
  addEventListener("click", () => {
    const now = globalThis.calls.at(-1);
    if (!now.isOver) now.clicks += 1;
  });
  const goOn = async () => {
    for (let us = 1_000_000; (globalThis.calls.at(-1)?.ms ?? 0) < least; us *= 2) {
      const began = performance.now();
      const call = { us, isOver: false, ms: 0, clicks: 0 };
      globalThis.calls.push(call);
      await globalThis.__raft.lab().advance(us);
      call.isOver = true;
      call.ms = performance.now() - began;
    }
  };
  goOn();
}

onEveryPage((site) => {
  test("a call to the engine that takes two seconds does not delay a click", async () => {
    await site().visit({}, async (page) => {
      await page.evaluate((text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "busy.raft"));
        document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
      }, BUSY);
      await until(
        page,
        async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 9,
      );
      await page.evaluate(work, LONG_MS);
      const lang = () => document.documentElement.lang;
      const isDone = (least) => globalThis.calls.at(-1).ms >= least;
      const button = await page.$(".language");
      while (!(await page.evaluate(isDone, LONG_MS))) {
        const before = await page.evaluate(lang);
        await button.click();
        // The page has changed at once, though the engine is at work.
        assert.notEqual(await page.evaluate(lang), before);
      }
      // No call can be interrupted, so what was clicked during the last one was not kept waiting.
      const last = await page.evaluate(() => globalThis.calls.at(-1));
      assert.ok(last.clicks >= 3, JSON.stringify(last));
    });
  });
});
