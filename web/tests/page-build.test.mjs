/** A run to build: the goal with its live state, the list of Actions, hints, and saying that it cannot be done. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, until, web } from "./launch.mjs";

const folder = join(web, "../playbooks");
const books = ["build", "course"].flatMap((name) =>
  readdirSync(join(folder, name)).map((file) => {
    const path = `${name}/${file}`;
    return { path, text: readFileSync(join(folder, path), "utf8") };
  }),
);
/** The first playbook of a folder that says so in a line. */
const saying = (name, line) =>
  books.find(({ path, text }) => path.startsWith(name) && line.test(text));
const POSSIBLE = books.find(
  ({ path, text }) => path.startsWith("build/") && !/^cannot$/m.test(text),
);
const IMPOSSIBLE = saying("build/", /^cannot$/m);
const LESSON = saying("course/", /^contrast without /m);
const view = () => globalThis.__raft.lab().build("en");
const count = (selector) => document.querySelectorAll(selector).length;
const isThere = (selector) => document.querySelector(selector) !== null;

onEveryPage(
  (site, once) => {
    test("a run is built by Actions, each with what came of it; undo gives one back", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, POSSIBLE.path);
        await until(page, isThere, ".build-actions");
        const { bound, startedPosition } = await page.evaluate(view);
        await until(
          page,
          async (at) => (await globalThis.__raft.lab().position()) === at,
          startedPosition,
        );
        assert.equal(await page.evaluate(count, ".build-actions .open"), bound);
        assert.equal(await page.evaluate(count, ".goals .now"), 1);
        // Hints come one at a time, and the way only at the end.
        const { hints } = await page.evaluate(view);
        for (let i = 1; i <= hints; i++) {
          assert.equal(await page.evaluate(count, ".hints li"), i - 1);
          assert.equal(await page.evaluate(count, ".hints pre"), 0);
          await page.click(".hints button");
          await until(page, (i) => document.querySelectorAll(".hints li").length === i, i);
        }
        const way = (await page.evaluate(textOf, ".hints pre")).split("\n");
        await command(page, way[0]);
        await until(
          page,
          (open) => document.querySelectorAll(".build-actions .open").length === open,
          bound - 1,
        );
        await page.click(".build-ways button");
        await until(
          page,
          (open) => document.querySelectorAll(".build-actions .open").length === open,
          bound,
        );
        for (const line of way) await command(page, line);
        await until(page, isThere, ".built");
        assert.match(await page.evaluate(textOf, ".built"), /Done in \d+ Actions?/);
        assert.equal(await page.evaluate(count, ".goals .now"), 0);
        assert.equal(await page.evaluate(isThere, ".hints"), false);
        // What one says of it is there at the next visit.
        await page.type(".build-line input", "answered, or not");
        await page.keyboard.press("Tab");
        const kept = () => localStorage.getItem("raft-lab.course.lines") ?? "";
        await until(
          page,
          (path) => localStorage.getItem("raft-lab.course.lines")?.includes(path),
          POSSIBLE.path,
        );
        assert.match(await page.evaluate(kept), /answered, or not/);
        // Begun anew, it is not done, and the library knows that it was.
        await page.click(".build-ways button:last-child");
        await until(page, isThere, ".goals .now");
        await page.keyboard.press("l");
        await until(page, isThere, '[data-shelf="build"]');
        assert.match(await page.evaluate(textOf, '[data-shelf="build"] .shelf-count'), /^1 of/);
      });
    });

    once("what cannot be built is answered by the clause that forbids it", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, IMPOSSIBLE.path);
        await until(page, isThere, ".cannot button");
        await page.click(".cannot button");
        const [rule] = /^rules (.*)/m.exec(IMPOSSIBLE.text)[1].split(" ");
        await page.select(".cannot select", rule === "IS1" ? "IS2" : "IS1");
        await until(page, isThere, ".cannot [role=status]");
        assert.equal(await page.evaluate(isThere, ".built"), false);
        await page.select(".cannot select", rule);
        await until(page, isThere, ".built");
        const said = await page.evaluate(textOf, ".built");
        assert.ok(said.includes("Right: it cannot be done") && said.includes(rule), said);
      });
    });

    once("a lesson is looked at beside another run, and its principle comes last", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, LESSON.path);
        await until(page, isThere, ".lesson-end");
        // Over its first question it does not say to press Play.
        await page.keyboard.press("]");
        await until(page, isThere, ".bet ol");
        assert.match(await page.evaluate(textOf, ".caption"), /A question first; \d+ steps follow/);
        await page.keyboard.press("End");
        const { alike, same, principle } = await page.evaluate(async () => {
          const [first] = await globalThis.__raft.lab().contrasts("en");
          return first;
        });
        await page.click("[data-contrast]");
        await until(page, isThere, "main.compare .alike h2");
        await until(page, (same) => document.querySelector(".alike h2").textContent === same, same);
        assert.equal(await page.evaluate(isThere, ".principle"), false);
        await page.keyboard.press("x");
        await until(page, isThere, ".principle");
        // What was asked is answered before that.
        assert.equal(await page.evaluate(textOf, ".alike p"), alike);
        assert.ok(alike.length > 20);
        const told = () => document.querySelector(".principle p:last-child").textContent;
        assert.equal(await page.evaluate(told), principle);
        await page.keyboard.press("Escape");
        await page.click(".lesson-end .main");
        await until(page, isThere, ".build-actions");
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
