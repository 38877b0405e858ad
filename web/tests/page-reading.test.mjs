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

    test("a link cut one way points the way that does not pass", async () => {
      await site().visit({}, async (page) => {
        /** Which server the arrow of a link points at: the angle between the two, in degrees. */
        const off_course = (from, to) => {
          const link = document.querySelector(
            `[data-link="${Math.min(from, to)}-${Math.max(from, to)}"]`,
          );
          const sign = link.querySelector(".one-way");
          if (!sign?.querySelector(".stop-head") || !sign.querySelector(".stop")) return "no sign";
          const middle = (server) => {
            const box = document
              .querySelector(`[data-server="${server}"] .disc`)
              .getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
          };
          const [ax, ay] = middle(from);
          const [bx, by] = middle(to);
          const turn =
            (Math.atan2(by - ay, bx - ax) * 180) / Math.PI - Number(sign.dataset.heading);
          return Math.abs(((turn + 540) % 360) - 180);
        };
        const drawn = () => document.querySelectorAll(".one-way").length;
        await command(page, "cut S1 -> S3");
        await until(page, (drawn) => document.querySelectorAll(".one-way").length === drawn, 1);
        assert.ok((await page.evaluate(off_course, 1, 3)) <= 2);
        const told = await page.evaluate(
          () => document.querySelector('[data-link="1-3"] title').textContent,
        );
        assert.match(told, /cut from S1 to S3/);
        await command(page, "heal S1 -> S3");
        await command(page, "cut S3 -> S1");
        await until(page, () =>
          document.querySelector('[data-link="1-3"]').ariaLabel.includes("from S3 to S1"),
        );
        assert.ok((await page.evaluate(off_course, 3, 1)) <= 2);
        await command(page, "cut S1 -> S3");
        await until(page, () => document.querySelector('[data-link="1-3"].cut') !== null);
        assert.equal(await page.evaluate(drawn), 0);
      });
    });
  },
  { places: ["file"] },
);
