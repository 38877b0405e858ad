import assert from "node:assert/strict";
import { test } from "node:test";
import { address_of, kept_hash, playbook_hash } from "./address.ts";
import { fragment_of } from "./link.ts";

test("a playbook is addressed by its name, and the instant", async () => {
  const path = "seeds/06-test-backup.raft";
  assert.equal(playbook_hash(path, 7), "#/seeds/06-test-backup?at=7");
  assert.equal(playbook_hash(path, 0), "#/seeds/06-test-backup");
  assert.deepEqual(await address_of(playbook_hash(path, 7)), { kind: "playbook", path, at: 7 });
  assert.deepEqual(await address_of("#/seeds/06-test-backup.raft?at=x"), {
    kind: "playbook",
    path,
    at: 0,
  });
});

test("runs are addressed as a whole, or by their names in the journal", async () => {
  const text = "servers 3\n";
  const hash = `#${await fragment_of(text, 3)}`;
  assert.deepEqual(await address_of(hash), { kind: "run", text, at: 3 });
  assert.deepEqual(await address_of(kept_hash("a-1", 2)), { kind: "kept", id: "a-1", at: 2 });
});

test("what is no address is none, and what is torn is broken", async () => {
  assert.deepEqual(await address_of(""), { kind: "none" });
  assert.deepEqual(await address_of("#top"), { kind: "none" });
  assert.deepEqual(await address_of("#run=AAAA"), { kind: "broken" });
  assert.deepEqual(await address_of("#/%"), { kind: "broken" });
});
