/** The module that searches, by itself: it finds what the native search finds, and says why it cannot. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { before } from "node:test";
import { fileURLToPath } from "node:url";
import * as check from "../pkg-check/raft_check_wasm.js";

const web = join(dirname(fileURLToPath(import.meta.url)), "..");

before(() => {
  check.initSync({ module: readFileSync(join(web, "pkg-check/raft_check_wasm_bg.wasm")) });
});

const USUAL = {
  ...{ servers: 3, terms: 2, commands: 1, crashes: 0, snapshots: 0 },
  ...{ reads: 0, transfers: 0, changes: 0, features: [], ablated: [] },
};

/** Searches to the end. */
function searched(bounds, bytesMax = 5e8) {
  const search = new check.Search({ ...USUAL, ...bounds });
  assert.equal(search.refusal(), undefined);
  const flags = search.flags();
  for (;;) {
    const report = search.advance(bytesMax);
    if (report) return { ...report, flags };
  }
}

const refused = (bounds) => new check.Search({ ...USUAL, ...bounds }).refusal();

/** What native searches have found, which native tests compare: a row a rule of docs/ablation.md. */
function native() {
  const text = readFileSync(join(web, "../docs/ablation.md"), "utf8");
  const row = /^\| `([\w-]+)` \| [\w -]+ \| (\d+) \| (\d+) \| `(--terms [^`]+)` \|$/gm;
  return [...text.matchAll(row)].map(([, rule, steps, states, flags]) => {
    const bound = (name) => Number(new RegExp(`--${name} (\\d+)`).exec(flags)?.[1] ?? 0);
    const names = ["terms", "commands", "crashes", "snapshots", "reads", "transfers", "changes"];
    const bounds = Object.fromEntries(names.map((name) => [name, bound(name)]));
    const rest = flags.replace(/--(?:terms|commands|crashes|snapshots|reads) \d+ ?/g, "");
    const isPlain = rest.trim() === `--ablate ${rule}`;
    return { rule, steps: Number(steps), states: Number(states), bounds, isPlain };
  });
}

/** The lines of a playbook that do something. */
const deeds = (text) => text.split("\n").filter((line) => !/^(title|source|caption|$)/.test(line));

test("the same settings give the native states, depth and trace", () => {
  const small = native().filter(({ isPlain, states }) => isPlain && states < 30_000);
  assert.ok(small.length >= 8, `${small.length} rows`);
  for (const { rule, steps, states, bounds } of small) {
    const { broken, progress } = searched({ ...bounds, ablated: [rule] });
    assert.deepEqual([progress.states, broken.depth], [states, steps], rule);
    const kept = readFileSync(join(web, `../docs/checks/shortest/${rule}.raft`), "utf8");
    assert.deepEqual(deeds(broken.text), deeds(kept), rule);
  }
  // Nothing is broken in it, and each state is at one depth: docs/checking.md.
  const { progress, verdict } = searched({});
  const sum = progress.levels.reduce((sum, states) => sum + states, 0);
  assert.deepEqual(
    [verdict, progress.states, progress.levels.length - 1],
    ["exhausted", 26836, 20],
  );
  assert.equal(sum, progress.states);
});

test("what breaks is told step by step, in both languages, and as a playbook", () => {
  const { broken, oneIn } = searched({ ablated: ["RV2-log"] });
  assert.equal(broken.invariant, "leader-completeness");
  assert.equal(broken.steps.length, 9);
  assert.equal(broken.stepsZh.length, 9);
  assert.equal(broken.steps[0], "timeout S1");
  assert.match(broken.steps[1], /^S\d ← S1: RequestVote T1/);
  assert.match(broken.found, /S\d leads, but has nothing at index 1/);
  assert.match(broken.foundZh, /S\d/);
  assert.match(broken.text, /expect broken leader-completeness\n$/);
  assert.ok(oneIn > 1e9);
});

test("it goes on from an instant of a run, with the cluster and the rules of that run", () => {
  const text =
    "servers 3\nablate RV2-log\nlatency 10ms\ntimeout S1\nrun 25ms\npropose S1 x\nrun 100ms\n";
  const { broken, flags } = searched({
    servers: 5,
    terms: 1,
    commands: 0,
    from: { text, events: 9 },
  });
  assert.equal(broken.invariant, "leader-completeness");
  assert.doesNotMatch(flags, /servers/);
  assert.match(broken.text, /propose S1 x/);
});

test("what cannot be searched is said, in both languages", () => {
  const ofTime = refused({ features: ["check-quorum"] });
  assert.match(ofTime.message, /check-quorum/);
  assert.match(ofTime.messageZh, /check-quorum/);
  assert.match(refused({ servers: 9 }).message, /more than 5/);
  assert.match(refused({ crashes: 200 }).message, /15/);
  assert.match(refused({ ablated: ["XX"] }).message, /XX is unknown/);
  const from = (text, events = 0) => refused({ from: { text, events } });
  assert.match(from("servers 3\nclients 1\n").message, /clients/);
  assert.match(from("servers 3\npause S2\nrun 1ms\n", 1).message, /S2 is paused/);
  assert.match(from("servers 3\ncrsh S1\n").message, /crsh/);
  assert.match(from("servers 3\ncrsh S1\n").messageZh, /crsh.*。/);
  assert.match(from("servers 3\nuse check-quorum\n").message, /check-quorum/);
});

test("it ends where there is no more room, and says so", () => {
  const { progress, verdict } = searched({ commands: 3, copies: 0, terms: 3 }, 2e7);
  assert.equal(verdict, "outOfMemory");
  assert.ok(progress.waiting > 0);
});
