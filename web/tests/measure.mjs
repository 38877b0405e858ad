/**
 * Measures the built page in Chromium and prints a line a figure:
 * `node tests/measure.mjs`. Nothing here passes or fails; docs/performance.md
 * says what the figures were, and where.
 */
import { readdir, readFile } from "node:fs/promises";
import { loadedSize } from "../build.mjs";
import { Site, until } from "./launch.mjs";

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

/** In a page with nothing else: puts a sandboxed laboratory into it, and times what it says and answers. */
function embed(src) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = src;
  const begun = performance.now();
  let loaded = begun;
  frame.addEventListener("load", () => {
    loaded = performance.now();
  });
  const told = new Promise((done) => {
    let ready = 0;
    addEventListener("message", ({ data }) => {
      const now = performance.now();
      if (data?.event === "ready") {
        ready = now;
        const call = { raftLab: 1, id: "crash", call: "do", args: ["crash S1"] };
        frame.contentWindow.postMessage(call, "*");
      } else if (data?.id === "crash") {
        done({ all: ready - begun, afterLoad: ready - loaded, answer: now - ready });
      }
    });
  });
  document.body.append(frame);
  return told;
}

/** A laboratory in a frame, until it is ready and until it has crashed a server. */
async function embedded() {
  const site = await Site.start("chromium", "http");
  const times = [];
  try {
    for (let i = 0; i < 10; i++) {
      const context = await site.browser.createBrowserContext();
      const page = await context.newPage();
      const src = `${site.place.index}?embed#/paper/00-a-leader-crashes?at=80`;
      times.push(await page.evaluate(embed, src));
      await context.close();
    }
  } finally {
    await site.stop();
  }
  for (const [name, field] of [
    ["embedded: ready after its frame was added", "all"],
    ["embedded: ready after its frame had loaded", "afterLoad"],
    ['embedded: answers do("crash S1")', "answer"],
  ])
    report(
      name,
      times.map((time) => time[field]),
    );
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

/** Lets the page play at the speed of real time, while `meanwhile` has ten seconds. */
async function playing(page, how, meanwhile) {
  await page.select("select.speed", "1");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("Space");
  // The first seconds measure the compiler rather than the page.
  await new Promise((wake) => setTimeout(wake, 3000));
  await page.tracing.start({ categories: ["devtools.timeline"] });
  await meanwhile();
  const frames = frameCosts(await page.tracing.stop());
  const spent = (field) => frames.map((frame) => frame[field] / 1000);
  const seconds = (frames.at(-1).at - frames[0].at) / 1e6;
  report(`scripting, styles and layout a frame at 1×, ${how}`, spent("us"));
  report("  of it on the processor", spent("cpuUs"));
  console.log(`  frames a second: ${((frames.length - 1) / seconds).toFixed(1)}`);
}

const TEN_SECONDS_MS = 10_000;

/** Five servers playing, left alone or given a command each 200 ms. */
async function five(site, commands) {
  await site.visit({ width: 1440, height: 900 }, async (page) => {
    await page.evaluate(async () => {
      const lab = globalThis.__raft.lab();
      await lab.act("timeout S1");
      await lab.advance(100_000);
    });
    const how = commands ? "with a command each 200 ms" : "left alone";
    await playing(page, how, async () => {
      for (let i = 1; i <= TEN_SECONDS_MS / 200; i++) {
        if (commands) {
          await page.evaluate((i) => globalThis.__raft.lab().act(`propose S1 c${i}`), i);
        }
        await new Promise((wake) => setTimeout(wake, 200));
      }
    });
  });
}

/** Nine servers and nine clients that ask without a pause. */
async function crowd(site) {
  await site.visit({ width: 1440, height: 900 }, async (page) => {
    await page.evaluate(async () => {
      const text = "servers 9\nclients 9\ntimeout S1\nrun 100ms\nwork clients keys 5 every 1ms";
      const data = new DataTransfer();
      data.items.add(new File([text], "crowd.raft"));
      const to = document.querySelector(".lab");
      to.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, cancelable: true, bubbles: true }),
      );
    });
    await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 9);
    // Once it is open, playing goes on from the end of what it says.
    await page.keyboard.press("End");
    await playing(page, "nine servers and nine clients", async () => {
      await new Promise((wake) => setTimeout(wake, TEN_SECONDS_MS));
    });
    const view = await page.evaluate(() => globalThis.__raft.lab().view(1, 1));
    console.log(`  at ${view.now / 1e6} s, ${view.length} events`);
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
        // No frame is waited for, which would be there by the clock.
        await globalThis.__raft.answered();
        document.body.getBoundingClientRect();
        times.push(performance.now() - begin);
        await new Promise((wake) => requestAnimationFrame(wake));
      }
      return times;
    });
    report("stepping back after ten minutes, drawn", times);
  });
}

/** A run of so many commands, two seconds apart, in which a server crashes now and then. */
function longRun(commands) {
  const lines = ["servers 5", "seed 7", "timeout S1", "run 100ms"];
  for (let i = 0; i < commands; i++) {
    lines.push(`propose leader x${i}`, "run 2s");
    const id = 1 + (i % 5);
    if (i % 25 === 24) lines.push(`crash S${id}`, "run 1s", `restart S${id}`, "run 1s");
  }
  return lines.join("\n");
}

/** What the largest process of the browser holds, in MB: the one that shows the page. */
async function megabytesOf(browser) {
  const all = await readdir("/proc");
  const sizes = all.map(async (pid) => {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const isOurs = command.includes("--type=renderer") && command.includes("chrom");
    return isOurs ? Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000 : 0;
  });
  return browser.process() ? Math.max(0, ...(await Promise.all(sizes))) : 0;
}

/** The diagram of a run of so many commands, all in sight or a part, while it is moved for ten seconds. */
async function diagramOf(site, commands) {
  await site.visit({ width: 1440, height: 900 }, async (page) => {
    const empty = await megabytesOf(site.browser);
    const begun = Date.now();
    await page.evaluate(async (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "long.raft"));
      const to = document.querySelector(".lab");
      to.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, cancelable: true, bubbles: true }),
      );
    }, longRun(commands));
    const events = await until(page, async () => {
      const { length } = await globalThis.__raft.lab().view(1, 1);
      return length > 1000 && length;
    });
    console.log(`a run of ${events} events: opened after ${Date.now() - begun} ms`);
    await page.keyboard.press("End");
    const begin = Date.now();
    await page.keyboard.press("h");
    const drawn = await until(
      page,
      (events) => {
        const count = Number(/[0-9]+/.exec(document.querySelector("canvas")?.ariaLabel ?? "")?.[0]);
        return count >= events && count;
      },
      events,
    );
    console.log(`diagram of ${drawn} events: drawn after ${Date.now() - begin} ms`);
    await page.focus(".diagram-canvas canvas");
    await page.keyboard.press("Home");
    for (const [how, zooms] of [
      ["all of it in sight", 60],
      ["some hundred events in sight", 0],
    ]) {
      for (let i = 0; i < zooms; i++) await page.keyboard.press("s");
      const frames = await page.evaluate(async () => {
        const canvas = document.querySelector(".diagram-canvas");
        const box = canvas.getBoundingClientRect();
        const at = {
          clientX: box.left + 500,
          clientY: box.top + 80,
          bubbles: true,
          cancelable: true,
        };
        const frames = [];
        let last = performance.now();
        for (let i = 0; i < 600; i++) {
          const deltaX = (i % 120 < 60 ? 1 : -1) * 12;
          canvas.dispatchEvent(new WheelEvent("wheel", { ...at, deltaX }));
          await new Promise((wake) => requestAnimationFrame(wake));
          const now = performance.now();
          frames.push(now - last);
          last = now;
        }
        return frames;
      });
      report(`  from frame to frame while it moves, ${how}`, frames);
      await page.keyboard.press("0");
    }
    const memory = await page.metrics();
    const held = (await megabytesOf(site.browser)) - empty;
    console.log(`  JavaScript heap: ${(memory.JSHeapUsedSize / 1e6).toFixed(0)} MB`);
    console.log(`  the page's process, more than before: ${held.toFixed(0)} MB`);
  });
}

console.log(`loaded, gzipped: ${((await loadedSize()).atOnce / 1000).toFixed(1)} KB`);
const site = await Site.start("chromium", "file");
try {
  await disclosing(() => readiness(site));
  await disclosing(embedded);
  await disclosing(() => five(site, false));
  await disclosing(() => five(site, true));
  await disclosing(() => crowd(site));
  await disclosing(() => steppingBack(site));
  await disclosing(() => diagramOf(site, 500));
  await disclosing(() => diagramOf(site, 5000));
} finally {
  await site.stop();
}
