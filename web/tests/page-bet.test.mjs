/** A playbook asks before it shows: the bet, what it covers, and what stays beside the outcome. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, playbook, textOf, until } from "./launch.mjs";

const BACKUP = "seeds/09a-fast-backup-case1.raft";
const isAsked = () => document.querySelector(".bet ol") !== null;
const isCovered = () => document.querySelector(".tape-cover") !== null;
const question = async () => (await globalThis.__raft.lab().questions("en"))[0];
const position = () => globalThis.__raft.lab().position();

/** Goes from caption to caption until a question is asked. */
async function untilAsked(page) {
  for (let i = 0; i < 9 && !(await page.evaluate(isAsked)); i++) await page.keyboard.press("]");
  await until(page, isAsked);
}

onEveryPage(
  (site, once) => {
    test("what comes is covered until a bet; it stays beside what came of it, also at the next visit", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, BACKUP);
        await until(page, isCovered);
        await untilAsked(page);
        const { askedPosition, revealedPosition, right, why } = await page.evaluate(question);
        assert.equal(await page.evaluate(position), askedPosition);
        // Neither the list of events nor the diagram tells what is asked about.
        await page.click('[id$="tab-events"]');
        await until(page, () => document.querySelector(".panel .covered") !== null);
        const rows = () => document.querySelector(".events-all").style.height;
        assert.equal(await page.evaluate(rows), `${askedPosition * 26}px`);
        await page.keyboard.press("h");
        const drawn = (count) =>
          document.querySelector(".diagram canvas")?.ariaLabel.includes(` ${count} event`);
        await until(page, drawn, askedPosition);
        await page.keyboard.press("h");
        // The slider leads no further.
        await page.evaluate(() => {
          const slider = document.querySelector(".tape input");
          slider.value = slider.max;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        });
        await until(
          page,
          (at) =>
            globalThis.__raft
              .lab()
              .position()
              .then((now) => now === at),
          askedPosition,
        );
        await page.keyboard.press(String(right + 1));
        await until(page, () => document.querySelector(".bet .right") !== null);
        assert.equal(await page.evaluate(position), revealedPosition);
        assert.ok((await page.evaluate(textOf, ".bet")).includes(why));
        assert.equal(await page.evaluate(isCovered), false);
        await until(page, (at) => location.hash.endsWith(`at=${at}`), revealedPosition);
        await page.reload();
        await until(page, () => document.querySelector(".bet .right") !== null);
        // Asked again, a wrong bet names what may be believed.
        await page.click(".bet .link-button");
        await until(page, isAsked);
        assert.equal(await page.evaluate(isCovered), true);
        await page.click(`.bet li:nth-child(${right === 0 ? 2 : 1}) button`);
        await until(page, () => document.querySelector(".bet .wrong") !== null);
        assert.ok((await page.evaluate(textOf, ".bet em")).length > 10);
      });
    });

    once(
      "the text keeps the answer covered, and a bet belongs to what is asked and not to a line",
      async () => {
        await site().visit({ width: 1440, height: 1100 }, async (page) => {
          await playbook(page, BACKUP);
          await untilAsked(page);
          const text = () => {
            const root = document.querySelector(".text-editor")?.shadowRoot;
            return root?.querySelector(".cm-content")?.textContent ?? "";
          };
          const says = (words) => {
            const root = document.querySelector(".text-editor")?.shadowRoot;
            return root?.querySelector(".cm-content")?.textContent.includes(words);
          };
          await page.click('[id$="tab-text"]');
          await until(page, says, "What would tell the answer is covered");
          const { why, key, right, text: asked } = await page.evaluate(question);
          assert.equal(key, asked);
          assert.ok(!(await page.evaluate(text)).includes(why));
          await page.click(`.bet li:nth-child(${right + 1}) button`);
          await until(page, () => document.querySelector(".bet .right") !== null);
          await until(page, says, why);
          assert.ok(!(await page.evaluate(text)).includes("is covered"));
          const kept = await page.evaluate(
            (path) => localStorage.getItem(`raft-lab.bets.${path}`),
            BACKUP,
          );
          assert.deepEqual(JSON.parse(kept).bets, { [asked]: right });
        });
      },
    );

    test("nobody has to bet", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, BACKUP);
        await untilAsked(page);
        await page.keyboard.press("ArrowRight");
        await until(
          page,
          () => document.querySelector(".bet h2")?.textContent === "What came of it",
        );
        assert.equal(await page.evaluate(isCovered), false);
      });
    });

    once("playing stops before what is asked about", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, BACKUP);
        await until(page, isCovered);
        const { askedPosition } = await page.evaluate(question);
        for (let i = 0; i < 9; i++) {
          await page.keyboard.press(" ");
          await until(page, () => document.querySelector(".play[aria-label^=Pause]") === null);
          if ((await page.evaluate(position)) >= askedPosition) break;
        }
        assert.equal(await page.evaluate(position), askedPosition);
      });
    });

    once("what was bet on another day is asked again, if one likes", async () => {
      const before = (page) =>
        page.evaluateOnNewDocument((path) => {
          if (localStorage.getItem("raft-lab.once")) return;
          localStorage.setItem("raft-lab.once", "1");
          const kept = JSON.stringify({ on: "2020-01-02", bets: { 1: 0 } });
          localStorage.setItem(`raft-lab.bets.${path}`, kept);
        }, BACKUP);
      await site().visit({ before }, async (page) => {
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-old-bet]") !== null);
        assert.match(await page.evaluate(textOf, "dialog"), /2020-01-02/);
        await page.click("[data-old-bet]");
        await until(page, isCovered);
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
        assert.equal(await page.evaluate(() => document.querySelector("[data-old-bet]")), null);
      });
    });
  },
  { firefox: ["http"], chromium: ["http"] },
);
