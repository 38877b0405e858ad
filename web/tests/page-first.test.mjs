/** What the page begins with: a run in a telling moment, and doors that lead on. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, textOf, until } from "./launch.mjs";

const doors = () => document.querySelectorAll(".door").length;
const position = () => globalThis.__raft.lab().position();
const hash = () => location.hash;

/** In the page, before its own scripts: what the system says of motion. */
function calm() {
  const plain = globalThis.matchMedia.bind(globalThis);
  globalThis.matchMedia = (query) => plain(query.includes("reduced-motion") ? "all" : query);
}

/** Clicks the button, or the door, that says this. */
async function push(page, words) {
  const isPushed = (words) => {
    const all = [...document.querySelectorAll("button, a.door")];
    const found = all.find((one) => one.textContent.includes(words));
    found?.click();
    return found !== undefined;
  };
  await until(page, isPushed, words).catch(() => assert.fail(`there is no “${words}”`));
}

onEveryPage(
  (site, once) => {
    test("a first visit sees an election go on, a sentence about it, and five doors", async () => {
      await site().visit({ hash: "" }, async (page) => {
        assert.equal(await page.evaluate(doors), 5);
        const votes = async () => {
          const lab = globalThis.__raft.lab();
          const { servers, messages } = await lab.view(1, 5);
          return servers[2].role === "candidate" && messages.length >= 3;
        };
        await until(page, votes);
        assert.match(await page.evaluate(textOf, ".caption p"), /S4 led them and has crashed/);
        // It plays until the votes are under way, and waits there.
        await until(page, async () => (await globalThis.__raft.lab().position()) === 86);
        assert.equal(await page.evaluate(hash), "");
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(doors), 0);
        assert.equal(await page.evaluate(position), 86);
      });
    });

    test("who wants no motion sees the moment at once", async () => {
      const before = (page) => page.evaluateOnNewDocument(calm);
      await site().visit({ hash: "", before }, async (page) => {
        assert.equal(await page.evaluate(position), 86);
        const playing = () => document.querySelector(".play")?.getAttribute("aria-label");
        assert.notEqual(await page.evaluate(playing), "Pause");
      });
    });

    test("Raft is broken in three clicks", async () => {
      await site().visit({ hash: "" }, async (page) => {
        await push(page, "Break Raft");
        await push(page, "Show what is the same");
        await push(page, "Next difference");
        await until(page, () => document.body.textContent.includes("breaks Leader Completeness"));
      });
    });

    test("a free cluster is a door, and Back leads out of it", async () => {
      await site().visit({ hash: "" }, async (page) => {
        await push(page, "Start free");
        await until(page, () => location.hash === "#free");
        await until(page, async () => (await globalThis.__raft.lab().position()) === 0);
        assert.equal(await page.evaluate(doors), 0);
        await page.goBack();
        await until(page, () => document.querySelectorAll(".door").length === 5);
      });
    });

    once("the figure and the playbooks are doors", async () => {
      await site().visit({ hash: "" }, async (page) => {
        await push(page, "My lab test fails");
        await until(page, () => document.querySelector("dialog input[type=search]") !== null);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(doors), 5, "they wait behind the sheet");
        await push(page, "Read Figure 2");
        await until(page, () => document.querySelector(".figure-spread") !== null);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(doors), 0);
      });
    });

    once("a failing lab test leads to what fails it, with the event that shows it", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
        await page.type("dialog input[type=search]", "--- FAIL: TestBackup3B (19.85s)");
        await until(page, () => document.querySelector('[data-mistake="AE3"]') !== null);
        await push(page, "A conflict: delete the entry");
        await until(page, () =>
          document.body.textContent.includes("State Machine Safety is broken"),
        );
        const { without, position } = await page.evaluate(() => {
          return globalThis.__raft.lab().view(1, 1);
        });
        assert.deepEqual(without, ["AE3"]);
        const broken = async () => {
          const { violations } = await globalThis.__raft.lab().view(1, 1);
          return violations.map(({ event }) => event + 1);
        };
        assert.ok((await page.evaluate(broken)).includes(position));
      });
    });

    once("two logs are played, and not only looked up", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
        await page.type("dialog input[type=search]", "4 5 5 / 4 6 6 6");
        const said = await page.evaluate(textOf, ".logs-said");
        assert.match(said, /agree up to index 1.*S2 does not vote for S1/);
        assert.match(
          said,
          /refused at 4 with XLen 4; refused at 3 with XTerm 5, XIndex 2; sends from 2/,
        );
        await push(page, "S2 asks for votes");
        await until(page, () => document.title.startsWith("4 5 5 / 4 6 6 6"));
        await page.keyboard.press("End");
        const terms = async () => {
          const { servers } = await globalThis.__raft.lab().view(1, 9);
          const [first, second] = servers;
          return [second.role, ...first.log.map(({ term }) => term)].join(" ");
        };
        assert.equal(await page.evaluate(terms), "leader 4 6 6 6");
      });
    });

    test("whoever comes back goes on with what was done last", async () => {
      await site().visit({}, async (page) => {
        await command(page, "crash S1");
        await until(page, () => location.hash.includes("at="));
        // A new tab, so to say: nothing but the journal knows of it.
        await page.evaluate(() => {
          history.replaceState(null, "", location.pathname);
          sessionStorage.clear();
        });
        await page.reload();
        await until(page, () => document.querySelectorAll(".door").length === 6);
        await push(page, "Go on");
        const isCrashed = async () => {
          const { servers } = await globalThis.__raft.lab().view(1, 1);
          return servers[0].state === "crashed";
        };
        await until(page, isCrashed);
        assert.equal(await page.evaluate(doors), 0);
      });
    });

    test("on a phone the doors stand below the lesson", async () => {
      await site().visit({ hash: "", width: 360, height: 740 }, async (page) => {
        const [lesson, door, wide] = await page.evaluate(() => [
          document.querySelector(".caption").getBoundingClientRect().bottom,
          document.querySelector(".door").getBoundingClientRect().top,
          document.documentElement.scrollWidth,
        ]);
        assert.ok(door >= lesson && door < 740, `${door} below ${lesson}`);
        assert.equal(wide, 360);
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
