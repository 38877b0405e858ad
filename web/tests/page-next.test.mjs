/** Going on to the next event of a kind. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, until } from "./launch.mjs";

onEveryPage(
  (site) => {
    test("it goes to the next leader, commit and crash, and says where there is none", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await page.select(".to-next", "leader");
        await until(page, () =>
          document.querySelector(".why").textContent.includes("becomes leader"),
        );
        await command(page, "propose leader x");
        await page.select(".to-next", "commit");
        await until(page, () => /commits/.test(document.querySelector(".why h2").textContent));
        // The clock goes with the next frame.
        await page.evaluate(() => new Promise((wake) => setTimeout(wake, 100)));
        const before = await page.evaluate(textOf, ".clock");
        await page.select(".to-next", "crash");
        await until(page, () => document.querySelector(".notices")?.textContent.includes("crash"));
        assert.equal(await page.evaluate(textOf, ".clock"), before, "nothing has moved");
        // A clause of the event on show is offered, too.
        const rules = await page.evaluate(() =>
          [...document.querySelectorAll(".to-next option")].map(({ value }) => value),
        );
        assert.ok(rules.includes("L4"), rules.join());
      });
    });

    test("it goes to a refusal and to a failed expectation, and offers a condition of one's own", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        await page.keyboard.press("Home");
        await page.select(".to-next", "refusal");
        await until(page, () => document.querySelector(".why h2").textContent.includes("refuses"));
        await page.select(".to-next", "condition");
        const line = await until(page, () => document.querySelector(".command input").value);
        assert.equal(line, "wait 10s until ");
      });
    });
  },
  { places: ["file"] },
);
