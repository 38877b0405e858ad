/** The page in use: what a reader clicks and types, and what is then to be seen. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, there, toClause, until } from "./launch.mjs";

onEveryPage(
  (site, once) => {
    test("stepping moves what moves, though nothing is drawn anew", async () => {
      // Without motion a step is shown at once, and no frame comes to move anything.
      const before = (page) =>
        site().kind === "chromium" &&
        page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
      await site().visit({ before }, async (page) => {
        await command(page, "timeout S1");
        const seen = () =>
          [...document.querySelectorAll(".head")].map((head) => head.getAttribute("transform"));
        // A timer that fires sends at once; its messages leave with the next events.
        await until(page, () => document.querySelectorAll(".head").length >= 4);
        const before = await page.evaluate(seen);
        const clock = await page.evaluate(textOf, ".clock");
        await page.keyboard.press("ArrowRight");
        await until(page, (clock) => document.querySelector(".clock").textContent !== clock, clock);
        const after = await until(
          page,
          (before) => {
            const heads = [...document.querySelectorAll(".head")];
            const places = heads.map((head) => head.getAttribute("transform"));
            return places.every((place) => !before.includes(place)) && places;
          },
          before,
        );
        assert.ok(after.length >= 3, `${after.length} messages are under way`);
      });
    });

    test("the tape shows each server's terms, who leads, and who is down; a click on it goes there", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 200ms");
        await command(page, "crash S1");
        await command(page, "run 2s");
        const drawn = () =>
          Object.fromEntries(
            [...document.querySelectorAll(".tape .lane")].map((lane) => {
              const rects = lane.getAttribute("d").split("z").length - 1;
              return [lane.classList[1], rects];
            }),
          );
        await until(page, () => document.querySelector(".tape .lane.t2") !== null);
        const lanes = await page.evaluate(drawn);
        // S1 stands for term 1, leads it, and then is down; of the others one stands for term 2 and
        // leads it.
        assert.deepEqual(lanes, { t0: 4, t1: 6, t2: 5 });
        const crowns = () => document.querySelector(".tape .crowns").getAttribute("d");
        assert.equal((await page.evaluate(crowns)).split("z").length - 1, 2);
        const box = await (await there(page, ".tape input")).boundingBox();
        await page.mouse.click(box.x + 1, box.y + box.height / 2);
        await until(page, () => /^[0-9] ms$/.test(document.querySelector(".clock").textContent));
        assert.deepEqual(await page.evaluate(drawn), lanes, "the tape is of the whole run");
      });
    });

    test("a log that fits is shown from its beginning, also after a reload", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, "paper/04-figure-8e.raft");
        for (let phase = 0; phase < 4; phase++) await page.keyboard.press("]");
        await command(page, "crash S3");
        const shown = () => document.querySelector(".log-scroll").scrollLeft;
        assert.equal(await page.evaluate(shown), 0);
        await page.reload();
        await until(page, () => document.querySelector(".clock")?.textContent !== "0 ms");
        await until(page, () => document.querySelectorAll(".cell").length > 0);
        assert.equal(await page.evaluate(shown), 0);
      });
    });

    test("playing stops where the next phase begins", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/01-ae0-heartbeat.raft");
        await page.select("select.speed", "10");
        await page.evaluate(() => document.activeElement?.blur());
        const starts = await page.evaluate(async () =>
          (await globalThis.__raft.lab().phases("en")).map(({ position }) => position),
        );
        assert.ok(starts.length >= 3, `${starts.length} phases`);
        for (const start of starts.slice(1, 3)) {
          await page.keyboard.press(" ");
          await until(page, () => document.querySelector('[data-play="playing"]') === null);
          const position = await page.evaluate(
            async () => (await globalThis.__raft.lab().view(1, 1)).position,
          );
          assert.equal(position, start);
        }
      });
    });

    test("the logs follow what an event touched", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        // Fifty entries are followed by fifty more, before the playbook asks anything.
        for (let phase = 0; phase < 8; phase++) await page.keyboard.press("]");
        await until(page, () => document.querySelector('[data-cell="3-60"]') !== null);
        const inSight = () => {
          const box = document.querySelector(".log-scroll").getBoundingClientRect();
          const inside = [...document.querySelectorAll("[data-cell]")].filter((cell) => {
            const { left, right } = cell.getBoundingClientRect();
            return left >= box.left && right <= box.right + 1;
          });
          return inside.map((cell) => Number(cell.dataset.cell.split("-")[1]));
        };
        const away = await page.evaluate(inSight);
        await command(page, "rewrite S1 entry 2 1:other");
        const back = await until(page, () => {
          const box = document.querySelector(".log-scroll").getBoundingClientRect();
          const cell = document.querySelector('[data-cell="1-2"]')?.getBoundingClientRect();
          return cell && cell.left >= box.left && cell.right <= box.right + 1;
        });
        assert.ok(!away.includes(2), "index 2 was out of sight before");
        assert.ok(back);
      });
    });

    once("an entry is rewritten in its cell, and the mismatch is seen", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S1");
        await page.evaluate(() => globalThis.__raft.lab().advance(200_000));
        await command(page, "propose S1 a");
        await page.evaluate(() => globalThis.__raft.lab().advance(300_000));
        await page.keyboard.press("t");
        await until(page, () => document.querySelector('[data-cell="3-1"].committed') !== null);
        await page.click('[data-cell="3-1"]');
        await until(page, () => document.activeElement.closest(".menu") !== null);
        await page.keyboard.down("Control");
        await page.keyboard.press("a");
        await page.keyboard.up("Control");
        await page.keyboard.type('1:"two words"');
        await page.keyboard.press("Enter");
        const cell = await until(page, () => {
          const cell = document.querySelector('[data-cell="3-1"].differs');
          return cell?.querySelector(".cell-command").textContent;
        });
        assert.equal(cell, "two words");
        const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
        assert.match(told, /Log matching|Leader completeness|State machine safety/i);
        // A term alone names its own command.
        await page.click('[data-cell="3-2"]');
        await until(page, () => document.activeElement.closest(".menu") !== null);
        await page.keyboard.down("Control");
        await page.keyboard.press("a");
        await page.keyboard.up("Control");
        await page.keyboard.type("4");
        await page.keyboard.press("Enter");
        await until(page, () => {
          return document.querySelector('[data-cell="3-2"] .cell-term')?.textContent === "4";
        });
      });
    });

    once(
      "lines that are pasted are done one after the other, up to the first refused",
      async () => {
        await site().visit({}, async (page) => {
          await page.focus(".command input");
          await page.evaluate(() => {
            const data = new DataTransfer();
            data.setData("text/plain", "crash S1\n# a remark\n\n crash S2\ncrash S2\ncrash S3\n");
            // Firefox lets no script make such an event with data in it.
            const paste = new Event("paste", { bubbles: true, cancelable: true });
            Object.defineProperty(paste, "clipboardData", { value: data });
            document.activeElement.dispatchEvent(paste);
          });
          await until(
            page,
            () => document.querySelector(".command.wrong input")?.value === "crash S2",
          );
          const states = await page.evaluate(async () => {
            const { servers } = await globalThis.__raft.lab().view(1, 1);
            return servers.map(({ state }) => state);
          });
          assert.deepEqual(states.slice(0, 3), ["crashed", "crashed", "up"]);
        });
      },
    );

    once(
      "a wrong Action is answered with its place and a remedy, and nothing changes",
      async () => {
        await site().visit({}, async (page) => {
          const digest = () => globalThis.__raft.lab().digest();
          const before = await page.evaluate(digest);
          await command(page, "crsh S1");
          const told = await until(
            page,
            () => document.querySelector(".notice.error")?.textContent,
          );
          assert.match(told, /crsh S1/);
          assert.match(told, /\^/);
          assert.match(told, /crash/);
          assert.equal(await page.evaluate(digest), before);
          assert.equal(
            await page.evaluate(() => document.querySelector("[name=action]").value),
            "crsh S1",
          );
        });
      },
    );

    once("a broken file is refused at its line, and the run is kept", async () => {
      const folder = await mkdtemp(join(tmpdir(), "raft-"));
      try {
        const path = join(folder, "broken.raft");
        await writeFile(path, "servers 3\ntimeout S1\n<b>propose</b> S1 x\n");
        await site().visit({}, async (page) => {
          const before = await page.evaluate(() => globalThis.__raft.lab().digest());
          const input = await there(page, "input[type=file]");
          await input.uploadFile(path);
          const told = await until(
            page,
            () => document.querySelector(".notice.error")?.textContent,
          );
          assert.match(told, /line 3/i);
          assert.match(told, /<b>propose<\/b>/);
          assert.equal(await page.evaluate(() => document.querySelector(".notice b b")), null);
          assert.equal(await page.evaluate(() => globalThis.__raft.lab().digest()), before);
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    once("a clause is taken away, the run breaks, and the clause is put back", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        await toClause(page, "L4-term");
        await page.click('[data-take-away="L4-term"]');
        await until(page, () => document.querySelector("main.compare .alike h2") !== null);
        assert.match(await page.evaluate(textOf, '[data-band="B"]'), /without L4-term/);
        await page.keyboard.press("End");
        const breaks = () =>
          /State Machine Safety/.test(document.querySelector('[data-band="B"]').textContent);
        await until(page, breaks);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector("main.compare") === null);
        assert.equal(
          await page.evaluate(
            async () => (await globalThis.__raft.lab().view(1, 1)).violations.length,
          ),
          0,
        );
      });
    });

    once("a server is added: first it learns, then it has a vote", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "paper/12-add-server.raft");
        const said = () => document.querySelector('[data-server="4"] .role')?.textContent.trim();
        assert.equal(await page.evaluate(said), "outside");
        const passes = async (word) => {
          for (let i = 0; i < 300 && (await page.evaluate(said)) !== word; i++) {
            await page.keyboard.press("ArrowRight");
          }
          assert.equal(await page.evaluate(said), word);
        };
        await passes("learner");
        await passes("follower");
        // The leader's menu begins the next change in the command line, ready to be edited.
        await page.click('[data-server="1"]');
        await until(page, () => document.querySelector(".menu button") !== null);
        const items = await page.$$(".menu button");
        for (const item of items) {
          if ((await item.evaluate((one) => one.textContent)).startsWith("Change members")) {
            await item.click();
            break;
          }
        }
        const draft = await until(page, () => document.querySelector(".command input")?.value);
        assert.equal(draft, "reconfigure S1 voters S1 S2 S3 S4");
      });
    });

    test("after a panic of the engine the run so far can be saved and another begun", async () => {
      await site().visit({}, async (page, log) => {
        await command(page, "timeout S1");
        await page.evaluate(() => globalThis.__raft.lab().rehearsePanic());
        await page.keyboard.press("ArrowRight");
        const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
        assert.match(told, /rehearsed at event 1/);
        assert.match(told, /Save/);
        assert.ok(log.complaints.every((complaint) => complaint.includes("rehearsed at event 1")));
        log.complaints.length = 0;
        await playbook(page, "seeds/01-ae0-heartbeat.raft");
        const digest = await page.evaluate(() => globalThis.__raft.lab().digest());
        assert.match(digest, /^[0-9a-f]{16}$/);
      });
    });
  },
  { firefox: ["file"], chromium: ["file"] },
);
