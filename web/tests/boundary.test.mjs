/** The WebAssembly boundary by itself, without a page: what pkg/raft_wasm.d.ts promises. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { before } from "node:test";
import { fileURLToPath } from "node:url";
import * as raft from "../pkg/raft_wasm.js";

const pkg = join(dirname(fileURLToPath(import.meta.url)), "../pkg");

before(() => {
  raft.initSync({ module: readFileSync(join(pkg, "raft_wasm_bg.wasm")) });
});

/** A lab of so many servers, which must open. */
function lab(servers = 5, seed = 1) {
  const opened = raft.Lab.open(`servers ${servers}\nseed ${seed}\n`);
  assert.equal(opened.error(), undefined);
  return opened.lab();
}

test("the package has the files and fields of wasm-pack's", () => {
  const manifest = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  const { name, type, files, main, types, sideEffects } = manifest;
  assert.deepEqual(
    { name, type, files, main, types, sideEffects },
    {
      name: "raft-wasm",
      type: "module",
      files: ["raft_wasm_bg.wasm", "raft_wasm.js", "raft_wasm.d.ts"],
      main: "raft_wasm.js",
      types: "raft_wasm.d.ts",
      sideEffects: ["./snippets/*"],
    },
  );
});

test("elections after a crash are played by their seeds, and nothing by a header that cannot be read", () => {
  const header = "servers 5\nelection 150ms..200ms\nheartbeat 75ms\nlatency 5ms..10ms";
  const columns = ({ leaderless, split }) => [[...leaderless], [...split]];
  const all = columns(raft.failovers(header, 1, 40));
  const [some, more] = [
    columns(raft.failovers(header, 1, 15)),
    columns(raft.failovers(header, 16, 25)),
  ];
  assert.deepEqual(all, [some[0].concat(more[0]), some[1].concat(more[1])]);
  assert.ok(all[0].every((us) => us > 50_000 && us < 4_000_000));
  assert.ok(all[1].includes(1) && all[1].includes(0));
  assert.equal(raft.failovers("servers many", 1, 1), undefined);
  assert.match(raft.failoverText(header, 3), /^seed 3\nservers 5[\s\S]*crash S1/);
});

test("the vocabulary is in two languages, and what it offers can be typed", () => {
  const [english, chinese] = ["en", "zh"].map((lang) => raft.vocabulary(lang, false));
  assert.deepEqual(english[0], {
    verb: "step",
    forms: ["step 10"],
    meaning: "the next ten events happen; without a number, the next one",
    isSaid: false,
  });
  const whole = raft.vocabulary("zh", true);
  assert.deepEqual(whole.slice(0, chinese.length), chinese);
  const said = whole.filter(({ isSaid }) => isSaid).map(({ verb }) => verb);
  assert.ok(said.includes("caption") && said.includes("title") && !said.includes("repeat"));
  assert.equal(chinese.length, english.length);
  assert.match(chinese[0].meaning, /\p{Script=Han}/u);
  assert.equal(lab().act(english[0].forms[0]).kind, "done");
});

test("a branch is a text whose lines lead somewhere, and another text takes its place", () => {
  const text = "title Three\nservers 3\n\ntimeout S1\nrun 50ms\nexpect leaders = 2\n";
  const run = raft.Lab.open(text).lab();
  const written = run.text();
  assert.equal(written.text, text);
  assert.deepEqual([...written.line], [4, 5, 7]);
  assert.deepEqual([...written.at], [0, 0, 50_000]);
  run.goToLine(4);
  assert.deepEqual([run.position, run.now], [1, 0]);
  // Failures count lines in the playbook, above which a name of the branch may stand.
  run.nameBranch(0, "mine", "name it");
  assert.equal(run.failures()[0].problem.line + run.text().shift, 7);
  assert.equal(run.undo(), true);

  const recorded = run.record("crash S2", 4);
  assert.equal(recorded.error(), undefined);
  assert.equal(recorded.line, 5);
  const opening = new raft.Opening(recorded.text);
  while (!opening.goOn());
  assert.equal(run.rewrite(opening, recorded.line, "record").kind, "done");
  assert.deepEqual([run.text().text, run.position], [recorded.text, 2]);
  assert.equal(run.branches().length, 1);
  assert.equal(run.view(1, 1).undoable, "record");
  run.undo();
  assert.deepEqual([run.text().text, run.position], [text, 1]);

  const broken = new raft.Opening("servers 3\ncrush S1\n");
  assert.equal(run.rewrite(broken, 1, "edit").kind, "refused");
  assert.equal(run.text().text, text);
  run.goTo(0);
  run.advance(1);
  const block = raft.Lab.open(
    "servers 3\nrepeat 2\n  run 5ms\n  crash S1\n  restart S1\nend\n",
  ).lab();
  block.goTo(1);
  assert.equal(block.record("crash S2", 0).error().line, 2);
});

test("the declarations leave nothing untyped", () => {
  const declarations = readFileSync(join(pkg, "raft_wasm.d.ts"), "utf8");
  // What follows are the exports of the module itself, which the page does not touch.
  const typed = declarations.slice(0, declarations.indexOf("export interface InitOutput"));
  const prose = /\/\*[\s\S]*?\*\//g;
  assert.deepEqual(typed.replaceAll(prose, "").match(/.*\bany\b.*/g), null);
});

test("a cluster elects a leader and commits what it is given", () => {
  const cluster = lab();
  cluster.advance(3_000_000);
  const { leader, servers } = cluster.view(1, 20);
  assert.ok(leader >= 1 && leader <= 5, `leader ${leader}`);
  assert.equal(servers.length, 5);
  assert.equal(cluster.act(`propose S${leader} x1 x2`).kind, "done");
  cluster.advance(1_000_000);
  const { servers: later, violations } = cluster.view(1, 20);
  assert.deepEqual(violations, []);
  for (const { id, log } of later) {
    const texts = log.filter(({ committed }) => committed).map(({ text }) => text);
    assert.ok(texts.includes("x1") && texts.includes("x2"), `S${id}: ${texts}`);
  }
  cluster.free();
});

test("what cannot be done is refused with a place and a remedy, and changes nothing", () => {
  const cluster = lab();
  const digest = cluster.digest();
  for (const action of [
    "crush S1",
    "crash S9",
    "crash",
    "rewrite S1 term minus",
    "cut S1 S1",
    "\0",
  ]) {
    const { kind, problem } = cluster.act(action);
    assert.equal(kind, "refused", action);
    assert.ok(problem.message.length > 0 && problem.remedy.length > 0, action);
    assert.equal(typeof problem.line, "number");
    assert.equal(typeof problem.column, "number");
  }
  assert.equal(cluster.digest(), digest);
  cluster.free();
});

test("a wrong number of servers and a broken playbook do not open", () => {
  for (const servers of [0, 10, 1e9]) {
    const opened = raft.Lab.open(`servers ${servers}\n`);
    assert.equal(opened.lab(), undefined);
    assert.ok(opened.error().message.length > 0);
  }
  const broken = raft.Lab.open("servers 3\nseed 1\ncaption One\nstep 3\ncrsh S1\n");
  assert.equal(broken.lab(), undefined);
  assert.equal(broken.error().line, 5);
});

test("the engine says who is deposed, and who does what is asked of a leader", () => {
  const deposing = "timeout S1\nrun 50ms\ndisconnect S1\ntimeout S2\nrun 50ms\ncrash S3\n";
  const cluster = raft.Lab.open(`servers 3\n${deposing}`).lab();
  cluster.goTo(cluster.view(1, 1).length);
  const { servers } = cluster.view(1, 1);
  const seen = (field) => servers.map((server) => server[field]);
  assert.deepEqual(seen("role"), ["leader", "leader", "follower"]);
  assert.deepEqual(seen("isDeposed"), [true, false, false]);
  assert.deepEqual(seen("takesRequests"), [true, true, false]);
});

test("a saved run opens again as the same run", () => {
  const cluster = lab(3, 7);
  cluster.advance(2_000_000);
  cluster.act("crash S2");
  cluster.advance(2_000_000);
  const again = raft.Lab.open(cluster.save());
  assert.equal(again.error(), undefined);
  assert.equal(again.lab().digest(), cluster.digest());
});

test("going back and forth ends where it was, and acting in the past makes a branch", () => {
  const cluster = lab(5, 3);
  cluster.advance(5_000_000);
  const { position } = cluster.view(1, 10);
  const digest = cluster.digest();
  cluster.goTo(Math.floor(position / 2));
  assert.ok(cluster.stepBack());
  assert.deepEqual(cluster.step(), { kind: "passed", events: 1 });
  cluster.goTo(position);
  assert.equal(cluster.digest(), digest);
  cluster.goTo(Math.floor(position / 2));
  assert.equal(cluster.act("crash S1").kind, "done");
  assert.equal(cluster.branches().length, 2);
});

test("columns of Events are typed arrays of one length", () => {
  const cluster = lab();
  const { kind: outcome, events } = cluster.advance(1_000_000);
  assert.equal(outcome, "passed");
  const { at, server, what, fate, mark } = cluster.columns(0, events);
  assert.ok(at instanceof Float64Array);
  for (const column of [server, what, fate, mark]) {
    assert.ok(column instanceof Uint8Array);
    assert.equal(column.length, at.length);
  }
  assert.equal(at.length, events);
});

test("uses count the Events in which each clause acted, and name them", () => {
  const cluster = lab();
  cluster.advance(1_000_000);
  const all = cluster.events(0, 1e6, "en");
  const { soFar } = cluster.uses();
  const lines = raft.figure("en");
  assert.equal(soFar.length, lines.length);
  for (const [place, { rule }] of lines.entries()) {
    const acted = all.filter(({ rules }) => rules.includes(rule.id));
    assert.equal(soFar[place], acted.length, rule.id);
    assert.deepEqual(cluster.usesOf(rule.id, 1, 3, "en"), acted.slice(1, 4), rule.id);
  }
});

test("a question says where it is asked and revealed, and which answer is right", () => {
  const opened = raft.Lab.open(`servers 3
latency 10ms
timeout S1
run 9ms
ask Does S2 vote for S1?
ask.zh S2 会投给 S1 吗？
answer Yes.
answer.zh 会。
when voted_for S2 = S1
answer No.
when voted_for S2 = none
mistake It votes for itself first.
why It has not voted yet.
step
reveal
run 10ms
`);
  assert.equal(opened.error(), undefined);
  const cluster = opened.lab();
  assert.deepEqual(cluster.questions("zh"), [
    {
      text: "S2 会投给 S1 吗？",
      answers: [
        { text: "会。", when: "voted_for S2 = S1", mistake: "" },
        { text: "No.", when: "voted_for S2 = none", mistake: "It votes for itself first." },
      ],
      right: 0,
      why: "It has not voted yet.",
      key: "Does S2 vote for S1?",
      line: 5,
      askedPosition: 2,
      askedAt: 9000,
      revealedPosition: 3,
      revealedAt: 10000,
    },
  ]);
  cluster.goTo(3);
  const vote = cluster.view(1, 1).messages.find((message) => message.from === 2);
  assert.deepEqual([vote.label, vote.labelZh], ["✓ granted", "✓ 同意"]);
});

test("a run to build says how far it has come, and keeps its way to itself", () => {
  const playbook = `servers 3
latency 10ms
timeout S1
run 50ms

build Two servers store x, and the third one never does.
build.zh 两台服务器存有 x，第三台始终没有。
actions 3
goal Two servers store x.
when stored x = 2
goal x is committed.
when commit S1 = 1 and stored x = 2
always Nobody crashes.
when running = 3
hint A link can be cut.
hint.zh 链路可以切断。
why Two of three are a majority.
rules L4 AE4
way cut S1 -> S3
way propose S1 x
way run 40ms
`;
  const cluster = raft.Lab.open(playbook).lab();
  const asked = cluster.build("zh");
  assert.equal(asked.text, "两台服务器存有 x，第三台始终没有。");
  assert.deepEqual(
    [asked.bound, asked.line, asked.startedAt, asked.hints, asked.verbs],
    [3, 6, 50_000, 2, []],
  );
  assert.doesNotMatch(JSON.stringify(asked), /cut S1|majority|AE4/, "what is not to be told yet");
  cluster.goToInstant(asked.startedPosition, asked.startedAt);
  const states = [];
  for (const line of ["cut S1 -> S3", "propose S1 x", "run 12ms", "run 28ms"]) {
    assert.equal(cluster.act(line).kind, "done");
    const { goals, used, donePosition } = cluster.build("en");
    states.push([goals.map((goal) => goal.position !== undefined), used, donePosition]);
  }
  const done = cluster.build("en");
  assert.deepEqual(states, [
    [[false, false], 1, undefined],
    [[false, false], 2, undefined],
    [[true, false], 2, undefined],
    [[true, true], 2, done.donePosition],
  ]);
  assert.equal(done.why, "Two of three are a majority.");
  assert.deepEqual(done.rules, ["AE4", "L4"]);
  assert.deepEqual(
    done.actions.map(({ line, isAllowed }) => [line, isAllowed]),
    [
      ["cut S1 -> S3", true],
      ["propose S1 x", true],
    ],
  );
  assert.match(done.actions[1].came, /S1/);
  assert.equal(done.goals[1].found, "commit S1 = 1, stored x = 2");
  assert.equal(done.always[0].position, undefined);
  // Undo gives an Action back.
  cluster.undo();
  assert.equal(cluster.build("en").used, 1);
  assert.equal(cluster.hint(0, "zh").text, "链路可以切断。");
  assert.deepEqual(cluster.hint(1, "en").way, ["cut S1 -> S3", "propose S1 x", "run 40ms"]);
  assert.equal(cluster.hint(2, "en"), undefined);
  assert.equal(cluster.cannotBeBuilt("L4", "en").isRight, false, "it can be built");
  const never = raft.Lab.open(playbook.replace("way cut", "cannot\nway cut")).lab();
  assert.equal(never.cannotBeBuilt("C2", "en").isRight, false, "not because of this");
  assert.deepEqual(never.cannotBeBuilt("L4", "en"), {
    isRight: true,
    why: "Two of three are a majority.",
    rules: ["AE4", "L4"],
  });
  assert.deepEqual([never.hint(1, "en").isImpossible, never.hint(1, "en").way], [true, []]);
  assert.equal(lab().build("en"), undefined);
});

test("a playbook says with which run it is compared", () => {
  const text =
    "servers 3\ntimeout S1\nrun 50ms\ncontrast do crash S1\nsame What is the same?\nprinciple A majority is enough.\nrun 5ms\n";
  const [contrast] = raft.Lab.open(text).lab().contrasts("zh");
  assert.deepEqual(
    [contrast.line, contrast.at, contrast.action, contrast.same, contrast.principle],
    [4, 50_000, "crash S1", "What is the same?", "A majority is enough."],
  );
  const others = ["without L4-term", "with pre-vote", "seed 7"].map((other) => {
    const [view] = raft.Lab.open(text.replace("do crash S1", other)).lab().contrasts("en");
    return [view.without, view.feature, view.seed, view.action];
  });
  assert.deepEqual(others, [
    [["L4-term"], undefined, undefined, undefined],
    [[], "pre-vote", undefined, undefined],
    [[], undefined, 7, undefined],
  ]);
});
