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

/**
 * What is looked at in one visit, by where it begins: each view by its name, and how a reader comes to it
 * from the one before it.
 */
const VISITS = [
  ["", { doors: async () => undefined }],
  [
    "?embed",
    { embedded: (page) => until(page, () => document.querySelector(".embed .caption") !== null) },
  ],
  [
    "#free",
    {
      start: async () => undefined,
      "a server that is down, in its menu": async (page) => {
        await command(page, "crash S1");
        await page.keyboard.press("1");
        await page.keyboard.press("m");
        await until(page, () => document.querySelector(".menu") !== null);
      },
      "a refused command": async (page) => {
        await page.keyboard.press("Escape");
        await command(page, "crush S1");
        await until(page, () => document.querySelector(".notice") !== null);
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
    },
  ],
  [
    "#free",
    {
      "a new run": (page) => sheet(page, "r", ".new-run"),
      help: (page) => sheet(page, "?", ".language-lines dt"),
      playbooks: (page) => sheet(page, "l", "[data-playbook]"),
      "a run to build": async (page) => {
        await page.click('[data-shelf="build"] summary');
        await page.click('[data-shelf="build"] [data-playbook]');
        await until(page, () => document.querySelector(".build-actions") !== null);
        await page.click(".hints button");
      },
      "a crowd": async (page) => {
        await playbook(page, "paper/02-figure-7.raft");
        await page.keyboard.press("End");
        await until(page, () => document.querySelector(".arrows-bar") !== null);
      },
    },
  ],
  [
    "#free",
    {
      "a playbook with broken invariants": async (page) => {
        await playbook(page, BOOK);
        await page.keyboard.press("End");
      },
      share: async (page) => {
        await sheet(page, "K", ".share input");
        await until(page, () => document.querySelector(".share input").value !== "");
      },
      "the list of events": async (page) => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("v");
        await until(page, () => document.querySelector(".events-heads") !== null);
      },
      "Figure 2 in its tab": async (page) => {
        await page.keyboard.press("u");
        await until(page, () => document.querySelector("[data-rule]") !== null);
      },
      "Figure 2 over the page": async (page) => {
        await page.keyboard.press("f");
        await until(page, () => document.querySelector(".figure-spread [data-rule]") !== null);
      },
      "the diagram": async (page) => {
        await page.keyboard.press("Escape");
        await page.keyboard.press("h");
        await until(page, () => document.querySelector(".diagram canvas") !== null);
      },
      presenting: async (page) => {
        await page.keyboard.press("h");
        await page.keyboard.press("p");
        await until(page, () => document.querySelector(".presenting") !== null);
      },
      "two branches": async (page) => {
        await page.keyboard.press("Escape");
        // On a narrow page what is told of an event has a tab of its own.
        await page.evaluate(() => document.querySelector("[id$=tab-why]")?.click());
        await page.click("[data-put-back]");
        await until(page, () => document.querySelector("main.compare") !== null);
      },
    },
  ],
];

/** Opens a sheet by its key, in the place of one that is open. */
async function sheet(page, key, selector) {
  await page.keyboard.press("Escape");
  await page.keyboard.press(key);
  await until(page, (selector) => document.querySelector(selector) !== null, selector);
}

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
        const before = (page) =>
          page.emulateMediaFeatures([
            { name: "prefers-color-scheme", value: theme },
            { name: "prefers-reduced-motion", value: "reduce" },
          ]);
        for (const [hash, views] of VISITS) {
          await site().visit({ width, height: 800, lang, before, hash }, async (page) => {
            await page.evaluate(axe);
            for (const [view, open] of Object.entries(views)) {
              await open(page);
              wrong.push(...(await violations(page)).map((one) => `${view}: ${one}`));
            }
          });
        }
        assert.deepEqual(wrong, []);
      });
    }
  },
  { chromium: ["file"] },
);
