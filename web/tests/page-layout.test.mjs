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
    if (left < log.right - 2 && end > log.right + 1) found.push(`${cell.dataset.cell} is cut`);
  }
  return found;
}

onEveryPage(
  (site) => {
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
  { places: ["file"] },
);
