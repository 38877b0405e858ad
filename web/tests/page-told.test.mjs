/** What the playbook tells: captions that are true, and rules that are taken away. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, playbook, textOf, toClause, until } from "./launch.mjs";

const FIGURE_8 = "seeds/08-figure8-2c.raft";

/** In the page: the caption that stands, and its place among all. */
const standing = () => ({
  text: document.querySelector(".caption p").textContent,
  step: [...document.querySelectorAll(".dots button")].findIndex(
    (dot) => dot.ariaCurrent === "step",
  ),
});

const seen = async () => {
  const { position, now, phase } = await globalThis.__raft.lab().view(1, 1);
  return { position, now, phase };
};

/** In the page: whether the event that led to this position is the one that is explained. */
const isExplained = (position) =>
  Number(/\d+/.exec(document.querySelector(".why-head .dim").textContent)?.[0]) === position;

onEveryPage(
  (site, once) => {
    once("at rest the caption is of what has happened, and no other is shown", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        const phases = await page.evaluate(() => globalThis.__raft.lab().phases("en"));
        const first = await until(page, () => document.querySelector(".caption p")?.textContent);
        assert.match(first, /^\d+ steps\. Press Play/);
        assert.equal((await page.evaluate(standing)).step, -1);
        for (const [number, phase] of phases.entries()) {
          await page.keyboard.press("]");
          // A question comes first, and whoever does not care to bet goes on.
          if (await page.$(".bet ol")) await page.keyboard.press("]");
          const { position } = await page.evaluate(seen);
          const end = phases[number + 1]?.position ?? Number.POSITIVE_INFINITY;
          assert.ok(position > phase.position && position <= end, `${position} in ${number}`);
          const { text, step } = await page.evaluate(standing);
          assert.equal(step, number);
          // A name before the sentence is set apart from it.
          assert.equal(text, phase.caption.replace(" · ", ". "));
        }
        await page.keyboard.press("[");
        assert.equal((await page.evaluate(standing)).step, phases.length - 2);
      });
    });

    once("stepping shows no caption before what it tells of, and keeps what was told", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("]");
        const [, second] = await page.evaluate(() => globalThis.__raft.lab().phases("en"));
        let position = 0;
        while (position < second.telling) {
          const { text, step } = await page.evaluate(standing);
          assert.equal(text.includes(second.caption), false, `at ${position}: ${text}`);
          assert.equal(step, position > second.position ? -1 : 0, `at ${position}: ${text}`);
          await page.keyboard.press("ArrowRight");
          ({ position } = await page.evaluate(seen));
          // The event is shown when the heads of the messages have arrived.
          await until(page, isExplained, position);
        }
        assert.equal((await page.evaluate(standing)).text, second.caption.replace(" · ", ". "));
        // Whoever has read it may read it again beside each event of it.
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.press("ArrowLeft");
        assert.equal((await page.evaluate(standing)).text, second.caption.replace(" · ", ". "));
      });
    });

    once("a phase that has been played to its end keeps its caption", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.select("select.speed", "20");
        await page.evaluate(() => document.activeElement?.blur());
        const phases = await page.evaluate(() => globalThis.__raft.lab().phases("en"));
        for (const number of [0, 1]) {
          await page.keyboard.press(" ");
          await until(page, () => document.querySelector('[data-play="playing"]') === null);
          const { position } = await page.evaluate(seen);
          assert.equal(position, phases[number + 1].position);
          assert.equal((await page.evaluate(standing)).step, number);
        }
      });
    });

    test("playing stops once at the end of a playbook, and then goes on", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        await page.select("select.speed", "20");
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("End");
        const end = await page.evaluate(seen);
        await page.keyboard.press(" ");
        await until(page, async (now) => (await globalThis.__raft.lab().now()) > now, end.now);
        await page.keyboard.press(" ");
        const { text, step } = await page.evaluate(standing);
        assert.equal(step, -1);
        assert.match(text, /ended/);
      });
    });

    once("a playbook is played in as many presses as it has captions", async () => {
      const text = `servers 3\ntimeout S1\nrun 100ms\ncaption First.\npropose S1 a\nrun 100ms\ncaption Second.\npropose S1 b\nrun 50ms\n`;
      const hash = `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=0`;
      await site().visit({ hash }, async (page) => {
        await page.select("select.speed", "20");
        await page.evaluate(() => document.activeElement?.blur());
        for (const caption of ["First.", "Second."]) {
          await page.keyboard.press(" ");
          await until(page, () => document.querySelector('[data-play="playing"]') === null);
          assert.equal((await page.evaluate(standing)).text, caption);
        }
        assert.match(await page.evaluate(textOf, ".notice"), /ends here/);
      });
    });

    once("a branch that has left the playbook has none of its captions", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        const second = await page.evaluate(
          async () => (await globalThis.__raft.lab().phases("en"))[1],
        );
        await page.evaluate(({ position, at }) => {
          return globalThis.__raft.lab().goToInstant(position, at);
        }, second);
        await command(page, "crash S2");
        const { text } = await page.evaluate(standing);
        assert.match(text, /leaves the playbook here/);
        const told = await page.evaluate(textOf, ".caption");
        assert.ok(!told.includes(second.caption));
        const saved = await page.evaluate(() => globalThis.__raft.lab().save());
        assert.ok(!saved.includes(second.caption) && saved.includes("caption.zh"), saved);
      });
    });

    once("an expectation that holds says so", async () => {
      await site().visit({}, async (page) => {
        await command(page, "expect leaders = 0");
        const told = await until(page, () => document.querySelector(".notice.word")?.textContent);
        assert.match(told, /It holds: leaders = 0/);
      });
    });

    once("one that fails says so, and stands where it failed, also after a reload", async () => {
      await site().visit({}, async (page) => {
        await command(page, "crash S3");
        await command(page, "expect leaders = 1");
        const told = () => [...document.querySelectorAll(".notice.error")].at(-1)?.textContent;
        assert.match(await until(page, told), /^Does not hold.*Expected leaders = 1/);
        await command(page, "wait 300ms until leaders = 9");
        const late = () =>
          document.querySelector(".notices").textContent.includes("Timed out waiting");
        await until(page, late);
        await until(
          page,
          (words) => document.querySelector(".failing")?.textContent === words,
          "2 expectations fail",
        );
        const marks = () =>
          document.querySelector(".tape .fails").getAttribute("d").split("M").length - 1;
        assert.equal(await page.evaluate(marks), 2);
        await page.keyboard.press("v");
        await until(page, () => document.querySelector(".event .fails") !== null);
        // It is told again from the header, and leads to its place.
        await page.keyboard.press("Home");
        await page.click(".failing");
        await page.click(".notice.error .notice-actions button");
        await until(page, async () => (await globalThis.__raft.lab().now()) > 0);
        await until(page, () => location.hash.startsWith("#run="));
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        await until(page, () => document.querySelector(".failing") !== null);
        assert.equal(await page.evaluate(textOf, ".failing"), "2 expectations fail");
      });
    });

    once("taking a rule away keeps the branches, and putting it back leads back", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, FIGURE_8);
        for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
        await command(page, "crash S3");
        await page.evaluate(() => document.querySelector(".branches select").focus());
        await page.select(".branches select", "0");
        await page.evaluate(() => document.activeElement?.blur());
        const digest = () => globalThis.__raft.lab().digest();
        const before = await page.evaluate(digest);
        await page.keyboard.press("Home");
        await toClause(page, "L4-term");
        await page.click('[data-take-away="L4-term"]');
        const names = () =>
          [...document.querySelectorAll(".branches option")].map((option) => option.textContent);
        await until(page, () => document.querySelector("main.compare") !== null);
        const all = await page.evaluate(names);
        assert.equal(all.length, 3);
        assert.match(all[2], /without L4-term/);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector("main.compare") === null);
        assert.equal(await page.evaluate(digest), before);
        assert.deepEqual(await page.evaluate(names), all);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
