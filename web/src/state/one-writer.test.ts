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
  // The script of playbooks, which the page loads once.
  "state/library.ts",
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

test("a signal is written by the part that has it, and by nothing else", () => {
  // An element has a value as well: an event's own, or one that a component holds.
  const written = /(?<!\bthis\.\w+|currentTarget|\.current)\.value (=|\+=|\?\?=) /;
  assert.deepEqual(
    found(written, (name) => !OF_THE_PAGE.includes(name)),
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
