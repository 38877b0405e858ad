/** Two laboratories on a page share nothing, and what a part of one knows is written there alone. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

/** The tests run from web/, wherever they are bundled to. */
const root = join(process.cwd(), "src");
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name))
  .map((name) => ({ name, lines: readFileSync(join(root, name), "utf8").split("\n") }));

/** The lines that match, as `file:line`. */
function found(pattern: RegExp, among = (_name: string): boolean => true): string[] {
  return files
    .filter(({ name }) => among(name))
    .flatMap(({ name, lines }) => {
      return lines.flatMap((line, i) => (pattern.test(line) ? [`${name}:${i + 1} ${line}`] : []));
    });
}

/** What is the whole page's, and why. */
const OF_THE_PAGE: readonly string[] = [
  // The language of the page, and its theme and size.
  "i18n/index.ts",
  "state/page.ts",
  // The scripts of playbooks and of later parts, which the page loads once.
  "state/library.ts",
  "ui/later.tsx",
  // Whether the site has been renewed since the page was opened.
  "lib/script.ts",
  // How wide words are, which is the same everywhere, and what measures them.
  "ui/measure.ts",
  // A policy can be made once.
  "lib/trusted.ts",
];

test("nothing that changes belongs to a module, but for what is the whole page's", () => {
  const changes =
    /^(export )?(let |const [^=]+= (signal|computed|media|new (Map|Set))\b|const \w+(: [^=]+\[\])? = \[\];)/;
  const elsewhere = found(changes, (name) => !OF_THE_PAGE.includes(name));
  assert.deepEqual(elsewhere, []);
  for (const name of OF_THE_PAGE) {
    assert.notDeepEqual(
      found(changes, (other) => other === name),
      [],
      `${name} may, but has none`,
    );
  }
});

test("what a laboratory knows is in its state, and no signal is anywhere else", () => {
  const observed = /\b(signal|computed|useSignal|useComputed)[(<]/;
  const elsewhere = found(observed, (name) => !OF_THE_PAGE.includes(name));
  assert.deepEqual(
    elsewhere.filter((line) => !line.startsWith("state/observed.ts:")),
    [],
  );
});

test("a group of the state is written by the part of its name", () => {
  const written = /\bstate\.(\w+)\.\w+ (=|\+=|\?\?=) /;
  const parts = found(written).map((line) => {
    const [group = ""] = written.exec(line)?.slice(1) ?? [];
    const file = group.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return { line, isOwn: line.startsWith(`state/${file}.ts:`) };
  });
  assert.ok(parts.length > 20, "the pattern finds what is written");
  assert.deepEqual(
    parts.filter(({ isOwn }) => !isOwn),
    [],
  );
});

test("what is looked for in the page is looked for in the laboratory", () => {
  const everywhere = /document\.(querySelector|getElementById|getElementsBy)/;
  assert.deepEqual(
    found(everywhere, (name) => name !== "main.tsx"),
    [],
  );
});
