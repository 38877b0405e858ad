/** Searches through every run: begun, stopped and read in the page, and what they find is opened. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, openFile, textOf, until } from "./launch.mjs";

/** A leader commits an entry that S3 has not got, where votes ask for no log. */
const COMMITTED = `servers 3
ablate RV2-log
latency 10ms
timeout S1
run 25ms
cut S1 S3
cut S2 S3
propose S1 x
run 30ms
`;

/** In the page: the heading and all words of the newest search. */
const newest = () => {
  const job = document.querySelector(".check-job");
  return { title: job?.querySelector("h3")?.textContent, all: job?.textContent ?? "" };
};
const isEnded = () => {
  const job = document.querySelector(".check-job");
  return job !== null && !job.matches(".of-going");
};

async function search(page) {
  await page.click("[type=submit].check-start");
  await until(page, isEnded);
  return page.evaluate(newest);
}

/** Turns a bound by its name. */
async function turn(page, label) {
  await page.click(`.check-count [aria-label="${label}"]`);
}

const state = () => globalThis.__raft.lab().view(1, 40);

onEveryPage(
  (site) => {
    test("every run of a small cluster is searched, and the verdict claims no more", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await page.keyboard.press("q");
        const clean = await search(page);
        assert.equal(clean.title, "No reachable state breaks an invariant");
        assert.match(clean.all, /26,836 states, depth 20: exhaustive within these bounds/);
        assert.match(clean.all, /one in \d × 10/);
        assert.match(clean.all, /nothing about a longer run/);
        // Without a rule, the shortest run that breaks something; it opens at its last step.
        await page.select("[name=without]", "RV2-log");
        const broken = await search(page);
        assert.equal(broken.title, "Leader Completeness breaks in 9 steps");
        const steps = () => document.querySelectorAll(".check-job .check-steps li").length;
        assert.equal(await page.evaluate(steps), 9);
        await page.click(".of-broken .check-start");
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).length > 9);
        const { length, position, violations, without } = await page.evaluate(state);
        assert.equal(position, length);
        assert.deepEqual(without, ["RV2-log"]);
        assert.deepEqual(
          violations.map(({ property }) => property),
          ["Leader Completeness"],
        );
        assert.match(await page.evaluate(textOf, ".stage .modified"), /RV2-log/);
        // Beside Raft as in the paper the two part.
        const beside = await page.evaluateHandle(() =>
          [...document.querySelectorAll(".of-broken button")].find(({ textContent }) =>
            textContent.includes("Beside"),
          ),
        );
        await beside.asElement().click();
        await until(page, () => document.querySelector(".compare") !== null);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector(".check-job.of-broken") !== null);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector(".check") === null);
      });
    });

    test("a clause leads to the shortest run without it, and to a search of one's own", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await page.keyboard.press("f");
        await page.click('[data-rule="AE5"] .figure-clause');
        await page.click('[data-shortest="AE5"]');
        await until(page, () => /AE5 · .* breaks after 12 steps/.test(document.title));
        const { length, position, violations } = await page.evaluate(state);
        assert.equal(position, length);
        assert.ok(violations.some(({ property }) => property === "State Machine Safety"));
        // The same by a search of one's own, within the bounds in which it is shortest.
        await page.click('[data-check="AE5"]');
        await turn(page, "One more: commands");
        await turn(page, "One more: reads");
        const { title } = await search(page);
        assert.equal(title, "State Machine Safety breaks in 12 steps");
        // What is told besides the steps is said to be none.
        await page.click('[aria-label="Keep AE5"]');
        await page.select("[name=without]", "C2-vote");
        const short = await search(page);
        assert.equal(short.title, "Election Safety breaks in 4 steps");
        assert.match(short.all, /2 of these change no server/);
      });
    });

    test("a search leaves the stage free, says how far it is, and is stopped", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await page.keyboard.press("q");
        for (let i = 0; i < 3; i++) await turn(page, "One more: commands");
        await turn(page, "One more: terms");
        await page.click("[type=submit].check-start");
        await until(page, () => /Nothing is broken so far/.test(document.body.textContent));
        // What is done meanwhile is done.
        await command(page, "timeout S1");
        await until(page, async () => {
          const { servers } = await globalThis.__raft.lab().view(1, 1);
          return servers[0].role === "candidate";
        });
        await page.keyboard.press("ArrowRight");
        const going = await page.evaluate(newest);
        assert.match(going.title, /3 servers, 3 terms, 4 commands, any number of copies/);
        const figures = await page.evaluate(() =>
          [...document.querySelectorAll(".check-figures dd")].map((one) => one.textContent),
        );
        assert.ok(Number(figures[0].replaceAll(",", "")) > 1000, figures.join());
        const stop = () => document.querySelector(".check-job.of-going header button").click();
        await page.evaluate(stop);
        await until(page, isEnded);
        const { all, title } = await page.evaluate(newest);
        assert.equal(title, "Not exhaustive: stopped");
        assert.match(all, /in any run of \d+ steps or fewer/);
        await page.click('[aria-label="Put this search away"]');
        await until(page, () => document.querySelector(".check-job") === null);
      });
    });

    test("it goes on from the instant on show, and what it finds is a branch of that run", async () => {
      await site().visit({ lang: "zh" }, async (page) => {
        await openFile(page, COMMITTED, "committed.raft");
        await until(
          page,
          async () => (await globalThis.__raft.lab().view(1, 1)).without.length > 0,
        );
        await page.keyboard.press("q");
        await page.click(".check-form .segmented button:last-child");
        const { position } = await page.evaluate(state);
        const hint = await page.evaluate(textOf, ".check-form .dim");
        assert.match(hint, new RegExp(`第 ${position} 个事件`));
        const found = await search(page);
        assert.match(found.title, /领导者完整性在 \d+ 步后被破坏/);
        await page.click(".of-broken .check-start");
        await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
        await until(page, async () => {
          const { violations } = await globalThis.__raft.lab().view(1, 1);
          return violations.some(({ propertyZh }) => propertyZh === "领导者完整性");
        });
        await until(page, () => document.querySelector(".server.paused") === null);
        // A server that stands still cannot be searched, which is said with what to do.
        await page.click(".check-form .segmented button:first-child");
        await page.click(".check-form .segmented button:last-child");
        await page.keyboard.press("Home");
        await command(page, "pause S2");
        const refused = await search(page);
        assert.equal(refused.title, "无法检查");
        assert.match(refused.all, /S2 处于暂停状态/);
      });
    });
  },
  { chromium: ["file"], firefox: ["http"] },
);
