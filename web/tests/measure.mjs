/**
 * Measures the built page in Chromium and prints a line a figure:
 * `node tests/measure.mjs`. Nothing here passes or fails; docs/performance.md
 * says what the figures were, and where.
 */
import { readFile } from "node:fs/promises";
import { loadedSize } from "../build.mjs";
import { Site } from "./launch.mjs";

/** The value below which `share` of the sorted `values` lie. */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function report(name, values, unit = "ms") {
  const [median, p95, most] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(2));
  console.log(`${name}: median ${median}, p95 ${p95}, max ${most} ${unit} (${values.length})`);
}

/** Jiffies in all and jiffies that the host gave to other machines, on a Linux guest. */
async function jiffies() {
  const stat = await readFile("/proc/stat", "utf8").catch(() => "cpu");
  const counts = stat.split("\n", 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: counts.reduce((sum, count) => sum + count, 0), stolen: counts[7] ?? 0 };
}

/** Says, with what `work` measured, how much of the time the machine was not ours. */
async function disclosing(work) {
  const before = await jiffies();
  await work();
  const after = await jiffies();
  const share = (after.stolen - before.stolen) / Math.max(1, after.all - before.all);
  console.log(`  stolen by the host meanwhile: ${(share * 100).toFixed(1)} %`);
}

/** Opening the page, until it takes input. */
async function readiness(site) {
  const times = [];
  for (let i = 0; i < 10; i++) {
    await site.visit({}, (_page, log) => times.push(log.ready));
  }
  report("ready after opening", times);
}

/** What the main thread does a frame, by the browser's own trace: scripts, styles, layout. */
function frameCosts(trace) {
  const counted = new Set(["FireAnimationFrame", "RunMicrotasks", "UpdateLayoutTree", "Layout"]);
  const events = JSON.parse(new TextDecoder().decode(trace)).traceEvents;
  const timed = events.filter(({ name, ph }) => ph === "X" && counted.has(name));
  timed.sort((a, b) => a.ts - b.ts);
  const frames = [];
  let inside = 0;
  for (const { name, ts, dur = 0, tdur = dur } of timed) {
    if (name === "FireAnimationFrame") frames.push({ at: ts, us: 0, cpuUs: 0 });
    const frame = frames.at(-1);
    // What runs inside of something counted is counted with it.
    if (!frame || ts + dur <= inside) continue;
    frame.us += dur;
    frame.cpuUs += tdur;
    inside = ts + dur;
  }
  return frames;
}

/** Five servers playing at the speed of real time, left alone or given a command each 200 ms. */
async function playing(site, commands) {
  await site.visit({ width: 1440, height: 900 }, async (page) => {
    await page.select("select.speed", "1");
    await page.evaluate(async () => {
      document.activeElement?.blur();
      const lab = globalThis.__raft.lab();
      await lab.act("timeout S1");
      await lab.advance(100_000);
    });
    await page.keyboard.press("Space");
    // The first seconds measure the compiler rather than the page.
    await new Promise((wake) => setTimeout(wake, 3000));
    await page.tracing.start({ categories: ["devtools.timeline"] });
    for (let i = 1; i <= 50; i++) {
      if (commands) await page.evaluate((i) => globalThis.__raft.lab().act(`propose S1 c${i}`), i);
      await new Promise((wake) => setTimeout(wake, 200));
    }
    const frames = frameCosts(await page.tracing.stop());
    const spent = (field) => frames.map((frame) => frame[field] / 1000);
    const seconds = (frames.at(-1).at - frames[0].at) / 1e6;
    const how = commands ? "with a command each 200 ms" : "left alone";
    report(`scripting, styles and layout a frame at 1×, ${how}`, spent("us"));
    report("  of it on the processor", spent("cpuUs"));
    console.log(`  frames a second: ${((frames.length - 1) / seconds).toFixed(1)}`);
  });
}

/** Stepping back through the page, drawing included, after ten simulated minutes. */
async function steppingBack(site) {
  await site.visit({}, async (page) => {
    const times = await page.evaluate(async () => {
      const lab = globalThis.__raft.lab();
      await lab.act("timeout S1");
      await lab.advance(100_000);
      for (let i = 0; i < 600; i++) {
        await lab.act(`propose S1 c${i}`);
        await lab.advance(1_000_000);
      }
      const times = [];
      for (let i = 0; i < 500; i++) {
        const begin = performance.now();
        document.body.dispatchEvent(
          new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }),
        );
        await globalThis.__raft.rest();
        document.body.getBoundingClientRect();
        times.push(performance.now() - begin);
        await new Promise((wake) => requestAnimationFrame(wake));
      }
      return times;
    });
    report("stepping back after ten minutes, drawn", times);
  });
}

console.log(`loaded, gzipped: ${((await loadedSize()).atOnce / 1000).toFixed(1)} KB`);
const site = await Site.start("chromium", "file");
try {
  await disclosing(() => readiness(site));
  await disclosing(() => playing(site, false));
  await disclosing(() => playing(site, true));
  await disclosing(() => steppingBack(site));
} finally {
  await site.stop();
}
