/**
 * What axe-core finds wrong for readers who use a keyboard, a screen reader or stronger contrast: nothing, in
 * every view, both themes and both languages. It looks at what the browser made of the page, which is the
 * same in both browsers, so one of them is asked.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const BOOK = "bugs/l4-term-figure-8.raft";

/** Each view by its name, and how a reader comes to it from the page as it opens. */
const VIEWS = {
  doors: async () => undefined,
  start: async () => undefined,
  "a playbook with broken invariants": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("End");
  },
  "the list of events": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("v");
  },
  "Figure 2 in its tab": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("End");
    await page.keyboard.press("u");
  },
  "Figure 2 over the page": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("End");
    await page.keyboard.press("f");
  },
  "two branches": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("End");
    if (!(await page.$("[data-put-back]"))) return;
    await page.click("[data-put-back]");
    await until(page, () => document.querySelector("main.compare") !== null);
  },
  "a crowd": async (page) => {
    await playbook(page, "paper/02-figure-7.raft");
    await page.keyboard.press("End");
    await until(page, () => document.querySelector(".arrows-bar") !== null);
  },
  presenting: async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("p");
  },
  "the diagram": async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("h");
  },
  "a server that is down, in its menu": async (page) => {
    await command(page, "crash S1");
    await page.keyboard.press("1");
    await page.keyboard.press("m");
    await until(page, () => document.querySelector(".menu") !== null);
  },
  "the text, with a line that cannot be read": async (page) => {
    await page.keyboard.press("w");
    await until(page, () => {
      return !!document.querySelector(".text-editor")?.shadowRoot?.querySelector(".cm-content");
    });
    await page.click(".text-editor");
    await page.keyboard.type("crush S1");
    await until(page, () => document.querySelector(".text-foot .wrong") !== null);
  },
  playbooks: async (page) => {
    await page.keyboard.press("l");
    await until(page, () => document.querySelector("dialog") !== null);
  },
  "a run to build": async (page) => {
    await page.keyboard.press("l");
    await until(page, () => document.querySelector('[data-shelf="build"]') !== null);
    await page.click('[data-shelf="build"] summary');
    await page.click('[data-shelf="build"] [data-playbook]');
    await until(page, () => document.querySelector(".build-actions") !== null);
    await page.click(".hints button");
  },
  "a new run": (page) => page.keyboard.press("r"),
  help: (page) => page.keyboard.press("?"),
  share: async (page) => {
    await playbook(page, BOOK);
    await page.keyboard.press("K");
    await until(page, () => document.querySelector(".share input")?.value !== "");
  },
  embedded: (page) => until(page, () => document.querySelector(".embed .caption") !== null),
  "a refused command": (page) => command(page, "crush S1"),
};

/** What axe finds: the rule, and where. */
async function violations(page) {
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      resultTypes: ["violations"],
      // It would fetch the style sheet, and the page lets nothing be fetched.
      preload: false,
    });
    return violations.map(({ id, nodes }) => ({
      id,
      at: nodes.slice(0, 4).map(({ html, any, all }) => {
        const why = [...any, ...all].map(({ message }) => message).join(" ");
        return `${html.slice(0, 160)} ${why.slice(0, 160)}`;
      }),
    }));
  });
  return found.map(({ id, at }) => `${id}: ${at.join("\n    ")}`);
}

/** Each theme, language and width is among them. */
const READERS = [
  ["light", "en", 1440],
  ["dark", "zh", 360],
];

onEveryPage(
  (site) => {
    for (const [theme, lang, width] of READERS) {
      test(`nothing hinders a reader: ${theme}, ${lang}, ${width} px`, async () => {
        const wrong = [];
        for (const [view, open] of Object.entries(VIEWS)) {
          const before = (page) =>
            page.emulateMediaFeatures([
              { name: "prefers-color-scheme", value: theme },
              { name: "prefers-reduced-motion", value: "reduce" },
            ]);
          const hash = { doors: "", embedded: "?embed" }[view] ?? "#free";
          await site().visit({ width, height: 800, lang, before, hash }, async (page) => {
            await open(page);
            await page.evaluate(axe);
            wrong.push(...(await violations(page)).map((one) => `${view}: ${one}`));
          });
        }
        assert.deepEqual(wrong, []);
      });
    }
  },
  { kinds: ["chromium"], places: ["file"] },
);
