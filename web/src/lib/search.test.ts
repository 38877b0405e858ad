import assert from "node:assert/strict";
import test from "node:test";
import { cardOf } from "./playbook";
import { holdsAll, search } from "./search";

const cards = [
  cardOf(
    "seeds/06.raft",
    "title TestBackup 2B/3B · Fifty entries\ncaption XIndex 1 moves nextIndex.\n",
  ),
  cardOf("lab/c4.raft", "title TestFigure82C/3C\ncaption Leaders crash.\n"),
  cardOf("seeds/09a.raft", "title Fast backup 1\nrewrite S1 log 4:a 5:b 5:c\nuse pre-vote\n"),
  cardOf("bugs/l4.raft", "title Figure 8\n# A split brain is seen.\nablate L4-term\n"),
];

const found = (wanted: string): string[] => search(cards, wanted).map(({ card }) => card.path);

test("a test is found by what go test prints", () => {
  assert.deepEqual(found("TestBackup3B"), ["seeds/06.raft"]);
  assert.deepEqual(found("testbackup2b"), ["seeds/06.raft"]);
  assert.deepEqual(found("--- FAIL: TestBackup3B (17.23s)"), ["seeds/06.raft"]);
  assert.deepEqual(found("TestFigure83C"), ["lab/c4.raft"]);
});

test("words are found in whatever spelling", () => {
  for (const wanted of ["PreVote", "prevote", "pre-vote"]) {
    assert.deepEqual(found(wanted), ["seeds/09a.raft"], wanted);
  }
  assert.deepEqual(found("xindex"), ["seeds/06.raft"]);
  assert.deepEqual(found("NEXTINDEX"), ["seeds/06.raft"]);
  assert.deepEqual(found("l4-term"), ["bugs/l4.raft"]);
  assert.deepEqual(found("split brain"), ["bugs/l4.raft"]);
  assert.deepEqual(found("4 5 5"), ["seeds/09a.raft"]);
  assert.deepEqual(found("3 4"), [], "a short word is a whole word");
});

test("names come first, and what is nowhere is not found", () => {
  assert.deepEqual(found("figure 8"), ["bugs/l4.raft", "lab/c4.raft"]);
  assert.deepEqual(found("unicorn"), []);
  assert.deepEqual(
    found("  "),
    cards.map(({ path }) => path),
  );
});

test("the line that was found is shown", () => {
  assert.equal(search(cards, "split brain")[0]?.line, "A split brain is seen.");
  assert.equal(search(cards, "figure 8")[0]?.line, "");
});

test("a sentence holds words whole where they are short, but not where nothing parts them", () => {
  assert.ok(holdsAll("S1 ← S5: RequestVote reply ✓ granted C2-vote", "s5 vote c2vote"));
  assert.ok(!holdsAll("S1 ← S50: RequestVote", "S5"));
  assert.ok(holdsAll("S1 得到选票，当选领导者", "选票 当选"));
});

test("an excerpt is in the reader's language, or there is none", () => {
  const text = "caption Logs agree up to two.\ncaption.zh 日志一致到二。\n# A note on skew.\n";
  const told = [cardOf("seeds/x.raft", `title X\n${text}`)];
  const line = (wanted: string, lang: "en" | "zh") => search(told, wanted, lang)[0]?.line;
  assert.equal(line("agree", "en"), "Logs agree up to two.");
  assert.equal(line("agree", "zh"), "日志一致到二。");
  assert.equal(line("一致", "en"), "Logs agree up to two.");
  assert.equal(line("skew", "zh"), "");
});
