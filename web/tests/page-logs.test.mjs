/** The logs: what folds as they grow, what was promised, and what a message asks about. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

/** In the page: whether a column stands whole between the names and the right edge. */
const isInSight = (index) => {
  const box = document.querySelector(".log-scroll").getBoundingClientRect();
  const names = document.querySelector(".log-name").getBoundingClientRect();
  const column = document.querySelector(`.log-index[data-index="${index}"]`);
  const { left, right } = column?.getBoundingClientRect() ?? {};
  return left >= names.right - 3 && right <= box.right + 1;
};
const cellText = (server, index) =>
  document.querySelector(`[data-cell="${server}-${index}"]`)?.textContent;
const openIndex = () => Number(document.querySelector(".log-index.open")?.dataset.index);
const isOverview = () => document.querySelector(".log-overview") !== null;
const seen = () => document.querySelector(".log-window").ariaValueText;

onEveryPage(
  (site, once) => {
    test("cells fold to their terms before anything scrolls, then the whole stands above", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 100ms");
        await command(page, "propose S1 first x2");
        await command(page, "run 200ms");
        assert.equal(await page.evaluate(cellText, 1, 1), "1 first");
        await command(page, "propose S1 x3..x14");
        await command(page, "run 100ms");
        // The index that the last of it was about shows its command, the others their term.
        await until(page, cellText, 1, 13);
        assert.equal(await page.evaluate(cellText, 1, 1), "1");
        assert.equal(await page.evaluate(isOverview), false);
        const scrolls = () => {
          const box = document.querySelector(".log-scroll");
          return box.scrollWidth > box.clientWidth + 1;
        };
        assert.equal(await page.evaluate(scrolls), false);
        await page.click('.log-index[data-index="1"]');
        await until(
          page,
          () => document.querySelector('[data-cell="3-1"]').textContent === "1 first",
        );
        assert.equal(await page.evaluate(openIndex), 1);

        await command(page, "propose S1 y1..y60");
        await until(page, isOverview);
        await until(page, isInSight, 15);
        assert.equal(await page.evaluate(openIndex), 15);
        // Keys, a click and a drag move what is in sight.
        await page.focus(".log-window");
        await page.keyboard.press("End");
        await until(page, isInSight, 74);
        await page.keyboard.press("Home");
        await until(page, isInSight, 1);
        assert.match(await page.evaluate(seen), /^1 to \d+ of 74$/);
        await page.keyboard.press("PageDown");
        await until(page, () => document.querySelector(".log-window").ariaValueNow !== "1");
        const strip = await page.evaluate(() => {
          const { left, top, width, height } = document
            .querySelector(".log-strip")
            .getBoundingClientRect();
          return { left, y: top + height / 2, each: width / 74 };
        });
        await page.mouse.click(strip.left + 50.5 * strip.each, strip.y);
        await until(page, isInSight, 51);
        await page.mouse.move(strip.left + 50.5 * strip.each, strip.y);
        await page.mouse.down();
        await page.mouse.move(strip.left + 5.5 * strip.each, strip.y, { steps: 3 });
        await page.mouse.up();
        await until(page, isInSight, 6);
        // The keys of the strip are its own: nothing was stepped.
        assert.equal(
          await page.evaluate(() => document.querySelector(".clock").textContent),
          "400 ms",
        );

        // Who steps sees what the event was about, in both directions.
        await page.mouse.click(strip.left + 70.5 * strip.each, strip.y);
        await until(page, isInSight, 70);
        await page.keyboard.press("Escape");
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press("ArrowRight");
        await until(page, isInSight, 15);
        await page.keyboard.press("End");
        await page.evaluate(async () => {
          const lab = globalThis.__raft.lab();
          const events = await lab.events(0, await lab.position(), "en");
          await lab.goTo(events.findIndex(({ text }) => text.includes("x3..x14")) + 2);
        });
        await page.keyboard.press("ArrowLeft");
        await until(page, isInSight, 3);
        assert.equal(await page.evaluate(openIndex), 3);
        assert.equal(await page.evaluate(isOverview), false);
      });
    });

    test("while folded logs play, entries that look the same are one, in their places", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        for (const line of ["timeout S1", "run 100ms", "propose S1 y1..y60", "run 200ms"])
          await command(page, line);
        await page.evaluate(() => document.activeElement?.blur());
        await page.keyboard.press("End");
        /** Where the first and the last of the entries stand that are not unfolded. */
        const edges = () => {
          const row = document.querySelector(".log-row");
          const cells = [...row.querySelectorAll(".cell.folded")];
          const boxes = cells.map((cell) => cell.getBoundingClientRect());
          const left = Math.min(...boxes.map((box) => box.left));
          const right = Math.max(...boxes.map((box) => box.right));
          return { count: cells.length, edges: [Math.round(left), Math.round(right)] };
        };
        const atRest = await page.evaluate(edges);
        assert.ok(atRest.count > 10, `${atRest.count} cells`);
        await page.keyboard.press(" ");
        await until(page, () => document.querySelector(".log-row .stretch") !== null);
        const moving = await page.evaluate(edges);
        assert.ok(moving.count <= 3, `${moving.count} stretches`);
        assert.deepEqual(moving.edges, atRest.edges);
        await page.keyboard.press(" ");
        await until(page, () => document.querySelector(".stretch") === null);
        assert.deepEqual(await page.evaluate(edges), atRest);
      });
    });

    once("of entries that are in every snapshot none is unfolded", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 100ms");
        await command(page, "propose S1 x1..x40");
        await command(page, "run 300ms");
        // What is unfolded stays in sight, though nothing that happened was about it.
        await page.click('.log-index[data-index="5"]');
        await until(
          page,
          () => document.querySelector('[data-cell="3-5"]')?.textContent === "1 x5",
        );
        assert.equal(await page.evaluate(openIndex), 5);
        assert.equal(await page.evaluate(isInSight, 5), true);
        for (const id of [1, 2, 3, 4, 5]) await command(page, `snapshot S${id}`);
        await command(page, "propose S1 last");
        await command(page, "run 300ms");
        // Before the snapshots there is one to unfold, after them nothing is left of it.
        await page.evaluate(() => {
          const slider = document.querySelector(".tape input");
          slider.value = "390000";
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        });
        await until(page, cellText, 1, 38);
        await page.click('.log-index[data-index="38"]');
        await until(
          page,
          () => document.querySelector('[data-cell="1-38"]').textContent === "1 x38",
        );
        await page.keyboard.press("End");
        assert.equal(await page.evaluate(openIndex), 41);
        assert.equal(await page.evaluate(cellText, 1, 41), "1 last");
      });
    });

    once("what was ever committed says by whom, in which term and when", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 100ms");
        await command(page, "propose S1 a");
        await command(page, "run 300ms");
        const [label, note] = await page.evaluate(() => [
          document.querySelector("[data-ever='1']").ariaLabel,
          document.querySelector(".ever-by").textContent,
        ]);
        assert.match(label, /^1 a · .*S1 was the first to hold it committed, in term 1, at 1\d\d/);
        assert.match(note, /^S1 · 1\d\d(\.\d)? ms$/);
        // It goes to the event in which that was.
        await page.click("[data-ever='1']");
        await until(page, () => /commit/.test(document.querySelector(".why").textContent));
        const committed = () =>
          document.querySelectorAll(".log-row .cell.committed[data-cell]").length;
        assert.equal(await page.evaluate(committed), 1);
        await page.keyboard.press("ArrowLeft");
        await until(page, () => document.querySelector("[data-ever]") === null);
      });
    });

    test("a message's prevLogIndex and XIndex are bracketed where they are asked", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, "seeds/09a-fast-backup-case1.raft");
        const refusal = await page.evaluate(async () => {
          const lab = globalThis.__raft.lab();
          const events = await lab.events(0, 1000, "en");
          const at = events.findIndex(({ text }) => /prev 3·T6; refuses/.test(text));
          await lab.goTo(at);
          return at;
        });
        assert.ok(refusal > 0);
        const brackets = () =>
          [...document.querySelectorAll("[data-bracket]")].map(
            ({ dataset, className }) =>
              `${dataset.bracket} ${dataset.index}${/decided/.test(className) ? " decided" : ""}`,
          );
        const words = () => document.querySelector(".bracket-words")?.textContent;
        await page.keyboard.press("ArrowRight");
        await until(page, () => document.querySelector(".bracket.decided") !== null);
        assert.deepEqual(await page.evaluate(brackets), ["XIndex 2", "prevLogIndex 3 decided"]);
        assert.match(await page.evaluate(words), /prevLogIndex 3 · prevLogTerm 6|prevLogIndex 3$/);
        await page.keyboard.press("ArrowRight");
        await until(page, () => document.querySelector(".bracket.answered.decided") !== null);
        assert.match(await page.evaluate(words), /XIndex 2 · XTerm 5/);
      });
    });

    once("servers have the letters of Figure 7 beside their names", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, "paper/02-figure-7.raft");
        const names = await page.evaluate(() =>
          [...document.querySelectorAll(".log-name b")].map((name) => name.textContent),
        );
        assert.deepEqual(names.slice(0, 3), ["S1 leader", "S2 (a)", "S3 (b)"]);
        assert.equal(names.length, 7);
      });
    });

    once("terms alone are a log, wherever one is typed", async () => {
      const terms = (server) =>
        [...document.querySelectorAll(`[data-cell^="${server}-"]:not(.gap)`)]
          .map((cell) => cell.querySelector(".cell-term").textContent)
          .join(" ");
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await command(page, "S2: 4 5 5");
        assert.equal(await page.evaluate(terms, 2), "4 5 5");
        // In a cell several entries take the place of all from there on.
        await page.click('[data-cell="2-2"]');
        await until(page, () => document.activeElement.closest(".menu") !== null);
        await page.keyboard.down("Control");
        await page.keyboard.press("a");
        await page.keyboard.up("Control");
        await page.keyboard.type("6 6 7");
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector('[data-cell="2-4"]:not(.gap)') !== null);
        assert.equal(await page.evaluate(terms, 2), "4 6 6 7");
        // What was refused is not wrong in another run.
        await command(page, "crash S7");
        const isWrong = () => document.querySelector(".command.wrong") !== null;
        assert.ok(await page.evaluate(isWrong));
        await page.keyboard.press("r");
        await until(page, () => document.querySelector("[name=logs]") !== null);
        await page.focus("[name=logs]");
        await page.keyboard.type("4 5 x");
        await page.click(".new-run .main");
        assert.match(
          await until(page, () => document.querySelector("[role=alert]")?.textContent),
          /4 5 5/,
        );
        await page.focus("[name=logs]");
        await page.keyboard.press("Backspace");
        await page.keyboard.type("5\n4 6 6 6");
        await page.click(".new-run .main");
        await until(page, () => document.querySelector('[data-cell="2-4"]:not(.gap)') !== null);
        assert.deepEqual(
          [await page.evaluate(terms, 1), await page.evaluate(terms, 2)],
          ["4 5 5", "4 6 6 6"],
        );
        assert.equal(await page.evaluate(isWrong), false);
      });
    });

    once("failures of every kind are one list, with their places", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await command(page, "crash S9");
        await command(page, "expect leaders = 3");
        await command(page, "rewrite S1 log 1:a 1:b");
        await command(page, "rewrite S1 commit 2");
        await command(page, "rewrite S1 commit 1");
        await page.keyboard.press("v");
        await page.click(".failures-toggle");
        const rows = () =>
          [...document.querySelectorAll(".failures li")].map((row) => row.textContent);
        const told = await page.evaluate(rows);
        assert.equal(told.length, 3, told.join("\n"));
        assert.match(told[0], /broken.*Event 3.*Go there/);
        assert.match(told[1], /leaders.*Go there|Go there.*leaders/);
        assert.match(told[2], /crash S9.*Correct it/);
        // The place of the first is the event that broke it.
        await command(page, "crash S2");
        await page.click(".failures li:first-child .link-button");
        const position = async () => (await globalThis.__raft.lab().view(1, 1)).position;
        assert.equal(await page.evaluate(position), 3);
        await page.click(".failures li:last-child .link-button");
        const written = () => document.querySelector(".command input").value;
        assert.equal(await page.evaluate(written), "crash S9");
      });
    });

    once("a search says when it is at its last hit, and an event what it led to", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 60ms");
        await page.keyboard.press("Home");
        await page.keyboard.press("v");
        await page.focus(".events-heads input[type=search]");
        await page.keyboard.type("RequestVote");
        const said = () => document.querySelector(".events-heads output").textContent;
        const count = Number(
          /\d+/.exec(
            await until(
              page,
              () =>
                /[1-9]\d* found/.exec(
                  document.querySelector(".events-heads output").textContent,
                )?.[0],
            ),
          )[0],
        );
        assert.ok(count > 1);
        for (let hit = 1; hit <= count; hit++) await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(said), `${count} of ${count}, the last`);
        await page.keyboard.press("Enter");
        assert.equal(await page.evaluate(said), `${count} of ${count}, the last`);
        await page.evaluate(() => globalThis.__raft.lab().goTo(0));
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press("ArrowRight");
        const effects = await until(page, () => {
          const all = [...document.querySelectorAll(".led-to button")];
          return all.length > 0 && all.map((one) => one.textContent);
        });
        assert.equal(effects.length, 4, effects.join("\n"));
        await page.click(".led-to button");
        await until(page, () => document.querySelector(".cause button") !== null);
      });
    });

    test("of two branches each draws what is in sight of it", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await command(page, "timeout S1");
        await command(page, "run 100ms");
        await command(page, "propose S1 x1..x60");
        await command(page, "run 200ms");
        await page.keyboard.press("b");
        await until(page, () => document.querySelector(".menu") !== null);
        await page.evaluate(() => {
          const items = [...document.querySelectorAll(".menu button.item")];
          items.find((item) => item.textContent.includes("seed 2")).click();
        });
        await until(page, () =>
          document.querySelector(".contrast")?.textContent.includes("seed 2"),
        );
        await page.keyboard.press("End");
        await until(page, () => document.querySelectorAll(".log-window").length === 2);
        const press = async (band, key) => {
          await page.focus(`[data-band=${band}] .log-window`);
          await page.keyboard.press(key);
        };
        /** The indices of S1 that are drawn between the names and the right edge. */
        const drawn = (band) => {
          const logs = document.querySelector(`[data-band=${band}] .logs`);
          const { right } = logs.getBoundingClientRect();
          const { right: left } = logs.querySelector(".log-name").getBoundingClientRect();
          const cells = [...logs.querySelectorAll('[data-cell^="1-"]:not(.gap)')].filter((cell) => {
            const box = cell.getBoundingClientRect();
            return box.left >= left - 3 && box.right <= right + 1;
          });
          return cells.map((cell) => Number(cell.dataset.cell.split("-")[1]));
        };
        await press("A", "End");
        await press("B", "Home");
        await until(
          page,
          () => document.querySelector("[data-band=B] .log-window").ariaValueNow === "1",
        );
        const [inA, inB] = [await page.evaluate(drawn, "A"), await page.evaluate(drawn, "B")];
        assert.equal(inA.at(-1), 60);
        assert.ok(inA.length > 10 && inA.at(-1) - inA[0] === inA.length - 1, inA.join(" "));
        assert.equal(inB[0], 1);
        assert.ok(inB.length > 10 && inB.at(-1) === inB.length, inB.join(" "));
      });
    });

    test("under C_old,new the leader's view of the others is told by half", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, "paper/13-joint-consensus.raft");
        const joint = await page.evaluate(async () => {
          const lab = globalThis.__raft.lab();
          const { length } = await lab.view(1, 1);
          for (let at = 0; at <= length; at++) {
            await lab.goTo(at);
            const { servers } = await lab.view(1, 1);
            const leader = servers.find(({ halves }) => halves.length === 2);
            if (leader) return { at, id: leader.id, halves: leader.halves };
          }
          return undefined;
        });
        await page.evaluate((at) => globalThis.__raft.lab().goTo(at - 1), joint.at);
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("i");
        await page.keyboard.press(String(joint.id));
        const heads = await until(page, () => {
          const all = [...document.querySelectorAll(".progress .half")];
          return all.length > 1 && all.map((one) => one.textContent);
        });
        const expected = joint.halves.map(
          ({ index, tally, voters }, i) =>
            `${["C_old", "C_new"][i]}: ${tally.have} of ${voters.length} store ${index}`,
        );
        assert.deepEqual(heads.slice(0, 2), expected);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
