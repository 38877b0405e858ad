/** What is counted or recorded is seen from wherever one looks. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, until } from "./launch.mjs";

onEveryPage(
  (site) => {
    test("a candidate that is disconnected is counted, and recording is seen from any tab", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await command(page, "disconnect S1");
        await command(page, "timeout S1");
        await until(page, () =>
          /disconnected.*1 of 3 votes/.test(
            document.querySelector('[data-below="1"]')?.textContent,
          ),
        );
        assert.ok(!(await page.$(".count.recorded")));
        await page.keyboard.press("w");
        await page.keyboard.press("j");
        await page.keyboard.press("v");
        await until(page, () => document.querySelector("[role=tab] .recorded") !== null);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
