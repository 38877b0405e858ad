/** Details that have misled somebody: values from before, menus while time flies, what is in sight. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, there, until } from "./launch.mjs";

const field = (name) => {
  const all = [...document.querySelectorAll(".field")];
  const found = all.find((one) => one.querySelector(".field-name").textContent === name);
  return found?.querySelector(".field-value").textContent;
};

onEveryPage(
  (site, once) => {
    once("values from before are the ones from before", async () => {
      await site().visit({}, async (page) => {
        await command(page, "rewrite S1 log 1:a 1:b");
        await command(page, "rewrite S1 entry 3 1:c");
        await page.keyboard.press("1");
        assert.equal(await page.evaluate(field, "log[]"), "2 entries3 entries");
        await command(page, "rewrite S1 commit 2");
        await command(page, "crash S1");
        assert.equal(await page.evaluate(field, "commitIndex"), "2–");
        assert.equal(await page.evaluate(field, "role"), "followercrashed");
      });
    });

    once("why entries of an earlier term do not commit is said where they stand", async () => {
      await site().visit({}, async (page) => {
        await command(page, "rewrite S1 log 4:a 5:b 5:c");
        await command(page, "rewrite S2 log 4:a 6:d 6:e 6:f");
        await command(page, "rewrite S3 log 4:a 6:d 6:e 6:f");
        await command(page, "timeout S2");
        await command(page, "run 300ms");
        const told = await until(page, () => document.querySelector(".held-back")?.textContent);
        assert.match(told, /Index 4 is on a majority but from an earlier term: S2 .* term 7 /);
        const cell = () => document.querySelector('[data-cell="2-4"]').title;
        assert.match(await page.evaluate(cell), /earlier term/);
        await page.click('[data-cell="2-4"]');
        const note = await until(page, () => document.querySelector(".menu-note")?.textContent);
        assert.match(note, /an entry of term 7 \(§5\.4\.2\)/);
        await page.keyboard.press("Escape");
        await command(page, "propose S2 g");
        await command(page, "run 100ms");
        await until(page, () => document.querySelector(".held-back") === null);
        assert.doesNotMatch(await page.evaluate(cell), /earlier term/);
      });
    });

    test("going back, the columns concerned are in sight", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        await page.keyboard.press("End");
        const refusal = await page.evaluate(async () => {
          const lab = globalThis.__raft.lab();
          const events = await lab.events(0, (await lab.view(1, 1)).length, "en");
          return events.findIndex(({ text }) => /prev 51·T3/.test(text) && /refuse|✗/.test(text));
        });
        assert.ok(refusal > 0, "there is a refusal");
        await page.evaluate((to) => globalThis.__raft.lab().goTo(to), refusal + 2);
        await page.keyboard.press("ArrowLeft");
        await until(page, () => {
          const box = document.querySelector(".log-scroll").getBoundingClientRect();
          const column = document.querySelector('.log-index[data-index="51"]');
          const { left, right } = column?.getBoundingClientRect() ?? {};
          return left >= box.left && right <= box.right + 1;
        });
      });
    });

    test("time stands still while a menu is open, and goes on after it", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press(" ");
        await page.click('[data-server="2"]');
        await until(page, () => document.querySelector(".menu") !== null);
        const plays = () => document.querySelector('[data-play="playing"]') !== null;
        assert.equal(await page.evaluate(plays), false);
        await page.keyboard.press("Escape");
        await until(page, plays);
      });
    });

    for (const [width, height] of [
      [1280, 720],
      [360, 740],
    ]) {
      test(`a menu leaves its server in sight at ${width}×${height}`, async () => {
        await site().visit({ width, height }, async (page) => {
          await command(page, "timeout S1");
          await page.evaluate(() => globalThis.__raft.lab().advance(200_000));
          for (const server of ["1", "2", "3", "4", "5"]) {
            await page.keyboard.press(server);
            await page.keyboard.press("m");
            await until(
              page,
              () => (document.querySelector(".menu")?.style.top ?? "0px") !== "0px",
            );
            const over = await page.evaluate((server) => {
              const menu = document.querySelector(".menu").getBoundingClientRect();
              const disc = document
                .querySelector(`[data-server="${server}"] .track`)
                .getBoundingClientRect();
              const x = Math.min(menu.right, disc.right) - Math.max(menu.left, disc.left);
              const y = Math.min(menu.bottom, disc.bottom) - Math.max(menu.top, disc.top);
              const isInside = menu.top >= 0 && menu.bottom <= innerHeight && menu.height > 200;
              return (x > 0 && y > 0) || !isInside;
            }, server);
            assert.equal(over, false, `S${server}`);
            await page.keyboard.press("Escape");
          }
        });
      });
    }

    test("links are one stop of the tab key, and up and down go along them", async () => {
      await site().visit({}, async (page) => {
        const focused = () => document.activeElement.dataset.link;
        await page.evaluate(() => document.querySelector('[data-server="1"]').focus());
        await page.keyboard.down("Shift");
        await page.keyboard.press("Tab");
        await page.keyboard.up("Shift");
        assert.equal(await page.evaluate(focused), "1-2");
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(focused), "1-3");
        await page.keyboard.press("ArrowUp");
        await page.keyboard.press("ArrowUp");
        assert.equal(await page.evaluate(focused), "4-5");
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector(".menu") !== null);
      });
    });

    once("votes and losses are on the stage only while they are news", async () => {
      await site().visit({}, async (page) => {
        const votes = () =>
          [...document.querySelectorAll(".below")].filter((words) =>
            /voted/.test(words.textContent),
          ).length;
        await command(page, "cut S1 S5");
        await command(page, "timeout S1");
        let voted = 0;
        let lost = 0;
        const leads = () => document.querySelectorAll(".server.leader").length === 1;
        for (let event = 0; event < 40; event++) {
          await page.keyboard.press("ArrowRight");
          voted = Math.max(voted, await page.evaluate(votes));
          lost += await page.evaluate(() => document.querySelectorAll(".loss").length);
        }
        assert.ok(voted >= 2 && lost >= 1, `${voted} votes, ${lost} losses`);
        assert.ok(await page.evaluate(leads));
        await page.evaluate(() => globalThis.__raft.lab().advance(30_000));
        await page.keyboard.press("t");
        assert.equal(await page.evaluate(votes), 0);
        assert.equal(await page.evaluate(() => document.querySelectorAll(".loss").length), 0);
      });
    });

    test("a key pressed right after Escape opens the next sheet", async () => {
      await site().visit({}, async (page) => {
        const opened = () => document.querySelector("dialog")?.ariaLabel ?? "";
        await page.keyboard.press("l");
        const library = await until(page, opened);
        for (let i = 0; i < 10; i++) {
          const keys = ["Escape", "?"].map((key) => page.keyboard.press(key));
          await Promise.all(keys);
          assert.notEqual(await page.evaluate(opened), library);
          assert.notEqual(await page.evaluate(opened), "");
          await Promise.all(["Escape", "l"].map((key) => page.keyboard.press(key)));
          assert.equal(await page.evaluate(opened), library);
        }
      });
    });

    test("a file that is no text is said to be none, and a held one shows where it goes", async () => {
      const folder = await mkdtemp(join(tmpdir(), "raft-"));
      try {
        const path = join(folder, "picture.raft");
        await writeFile(path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]));
        await site().visit({}, async (page) => {
          await (await there(page, "input[type=file]")).uploadFile(path);
          const told = await until(page, () => document.querySelector(".notice")?.textContent);
          assert.match(told, /This is not a text file/);
          const held = await page.evaluate(() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["x"], "x.raft"));
            const over = new DragEvent("dragover", {
              dataTransfer,
              bubbles: true,
              cancelable: true,
            });
            document.querySelector("main").dispatchEvent(over);
            return document.querySelector(".lab").getAttribute("data-dropping");
          });
          assert.match(held, /Drop the file to open it/);
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

    once("the list of events can leave out what is not of note", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        await page.keyboard.press("v");
        await page.keyboard.press("End");
        await page.click(".events-heads [type=checkbox]");
        const all = await until(page, () => {
          const rows = [...document.querySelectorAll(".event")];
          return rows.length > 5 && rows.map((row) => Number(row.id.slice("app-event-".length)));
        });
        const noted = await page.evaluate(async () => {
          const events = await globalThis.__raft.lab().events(0, 1_000_000, "en");
          return events.flatMap(({ number, ofNote }) => (ofNote ? [number] : []));
        });
        assert.deepEqual(all, noted.slice(noted.indexOf(all[0])).slice(0, all.length));
      });
    });

    once("events are found by their words, also those that are still to come", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        await page.keyboard.press("v");
        await page.click(".events-heads [type=search]");
        await page.keyboard.type("S5 vote");
        const expected = () =>
          page.evaluate(async () => {
            const lab = globalThis.__raft.lab();
            // What a question covers is found only after a bet.
            const [question] = await lab.questions("en");
            const events = await lab.events(0, question?.askedPosition ?? 1_000_000, "en");
            return events.flatMap(({ number, text }) =>
              /vote/i.test(text) && /\bS5\b/.test(text) ? [number] : [],
            );
          });
        const numbers = await expected();
        assert.ok(numbers.length > 5, `${numbers.length} events`);
        const says = (count) =>
          document.querySelector(".events-heads output").textContent === count;
        await until(page, says, `${numbers.length} found`);
        const position = async () => (await globalThis.__raft.lab().view(1, 1)).position;
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(position), numbers[0] + 1);
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(position), numbers[1] + 1);
        const rows = await page.evaluate(() =>
          [...document.querySelectorAll(".event")].map((row) =>
            Number(row.id.slice("app-event-".length)),
          ),
        );
        assert.deepEqual(rows, numbers.slice(0, rows.length));
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        await command(page, "timeout S5");
        await command(page, "run 100ms");
        const more = await expected();
        await until(page, says, `${more.length} found`);
        assert.equal(
          await page.evaluate(() => document.querySelector(".notice")?.innerText),
          undefined,
        );
      });
    });

    once("what can be seen of a server is what it is called", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S1");
        const names = await page.evaluate(() =>
          [...document.querySelectorAll("[data-server]")].map((disc) => [
            disc.getAttribute("aria-label"),
            disc.textContent.replaceAll(/\s+/g, " ").trim(),
          ]),
        );
        for (const [label, seen] of names) assert.ok(label.startsWith(seen), `${label}: ${seen}`);
        assert.equal(await page.evaluate(textOf, "th:empty"), "");
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
