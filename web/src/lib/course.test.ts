/** The course leaves out nothing of the notes that the laboratory comes from. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(process.cwd(), "../playbooks");
const lessons = readdirSync(join(root, "course"));

/** The numbered parts of the notes. */
const PARTS = 25;

test("each part of the notes has its place in a lesson", () => {
  assert.ok(lessons.length >= 12 && lessons.length <= 16, `${lessons.length}`);
  const seen = lessons.flatMap((lesson) => {
    const text = readFileSync(join(root, "course", lesson), "utf8");
    return (/^see (.+)$/m.exec(text)?.[1] ?? "").split(" ");
  });
  const notes = readdirSync(join(root, "seeds"));
  for (const note of notes) assert.ok(seen.includes(`seeds/${note}`), `${note} is in no lesson`);
  for (let part = 1; part <= PARTS; part += 1) {
    const number = String(part).padStart(2, "0");
    assert.ok(
      notes.some((note) => note.startsWith(number)),
      `part ${number} has no playbook`,
    );
  }
});

test("each lesson asks, compares, and ends with a run to build", () => {
  for (const lesson of lessons) {
    const text = readFileSync(join(root, "course", lesson), "utf8");
    for (const word of ["minutes", "ask", "ask.zh", "contrast", "same", "alike", "principle"])
      assert.match(text, new RegExp(`^${word} `, "m"), `${lesson}: ${word}`);
    assert.match(text, /^then build\/.+\.raft$/m, lesson);
    const first = /^(?:ask|caption) /m.exec(text)?.[0];
    assert.equal(first, "ask ", `${lesson} begins with a question`);
  }
});
