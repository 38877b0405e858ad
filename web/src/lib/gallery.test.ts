import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { INVARIANTS, mistakeOf, tells } from "./gallery";
import { cardOf } from "./playbook";

const folder = join(process.cwd(), "../playbooks/bugs");
const cards = readdirSync(folder).map((file) =>
  cardOf(`bugs/${file}`, readFileSync(join(folder, file), "utf8")),
);
const gallery = cards.flatMap((card) => mistakeOf(card) ?? []);

test("each mistake of the gallery has its words, its code, its clause and what falls", () => {
  assert.ok(gallery.length >= 20, `${gallery.length}`);
  const clauses = readFileSync(join(process.cwd(), "../crates/raft-core/src/rule.rs"), "utf8");
  for (const { card, said, code, breaks, rule } of gallery) {
    assert.ok(said.en.length > 15 && /\p{Script=Han}/u.test(said.zh), card.path);
    assert.ok(code.length > 8, card.path);
    const isOfClients = /^clients /m.test(card.text);
    const isClause = rule !== undefined && clauses.includes(`"${rule}"`);
    assert.ok(isClause || isOfClients, `${card.path}: ${rule}`);
    const isBreaking = /^expect .*\bbroken /m.test(card.text);
    assert.equal(breaks.length > 0, isBreaking, card.path);
  }
  const note = cards.filter((card) => /^# The mistake:/m.test(card.text));
  assert.equal(gallery.length, note.length, "none is left out for want of a line");
});

test("a mistake is found by words of either language and by its code", () => {
  const found = (words: string): string[] =>
    gallery.filter((one) => tells(one, words)).map(({ rule = "" }) => rule);
  assert.ok(found("heartbeat success").includes("AE2"));
  assert.ok(found("心跳").includes("AE2"));
  assert.ok(found("len(args.Entries) == 0").includes("AE2"));
  assert.deepEqual(found("quaternion"), []);
});

test("an invariant is named in the gallery as it is in the engine", () => {
  const said = readFileSync(join(process.cwd(), "../crates/raft-play/src/words/broken.rs"), "utf8");
  const arms = [...said.matchAll(/Invariant::(\w+) => \("([^"]+)", "([^"]+)"\)/g)];
  const engine = arms.map(([, variant = "", en, zh]) => [idOf(variant), { en, zh }] as const);
  assert.ok(engine.length > 10, `${engine.length}`);
  assert.deepEqual(INVARIANTS, Object.fromEntries(engine));
});

/** How a playbook writes an invariant: `ElectionSafety` is `election-safety`. */
function idOf(variant: string): string {
  return variant.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
