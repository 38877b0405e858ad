/** The library: what of the course has been done, which lesson is next, and the shelves. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, playbook, textOf, until } from "./launch.mjs";

const FIRST = "course/01-what-a-leader-is-for.raft";
const next = () => document.querySelector(".lessons .next [data-playbook]")?.dataset.playbook;

onEveryPage(
  (site, once) => {
    test("a lesson is done once its end was seen, and the next one calls", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("l");
        await until(page, () => document.querySelector(".lessons .next") !== null);
        assert.equal(await page.evaluate(next), FIRST);
        await page.click(".lessons .next button");
        await until(page, () => document.querySelector("dialog") === null);
        await page.keyboard.press("End");
        await page.keyboard.press("l");
        await until(page, () => document.querySelector(".lessons .done") !== null);
        assert.match(await page.evaluate(next), /^course\/02-/);
        assert.match(await page.evaluate(textOf, ".library-course h3"), /1 done/);
        await page.reload();
        await page.keyboard.press("l");
        await until(page, () => document.querySelector(".lessons .done") !== null);
        // The end of what is no lesson is none of one.
        await playbook(page, "seeds/05-first-election.raft");
        await page.keyboard.press("End");
        await page.keyboard.press("l");
        await until(page, () => document.querySelector(".lessons .done") !== null);
        const done = () => document.querySelectorAll(".lessons .done").length;
        assert.equal(await page.evaluate(done), 1);
        await page.click('[data-shelf="lab"] summary');
        await until(page, () =>
          document.querySelector('[data-playbook="lab/b9-backup.raft"]')?.checkVisibility(),
        );
        // An example of what the field takes fills it.
        await page.click(".understood .link-button");
        await until(page, () => document.querySelector('[data-mistake="AE3"]') !== null);
      });
    });

    once(
      "what a mistake breaks in a lab test is in sight, and nothing of later beside it",
      async () => {
        await site().visit({ width: 1440, height: 900 }, async (page) => {
          const openAt = async (rule) => {
            await page.keyboard.press("l");
            await page.waitForSelector(".wanted");
            await page.click(".wanted", { clickCount: 3 });
            await page.type(".wanted", "TestBackup3B");
            await page.waitForSelector(`[data-mistake="${rule}"]`);
            await page.evaluate(
              (id) => document.querySelector(`[data-mistake="${id}"]`).click(),
              rule,
            );
            await until(
              page,
              (id) => document.querySelector("header").innerText.includes(id),
              rule,
            );
          };
          // Fifty entries were overwritten, of a hundred: the first is what is told of.
          await openAt("AE3");
          await until(page, () => {
            const { left, right } = document.querySelector(".log-scroll").getBoundingClientRect();
            const box = document
              .querySelector('.log-axis [data-index="2"]')
              ?.getBoundingClientRect();
            return box !== undefined && box.left >= left && box.right <= right;
          });
          await openAt("L4");
          await until(page, () =>
            document.querySelector(".aside")?.innerText.includes("Event 123"),
          );
          const told = await page.evaluate(
            () => document.querySelector(".notices")?.innerText ?? "",
          );
          assert.doesNotMatch(told, /expectation/);
        });
      },
    );

    once(
      "the gallery leads from what is said to the run and to the clause that mends it",
      async () => {
        await site().visit({ width: 1440, height: 900 }, async (page) => {
          await page.keyboard.press("l");
          await page.click(".to-gallery");
          await until(page, () => document.querySelectorAll(".gallery > ol > li").length >= 20);
          await page.type(".gallery input", "heartbeat success");
          await until(page, () => document.querySelectorAll(".gallery > ol > li").length === 1);
          const said = await page.evaluate(textOf, ".gallery > ol > li");
          assert.match(said, /sign of life.*len\(args\.Entries\) == 0.*Log Matching.*AE2/s);
          await page.click('.gallery [data-clause="AE2"]');
          await until(page, () => document.querySelector("dialog") === null);
          await until(page, () => document.querySelector(".aside")?.textContent.includes("AE2"));
          await page.keyboard.press("l");
          await page.click(".to-gallery");
          await page.click('.gallery [data-playbook="bugs/ae2-heartbeat-unchecked.raft"]');
          await until(page, () =>
            document.querySelector("header").textContent.includes("A heartbeat is not checked"),
          );
        });
      },
    );
  },
  { firefox: ["http"], chromium: ["http"] },
);
