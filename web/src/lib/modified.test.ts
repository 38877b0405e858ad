import assert from "node:assert/strict";
import { test } from "node:test";
import { marked } from "./modified";

test("a run without a rule says so once, and no longer once the rule is back", () => {
  const text = "servers 3\nablate AE2\n";
  const once = marked(text, ["AE2"]);
  assert.equal(once, `# Modified Raft: without AE2\n${text}`);
  assert.equal(marked(once, ["AE2", "L4"]), `# Modified Raft: without AE2 L4\n${text}`);
  assert.equal(marked(once, []), text);
});
