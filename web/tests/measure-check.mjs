/**
 * Measures a search through every run in the page's worker and natively, with one core each, one after the
 * other, and how late a key is meanwhile: `node tests/measure-check.mjs`. docs/performance.md has the figures.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { Site, until, web } from "./launch.mjs";

/** Each message arrives once at most: there is no end to it within the time, and each state is a step. */
const FLAGS = ["--terms", "2", "--commands", "2", "--copies", "0", "--workers", "1"];
const STATES = 4e6;

/** In the page: how many states the newest search has found, and in how many milliseconds. */
const sofar = () => {
  const figures = [...document.querySelectorAll(".check-figures dd")].map(({ textContent }) =>
    Number(textContent.replaceAll(",", "")),
  );
  const [states = 0, rate = 1] = figures;
  return { states, ms: (states / rate) * 1000 };
};

/** Milliseconds from a key to the frame after it, again and again while the search goes on. */
async function lateness(page) {
  return page.evaluate(async () => {
    const times = [];
    for (let i = 0; i < 100; i++) {
      const begun = performance.now();
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }));
      await globalThis.__raft.rest();
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 0)));
      times.push(performance.now() - begun);
    }
    return times.sort((one, other) => one - other);
  });
}

async function inPage() {
  const site = await Site.start("chromium", "file");
  const found = await site.visit({ width: 1440, height: 900 }, async (page) => {
    const quiet = await lateness(page);
    await page.keyboard.press("q");
    await page.click('.check-count [aria-label="One more: commands"]');
    // From any number of copies down to none.
    for (let i = 0; i < 5; i++) await page.click('.check-count [aria-label="One less: copies"]');
    await page.click("[type=submit].check-start");
    await until(page, () => document.querySelector(".check-figures") !== null);
    const busy = await lateness(page);
    for (;;) {
      const now = await page.evaluate(sofar);
      if (now.states >= STATES) return { ...now, quiet, busy };
      await new Promise((wake) => setTimeout(wake, 100));
    }
  });
  await site.stop();
  return found;
}

/** The same for as long natively. */
async function natively(ms) {
  const raftlab = join(dirname(web), "target/release/raftlab");
  const child = spawn(raftlab, ["check", "--json", ...FLAGS, "--memory", "4000"]);
  let printed = "";
  child.stdout.on("data", (some) => {
    printed += some;
  });
  setTimeout(() => child.kill("SIGINT"), ms);
  await new Promise((ended) => child.on("close", ended));
  return JSON.parse(printed).states;
}

const late = (times) =>
  `p95 ${times[Math.floor(times.length * 0.95)].toFixed(1)}, max ${times.at(-1).toFixed(1)} ms`;
const { busy, ms, quiet, states } = await inPage();
const native = await natively(ms);
const rate = (count) => Math.round(count / (ms / 1000)).toLocaleString("en-US");
console.log(
  `${states} states in the page's worker in ${(ms / 1000).toFixed(1)} s: ${rate(states)} a second`,
);
console.log(`natively ${rate(native)} a second`);
console.log(`ratio page/native ${(states / native).toFixed(2)}`);
console.log(
  `from a key to what it did, drawn: ${late(quiet)}; with a search beside it ${late(busy)}`,
);
process.exit(0);
