/** What the page makes plain without being asked: who acted, what is cut, what broke. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, until } from "./launch.mjs";

onEveryPage(
  (site) => {
    test("the panel follows the server that acts until the reader pins one", async () => {
      await site().visit({}, async (page) => {
        const shown = () => document.querySelector("#tab-server").textContent;
        const followed = (name) =>
          document.querySelector("#tab-server").textContent.endsWith(name) &&
          document.querySelector(".follow").getAttribute("aria-checked") === "true";
        const server_of_last = () => {
          const lab = globalThis.__raft.lab();
          const { position } = lab.view(1, 1);
          return `S${lab.events(position - 1, position, "en")[0].server}`;
        };
        await command(page, "timeout S3");
        await until(page, followed, "S3");
        const seen = new Set();
        for (let i = 0; i < 12; i++) {
          await page.keyboard.press("ArrowRight");
          const server = await page.evaluate(server_of_last);
          await until(page, followed, server);
          seen.add(server);
        }
        assert.ok(seen.size >= 3, `only ${[...seen]} acted`);

        await page.keyboard.press("2");
        await until(page, () => document.querySelector(".chip.on .icon") !== null);
        for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
        assert.match(await page.evaluate(shown), /S2$/);
        assert.equal(
          await page.evaluate(() => document.querySelector(".follow").ariaChecked),
          "false",
        );
        await page.keyboard.press("f");
        await until(page, followed, await page.evaluate(server_of_last));
      });
    });
  },
  { places: ["file"] },
);
