/** The diagram of space and time, as a reader opens it, points at it, and goes along its messages. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, there, until } from "./launch.mjs";

const BOOK = "bugs/l4-term-figure-8.raft";

/** Opens the diagram beside a playbook, there, and waits until its events are drawn. */
async function opened(page, path = BOOK) {
  await playbook(page, path);
  await page.keyboard.press("h");
  await until(page, () => /[1-9]/.test(document.querySelector("canvas")?.ariaLabel ?? ""));
  return there(page, ".diagram-canvas");
}

/** The part of the tape that the diagram shows, in pixels. */
const seen = () => {
  const box = document.querySelector(".tape-seen")?.getBoundingClientRect();
  return box && { left: box.left, width: box.width };
};

onEveryPage(
  (site) => {
    test("what is pointed at is told, and a click goes there", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        const canvas = await opened(page);
        const { x, y, width, height } = await canvas.boundingBox();
        const pointed = new Set();
        for (let across = 30; across < width && pointed.size < 5; across += 9) {
          await page.mouse.move(x + across, y + height / 2);
          await page.evaluate(() => globalThis.__raft.rest());
          const tip = await page.evaluate(
            () => document.querySelector(".diagram-tip")?.textContent,
          );
          if (!tip || pointed.has(tip)) continue;
          pointed.add(tip);
          await page.mouse.click(x + across, y + height / 2);
          await until(page, (tip) => document.querySelector(".why").textContent.includes(tip), tip);
        }
        assert.equal(pointed.size, 5, "five events were pointed at");
      });
    });

    test("keys go along the cause and along the lane, and zoom", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await opened(page);
        await page.keyboard.press("End");
        await page.keyboard.press("ArrowLeft");
        await until(page, () => document.querySelector(".why .cause button") !== null);
        const cause = await page.evaluate(
          () => document.querySelector(".why .cause button").textContent,
        );
        await page.focus(".diagram-canvas canvas");
        await page.keyboard.press("[");
        await until(
          page,
          (cause) => {
            const told = document.querySelector(".why").textContent;
            return told.includes(cause.split(" · ")[0]);
          },
          cause,
        );
        const clock = await page.evaluate(() => document.querySelector(".clock").textContent);
        await page.keyboard.press(",");
        await until(page, (clock) => document.querySelector(".clock").textContent !== clock, clock);
        // Its neighbour's neighbour is itself, and what it caused comes after it.
        await page.keyboard.press(".");
        await until(page, (clock) => document.querySelector(".clock").textContent === clock, clock);
        await page.keyboard.press("]");
        await until(page, (clock) => document.querySelector(".clock").textContent !== clock, clock);
        await page.keyboard.press("[");
        await until(page, (clock) => document.querySelector(".clock").textContent === clock, clock);
        const before = await page.evaluate(seen);
        for (let i = 0; i < 4; i++) await page.keyboard.press("w");
        const near = await until(
          page,
          (width) => {
            const box = document.querySelector(".tape-seen")?.getBoundingClientRect();
            return box && box.width < width / 2 && { left: box.left, width: box.width };
          },
          before.width,
        );
        await page.keyboard.press("d");
        await until(
          page,
          (left) => document.querySelector(".tape-seen").getBoundingClientRect().left > left + 5,
          near.left,
        );
        const right = await page.evaluate(seen);
        await page.keyboard.press("a");
        await until(
          page,
          (left) => document.querySelector(".tape-seen").getBoundingClientRect().left < left - 5,
          right.left,
        );
        await page.keyboard.press("s");
        await until(
          page,
          (width) => document.querySelector(".tape-seen").getBoundingClientRect().width > width + 5,
          right.width,
        );
        await page.keyboard.press("0");
        await until(
          page,
          (width) =>
            document.querySelector(".tape-seen").getBoundingClientRect().width >= width - 2,
          before.width,
        );
        await page.keyboard.press("Escape");
        await until(page, () => !document.querySelector(".diagram"));
      });
    });

    test("lanes are hidden and come back, the other axis counts steps, and words are found", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await opened(page);
        const names = () =>
          [...document.querySelectorAll(".diagram-names button")].map((one) => one.textContent);
        assert.deepEqual(await page.evaluate(names), ["S1", "S2", "S3", "S4", "S5"]);
        await page.click(".diagram-names li:nth-child(2) button");
        await until(page, () => document.querySelectorAll(".diagram-names button").length === 4);
        assert.deepEqual(await page.evaluate(names), ["S1", "S3", "S4", "S5"]);
        await page.evaluate(() =>
          [...document.querySelectorAll(".diagram-tools button")]
            .find((one) => one.textContent === "+ S2")
            .click(),
        );
        await until(page, () => document.querySelectorAll(".diagram-names button").length === 5);
        const picture = () => document.querySelector(".diagram-canvas canvas").toDataURL();
        const physical = await page.evaluate(picture);
        await page.click(".diagram-axis button:last-child");
        await until(
          page,
          (old) => document.querySelector(".diagram-canvas canvas").toDataURL() !== old,
          physical,
        );
        await page.focus(".diagram-tools input[type=search]");
        await page.keyboard.type("crash S1");
        await until(page, () => document.querySelector(".diagram-tools output").textContent !== "");
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector(".why").textContent.includes("crash S1"));
        // Escape clears what is looked for first, and closes the diagram only then.
        await page.keyboard.press("Escape");
        const field = () => document.querySelector(".diagram-tools input[type=search]")?.value;
        assert.equal(await page.evaluate(field), "");
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector(".diagram") === null);
      });
    });

    test("what is done is drawn at once, in the branch that it starts", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await opened(page);
        const count = () => Number(/\d+/.exec(document.querySelector("canvas").ariaLabel)[0]);
        const before = await page.evaluate(count);
        await page.keyboard.press("]");
        await command(page, "crash S2");
        await until(
          page,
          (before) => Number(/\d+/.exec(document.querySelector("canvas").ariaLabel)[0]) < before,
          before,
        );
        const drawn = await page.evaluate(count);
        await page.keyboard.press("ArrowRight");
        await until(
          page,
          (drawn) => Number(/\d+/.exec(document.querySelector("canvas").ariaLabel)[0]) > drawn,
          drawn,
        );
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
