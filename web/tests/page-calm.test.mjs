/** What is said stands beside what it is said of: nothing covers it, cuts it, or comes after it. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, playbook, until } from "./launch.mjs";

const BUGGY = "bugs/l4-term-figure-8.raft";

onEveryPage(
  (site) => {
    for (const [width, height] of [
      [360, 740],
      [820, 1180],
      [1024, 768],
      [1280, 720],
    ]) {
      test(`notices cover nothing that is read, at ${width}×${height}`, async () => {
        await site().visit({ width, height }, async (page) => {
          await playbook(page, BUGGY);
          for (let i = 0; i < 4; i++) await page.keyboard.press("]");
          await until(page, () => document.querySelector(".notice.error") !== null);
          const covered = await page.evaluate(() => {
            // The animation that lets a notice arrive moves it a little.
            for (const animation of document.getAnimations()) animation.finish();
            const notices = document.querySelector(".notices").getBoundingClientRect();
            const read = [".stage", ".caption", ".logs", ".panel", ".aside", ".transport", ".body"];
            return read.filter((selector) => {
              const element = document.querySelector(selector);
              if (!element || getComputedStyle(element).display === "contents") return false;
              // What scrolls is covered only where its box is.
              const { left, right, top, bottom } = element.getBoundingClientRect();
              const scroller = element.closest(".body")?.getBoundingClientRect();
              const end = scroller?.height > 0 ? Math.min(bottom, scroller.bottom) : bottom;
              const across = notices.left < right - 1 && notices.right > left + 1;
              return across && notices.top < end - 1 && notices.bottom > top + 1;
            });
          });
          assert.deepEqual(covered, []);
        });
      });
    }

    test("what was committed and lost is marked in the logs, with words", async () => {
      for (const [lang, words] of [
        ["en", /Leader Completeness is broken.*S5.*3:c2.*2:b2/],
        ["zh", /领导者完整性.*S5.*3:c2.*2:b2/],
      ]) {
        await site().visit({ lang }, async (page) => {
          await playbook(page, BUGGY);
          await page.keyboard.press("]");
          await page.keyboard.press("]");
          assert.equal(await page.evaluate(() => document.querySelector(".cell.lost")), null);
          await page.keyboard.press("]");
          const cell = await until(page, () => document.querySelector(".cell.lost")?.ariaLabel);
          assert.match(cell, words);
          const said = await page.evaluate(() => ({
            cell: document.querySelector(".cell.lost").dataset.cell,
            index: document.querySelector(".log-index.lost").textContent,
            head: document.querySelector(".held-back").textContent,
          }));
          assert.deepEqual([said.cell, said.index], ["5-2", "2"]);
          assert.match(said.head, words);
          const isCut = await page.evaluate(() => {
            const head = document.querySelector(".held-back").getBoundingClientRect();
            const bar = document.querySelector(".logs .bar").getBoundingClientRect();
            return head.top < bar.top || head.bottom > bar.bottom;
          });
          assert.equal(isCut, false);
        });
      }
    });

    for (const [width, height] of [
      [360, 740],
      [1280, 720],
      [1440, 900],
      [1920, 1080],
    ]) {
      test(`what the legend has no room for is behind its button, at ${width} px`, async () => {
        await site().visit({ width, height }, async (page) => {
          await playbook(page, "seeds/06-test-backup.raft");
          await page.keyboard.press("]");
          const hidden = () => {
            const legend = document.querySelector(".legend").getBoundingClientRect();
            const items = [...document.querySelectorAll(".legend li")].map((item) =>
              item.getBoundingClientRect(),
            );
            return items.filter(({ top, right, height }) => {
              return height > 0 && (top > legend.bottom - 8 || right > legend.right + 1);
            }).length;
          };
          const button = () => document.querySelector(".unfold") !== null;
          assert.equal(await page.evaluate(button), (await page.evaluate(hidden)) > 0);
          if (!(await page.evaluate(button))) return;
          await page.click(".unfold");
          assert.equal(await page.evaluate(hidden), 0);
          await page.click(".unfold");
          assert.ok((await page.evaluate(hidden)) > 0);
        });
      });
    }

    test("while it plays, the panels are of one event, and of what the stage shows", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        await page.keyboard.press(" ");
        const apart = await page.evaluate(async () => {
          const text = (selector) => document.querySelector(selector)?.textContent ?? "";
          const found = [];
          let stage = "";
          let since = performance.now();
          const end = since + 5000;
          while (performance.now() < end) {
            await new Promise(requestAnimationFrame);
            // Frames are drawn after this: what is seen is the one before.
            const tab = text("[id$=tab-server]").match(/S\d/)?.[0];
            const acting = text(".why-head h2").match(/^S\d/)?.[0];
            if (acting !== undefined && tab !== acting) found.push(`${tab} beside ${acting}`);
            const terms = [...document.querySelectorAll(".server")].map((server) =>
              server.getAttribute("aria-label"),
            );
            const now = JSON.stringify(terms);
            if (now !== stage) since = performance.now();
            stage = now;
            const chips = [...document.querySelectorAll(".log-row.candidate, .chip.on")];
            const chosen = chips.at(-1)?.textContent;
            const label = terms.find((one) => one.startsWith(`${chosen},`)) ?? "";
            const term = label.match(/term (\d+)/)?.[1];
            const shown = text(".inspector").match(/currentTerm(\d+)/)?.[1];
            if (performance.now() - since > 300 && term && shown && term !== shown)
              found.push(`${chosen}: term ${shown}, and ${term} on the stage`);
          }
          return found;
        });
        assert.deepEqual([...new Set(apart)], []);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
