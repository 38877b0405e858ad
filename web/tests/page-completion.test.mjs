/** What is typed into the command line is completed from the lines that the language has. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, until } from "./launch.mjs";

/** In the page: what is offered, what of it is picked, and what stands in the line. */
const seen = () => {
  const input = document.querySelector(".command input");
  const active = input.getAttribute("aria-activedescendant");
  const text = (offer) => offer?.querySelector("code").textContent;
  return {
    offers: [...document.querySelectorAll(".offers [role=option]")].map(text),
    picked: active === null ? "" : text(document.getElementById(active)),
    value: input.value,
    isExpanded: input.ariaExpanded,
  };
};

const offered = (line) =>
  [...document.querySelectorAll(".offers code")].some((code) => code.textContent === line);
const isClosed = () => document.querySelector(".offers") === null;

onEveryPage(
  (site) => {
    test("lines are offered while one types, and the keys go through them", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("/");
        await page.keyboard.type("pau");
        await until(page, offered, "pause S1");
        await page.keyboard.press("Tab");
        assert.deepEqual(await page.evaluate(seen), {
          offers: [],
          picked: "",
          value: "pause S1",
          isExpanded: "false",
        });
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector(".server.paused") !== null);

        await page.keyboard.type("cut S3 ");
        await until(page, offered, "cut S3 -> S2");
        const { offers } = await page.evaluate(seen);
        await page.keyboard.press("ArrowDown");
        assert.equal((await page.evaluate(seen)).picked, offers[0]);
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).picked, "");
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).picked, offers.at(-1));
        await page.keyboard.press("Enter");
        assert.equal((await page.evaluate(seen)).value, offers.at(-1));
        assert.equal(await page.evaluate(isClosed), true);
      });
    });

    test("Escape closes the list, then leaves the line; what was typed is done as it is", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("/");
        await page.keyboard.type("crash S2");
        await until(page, offered, "crash S2 torn");
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(isClosed), true);
        assert.equal((await page.evaluate(seen)).value, "crash S2");
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector(".server.crashed") !== null);
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).value, "crash S2");
        assert.equal(await page.evaluate(isClosed), true);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(() => document.activeElement.tagName), "BODY");
        // A reload keeps what was written. Of it, what begins like the line is looked back through.
        await command(page, "heal");
        await command(page, "restart S2");
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        await page.keyboard.press("/");
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).value, "restart S2");
        await page.keyboard.press("ArrowDown");
        assert.equal((await page.evaluate(seen)).value, "");
        await page.keyboard.type("cr");
        await until(page, offered, "crash S1");
        await page.keyboard.press("Escape");
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).value, "crash S2");
        await page.keyboard.press("ArrowUp");
        assert.equal((await page.evaluate(seen)).value, "crash S2");
        await page.keyboard.press("ArrowDown");
        assert.equal((await page.evaluate(seen)).value, "cr");
      });
    });

    test("Tab completes what can be completed, at once, and else goes on", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("/");
        await page.keyboard.type("crash l");
        await page.keyboard.press("Tab");
        assert.equal((await page.evaluate(seen)).value, "crash leader");
        assert.equal(await page.evaluate(() => document.activeElement.name), "action");
        await page.keyboard.type("s");
        await page.keyboard.press("Tab");
        assert.notEqual(await page.evaluate(() => document.activeElement.name), "action");
      });
    });

    test("the help lists every line that can be typed", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("?");
        const count = await until(
          page,
          () => document.querySelectorAll(".language-lines dt").length,
        );
        const dialog = await page.evaluate(() => document.querySelector("dialog").textContent);
        for (const line of ["propose S1 x1 x2", "partition S1 S2 | S3 S4 S5", "expect "])
          assert.ok(dialog.includes(line), line);
        assert.ok(count > 50 && !dialog.includes("`"), `${count} lines`);
      });
    });

    for (const [width, height] of [
      [360, 740],
      [640, 360],
      [1280, 720],
    ]) {
      test(`the list is in sight, with meanings in the reader's language, at ${width} px`, async () => {
        await site().visit({ width, height, lang: "zh" }, async (page) => {
          await page.keyboard.press("/");
          await page.keyboard.type("c");
          await until(page, offered, "crash S1");
          const [first, inside] = await page.evaluate(() => {
            const list = document.querySelector(".offers");
            const { left, right, top, bottom } = list.getBoundingClientRect();
            const line = document.querySelector(".command").getBoundingClientRect();
            const isInside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= line.top + 1;
            return [list.querySelector("span").textContent, isInside];
          });
          assert.match(first, /\p{Script=Han}/u);
          assert.ok(inside);
          await page.evaluate(() =>
            [...document.querySelectorAll(".offers code")]
              .find((code) => code.textContent === "crash S1")
              .scrollIntoView(),
          );
          const handles = await page.$$(".offers [role=option]");
          await handles[0].click();
          assert.equal(await page.evaluate(isClosed), true);
          assert.notEqual((await page.evaluate(seen)).value, "c");
        });
      });
    }
  },
  { chromium: ["file"], firefox: ["file"] },
);
