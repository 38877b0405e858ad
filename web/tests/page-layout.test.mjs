/** Nothing is cut or covered, from a phone to a wall, upright, on its side and at 200 %. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

/** In the page: what is cut, covered or out of sight of what the lesson needs. */
function wrong() {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const { clientWidth: right, scrollWidth } = document.documentElement;
  const found = [];
  if (scrollWidth > right) found.push(`the page scrolls to ${scrollWidth}`);
  const [top, transport] = [box(".top"), box(".transport")];
  const stands = (selector) => {
    const { left, right: end, top: above, bottom } = box(selector);
    if (left < -1 || end > right + 1) found.push(`${selector} from ${left} to ${end}`);
    if (above < top.bottom - 1 || bottom > transport.top + 1)
      found.push(`${selector} is not in sight`);
  };
  for (const selector of [".stage", ".caption p", ".dots"]) stands(selector);
  const told = document.querySelector(".caption p");
  if (told.scrollHeight > told.clientHeight + 1) found.push("the caption is cut");
  for (const control of document.querySelectorAll(
    ".top button, .transport button, .transport input",
  )) {
    const { left, right: end, bottom } = control.getBoundingClientRect();
    if (left < -1 || end > right + 1 || bottom > innerHeight + 1) found.push(control.className);
  }
  const notice = document.querySelector(".notice")?.getBoundingClientRect();
  if (notice && notice.top < box(".caption").bottom - 1 && notice.bottom > box(".caption").top + 1)
    found.push("the notice covers the caption");
  const log = box(".log-scroll");
  for (const cell of document.querySelectorAll(".cell")) {
    const { left, right: end } = cell.getBoundingClientRect();
    // A folded column is a strip of the axis, which goes on beyond the edge.
    const isFolded = end - left < 20;
    if (!isFolded && left < log.right - 2 && end > log.right + 1)
      found.push(`${cell.dataset.cell} is cut`);
  }
  return found;
}

/** In the page: where these stand, from the left and from the top, in whole pixels. */
const placed = (selectors) =>
  Object.fromEntries(
    selectors.map((selector) => {
      const box = document.querySelector(selector)?.getBoundingClientRect();
      const [left, top, right, bottom] = box
        ? [box.left, box.top, box.right, box.bottom].map(Math.round)
        : [];
      return [selector, { left, top, right, bottom }];
    }),
  );

/** In the page: whether the open menu lies over the disc of this server, or leaves the window. */
function menuIsWrong(id) {
  const menu = document.querySelector(".menu").getBoundingClientRect();
  const disc = document.querySelector(`[data-server="${id}"] .disc`).getBoundingClientRect();
  const overlaps =
    menu.left < disc.right &&
    disc.left < menu.right &&
    menu.top < disc.bottom &&
    disc.top < menu.bottom;
  const { left, top, right, bottom } = menu;
  const leaves = left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
  return overlaps || leaves ? `${id}: ${[left, top, right, bottom].map(Math.round)}` : undefined;
}

onEveryPage(
  (site) => {
    test("a tablet keeps four places upright, and two halves when it lies", async () => {
      await site().visit({ width: 820, height: 1180 }, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        await page.keyboard.press("]");
        for (const [width, height] of [
          [820, 1180],
          [768, 1024],
        ]) {
          await page.setViewport({ width, height });
          await until(page, (width) => innerWidth === width, width);
          const all = [".stage", ".aside", ".logs", ".panel", ".transport"];
          await until(page, () => document.querySelector(".aside .why-head") !== null);
          const at = await page.evaluate(placed, all);
          assert.equal(at[".stage"].right, at[".aside"].left);
          assert.equal(at[".stage"].top, at[".aside"].top);
          assert.equal(at[".stage"].bottom, at[".logs"].top);
          for (const across of [".logs", ".panel"]) {
            assert.deepEqual([at[across].left, at[across].right], [0, width], across);
          }
          assert.equal(at[".logs"].bottom, at[".panel"].top);
          assert.ok(at[".panel"].bottom <= at[".transport"].top);
          assert.ok(at[".panel"].bottom - at[".panel"].top > 150);
        }
        await page.setViewport({ width: 1024, height: 768 });
        await until(page, () => document.querySelector(".aside") === null);
        const at = await page.evaluate(placed, [".stage", ".caption", ".panel", ".logs", ".why"]);
        assert.equal(at[".stage"].bottom, at[".logs"].top);
        assert.equal(at[".stage"].right, at[".panel"].left);
        assert.equal(at[".caption"].bottom, at[".panel"].top);
        assert.ok(at[".why"].top > at[".panel"].top, "the narrator is the tab that is open");
        const first = () => document.querySelector('[role="tab"]').getAttribute("aria-selected");
        assert.equal(await page.evaluate(first), "true");
      });
    });

    test("the menu of a server never covers it, at any size", async () => {
      await site().visit({ width: 1280, height: 720 }, async (page) => {
        for (const [width, height] of [
          [1280, 720],
          [768, 1024],
          [360, 740],
        ]) {
          await page.setViewport({ width, height });
          await until(page, (width) => innerWidth === width, width);
          for (let id = 1; id <= 5; id++) {
            await page.evaluate(
              (id) => document.querySelector(`[data-server="${id}"]`).scrollIntoView(),
              id,
            );
            await page.click(`[data-server="${id}"]`);
            await until(
              page,
              () => (document.querySelector(".menu")?.style.top ?? "0px") !== "0px",
            );
            assert.equal(await page.evaluate(menuIsWrong, id), undefined, `${width}`);
            await page.keyboard.press("Escape");
          }
        }
      });
    });

    test("what a finger presses is at least 44 pixels high", async () => {
      // Firefox cannot be told that it is touched.
      if (site().kind !== "chromium") return;
      await site().visit({ width: 820, height: 1180 }, async (page) => {
        await page.setViewport({ width: 820, height: 1180, hasTouch: true, isMobile: true });
        await playbook(page, "seeds/06-test-backup.raft");
        const small = await page.evaluate(() => {
          const all =
            ".top button, .transport button, .transport select, [role=tab], .caption > button";
          return [...document.querySelectorAll(all)].flatMap((one) => {
            const { width, height, right } = one.getBoundingClientRect();
            const isShown = width > 0 && height > 0;
            const fits = height >= 44 && right <= innerWidth;
            return !isShown || fits ? [] : [`${one.className} ${width}×${height} to ${right}`];
          });
        });
        assert.deepEqual(small, []);
      });
    });

    test("on a phone what is asked is whole, and no control covers another", async () => {
      await site().visit({ width: 360, height: 740 }, async (page) => {
        if (site().kind === "chromium")
          await page.setViewport({ width: 360, height: 740, hasTouch: true, isMobile: true });
        await playbook(page, "seeds/09a-fast-backup-case1.raft");
        const covered = () => {
          const all = [
            ...document.querySelectorAll(".transport :is(button, select, input:not([type=range]))"),
          ];
          const boxes = all
            .map((one) => one.getBoundingClientRect())
            .filter((box) => box.width > 0);
          return boxes.flatMap((one, i) =>
            boxes
              .slice(0, i)
              .filter((other) => {
                const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
                const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
                return across > 0.5 && down > 0.5;
              })
              .map((other) => `${one.left} over ${other.left}`),
          );
        };
        assert.deepEqual(await page.evaluate(covered), []);
        for (let i = 0; i < 3; i++) await page.keyboard.press("]");
        await until(page, () => document.querySelector(".bet ol") !== null);
        const isWhole = () =>
          document.querySelector(".bet ol").getBoundingClientRect().bottom <=
          document.querySelector(".transport").getBoundingClientRect().top;
        await until(page, isWhole);
        assert.deepEqual(await page.evaluate(covered), []);
      });
    });

    for (const [width, height] of [
      [360, 740],
      [640, 360],
      [720, 450],
      [768, 1024],
      [960, 540],
      [1280, 720],
      [2560, 1440],
    ]) {
      test(`nothing is cut or covered at ${width}×${height}`, async () => {
        await site().visit({ width, height }, async (page) => {
          await playbook(page, "seeds/06-test-backup.raft");
          for (let phase = 0; phase < 4; phase++) await page.keyboard.press("]");
          assert.deepEqual(await page.evaluate(wrong), []);
          await command(page, "fire S1 quorum");
          await until(page, () => document.querySelector(".notice") !== null);
          assert.deepEqual(await page.evaluate(wrong), []);
          // What does not fit is reached by scrolling, and not lost.
          await page.evaluate(() => document.querySelector(".panel").scrollIntoView());
          assert.ok(await page.evaluate(() => document.querySelector(".panel").clientHeight > 150));
        });
      });
    }
  },
  { chromium: ["file"], firefox: ["file"] },
);
