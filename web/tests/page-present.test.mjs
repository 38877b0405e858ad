/** The page for a room that looks at it, and panes of the reader's own size. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

const FAST_BACKUP = "seeds/09a-fast-backup-case1.raft";

/** In the page: which of these are drawn. */
const drawn = (selectors) =>
  selectors.filter((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    return box !== undefined && box.width > 0 && box.height > 0;
  });
const TALK = [".stage", ".log-scroll", ".decision", ".caption p", ".play", ".clock", ".tape"];
const WORK = [".panel", ".aside", ".command", ".speed", ".tick", ".settings", ".legend"];
const sizeOf = (selector) => {
  const { width, height } = document.querySelector(selector).getBoundingClientRect();
  return [Math.round(width), Math.round(height)];
};

onEveryPage(
  (site) => {
    test("two branches are presented with every log whole, and no server over another", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, "bugs/l4-term-figure-8.raft");
        await page.keyboard.press("End");
        await page.click("[data-put-back]");
        await until(page, () => document.querySelectorAll(".band .disc").length === 10);
        await page.keyboard.press("p");
        await until(page, () => document.querySelector(".presenting .band") !== null);
        const wrong = await page.evaluate(() => {
          const found = [];
          for (const band of document.querySelectorAll(".band")) {
            const box = band.querySelector(".log-scroll").getBoundingClientRect();
            for (const row of band.querySelectorAll(".log-row")) {
              const { bottom } = row.getBoundingClientRect();
              if (bottom > box.bottom + 1)
                found.push(`a log ends at ${bottom}, beyond ${box.bottom}`);
            }
            const discs = [...band.querySelectorAll(".disc")].map((disc) =>
              disc.getBoundingClientRect(),
            );
            const middle = ({ left, width, top }) => [left + width / 2, top + width / 2];
            for (const [i, one] of discs.entries())
              for (const other of discs.slice(0, i)) {
                const [[ax, ay], [bx, by]] = [middle(one), middle(other)];
                if (Math.hypot(ax - bx, ay - by) < one.width) found.push("two servers touch");
              }
          }
          return found;
        });
        assert.deepEqual(wrong, []);
      });
    });

    test("paper gets stage, logs, caption and explanation on white, with nothing cut", async () => {
      // Firefox cannot be asked how it would print.
      if (site().kind !== "chromium") return;
      for (const [width, height] of [
        [1280, 720],
        [360, 740],
      ]) {
        await site().visit({ width, height }, async (page) => {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
          await playbook(page, FAST_BACKUP);
          for (let i = 0; i < 3; i++) await page.keyboard.press("]");
          await page.emulateMediaType("print");
          const printed = [".stage .disc", ".log-row .cell", ".caption p", ".why .clause"];
          const left = [".transport", ".tools", ".tabs", ".separator", ".inspector"];
          assert.deepEqual(await page.evaluate(drawn, [...printed, ...left]), printed);
          const wrong = await page.evaluate(() => {
            const found = [];
            const ground = getComputedStyle(document.querySelector(".lab")).backgroundColor;
            if (ground !== "rgb(255, 255, 255)") found.push(ground);
            const ink = getComputedStyle(document.querySelector(".caption p")).color;
            if (ink !== "rgb(31, 35, 40)") found.push(ink);
            for (const one of document.querySelectorAll(
              ".stage, .caption p, .why, .aside, .logs",
            )) {
              const isCut = one.scrollHeight > one.clientHeight + 1;
              if (isCut || one.getBoundingClientRect().right > innerWidth + 1)
                found.push(`${one.className} is cut`);
            }
            const places = [".stage", ".logs", ".caption", ".why"].map((selector) => {
              const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
              return { selector, top, bottom };
            });
            for (const one of places)
              for (const other of places)
                if (one !== other && one.top < other.bottom - 1 && other.top < one.bottom - 1)
                  found.push(`${one.selector} over ${other.selector}`);
            return found;
          });
          assert.deepEqual(wrong, [], `${width}`);
        });
      }
    });

    for (const [width, height] of [
      [1280, 720],
      [1920, 1080],
    ]) {
      test(`p presents at ${width}×${height}, with nothing cut, and Escape leaves`, async () => {
        await site().visit({ width, height }, async (page) => {
          await playbook(page, FAST_BACKUP);
          for (let i = 0; i < 2; i++) await page.keyboard.press("]");
          const [, before] = await page.evaluate(sizeOf, ".cell");
          await page.keyboard.press("p");
          assert.deepEqual(await page.evaluate(drawn, [...TALK, ...WORK]), TALK);
          assert.equal((await page.evaluate(sizeOf, ".cell"))[1], Math.round(before * 1.5));
          const wrong = await page.evaluate(() => {
            const end = document.querySelector(".transport").getBoundingClientRect().top + 1;
            const all = document.querySelectorAll(
              ".decision, .caption p, .log-row, .stage .disc, .stage .below",
            );
            const out = [...all].filter((one) => {
              const { right, bottom } = one.getBoundingClientRect();
              return bottom > end || (right > innerWidth + 1 && !one.matches(".log-row"));
            });
            const small = document.querySelectorAll(".decision p, .decision h2, .caption p");
            const tiny = [...small].filter(
              (one) => Number.parseFloat(getComputedStyle(one).fontSize) < 20,
            );
            return [...out, ...tiny].map((one) => one.className.baseVal ?? one.className);
          });
          assert.deepEqual(wrong, []);
          // The way on is the same as ever.
          const decision = () => document.querySelector(".decision").textContent;
          const told = await page.evaluate(decision);
          await page.keyboard.press("ArrowLeft");
          assert.notEqual(await page.evaluate(decision), told);
          // What is asked stands where the clause did.
          for (let i = 0; i < 2; i++) await page.keyboard.press("]");
          await until(page, () => document.querySelector(".deciding .bet ol") !== null);
          assert.deepEqual(await page.evaluate(drawn, [".decision", ".caption p"]), []);
          await page.keyboard.press("Escape");
          assert.deepEqual(await page.evaluate(drawn, [".deciding", ".panel"]), [".panel"]);
        });
      });
    }

    test("what was refused is whole in a presentation, and hides no question", async () => {
      await site().visit({ width: 1280, height: 720, lang: "zh" }, async (page) => {
        await playbook(page, FAST_BACKUP);
        for (let i = 0; i < 3; i++) await page.keyboard.press("]");
        await command(page, "propose S9 x");
        await until(page, () => document.querySelector(".notice") !== null);
        await page.keyboard.press("p");
        await until(page, () => document.querySelector(".deciding .bet ol") !== null);
        // It moves a little while it arrives.
        await until(page, () => {
          const all = document.querySelector(".notices");
          return all.scrollHeight <= all.clientHeight;
        });
        const isBeyond = await page.evaluate(() => {
          const all = document.querySelector(".notices");
          const box = all.getBoundingClientRect();
          const asked = document.querySelector(".bet ol").getBoundingClientRect();
          const end = document.querySelector(".transport").getBoundingClientRect().top;
          const isOver = box.right > asked.left && box.bottom > asked.top;
          return asked.bottom > end || isOver;
        });
        assert.equal(isBeyond, false);
      });
    });

    test("a presented lesson ends with what it leads to, and with nothing cut", async () => {
      const hash = "#/course/05-fifty-entries-that-have-to-go";
      await site().visit({ width: 1280, height: 720, hash }, async (page) => {
        await page.keyboard.press("End");
        await page.keyboard.press("p");
        const ways = () =>
          [...document.querySelectorAll(".lesson-end button")].map((one) => one.textContent);
        await until(page, () => document.querySelectorAll(".lesson-end button").length === 3);
        const said = await page.evaluate(ways);
        for (const [i, way] of ["Compare", "Build", "Next"].entries())
          assert.ok(said[i].startsWith(way), said[i]);
        const wrong = await page.evaluate(() => {
          const found = [];
          for (const one of document.querySelectorAll(".caption p, .deciding, .log-scroll"))
            if (one.scrollHeight > one.clientHeight + 1) found.push(one.className || "caption");
          const { bottom } = document.querySelector(".decision").getBoundingClientRect();
          const { top } = document.querySelector(".lesson").getBoundingClientRect();
          if (bottom > top) found.push("the decision");
          return found;
        });
        assert.deepEqual(wrong, []);
      });
    });

    test("the words below what was committed keep to their cells, presented too", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        await page.keyboard.press("End");
        const over = () =>
          [...document.querySelectorAll(".ever-by")].filter(
            (one) => one.scrollWidth > one.clientWidth + 1,
          ).length;
        await until(page, () => document.querySelector(".ever-by") !== null);
        assert.equal(await page.evaluate(over), 0);
        await page.keyboard.press("p");
        assert.ok(await page.evaluate(() => document.querySelector(".ever-by") !== null));
        assert.equal(await page.evaluate(over), 0);
      });
    });

    test("the address presents, and its link opens presenting", async () => {
      let hash = "";
      await site().visit({}, async (page) => {
        await playbook(page, FAST_BACKUP);
        await page.keyboard.press("]");
        await page.click("button.present");
        hash = await until(page, () => /present$/.test(location.hash) && location.hash);
      });
      assert.match(hash, /^#\/seeds\/09a-fast-backup-case1\?at=\d+&present$/);
      await site().visit({ hash }, async (page) => {
        assert.deepEqual(await page.evaluate(drawn, [".decision", ".panel"]), [".decision"]);
        await page.keyboard.press("p");
        await until(page, () => location.hash !== "" && !/present$/.test(location.hash));
      });
    });

    test("panes are dragged, keep their size through a reload, and are restored", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, FAST_BACKUP);
        await page.keyboard.press("]");
        const panes = {
          stage: [".stage", 0, 80],
          narrator: [".aside", 0, -60],
          logs: [".logs", 1, 50],
        };
        for (const [pane, [selector, way, by]] of Object.entries(panes)) {
          const own = (await page.evaluate(sizeOf, selector))[way];
          const { x, y } = await page.evaluate((pane) => {
            const box = document.querySelector(`.separator.of-${pane}`).getBoundingClientRect();
            return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
          }, pane);
          await page.mouse.move(x, y);
          await page.mouse.down();
          await page.mouse.move(x + (way === 0 ? by : 0), y + (way === 1 ? by : 0), { steps: 4 });
          await page.mouse.up();
          const now = (await page.evaluate(sizeOf, selector))[way];
          assert.ok(Math.abs(now - own - Math.abs(by)) <= 6, `${pane}: ${own}, then ${now}`);
          await page.reload();
          await until(page, () => document.documentElement.dataset.ready === "true");
          assert.equal((await page.evaluate(sizeOf, selector))[way], now);
          await page.evaluate((pane) => {
            document
              .querySelector(`.separator.of-${pane}`)
              .dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
          }, pane);
          await until(
            page,
            (selector, way, own) => {
              const { width, height } = document.querySelector(selector).getBoundingClientRect();
              return Math.abs([width, height][way] - own) <= 1;
            },
            selector,
            way,
            own,
          );
        }
      });
    });

    test("a separator is moved by the arrow keys, and no pane becomes too small", async () => {
      await site().visit({}, async (page) => {
        const value = () => Number(document.querySelector(".separator.of-stage").ariaValueNow);
        const before = await until(page, value);
        await page.evaluate(() => document.querySelector(".separator.of-stage").focus());
        await page.keyboard.press("ArrowRight");
        await until(
          page,
          (before) => {
            return (
              Number(document.querySelector(".separator.of-stage").ariaValueNow) === before + 2
            );
          },
          before,
        );
        for (let i = 0; i < 30; i++) await page.keyboard.press("ArrowRight");
        const [logs] = await page.evaluate(sizeOf, ".logs");
        const [narrator] = await page.evaluate(sizeOf, ".aside");
        assert.ok(logs >= 379 && narrator >= 359, `${logs} and ${narrator}`);
        for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowLeft");
        assert.ok((await page.evaluate(sizeOf, ".stage"))[0] >= 339);
        // The keys are the separator's: time stands still.
        assert.equal(await page.evaluate(() => globalThis.__raft.lab().position()), 0);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
