/** The library: what of the course has been done, which lesson is next, and the shelves. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, playbook, textOf, until } from "./launch.mjs";

const FIRST = "course/01-what-a-leader-is-for.raft";
const next = () => document.querySelector(".lessons .next [data-playbook]")?.dataset.playbook;

onEveryPage(
  (site) => {
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
  },
  { places: ["http"] },
);
