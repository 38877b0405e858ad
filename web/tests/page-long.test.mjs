/** What asks for too much is told so, and what takes long says how far it is and can be stopped. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, until } from "./launch.mjs";

const fragment = (text) => `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=0`;

const BUSY = "servers 9\nclients 9\nwork clients keys 3 every 1ms..5ms\n";
/** Replaying it takes several times as long as somebody needs to press Stop. */
const LONG = `${BUSY}run 600s\n`;
const servers = async () => (await globalThis.__raft.lab().view(1, 1)).servers.length;
const isUnderWay = () => document.querySelector(".under-way")?.textContent;
const isOver = () => !document.querySelector(".under-way");
const state = async () => {
  const lab = globalThis.__raft.lab();
  return [(await lab.branches()).length, await lab.position(), await lab.digest()];
};
/** In the page: begins what takes long by a click, stops it as soon as that can be, and what it said. */
const stopped = async (selector) => {
  document.querySelector(selector).click();
  for (;;) {
    const shown = document.querySelector(".under-way");
    if (shown) {
      const said = shown.textContent;
      shown.querySelector("button").click();
      return said;
    }
    await new Promise(requestAnimationFrame);
  }
};
const complaint = () => document.querySelector(".notice.error")?.textContent;

/** Each of them would go on for hours. */
const TOO_MUCH = {
  "comparisons of a long log": `servers 3\ntimeout S1\nrun 100ms\n${"propose leader *1000:100\nrun 1s\n".repeat(10)}repeat 1000000\nrepeat 1000\nif log all = 1:x\nend\nend\nend\n`,
  "a condition of thousands of numbers": `repeat 1000000\nif ${"applied index 1 + ".repeat(3500)}1 < 0\nend\nend\n`,
  "thousands of lines that wait": `${BUSY}concurrently\n${"run 86400s until term S1 > 99999\n".repeat(30_000)}end\n`,
};

onEveryPage(
  (site, once) => {
    once("what asks for too much is told so, and the run before is still there", async () => {
      await site().visit({}, async (page) => {
        await command(page, "crash S2");
        const before = await page.evaluate(() => globalThis.__raft.lab().digest());
        for (const [what, text] of Object.entries(TOO_MUCH)) {
          await page.evaluate((hash) => {
            location.hash = hash;
          }, fragment(text));
          const told = await until(page, complaint);
          assert.match(told, /This playbook exceeds the limit/, what);
          assert.match(told, /line \d+, column \d+/, what);
          assert.equal(await page.evaluate(() => globalThis.__raft.lab().digest()), before, what);
          await page.click(".notice.error button");
        }
      });
    });

    test("a playbook that takes long says how far it is, and Escape leaves the run before", async () => {
      await site().visit({}, async (page) => {
        await command(page, "crash S2");
        const before = await page.evaluate(() => globalThis.__raft.lab().digest());
        await page.evaluate(
          (hash) => {
            location.hash = hash;
          },
          fragment(`${BUSY}run 86400s\n`),
        );
        assert.match(await until(page, isUnderWay), /[\d,]+ events, [\d.]+/);
        await page.keyboard.press("Escape");
        await until(page, isOver);
        assert.equal(await page.evaluate(() => globalThis.__raft.lab().digest()), before);
        await command(page, "restart S2");
        assert.equal(await page.evaluate(servers), 5);
      });
    });

    test("a line that takes long stops where it is, and the page shows that", async () => {
      await site().visit({ hash: fragment(`${BUSY}run 1s\n`) }, async (page) => {
        await page.keyboard.press("/");
        await page.keyboard.type("run 86400s");
        await page.keyboard.press("Enter");
        await until(page, isUnderWay);
        await page.click(".under-way button");
        await until(page, isOver);
        const [now, position] = await page.evaluate(() => {
          const lab = globalThis.__raft.lab();
          return Promise.all([lab.now(), lab.position()]);
        });
        assert.ok(now > 1_000_000 && now < 86_400_000_000, `${now}`);
        const events = await page.evaluate(() => document.body.textContent);
        assert.ok(position > 1000 && events.includes(`${position}`), `${position}`);
        // It is not in the way of what comes next.
        await command(page, "crash S1");
        assert.equal(
          await page.evaluate(
            async () => (await globalThis.__raft.lab().view(1, 1)).servers[0].state,
          ),
          "crashed",
        );
      });
    });

    test("the page is ready once what its address names is on it, however long that takes", async () => {
      await site().visit({ hash: fragment(`${BUSY}run 10s\n`) }, async (page) => {
        assert.equal(await page.evaluate(isUnderWay), undefined);
        assert.equal(await page.evaluate(servers), 9);
      });
    });

    once("a long playbook opens by and by, to be looked at", async () => {
      await site().visit({}, async (page) => {
        await page.evaluate(
          (hash) => {
            location.hash = hash;
          },
          fragment(`${BUSY}run 60s\n`),
        );
        await until(page, isUnderWay);
        await until(page, isOver);
        // It takes its place right after that.
        await until(
          page,
          async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 9,
        );
        assert.equal(await page.evaluate(() => globalThis.__raft.lab().position()), 0);
      });
    });

    once("a rule is taken away by and by, and stopping that leaves the run as it was", async () => {
      await site().visit({ hash: fragment(LONG) }, async (page) => {
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).length > 10_000);
        await until(page, isOver);
        await page.keyboard.press("End");
        // An event that rules have a part in; not every one is.
        const isThere = () => document.querySelector("[data-take-away]") !== null;
        for (let i = 0; i < 20 && !(await page.evaluate(isThere)); i++) {
          await page.keyboard.press("ArrowLeft");
        }
        await until(page, isThere);
        const before = await page.evaluate(state);
        assert.match(
          await page.evaluate(stopped, "[data-take-away]"),
          /without .*[\d,]+ events?, /,
        );
        await until(page, isOver);
        assert.deepEqual(await page.evaluate(state), before);
        await page.click("[data-take-away]");
        await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
      });
    });

    test("a long run comes back by and by; what a line has done is kept when it is replaced", async () => {
      await site().visit({ hash: fragment(`${BUSY}run 60s\n`) }, async (page) => {
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).length > 10_000);
        await until(page, isOver);
        await page.keyboard.press("End");
        const reached = await page.evaluate(() => globalThis.__raft.lab().position());
        await page.keyboard.press("/");
        await page.keyboard.type("run 86400s");
        await page.keyboard.press("Enter");
        await until(
          page,
          async (reached) => (await globalThis.__raft.lab().position()) > reached + 1000,
          reached,
        );
        // Something else is opened while it still goes on.
        await page.evaluate((hash) => {
          location.hash = hash;
        }, fragment("servers 3\ntitle Other\n"));
        await until(page, () => document.querySelector(".run-name").textContent === "Other");
        await until(page, () => document.querySelector(".notice-actions button") !== null);
        await page.evaluate(stopped, ".notice-actions button");
        await until(page, isOver);
        assert.equal(await page.evaluate(servers), 3);
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-own-run]") !== null);
        await page.click("[data-own-run]");
        await until(
          page,
          async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 9,
        );
        assert.ok((await page.evaluate(() => globalThis.__raft.lab().position())) > reached + 1000);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
