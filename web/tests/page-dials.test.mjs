/** The dials of a new run, and the elections that are played while they turn. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, textOf, until } from "./launch.mjs";

const says = (selector, words) =>
  document.querySelector(selector)?.textContent.includes(words) ?? false;

onEveryPage(
  (site, once) => {
    test("dials say what they lead to, what mends it, and how it is written", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await page.keyboard.press("r");
        await page.click('.presets button[title*="§9.3"]');
        await until(page, says, ".written", "election 150ms..300ms");
        // By keyboard: the upper end of the election timeout comes down to the lower, and splits follow.
        await page.focus("input[name=election-to]");
        for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
        await until(page, says, ".written", "election 150ms\n");
        await until(page, says, ".dial-verdict.bad", "had no leader in the end");
        for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
        await until(page, says, ".written", "election 150ms..200ms");
        await until(page, says, ".failovers h3", "400 elections");
        await until(page, says, ".dial-verdict.bad", "has no winner at first");
        // The published figures of these timeouts stand beside them.
        assert.match(await page.evaluate(textOf, ".failovers tbody"), /Figure 16147194352/);
        await until(page, () => document.querySelector(".chart canvas") !== null);
        // A leader that is heard of too seldom.
        await page.focus("input[name=heartbeat]");
        for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowRight");
        await until(page, says, ".dial-verdict.bad", "give up on a leader that is well");
        await page.click(".dial-remedies button");
        await until(page, says, ".written", "heartbeat 75ms");
        await page.click(".dial-remedies button");
        await until(page, says, ".written", "election 150ms..300ms");
        await page.click(".new-run .main");
        await until(page, () => document.querySelector(".new-run") === null);
        const saved = await page.evaluate(() => globalThis.__raft.lab().save());
        assert.match(saved, /election 150ms\.\.300ms/);
        assert.match(saved, /heartbeat 75ms/);
        assert.match(saved, /latency 5ms\.\.10ms/);
      });
    });

    once(
      "a split vote that was found is opened, and few voters are told why there is none",
      async () => {
        await site().visit({ width: 360, height: 740 }, async (page) => {
          await page.keyboard.press("r");
          await page.click('.presets button[title*="§9.3"]');
          await page.focus("input[name=election-to]");
          for (let i = 0; i < 2; i++) await page.keyboard.press("ArrowLeft");
          await until(page, says, ".dial-verdict.bad", "no winner at first");
          await page.click(".dial-remedies .quiet");
          await until(page, () => document.querySelector(".new-run") === null);
          const crashes = async () =>
            (await globalThis.__raft.lab().events(0, 200, "en")).filter(({ text }) =>
              /crash S1/i.test(text),
            ).length;
          await until(page, crashes);
          await page.keyboard.press("r");
          await page.click(".sizes label:nth-child(2)");
          await until(page, says, ".new-run", "fewer than three voters");
        });
      },
    );
  },
  { firefox: ["file"], chromium: ["file"] },
);
