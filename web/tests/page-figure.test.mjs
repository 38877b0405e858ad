/** Figure 2: the clause that acted, how often it did, its switch, and the figure spread over the page. */
import assert from "node:assert/strict";
import test from "node:test";
import { onEveryPage, playbook, textOf, until } from "./launch.mjs";

const FAST_BACKUP = "seeds/09a-fast-backup-case1.raft";
const FIGURE_8 = "seeds/08-figure8-2c.raft";

/** In the page: whether the row of a rule is lit, and wholly inside the box that scrolls it. */
function seen(rule) {
  const row = document.querySelector(`[data-rule="${rule}"]`);
  if (!row?.classList.contains("acted")) return undefined;
  const { top, bottom } = row.getBoundingClientRect();
  const scroller = row.closest(".panel-body, .figure-spread").getBoundingClientRect();
  return {
    inSight: top >= scroller.top && bottom <= scroller.bottom,
    who: row.querySelector(".who")?.textContent,
    page: document.scrollingElement.scrollTop,
  };
}

/** Steps until `rule` has acted, as a reader would. */
async function stepTo(page, rule) {
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("ArrowRight");
    const acted = await page.evaluate(async () => {
      const lab = globalThis.__raft.lab();
      const position = await lab.position();
      return position > 0 && (await lab.events(position - 1, position, "en"))[0].rules;
    });
    if (acted?.includes(rule)) return until(page, seen, rule);
  }
  assert.fail(`${rule} did not act`);
}

const click = async (page, selector) => {
  await page.evaluate((of) => document.querySelector(of).click(), selector);
  await page.evaluate(() => globalThis.__raft.rest());
};

onEveryPage(
  (site, once) => {
    test("the clause that acted is lit and in sight after a step, with its server", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, FAST_BACKUP);
        await page.keyboard.press("u");
        await stepTo(page, "AE2");
        const told = await page.evaluate(seen, "AE2");
        assert.deepEqual(told, { inSight: true, who: "S1", page: 0 });
        // A box of which nothing has acted shows no more than its head.
        const quiet = () =>
          document.querySelector('[data-part="membership"] .figure-head').ariaExpanded;
        assert.equal(await page.evaluate(quiet), "false");
      });
    });

    once("a count is that of the events found by search, also after going back", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("u");
        await page.keyboard.press("End");
        await page.evaluate((part) => {
          const head = document.querySelector(`[data-part="${part}"] .figure-head`);
          if (head.ariaExpanded === "false") head.click();
        }, "leaders");
        const isCounted = (count) => {
          return document.querySelector('[data-rule="L4-term"] .uses')?.textContent === `${count}`;
        };
        const all = await page.evaluate(() => globalThis.__raft.lab().events(0, 1e6, "en"));
        const among = (events) => events.filter(({ rules }) => rules.includes("L4-term")).length;
        await until(page, isCounted, among(all));
        for (let i = 0; i < 60; i++) await page.keyboard.press("ArrowLeft");
        await until(page, isCounted, among(all.slice(0, -60)));

        // The same as the list of events finds by that word.
        await page.keyboard.press("v");
        await page.type(".events-heads input[type=search]", "L4-term");
        const found = await until(page, () => {
          return /^\d+/.exec(document.querySelector(".events-heads output").textContent)?.[0];
        });
        assert.equal(Number(found), among(all));
      });
    });

    once("an opened clause says why it is there and leads to its events", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("u");
        await stepTo(page, "L4-term");
        await click(page, '[data-rule="L4-term"] .figure-clause');
        assert.match(
          await page.evaluate(textOf, ".clause-card"),
          /a later last term can still be elected/,
        );
        await until(page, () => document.querySelector('[data-about*="l4-term"]') !== null);
        const before = await page.evaluate(() => globalThis.__raft.lab().position());
        await until(page, () => {
          return document.querySelector(".clause-ways button:last-child")?.disabled === false;
        });
        await click(page, ".clause-ways button:last-child");
        const after = await page.evaluate(() => globalThis.__raft.lab().position());
        assert.ok(after > before);
        const [event] = await page.evaluate(
          (at) => globalThis.__raft.lab().events(at - 1, at, "en"),
          after,
        );
        assert.ok(event.rules.includes("L4-term"), String(event.rules));
      });
    });

    once("a switch turns a rule off, and “Modified Raft” stands until it is on again", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("u");
        await stepTo(page, "L4-term");
        const placeOf = () =>
          Math.round(document.querySelector('[data-rule="L4-term"]').getBoundingClientRect().top);
        const [place, at] = await page.evaluate(async () => {
          const row = document.querySelector('[data-rule="L4-term"]').getBoundingClientRect();
          return [Math.round(row.top), await globalThis.__raft.lab().position()];
        });
        await click(page, '[data-rule="L4-term"] .toggle');
        await until(page, () => document.querySelector(".top .modified") !== null);
        // What happened is said, and is undone from there; the figure stays where it is.
        await until(page, () => document.querySelector(".notice-actions button") !== null);
        await until(page, () => document.querySelector('[data-rule="L4-term"].off') !== null);
        assert.equal(await page.evaluate(placeOf), place);
        const notice = await page.evaluate(textOf, ".notice");
        assert.match(notice, / is broken.*without L4-term/);
        await page.click(".notice-actions button");
        await until(page, () => document.querySelector(".modified") === null);
        assert.equal(await page.evaluate(() => globalThis.__raft.lab().position()), at);
        await click(page, '[data-rule="L4-term"] .toggle');
        await until(page, () => document.querySelector(".top .modified") !== null);
        assert.match(
          await page.evaluate(textOf, ".stage .modified"),
          /Modified Raft: without L4-term/,
        );
        assert.match(await page.title(), /Modified Raft/);
        await page.evaluate(() => {
          const head = document.querySelector('[data-part="leaders"] .figure-head');
          if (head.ariaExpanded === "false") head.click();
        });
        await until(page, () => document.querySelector('[data-rule="L4-term"].off') !== null);
        await click(page, '[data-rule="L4-term"] .toggle');
        await until(page, () => document.querySelector(".modified") === null);
        assert.doesNotMatch(await page.title(), /Modified/);
      });
    });

    test("f spreads the figure over stage and logs, Escape returns, steps go on in it", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("f");
        await until(page, () => document.querySelector(".figure-spread table") !== null);
        assert.equal(await page.evaluate(() => document.querySelector(".stage")), null);
        await stepTo(page, "L4-term");
        assert.equal((await page.evaluate(seen, "L4-term")).inSight, true);
        const told = await page.evaluate(() => {
          const rows = [...document.querySelectorAll(".state-table tbody tr")];
          const row = rows.find((one) => one.textContent.startsWith("currentTerm"));
          return [...row.querySelectorAll("td")].map((cell) => Number(cell.lastChild.textContent));
        });
        const { servers } = await page.evaluate(() => globalThis.__raft.lab().view(1, 1));
        assert.deepEqual(
          told,
          servers.map(({ currentTerm }) => currentTerm),
        );
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector(".stage") !== null);
        assert.equal(await page.evaluate(() => document.querySelector(".figure-spread")), null);
      });
    });

    once(
      "a clause is found by its words, its name or a field, and what no event says in a playbook",
      async () => {
        await site().visit({ width: 1440, height: 900 }, async (page) => {
          await playbook(page, FIGURE_8);
          await page.keyboard.press("f");
          await page.keyboard.press("/");
          const shown = () =>
            [...document.querySelectorAll(".figure.spread [data-rule]")].map(
              (one) => one.dataset.rule,
            );
          const all = (await page.evaluate(shown)).length;
          for (const [words, rule] of [
            ["prevLogIndex", "AE2"],
            ["l4-term", "L4-term"],
            ["grant vote", "RV2"],
          ]) {
            await page.keyboard.type(words);
            const isFound = (rule) =>
              [...document.querySelectorAll(".figure.spread [data-rule]")].some(
                (one) => one.dataset.rule === rule,
              );
            await until(page, isFound, rule);
            const some = await page.evaluate(shown);
            assert.ok(some.length < all / 2, `${words}: ${some}`);
            await page.keyboard.press("Escape");
          }
          await page.keyboard.type("L4-term");
          await page.keyboard.press("Enter");
          await until(page, () =>
            /L4-term/.test(document.querySelector(".clause-card")?.textContent),
          );
          // The first Escape empties the field, and the figure stays.
          await page.keyboard.press("Escape");
          assert.equal((await page.evaluate(shown)).length, all);
          for (const words of ["Figure 8", "TestBackup"]) {
            await page.evaluate(() => document.activeElement?.blur());
            if (await page.evaluate(() => document.querySelector(".figure-spread") !== null))
              await page.keyboard.press("f");
            await page.keyboard.press("v");
            const field = ".events-heads input[type=search]";
            await until(page, (field) => document.querySelector(field) !== null, field);
            await page.$eval(field, (one) => one.select());
            await page.type(field, words);
            const offered = () => document.querySelector(".events .empty button")?.textContent;
            assert.match(
              await until(page, offered),
              words === "Figure 8" ? /Figure 8/ : /Fifty entries/,
            );
          }
          await page.click(".events .empty button");
          // The lesson about the test is what the course begins with.
          await until(page, () =>
            /Fifty entries/.test(document.querySelector(".run-name").textContent),
          );
        });
      },
    );

    test("the keyboard reaches every clause and its switch", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, FIGURE_8);
        await page.keyboard.press("f");
        await until(page, () => document.querySelector(".figure-head") !== null);
        await page.evaluate(() => {
          for (const head of document.querySelectorAll('.figure-head[aria-expanded="false"]'))
            head.click();
        });
        const all = await until(page, () => {
          const rows = document.querySelectorAll("[data-rule]");
          return rows.length > 70 && [...rows].map((row) => row.dataset.rule);
        });
        await page.focus(".figure-head");
        const reached = new Set();
        for (let i = 0; i < 100; i++) {
          await page.keyboard.press("ArrowDown");
          const rule = await page.evaluate(
            () => document.activeElement.closest("[data-rule]")?.dataset.rule,
          );
          if (rule) reached.add(rule);
        }
        assert.deepEqual([...reached], all);
        await page.keyboard.press("Tab");
        const isSwitch = () =>
          document.activeElement.getAttribute("role") === "switch" &&
          document.activeElement.closest("[data-rule]").dataset.rule;
        assert.equal(await page.evaluate(isSwitch), all.at(-1));
      });
    });
  },
  { firefox: ["file"], chromium: ["file"] },
);
