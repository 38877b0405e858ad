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

const says = (words) =>
  [...document.querySelectorAll(".notice")].some((one) => one.textContent.includes(words));

/** In the page: how many of these are wholly in sight. */
const inSight = (selector) =>
  [...document.querySelectorAll(selector)].filter((one) => {
    const { top, bottom, left, right, width, height } = one.getBoundingClientRect();
    const foot = document.querySelector(".transport").getBoundingClientRect().top;
    const isInside = top >= 0 && bottom <= foot + 1 && left >= 0 && right <= innerWidth + 1;
    return width > 0 && height > 0 && isInside;
  }).length;

/** Goes down the menu of branches to what can be done to one of them, and does it. */
async function choose(page, branch, deed) {
  await until(page, () => document.querySelector(".menu") !== null);
  const isThere = (branch, deed) => {
    const at = document.activeElement;
    const words = at?.getAttribute("aria-label") ?? at?.textContent ?? "";
    return words.includes(branch) && words.endsWith(deed);
  };
  for (let i = 0; i < 30 && !(await page.evaluate(isThere, branch, deed)); i++)
    await page.keyboard.press("ArrowDown");
  assert.ok(await page.evaluate(isThere, branch, deed), `${deed} of ${branch}`);
  await page.keyboard.press("Enter");
}

onEveryPage(
  (site, once) => {
    once("undo goes back to before an act, and redo forward again", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        await page.keyboard.press("]");
        const before = await page.evaluate(seen);
        await command(page, "crash S2");
        await until(page, countIs, 2);
        const after = await page.evaluate(seen);
        assert.match(await page.$eval("[data-turn=undo]", (one) => one.title), /crash S2/);
        await press(page, "z");
        await until(page, countIs, 1);
        assert.deepEqual(await page.evaluate(seen), before);
        await until(page, says, "Undone: crash S2");
        await press(page, "z", true);
        await until(page, countIs, 2);
        assert.deepEqual(await page.evaluate(seen), after);
        await until(page, says, "Done again: crash S2");
        await page.click("[data-turn=undo]");
        await until(page, countIs, 1);
        await press(page, "y");
        await until(page, countIs, 2);
      });
    });

    once(
      "a branch is a strand that leads to it; it is named, removed, and brought back",
      async () => {
        await site().visit({}, async (page) => {
          await playbook(page, FIGURE_8);
          await page.keyboard.press("]");
          await command(page, "crash S2");
          await until(page, () => document.querySelector("[data-strand]") !== null);
          await page.evaluate(() => document.activeElement?.blur());
          await page.keyboard.press("b");
          await choose(page, "branch 1 from event", "Rename");
          await until(page, () => document.activeElement?.matches(".menu-field input"));
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
          await choose(page, "S2 is gone", "Remove");
          await until(page, countIs, 1);
          await until(page, says, "Removed S2 is gone");
          await press(page, "z");
          await until(page, countIs, 2);
          const text = await page.evaluate(() => globalThis.__raft.lab().saveBranch(1));
          assert.match(text, /^branch S2 is gone$/m);
        });
      },
    );

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
          await until(page, () => document.querySelector("main.compare .alike h2") !== null);
          // Nothing is to be scrolled to: the heads of both, or their tabs, are there, and the question.
          const heads = await page.evaluate(inSight, ".band-head, .compare-tabs [role=tab]");
          assert.ok(heads >= 2, `${heads} heads are in sight`);
          assert.ok((await page.evaluate(inSight, ".alike h2, [data-side=why]")) >= 1);
          if (width < 760) await page.click("[data-side=B]");
          assert.ok((await page.evaluate(inSight, "[data-band=B] .stage")) === 1);
          if (width < 760) await page.click("[data-side=A]");
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
              // Where there is room for one band, what is said has a tab.
              why: of(innerWidth < 760 ? ".transport" : ".compare-why"),
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

    once("a clause that is put back stands beside, from the first difference on", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        await page.keyboard.press("]");
        await until(page, () => document.querySelector("[data-put-back]") !== null);
        const stood = await page.evaluate(seen);
        await page.click("[data-put-back]");
        // What is the same is asked before anything is said of what differs.
        await until(page, () => document.querySelector("main.compare .alike h2") !== null);
        assert.match(await page.evaluate(textOf, ".alike"), /What is the same in both/);
        const saysMore = () => document.querySelector(".compare-why :is(.found, .principle, li)");
        assert.equal(await page.evaluate(saysMore), null);
        // Nor does either show it: both stand right before.
        const isBefore = async () => (await globalThis.__raft.lab().position()) === 28;
        await until(page, isBefore);
        await page.keyboard.press("x");
        await until(page, () => document.querySelector("main.compare .found h2") !== null);
        const alike = await page.evaluate(textOf, ".alike");
        assert.match(alike, /events: the first 29.*terms: of every server.*logs: of every server/);
        const isB = () =>
          /without L4-term/.test(document.querySelector("[data-band=B]").textContent);
        await until(page, isB);
        const found = await page.evaluate(textOf, ".found");
        assert.match(found, /Event 30/);
        assert.match(found, /S1 commitIndex\s*0\s*2/);
        assert.match(
          await page.evaluate(textOf, ".principle"),
          /counting replicas.*would replace the entry/,
        );
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
        // What is broken stands in its half of the tape, and in no other.
        const marks = () =>
          [...document.querySelectorAll(".tape .broken-at")].map((one) => one.getAttribute("d"));
        const [inA, inB] = await page.evaluate(marks);
        assert.ok(inA === "" && inB !== "", `${inA}|${inB}`);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector("main.compare") === null);
        // One stands where one stood before.
        const { count: _, ...there } = stood;
        await until(
          page,
          async (now) => (await globalThis.__raft.lab().view(1, 1)).now === now,
          there.now,
        );
        const { count, ...back } = await page.evaluate(seen);
        assert.deepEqual(back, there);
        assert.equal(count, stood.count + 1);
      });
    });

    once("another seed and a feature are compared from the menu", async () => {
      await site().visit({}, async (page) => {
        // Whose timers run by chance: another seed elects another leader.
        await playbook(page, "lab/a2-re-election.raft");
        const instant = async () => {
          const { branch, now } = await globalThis.__raft.lab().view(1, 1);
          return `${branch} ${now}`;
        };
        const before = await page.evaluate(instant);
        for (const words of ["seed 2", "Pre-Vote"]) {
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
          const isBack = async (before) => {
            const { branch, now } = await globalThis.__raft.lab().view(1, 1);
            return `${branch} ${now}` === before;
          };
          await until(page, isBack, before);
        }
        // A seed that nothing depends on makes no difference, and leaves no branch.
        await playbook(page, FIGURE_8);
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("b");
        await choose(page, "seed", "");
        await until(page, says, "The two do not differ");
        assert.equal((await page.evaluate(seen)).count, 1);
        assert.equal(await page.evaluate(() => document.querySelector("main.compare")), null);
      });
    });
  },
  { firefox: ["file"], chromium: ["file"] },
);
