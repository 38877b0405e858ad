/**
 * How fast the page's engine is beside a native build of the same code:
 * `node tests/speed.mjs`. Both play the same runs in turn, in Node and by an example
 * of raft-play, and each ratio is of neighbours in time, since others share the machine.
 * The first rounds are not counted: only after them has V8 compiled what is hot with
 * its optimising compiler. Nothing here passes or fails, unless the digests differ.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as raft from "../pkg/raft_wasm.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const warmups = 4;
const rounds = Number(process.argv[2] ?? 25);

raft.initSync({ module: readFileSync(join(root, "web/pkg/raft_wasm_bg.wasm")) });

/** Runs of chaos, as the example `digests` of raft-check writes them. */
const count = 100;
const folder = mkdtempSync(join(tmpdir(), "raft-runs-"));
execFileSync(
  "cargo",
  [
    "run",
    "--release",
    "--quiet",
    "-p",
    "raft-check",
    "--example",
    "digests",
    "--",
    `${count}`,
    folder,
  ],
  { cwd: root },
);
const texts = Array.from({ length: count }, (_, seed) =>
  readFileSync(join(folder, `${seed}.raft`), "utf8"),
);

/** What is done, by its name in crates/raft-play/examples/speed.rs; each answers its digests. */
const works = {
  runs: (count) => texts.slice(0, count).map(digest).join(),
  load: (count) => {
    const commands = Array.from({ length: count }, (_, i) => `propose leader c${i}\nrun 10ms\n`);
    return digest(`servers 5\nseed 7\nrun 1s\n${commands.join("")}`);
  },
};

/** Plays a run and answers its digest. */
function digest(text) {
  const opened = raft.Lab.open(text);
  const lab = opened.lab();
  const found = lab?.digest() ?? opened.error()?.message;
  lab?.free();
  opened.free();
  return found;
}

/** The native program, which answers each line with one. */
async function startNative() {
  const profile = ["--release", "-p", "raft-play", "--example", "speed"];
  const build = spawn("cargo", ["build", ...profile], { cwd: root, stdio: "inherit" });
  const [code] = await once(build, "exit");
  if (code !== 0) process.exit(1);
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const program = join(target, "release/examples/speed");
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async work(line) {
      child.stdin.write(`${line}\n`);
      const { value } = await lines.next();
      const [ms, digest] = value.split(/ (.*)/);
      return { ms: Number(ms), digest };
    },
    stop: () => child.stdin.end(),
  };
}

/**
 * The milliseconds that the processor has spent on the main thread, which others on the
 * machine change less than those that passed; the latter where the system does not tell.
 */
function spentMs() {
  const stat = "/proc/self/schedstat";
  if (!existsSync(stat)) return performance.now();
  return Number(readFileSync(stat, "utf8").split(" ", 1)[0]) / 1e6;
}

function inWasm(name, count) {
  const begin = spentMs();
  const digest = works[name](count);
  return { ms: spentMs() - begin, digest };
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function compare(native, title, name, count, folder = "") {
  const times = { native: [], wasm: [], ratio: [] };
  for (let round = 0; round < warmups + rounds; round++) {
    const before = await native.work(`${name} ${count} ${folder}`);
    const here = inWasm(name, count);
    const after = await native.work(`${name} ${count} ${folder}`);
    if (here.digest !== before.digest) throw new Error(`${title}: the digests differ`);
    if (round < warmups) continue;
    const ms = (before.ms + after.ms) / 2;
    times.native.push(ms);
    times.wasm.push(here.ms);
    times.ratio.push(ms / here.ms);
  }
  const median = (values) => quantile(values, 0.5).toFixed(1);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(times.ratio, q).toFixed(2));
  console.log(`${title}: native ${median(times.native)} ms, wasm ${median(times.wasm)} ms`);
  console.log(`  ratio wasm/native ${middle} (half of ${rounds} rounds: ${low} to ${high})`);
}

const native = await startNative();
try {
  await compare(native, "100 runs of chaos", "runs", count, folder);
  await compare(native, "2000 commands, one each 10 ms", "load", 2000);
} finally {
  native.stop();
  rmSync(folder, { recursive: true });
}
