import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, foldersOf } from "./playbook.ts";

test("a card takes both titles from the head of the file", () => {
  const card = cardOf("seeds/01-ae0.raft", "# words\ntitle First\ntitle.zh 第一\nservers 5\n");
  assert.equal(card.folder, "seeds");
  assert.deepEqual(card.title, { en: "First", zh: "第一" });
});

test("a file without a title is called by its name", () => {
  assert.deepEqual(cardOf("loose.raft", "step 3\n").title, { en: "loose", zh: "loose" });
});

test("folders go from lessons to bugs, files by their paths", () => {
  const folders = foldersOf([
    { path: "bugs/b.raft", text: "" },
    { path: "bugs/c.raft", text: "" },
    { path: "own/d.raft", text: "" },
    { path: "seeds/a.raft", text: "" },
  ]);
  assert.deepEqual(
    folders.map((folder) => [folder.name, folder.cards.length]),
    [
      ["seeds", 1],
      ["bugs", 2],
      ["own", 1],
    ],
  );
});
