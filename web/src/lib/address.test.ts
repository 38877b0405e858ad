import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, keptHash, playbookHash } from "./address.ts";
import { fragmentOf } from "./link.ts";

test("a playbook is addressed by its name, and the instant", async () => {
  const path = "seeds/06-test-backup.raft";
  assert.equal(playbookHash(path, 7), "#/seeds/06-test-backup?at=7");
  assert.equal(playbookHash(path, 0), "#/seeds/06-test-backup");
  assert.deepEqual(await addressOf(playbookHash(path, 7)), { kind: "playbook", path, at: 7 });
  assert.deepEqual(await addressOf("#/seeds/06-test-backup.raft?at=x"), {
    kind: "playbook",
    path,
    at: 0,
  });
});

test("runs are addressed as a whole, or by their names in the journal", async () => {
  const text = "servers 3\n";
  const hash = `#${await fragmentOf(text, 3)}`;
  assert.deepEqual(await addressOf(hash), { kind: "run", text, at: 3 });
  assert.deepEqual(await addressOf(keptHash("a-1", 2)), { kind: "kept", id: "a-1", at: 2 });
});

test("what is no address is none, and what is torn is broken", async () => {
  assert.deepEqual(await addressOf(""), { kind: "none" });
  assert.deepEqual(await addressOf("#top"), { kind: "none" });
  assert.deepEqual(await addressOf("#run=AAAA"), { kind: "broken" });
  assert.deepEqual(await addressOf("#/%"), { kind: "broken" });
});
