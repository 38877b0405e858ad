/** Undo, strands of the tape, and two branches side by side, as a person uses them. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, until } from "./launch.mjs";

const FIGURE_8 = "bugs/l4-term-figure-8.raft";

const seen = async () => {
  const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
  const branches = await globalThis.__raft.lab().branches();
  return { branch, position, now, count: branches.length };
};

async function press(page, key, shift = false) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.down("Control");
  if (shift) await page.keyboard.down("Shift");
  await page.keyboard.press(key);
  if (shift) await page.keyboard.up("Shift");
  await page.keyboard.up("Control");
}

const countIs = async (count) => (await globalThis.__raft.lab().branches()).length === count;

onEveryPage(
  (site) => {
    test("undo goes back to before an act, and redo forward again", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        await page.keyboard.press("]");
        const before = await page.evaluate(seen);
        await command(page, "crash S2");
        await until(page, countIs, 2);
        const after = await page.evaluate(seen);
        await press(page, "z");
        await until(page, countIs, 1);
        assert.deepEqual(await page.evaluate(seen), before);
        await press(page, "z", true);
        await until(page, countIs, 2);
        assert.deepEqual(await page.evaluate(seen), after);
        await page.click("[data-turn=undo]");
        await until(page, countIs, 1);
        await press(page, "y");
        await until(page, countIs, 2);
      });
    });

    test("a branch is a strand that leads to it; it is named, removed, and brought back", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        await command(page, "crash S2");
        await until(page, () => document.querySelector("[data-strand]") !== null);
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("b");
        await page.focus(".menu .menu-field input");
        await page.keyboard.type("S2 is gone");
        await page.keyboard.press("Enter");
        await until(page, async () => (await globalThis.__raft.lab().branches())[1].name !== "");
        await page.click("[data-strand='0']");
        await until(page, () => document.querySelector("[data-strand='1']") !== null);
        assert.match(await page.evaluate(textOf, "[data-strand='1']"), /S2 is gone/);
        await page.click("[data-strand='1']");
        await until(page, () => document.querySelector("[data-strand='0']") !== null);
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("b");
        await page.click(".menu .item.grave");
        await until(page, countIs, 1);
        await press(page, "z");
        await until(page, countIs, 2);
        const text = await page.evaluate(() => globalThis.__raft.lab().saveBranch(1));
        assert.match(text, /^branch S2 is gone$/m);
      });
    });

    for (const [width, height] of [
      [1440, 900],
      [1280, 720],
      [820, 1180],
      [360, 740],
    ]) {
      test(`at ${width} × ${height} the bands lie between the header and the tape`, async () => {
        await site().visit({ width, height }, async (page) => {
          await playbook(page, FIGURE_8);
          await page.keyboard.press("End");
          // On a narrow page what is told of an event has a tab of its own.
          await page.evaluate(() => document.querySelector("[id$=tab-why]")?.click());
          await until(page, () => document.querySelector("[data-put-back]") !== null);
          await page.evaluate(() => document.querySelector("[data-put-back]").click());
          await until(page, () => document.querySelector("main.compare .found h2") !== null);
          const places = await page.evaluate(() => {
            const of = (selector) => {
              const { top, bottom, left, right } = document
                .querySelector(selector)
                .getBoundingClientRect();
              return { top, bottom, left, right };
            };
            return {
              header: of(".top"),
              main: of("main.compare"),
              body: of(".body"),
              band: of("[data-band=A]"),
              stage: of("[data-band=A] .stage"),
              why: of(".compare-why"),
              time: of(".transport"),
            };
          });
          const { header, main, body, band, stage, why, time } = places;
          const told = JSON.stringify(places);
          // A narrow page scrolls between the header and the tape.
          const bottom = body.bottom > 0 ? body.bottom : main.bottom;
          assert.ok(main.top >= header.bottom - 1 && bottom <= time.top + 1, told);
          assert.ok(main.left <= 1 && main.right >= width - 16, told);
          assert.ok(stage.top >= band.top && stage.right - stage.left >= 200, told);
          const isBeside = why.left >= band.right - 1;
          assert.ok(isBeside || why.top >= band.bottom - 1, told);
        });
      });
    }

    test("a clause that is put back stands beside, from the first difference on", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        await page.keyboard.press("]");
        await until(page, () => document.querySelector("[data-put-back]") !== null);
        await page.click("[data-put-back]");
        await until(page, () => document.querySelector("main.compare .found h2") !== null);
        const isB = () =>
          /without L4-term/.test(document.querySelector("[data-band=B]").textContent);
        await until(page, isB);
        const found = await page.evaluate(textOf, ".found");
        assert.match(found, /Event 30/);
        assert.match(found, /S1 commitIndex\s*0\s*2/);
        assert.match(await page.evaluate(textOf, ".away"), /counting replicas/);
        const ever = () => document.querySelector("[data-band=B] .ever").textContent;
        assert.match(await page.evaluate(ever), /b2/);
        const breaks = () =>
          /B breaks Leader Completeness/.test(document.querySelector(".found").textContent);
        for (let i = 0; i < 4 && !(await page.evaluate(breaks)); i++) {
          const at = (await page.evaluate(seen)).now;
          await page.keyboard.press("x");
          await until(page, async (at) => (await globalThis.__raft.lab().view(1, 1)).now > at, at);
        }
        assert.ok(await page.evaluate(breaks));
        await page.keyboard.press("End");
        await until(page, () => document.querySelector("[data-band=B] .twice") !== null);
        assert.match(await page.evaluate(textOf, "[data-band=B] .twice"), /b2.*c2/);
        assert.equal(
          await page.evaluate(() => document.querySelector("[data-band=A] .twice")),
          null,
        );
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector("main.compare") === null);
      });
    });

    test("another seed and a feature are compared from the menu", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        for (const words of ["seed 2", "pre-vote"]) {
          await page.evaluate(() => document.activeElement?.blur());
          await page.keyboard.press("b");
          await until(page, () => document.querySelector(".menu") !== null);
          await page.evaluate((words) => {
            const items = [...document.querySelectorAll(".menu button.item")];
            items.find((item) => item.textContent.includes(words)).click();
          }, words);
          await until(
            page,
            (words) => {
              const said = document.querySelector(".contrast")?.textContent ?? "";
              return said.includes(words);
            },
            words,
          );
          await page.keyboard.press("Escape");
          await until(page, () => document.querySelector("main.compare") === null);
        }
      });
    });
  },
  { places: ["file"] },
);
