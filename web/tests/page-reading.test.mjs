/** What the page makes plain without being asked: who acted, what is cut, what broke. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, until } from "./launch.mjs";

/** In the page: which words of the stage lie on others, on a server, or out of sight. */
function covered() {
  const box = (kind, of) => (element) => {
    const { left, right, ...box } = element.getBoundingClientRect().toJSON();
    // Firefox takes the height of the line, which no letter of it reaches.
    const line = Math.max(0, kind === "words" ? (box.bottom - box.top - 14) / 2 : 0);
    return { kind, of: of(element), left, right, top: box.top + line, bottom: box.bottom - line };
  };
  const all = (selector, kind, of) => [...document.querySelectorAll(selector)].map(box(kind, of));
  const server = (element) => element.closest("[data-server], [data-below]")?.dataset;
  const of = (element) => server(element)?.server ?? server(element)?.below;
  const words = [
    ...all(".pill rect", "label", () => undefined),
    ...all(".thin-counts text", "count", () => undefined),
    ...all(".halves text", "half", () => undefined),
    ...all(".client rect", "client", () => undefined),
    ...all(".arrows-bar", "bar", () => undefined),
    ...all(".badge rect", "badge", of),
    ...all(".below", "words", of),
  ];
  const discs = all(".server .track", "server", of);
  const stage = document.querySelector(".stage").getBoundingClientRect();
  const wrong = [];
  for (const [i, one] of words.entries()) {
    const inside = one.left >= stage.left && one.right <= stage.right;
    if (!inside || one.top < stage.top || one.bottom > stage.bottom)
      wrong.push(`${one.kind} is cut off`);
    for (const other of [...words.slice(0, i), ...discs]) {
      if (one.of !== undefined && one.of === other.of) continue;
      let x = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      let y = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (other.kind === "server") {
        const radius = (other.right - other.left) / 2;
        const [cx, cy] = [other.left + radius, other.top + radius];
        const away = Math.hypot(
          Math.max(0, one.left - cx, cx - one.right),
          Math.max(0, one.top - cy, cy - one.bottom),
        );
        [x, y] = [radius - away, radius - away];
      }
      if (x > 1 && y > 1) wrong.push(`${one.kind} on ${other.kind}`);
    }
  }
  // No arrow passes over a server that it neither leaves nor reaches.
  for (const way of document.querySelectorAll(".message .way, .thin-line")) {
    const { a, d, e, f } = way.getScreenCTM();
    for (let share = 0.15; share < 0.9; share += 0.05) {
      const at = way.getPointAtLength(share * way.getTotalLength());
      const [x, y] = [at.x * a + e, at.y * d + f];
      for (const disc of document.querySelectorAll(".server .disc")) {
        const box = disc.getBoundingClientRect();
        const radius = (box.right - box.left) / 2;
        const away = Math.hypot(x - box.left - radius, y - box.top - radius);
        if (away < radius) wrong.push(`an arrow over ${disc.closest(".server").dataset.server}`);
      }
    }
  }
  return wrong;
}

/** A crowd in the midst of a change of its configuration, while clients work. */
const CROWD = `servers 9
voters 3
clients 9
seed 3
timeout S1
run 100ms
${[1, 2, 3, 4, 5, 6].map((id) => `work C${id} keys 3 every 5ms..20ms`).join("\n")}
run 300ms
reconfigure S1 voters S1 S2 S3 learners S4 S5 S6 S7
run 200ms
cut S1 S5
cut S1 S6
reconfigure S1 voters S4 S5 S6 learners S7
run 63ms
`;
const fragmentOf = (text) =>
  `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=9999`;

onEveryPage(
  (site) => {
    test("the panel follows the server that acts until the reader pins one", async () => {
      await site().visit({}, async (page) => {
        const shown = () => document.querySelector("#app-tab-server").textContent;
        const followed = (name) =>
          document.querySelector("#app-tab-server").textContent.endsWith(name) &&
          document.querySelector(".follow").getAttribute("aria-checked") === "true";
        const serverOfLast = async () => {
          const lab = globalThis.__raft.lab();
          const { position } = await lab.view(1, 1);
          return `S${(await lab.events(position - 1, position, "en"))[0].server}`;
        };
        await command(page, "timeout S3");
        await until(page, followed, "S3");
        const seen = new Set();
        for (let i = 0; i < 12; i++) {
          await page.keyboard.press("ArrowRight");
          const server = await page.evaluate(serverOfLast);
          await until(page, followed, server);
          seen.add(server);
        }
        assert.ok(seen.size >= 3, `only ${[...seen]} acted`);

        await page.keyboard.press("2");
        await until(page, () => document.querySelector(".chip.on .icon") !== null);
        for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
        assert.match(await page.evaluate(shown), /S2$/);
        assert.equal(
          await page.evaluate(() => document.querySelector(".follow").ariaChecked),
          "false",
        );
        await page.keyboard.press("0");
        await until(page, followed, await page.evaluate(serverOfLast));
      });
    });

    test("a crowd of nine servers and nine clients is read at a glance", async () => {
      await site().visit({ hash: fragmentOf(CROWD) }, async (page) => {
        await page.keyboard.press("End");
        const choice = () => document.querySelector(".segmented [aria-pressed=true]").textContent;
        const drawn = () => document.querySelectorAll(".message").length;
        const thin = () =>
          [...document.querySelectorAll(".thin")].reduce(
            (sum, line) => sum + Number(line.dataset.count),
            0,
          );
        await until(page, () => document.querySelector(".halves") !== null);
        assert.equal(await page.evaluate(choice), "context");
        const [few, others] = [await page.evaluate(drawn), await page.evaluate(thin)];
        assert.ok(few > 0 && others > 0, `${few} arrows, ${others} behind thin lines`);
        await page.keyboard.press("a");
        assert.equal(await page.evaluate(choice), "all");
        assert.equal(await page.evaluate(drawn), few + others);
        await page.keyboard.press("a");
        assert.equal(await page.evaluate(choice), "focus");
        assert.deepEqual([await page.evaluate(drawn), await page.evaluate(thin)], [few, 0]);
        await page.click(".segmented button:nth-child(2)");
        assert.equal(await page.evaluate(thin), others);
        // No client sends an arrow across the ring; who waits says where its request stands.
        assert.equal(await page.$('.message[aria-label*="C1"]'), null);
        const card = () => document.querySelector('[data-client="1"]').textContent;
        assert.match(await page.evaluate(card), /^Client C1: asks k3=a8C1 k3=a8/);
        // Who of each half stores the entry is what the engine says.
        const told = () =>
          [...document.querySelectorAll("[data-half]")].map((half) => [
            half.dataset.half,
            [...half.querySelectorAll("[data-holder].stores")].map((one) => one.dataset.holder),
            half.classList.contains("enough"),
          ]);
        const halves = await page.evaluate(async () => {
          const { servers } = await globalThis.__raft.lab().view(1, 1);
          const { halves } = servers.find((server) => server.halves.length > 0);
          return halves.map(({ voters, tally }) => [
            voters.filter(({ stores }) => stores).map(({ id }) => String(id)),
            tally.have >= tally.need,
          ]);
        });
        assert.deepEqual(await page.evaluate(told), [
          ["C_old", ...halves[0]],
          ["C_new", ...halves[1]],
        ]);
        assert.deepEqual(halves[1], [["4"], false]);
        for (const [width, height] of [
          [1280, 720],
          [1440, 900],
          [768, 1024],
        ]) {
          await page.setViewport({ width, height });
          await until(page, (width) => innerWidth === width, width);
          for (let i = 0; i < 6; i++) {
            await page.keyboard.press("N");
            assert.deepEqual(await page.evaluate(covered), [], `${width}, back ${i}`);
          }
        }
      });
    });

    test("what is pointed at is lit on the stage, in the logs, in time and in words", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S3");
        for (let i = 0; i < 3; i++) await page.keyboard.press("n");
        await command(page, "propose S3 x1");
        await page.keyboard.press("h");
        await until(page, () => document.querySelector(".diagram-names li") !== null);
        const looks = () => {
          const color = (selector, what) => {
            const found = document.querySelector(selector);
            return found === null ? "none" : getComputedStyle(found)[what];
          };
          return {
            disc: color('[data-server="3"] .disc', "strokeWidth"),
            row: color('.log-name[data-of="S3"]', "backgroundColor"),
            lane: color('.tape-lane[data-of="S3"]', "fill"),
            name: color('.diagram-names [data-of="S3"]', "backgroundColor"),
            cell: color('[data-cell="3-1"]', "outlineStyle"),
            axis: color('.log-index[data-of="1"]', "backgroundColor"),
          };
        };
        const differing = (one, other) => Object.keys(one).filter((key) => one[key] !== other[key]);
        const boxes = () =>
          [...document.querySelectorAll(".log-name, .cell, .server, .why, .field")].map((one) =>
            JSON.stringify(one.getBoundingClientRect()),
          );
        await page.mouse.move(1, 1);
        const dark = await page.evaluate(looks);
        const places = await page.evaluate(boxes);
        const ofServer = ["disc", "row", "lane", "name"];
        // On the stage, in the logs, and in time.
        for (const selector of ['[data-server="3"]', '.log-name[data-of="S3"] button']) {
          await page.hover(selector);
          assert.deepEqual(differing(dark, await page.evaluate(looks)), ofServer, selector);
        }
        const lane = await page.evaluate(() => {
          const { left, top, width, height } = document
            .querySelector('.tape-lane[data-of="S3"]')
            .getBoundingClientRect();
          return [left + width / 2, top + height / 2];
        });
        await page.mouse.move(...lane);
        assert.deepEqual(differing(dark, await page.evaluate(looks)), ofServer, "the tape");
        await page.hover('.log-index[data-of="1"]');
        assert.deepEqual(differing(dark, await page.evaluate(looks)), ["cell", "axis"]);
        assert.deepEqual(await page.evaluate(boxes), places, "nothing is laid out again");
        // In the narrator, by its words; and by keys.
        await page.hover('.told [data-of="S3"], .changes [data-of~="S3"]');
        const told = differing(dark, await page.evaluate(looks));
        assert.deepEqual(
          ofServer.filter((one) => !told.includes(one)),
          [],
        );
        await page.mouse.move(1, 1);
        assert.deepEqual(await page.evaluate(looks), dark);
        for (let i = 0; i < 40; i++) {
          await page.keyboard.press("Tab");
          if (await page.evaluate(() => document.activeElement.dataset?.server === "3")) break;
        }
        assert.deepEqual(differing(dark, await page.evaluate(looks)), ofServer, "the focus");
      });
    });

    test("a link cut one way points the way that does not pass", async () => {
      await site().visit({}, async (page) => {
        /** Which server the arrow of a link points at: the angle between the two, in degrees. */
        const offCourse = (from, to) => {
          const link = document.querySelector(
            `[data-link="${Math.min(from, to)}-${Math.max(from, to)}"]`,
          );
          const sign = link.querySelector(".one-way");
          if (!sign?.querySelector(".stop-head") || !sign.querySelector(".stop")) return "no sign";
          const middle = (server) => {
            const box = document
              .querySelector(`[data-server="${server}"] .disc`)
              .getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];
          };
          const [ax, ay] = middle(from);
          const [bx, by] = middle(to);
          const turn =
            (Math.atan2(by - ay, bx - ax) * 180) / Math.PI - Number(sign.dataset.heading);
          return Math.abs(((turn + 540) % 360) - 180);
        };
        const drawn = () => document.querySelectorAll(".one-way").length;
        await command(page, "cut S1 -> S3");
        await until(page, (drawn) => document.querySelectorAll(".one-way").length === drawn, 1);
        assert.ok((await page.evaluate(offCourse, 1, 3)) <= 2);
        const told = await page.evaluate(
          () => document.querySelector('[data-link="1-3"] title').textContent,
        );
        assert.match(told, /cut from S1 to S3/);
        await command(page, "heal S1 -> S3");
        await command(page, "cut S3 -> S1");
        await until(page, () =>
          document.querySelector('[data-link="1-3"]').ariaLabel.includes("from S3 to S1"),
        );
        assert.ok((await page.evaluate(offCourse, 3, 1)) <= 2);
        await command(page, "cut S1 -> S3");
        await until(page, () => document.querySelector('[data-link="1-3"].cut') !== null);
        assert.equal(await page.evaluate(drawn), 0);
      });
    });

    test("what one event breaks of one invariant is one entry, in whole sentences", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S1");
        await page.evaluate(() => globalThis.__raft.lab().advance(200_000));
        await command(page, "propose S1 a b");
        await page.evaluate(() => globalThis.__raft.lab().advance(300_000));
        await command(page, "rewrite S3 entry 1 1:odd");
        const told = await until(page, () => {
          const entries = [...document.querySelectorAll(".broken")];
          return (
            entries.length > 0 &&
            entries.map((entry) => ({
              name: entry.querySelector("b").textContent,
              text: entry.textContent,
              folded: entry.querySelector("details:not([open]) ul")?.children.length ?? 0,
            }))
          );
        });
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.__raft.lab().view(1, 1);
          return violations.map(({ property }) => property);
        });
        const matching = told.filter(({ name }) => name.startsWith("Log Matching"));
        assert.equal(matching.length, 1);
        assert.equal(told.length, new Set(found).size);
        assert.equal(
          matching[0].folded,
          found.filter((property) => property === "Log Matching").length - 1,
        );
        assert.ok(matching[0].folded >= 2, `${matching[0].folded} folded`);
        assert.match(matching[0].text, /S\d and S\d have different commands of the same term/);
        assert.match(matching[0].text, /and \d more/);

        await page.focus(".broken details summary");
        await page.keyboard.press("Enter");
        await until(page, () => document.querySelector(".broken details[open]") !== null);
        await page.keyboard.press("g");
        const chinese = await until(page, () => {
          const text = document.querySelector(".broken").textContent;
          return text.includes("被破坏") && text;
        });
        assert.match(chinese, /指令不同|已提交|状态/);
      });
    });

    test("on a phone a notice covers nothing", async () => {
      await site().visit({ width: 360, height: 740 }, async (page) => {
        await page.keyboard.press("N");
        const lower = await until(page, () => {
          const notice = document.querySelector(".notice")?.getBoundingClientRect();
          if (!notice) return undefined;
          const boxes = [...document.querySelectorAll(".top, .body, .transport")].map((part) =>
            part.getBoundingClientRect(),
          );
          const over = boxes.filter(
            (box) => Math.min(box.bottom, notice.bottom) - Math.max(box.top, notice.top) > 1,
          );
          return { over: over.length, width: notice.width, bottom: boxes.at(-1).bottom };
        });
        assert.deepEqual(lower, { over: 0, width: 360, bottom: 740 });
      });
    });

    for (const width of [360, 1280]) {
      test(`long words stay inside of the page at ${width} px`, async () => {
        const long = "x".repeat(300);
        const text = `title ${long}\nservers 3\ncaption ${long}\ntimeout S1\nrun 50ms\npropose S1 ${long}\nexpect leaders = 2\n`;
        const hash = `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=0`;
        await site().visit({ width, height: 720, hash }, async (page) => {
          await until(page, () => document.querySelector(".notice.error") !== null);
          await command(page, "crash S2");
          await command(page, long);
          await page.keyboard.press("]");
          const wide = await page.evaluate(() => {
            const boxes = document.querySelectorAll(
              ".top > *, .caption > *, .caption p, .notice > *, .why > *, .transport > *",
            );
            const right = document.documentElement.clientWidth;
            const over = [...boxes].filter((box) => {
              const { left, right: end } = box.getBoundingClientRect();
              return (
                left < -1 ||
                end > right + 1 ||
                (box.scrollWidth > box.clientWidth + 1 && box.matches("p"))
              );
            });
            const scrolls = document.documentElement.scrollWidth > right;
            return [
              ...over.map((box) => box.className || box.tagName),
              ...(scrolls ? ["page"] : []),
            ];
          });
          assert.deepEqual(wide, []);
        });
      });
    }

    for (const [width, height] of [
      [360, 740],
      [640, 360],
      [2560, 1440],
    ]) {
      test(`the words of nine servers and their messages do not cover each other at ${width} px`, async () => {
        const before = (page) =>
          site().kind === "chromium" &&
          page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
        await site().visit({ width, height, before }, async (page) => {
          await page.keyboard.press("r");
          await until(page, () => document.querySelector('.sizes input[value="9"]') !== null);
          await page.click('.sizes input[value="9"]');
          await page.keyboard.press("Enter");
          // A message that is pointed at shows its label whether there is room or not.
          await page.mouse.move(2, 2);
          await until(page, () => document.querySelectorAll("[data-server]").length === 9);
          await command(page, "timeout S2");
          for (let event = 0; event < 40; event++) {
            if (event === 30) await command(page, "pause S8");
            await page.keyboard.press("ArrowRight");
            assert.deepEqual(await page.evaluate(covered), [], `after event ${event}`);
          }
        });
      });
    }
  },
  { chromium: ["file"], firefox: ["file"] },
);
