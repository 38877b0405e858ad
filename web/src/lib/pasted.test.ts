/** What people paste when a lab test fails leads somewhere: tests, lines of `go test`, logs, words. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pasted, playbookOfLogs } from "./pasted";
import { cardOf } from "./playbook";
import { nearest, search } from "./search";
import { SYMPTOMS } from "./symptoms";

/** The tests run from web/. */
const root = join(process.cwd(), "../playbooks");
const paths = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".raft"))
  .map((name) => name.replaceAll("\\", "/"));
const cards = paths.map((path) => cardOf(path, readFileSync(join(root, path), "utf8")));

const PARTS: Readonly<Record<string, string>> = {
  A: "InitialElection ReElection ManyElections",
  B: "BasicAgree RPCBytes FollowerFailure LeaderFailure FailAgree FailNoAgree ConcurrentStarts Rejoin Backup Count",
  C: "Persist1 Persist2 Persist3 Figure8 UnreliableAgree Figure8Unreliable ReliableChurn UnreliableChurn",
  D: "SnapshotBasic SnapshotInstall SnapshotInstallUnreliable SnapshotInstallCrash SnapshotInstallUnCrash SnapshotAllCrash SnapshotInit",
};

test("each of the 28 tests is known by its name, in both editions and any spelling", () => {
  let count = 0;
  for (const [part, names] of Object.entries(PARTS)) {
    for (const name of names.split(" ")) {
      count += 1;
      const spellings = [
        `Test${name}2${part}`,
        `Test${name}3${part}`,
        `Test${name}`,
        `test${name.toLowerCase()}3${part.toLowerCase()}`,
      ];
      for (const wanted of spellings) {
        const what = pasted(wanted);
        assert.ok(what.kind === "test", wanted);
        assert.equal(what.name, `Test${name}`, wanted);
        const found = search(cards, what.name).map(({ card }) => card.path);
        assert.ok(
          found.some((path) => path.startsWith("lab/")),
          `${wanted} in the lab`,
        );
      }
    }
  }
  assert.equal(count, 28);
});

const PRINTED: readonly (readonly [line: string, kind: string, about?: string])[] = [
  ["--- FAIL: TestBackup3B (19.85s)", "test", "TestBackup"],
  ["=== RUN   TestFigure8Unreliable3C", "test", "TestFigure8Unreliable"],
  ["--- FAIL: TestPersist12C (7.10s)", "test", "TestPersist1"],
  ["Test (3A): initial election (reliable network)...", "test", "TestInitialElection"],
  ["Test (3A): election after network failure (reliable network)...", "test", "TestReElection"],
  ["Test (2B): leader backs up quickly over incorrect follower logs ...", "test", "TestBackup"],
  ["Test (3C): Figure 8 (unreliable) (unreliable network)...", "test", "TestFigure8Unreliable"],
  ["Test (3C): basic persistence (reliable network)...", "test", "TestPersist1"],
  [
    "Test (3D): install snapshots (crash) (reliable network)...",
    "test",
    "TestSnapshotInstallCrash",
  ],
  [
    "Test (3D): crash and restart all servers (unreliable network)...",
    "test",
    "TestSnapshotAllCrash",
  ],
  ["    test_test.go:171: one(8047) failed to reach agreement", "symptom"],
  ["config.go:604: one(5464) failed to reach agreement", "symptom"],
  ["2024/03/01 12:00:00 apply error: commit index=4 server=0 5 != server=1 6", "symptom"],
  ["warning: term changed even though there were no failures", "symptom"],
  ["    config.go:432: expected one leader, got none", "symptom"],
  ["    config.go:424: term 3 has 2 (>1) leaders", "symptom"],
  ["server 2 apply out of order 11", "symptom"],
  ["too many RPCs (61) to elect initial leader", "symptom"],
  ["    config.go:600: log size too large", "symptom"],
  ["panic: runtime error: index out of range [3] with length 3", "symptom"],
  ["WARNING: DATA RACE", "symptom"],
];

test("lines that go test prints are read", () => {
  assert.ok(PRINTED.length >= 20);
  for (const [line, kind, about] of PRINTED) {
    const what = pasted(line);
    assert.equal(what.kind, kind, line);
    if (what.kind === "test") assert.equal(what.name, about, line);
  }
});

const ENGLISH =
  "election timeout|split vote|heartbeat|majority|commitIndex|nextIndex|matchIndex|prevLogIndex|leaderCommit|XTerm|snapshot|Figure 8|split brain|leader keeps changing|pre-vote|lease|transfer|joint consensus|learner|client|linearizable|crash|restart|disk|partition|conflict|candidate|term|persist|duplicate|stuck|two leaders|committed entry lost";
const CHINESE =
  "选举|选举超时|投票|心跳|任期|日志|提交|多数派|快照|领导者|跟随者|候选人|崩溃|重启|磁盘|分区|冲突|网络|客户端|读|成员|脑裂|计时器|复制|回复|条目|索引|频繁选举|选不出|达不成一致|丢失已提交|活锁";

test("thirty words in each language find something", () => {
  for (const words of [ENGLISH, CHINESE]) {
    const all = words.split("|");
    assert.ok(all.length >= 30);
    for (const word of all) {
      const what = pasted(word);
      const found = what.kind === "symptom" ? what.symptom.playbooks : search(cards, word);
      assert.ok(found.length > 0, word);
    }
  }
});

test("logs are read as terms, and make a playbook of servers that have them", () => {
  const log = (server: number, terms: string) => ({ server, entries: terms.split(" ") });
  const two = [log(1, "4 5 5"), log(2, "4 6 6 6")];
  for (const text of ["4 5 5 / 4 6 6 6", "S1: 4 5 5\nS2: 4 6 6 6", "S2: 4 6 6 6 | S1: [4, 5, 5]"])
    assert.deepEqual(pasted(text), { kind: "logs", logs: two }, text);
  for (const text of [
    "4 5 5",
    "AppendEntries / RequestVote",
    "2026/11/27",
    "2026/11/27 12:00:00",
    "4 0 / 4 5",
    "5 4 / 4 5",
    "S1: 4 5 / S1: 4 6",
  ])
    assert.equal(pasted(text).kind, "words", text);
  const { text, at } = playbookOfLogs([log(1, "4 5:me"), log(2, "4 6")], 2);
  assert.equal(at, 6, "after two lines a server");
  assert.match(text, /^servers 3$/m);
  assert.match(text, /^rewrite S1 log 4:a4 5:me$/m);
  assert.match(text, /^rewrite S3 log 4:a4 6:b6$/m);
  assert.match(text, /^timeout S2$/m);
  const named = playbookOfLogs([log(1, "4"), log(4, "4 6")], 4);
  assert.match(named.text, /^servers 4$/m);
  assert.match(named.text, /^rewrite S4 log 4:a4 6:b6$/m);
  assert.doesNotMatch(named.text, /S2 log/);
});

test("what a symptom leads to is there", () => {
  const rules = readFileSync(join(root, "../docs/rules.md"), "utf8");
  for (const { said, rules: wanted, playbooks } of SYMPTOMS) {
    for (const rule of wanted) assert.ok(rules.includes(`\`${rule}\``), `${rule} of ${said}`);
    for (const path of playbooks) assert.ok(paths.includes(path), `${path} of ${said}`);
  }
});

/** How it is said in the trackers of real implementations, and what it ought to lead to. */
const REPORTED: readonly (readonly [title: string, path: string])[] = [
  ["stale read after network partition", "bugs/rd2-deposed-leader-reads.raft"],
  ["node applied different entries at same index", "bugs/rv2-log-leader-behind.raft"],
  ["Raft leader steps down when a partitioned node rejoins", "paper/07-return.raft"],
  ["duplicate vote response counted twice", "bugs/rv2-vote-two-votes.raft"],
  ["node votes twice after crash", "bugs/p1-vote-before-disk.raft"],
  ["wiped server votes again in the same term", "build/17-a-lost-log.raft"],
  ["node restarted with empty data dir votes twice", "build/17-a-lost-log.raft"],
  ["server loses its disk, committed entry is gone", "build/17-a-lost-log.raft"],
  ["数据目录被清空的节点再次投票", "build/17-a-lost-log.raft"],
  ["follower with an empty log", "seeds/05-first-election.raft"],
  ["snapshot install rolls back applied index", "bugs/is5-old-snapshot-installed.raft"],
  ["two nodes believe they are leader", "seeds/07-two-leaders.raft"],
  ["client request executed twice", "bugs/client-without-sessions.raft"],
  ["removed node keeps starting elections", "paper/16-removed-server.raft"],
  ["AppendEntries with old term accepted", "course/03-what-a-term-is-for.raft"],
  ["读到旧数据", "bugs/rd2-deposed-leader-reads.raft"],
  ["节点重启后重复投票", "bugs/p1-vote-before-disk.raft"],
  ["分区恢复后领导者退位", "paper/07-return.raft"],
  ["快照回退", "bugs/is5-old-snapshot-installed.raft"],
  ["重复执行", "bugs/client-without-sessions.raft"],
];

test("what a bug tracker says leads to the run that shows it", () => {
  for (const [title, path] of REPORTED) {
    const what = pasted(title);
    const near = nearest(cards, title).map(({ card }) => card.path);
    const found = what.kind === "symptom" ? what.symptom.playbooks : near;
    assert.ok(found.includes(path), `${title}: ${what.kind} ${found.join(" ")}`);
  }
  assert.deepEqual(nearest(cards, "quaternion zebra"), []);
});
