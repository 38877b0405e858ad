/**
 * What somebody has at hand when a lab test fails: its name, in any spelling and edition; a line
 * that `go test` printed; two logs; a symptom; or words.
 */
import { SYMPTOMS, type Symptom } from "./symptoms";
import { pastedLogs, type TypedLog, termOf } from "./typed-logs";

export type Pasted =
  /** A test of the lab by its name without its part: `TestBackup`. */
  | { readonly kind: "test"; readonly name: string; readonly parts: string }
  /** Two logs or more. */
  | { readonly kind: "logs"; readonly logs: readonly TypedLog[] }
  | { readonly kind: "symptom"; readonly symptom: Symptom }
  | { readonly kind: "words" };

/** The tests of the lab, and what the newer editions print in place of their names. */
const TESTS: readonly (readonly [name: string, parts: string, printed: string])[] = [
  ["TestInitialElection", "2A/3A", "initial election"],
  ["TestReElection", "2A/3A", "election after network failure"],
  ["TestManyElections", "2A/3A", "multiple elections"],
  ["TestBasicAgree", "2B/3B", "basic agreement"],
  ["TestRPCBytes", "2B/3B", "RPC byte count"],
  ["TestFollowerFailure", "3B", "test progressive failure of followers"],
  ["TestLeaderFailure", "3B", "test failure of leaders"],
  ["TestFailAgree", "2B/3B", "agreement after follower reconnects"],
  ["TestFailNoAgree", "2B/3B", "no agreement if too many followers disconnect"],
  ["TestConcurrentStarts", "2B/3B", "concurrent Start()s"],
  ["TestRejoin", "2B/3B", "rejoin of partitioned leader"],
  ["TestBackup", "2B/3B", "leader backs up quickly over incorrect follower logs"],
  ["TestCount", "2B/3B", "RPC counts aren't too high"],
  ["TestPersist1", "2C/3C", "basic persistence"],
  ["TestPersist2", "2C/3C", "more persistence"],
  ["TestPersist3", "2C/3C", "partitioned leader and one follower crash"],
  ["TestFigure8Unreliable", "2C/3C", "Figure 8 (unreliable)"],
  ["TestFigure8", "2C/3C", "Figure 8"],
  ["TestUnreliableAgree", "2C/3C", "unreliable agreement"],
  ["TestUnreliableChurn", "2C/3C", "unreliable churn"],
  ["TestReliableChurn", "2C/3C", "churn"],
  ["TestSnapshotBasic", "2D/3D", "snapshots basic"],
  ["TestSnapshotInstallUnreliable", "2D/3D", "install snapshots (disconnect+unreliable)"],
  ["TestSnapshotInstallUnCrash", "2D/3D", "install snapshots (unreliable+crash)"],
  ["TestSnapshotInstallCrash", "2D/3D", "install snapshots (crash)"],
  ["TestSnapshotInstall", "2D/3D", "install snapshots (disconnect)"],
  ["TestSnapshotAllCrash", "2D/3D", "crash and restart all servers"],
  ["TestSnapshotInit", "2D/3D", "snapshot initialization after crash"],
];

/** Letters and digits only: `Test Backup 3B`, `test_backup` and `TestBackup` are the same. */
function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

export function pasted(text: string): Pasted {
  const logs = pastedLogs(text);
  if (logs) return { kind: "logs", logs };
  const test = testOf(text);
  if (test) return { kind: "test", name: test[0], parts: test[1] };
  const symptom = SYMPTOMS.find(({ said }) => said.test(text));
  return symptom ? { kind: "symptom", symptom } : { kind: "words" };
}

/** The test that is named, alone or in a line of `go test`: `--- FAIL: TestBackup3B (19.85s)`. */
function testOf(text: string): readonly [string, string] | undefined {
  const named = /Test[A-Za-z]+\d?[A-Za-z]*(?:[2-5][A-D])?/i.exec(text)?.[0];
  // `TestPersist12C` is TestPersist1 of part 2C, and `TestFigure82C` TestFigure8.
  const wanted = letters(named ?? text).replace(/[2-5][a-d]$/, "");
  const printed = /^(?:\.\.\. |Test )?\((?:part )?[2-5][A-D](?:[^)]*)\):\s*(.+)/i.exec(
    text.trim(),
  )?.[1];
  const hasPart = /[2-5][A-D]\b/i.test(text);
  const found = TESTS.find(([name, , words]) => {
    const whole = letters(name);
    // “Figure 8” alone is what the paper shows, and “Figure 8 3C” the test.
    if (wanted === whole || (hasPart && wanted === whole.slice("test".length))) return true;
    // A description is followed by dots, or by what the network is like.
    return printed !== undefined && letters(printed).startsWith(letters(words));
  });
  return found && [found[0], found[1]];
}

/**
 * A playbook of servers with these logs, in which one of them asks for votes first. A server of which nothing
 * is said has an empty log; the last log stands for one server more where an election among two would
 * need both of them. It is shown first once the servers have their logs.
 */
export function playbookOfLogs(
  logs: readonly TypedLog[],
  first: number,
): { readonly text: string; readonly at: number } {
  const last = logs.at(-1);
  const all =
    last?.server === 2 && logs.length === 2 ? [...logs, { ...last, server: 3 }] : [...logs];
  const term = Math.max(1, ...all.flatMap(({ entries }) => entries.map(termOf)));
  const lines = all.flatMap(({ server, entries }) => {
    return [
      `rewrite S${server} log ${entries.map(named).join(" ")}`,
      `rewrite S${server} term ${term}`,
    ];
  });
  const text = [
    `title ${wordsOfLogs(logs)}`,
    `servers ${Math.max(...all.map(({ server }) => server))}`,
    "seed 1",
    "latency 10ms",
    ...lines,
    "",
    `caption ${logs.map((log) => `S${log.server} has the terms ${termsOf(log)}`).join("; ")}. S${first} asks for votes.`,
    `caption.zh ${logs.map((log) => `S${log.server} 的任期是 ${termsOf(log)}`).join("；")}。S${first} 请求选票。`,
    `timeout S${first}`,
    "run 400ms",
    "",
  ].join("\n");
  return { text, at: lines.length };
}

/** The terms of a log, as they are told. */
export function termsOf({ entries }: TypedLog): string {
  return entries.map(termOf).join(" ");
}

/** Logs in one line. */
export function wordsOfLogs(logs: readonly TypedLog[]): string {
  return logs.map(termsOf).join(" / ");
}

/** An entry with a command: one that none was written for is named by its place. */
function named(entry: string, at: number): string {
  const letter = String.fromCharCode(97 + (at % 26));
  return entry.includes(":") ? entry : `${entry}:${letter}${entry}`;
}
