/** The reader changes the language: what stands on the page is said in the other one from then on. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

const han = /\p{Script=Han}/u;

/** In the page: the notice that was made last. */
const notice = () => document.querySelector(".notice:last-child")?.textContent ?? "";

onEveryPage(
  (site, once) => {
    /** Turns the language with the notice on show, and answers what it says in each. */
    async function inBoth(page) {
      const english = await page.evaluate(notice);
      await page.keyboard.press("g");
      await until(page, () => document.documentElement.lang === "zh-Hans");
      const chinese = await page.evaluate(notice);
      await page.keyboard.press("g");
      await until(page, () => document.documentElement.lang === "en");
      assert.equal(await page.evaluate(notice), english, "and back");
      return { english, chinese };
    }

    test("a notice is read in the language of its reader, whenever it was made", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("ArrowLeft");
        const word = await inBoth(page);
        assert.match(word.english, /beginning of the run/);
        assert.match(word.chinese, /开头/);
        await command(page, "crash S9");
        const refused = await inBoth(page);
        assert.match(refused.english, /^Not done/);
        assert.match(refused.chinese, /^未执行crash S9.*服务器/s);
        // The list of all that failed says the same.
        await page.keyboard.press("v");
        const list = () => document.querySelector(".failures")?.textContent ?? "";
        await page.click(".failures-toggle");
        await until(page, () => document.querySelector(".failures") !== null);
        assert.match(await page.evaluate(list), /Not done/);
        await page.keyboard.press("g");
        await until(page, () => document.documentElement.lang === "zh-Hans");
        assert.match(await page.evaluate(list), /未执行/);
      });
    });

    once("what was kept of a run is offered by its name in the reader's language", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/05-first-election.raft");
        await command(page, "crash S1");
        await page.goto(`${site().place.index}#free`);
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        await until(page, () =>
          /^Last time: /.test(document.querySelector(".notice b")?.textContent),
        );
        const { english, chinese } = await inBoth(page);
        assert.doesNotMatch(english, han);
        assert.match(chinese, /上一次：.*\p{Script=Han}/su);
        assert.doesNotMatch(chinese, /Last time|First election/);
      });
    });
  },
  { firefox: ["http"], chromium: ["http"] },
);
