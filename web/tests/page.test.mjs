/** The page opens by itself, in every browser, from a file and from a server. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { loadedSize } from "../build.mjs";
import { onEveryPage, playbook, requested, until, web } from "./launch.mjs";

/** What the page may weigh before anything is asked for, as promised; how fast it is, measure.mjs tells. */
const mostBytes = 450_000;
/** What its words may weigh in a language that is loaded for those who read it. */
const mostWordsBytes = 8_000;

test("all that the page loads is small", async () => {
  const { atOnce, chinese } = await loadedSize();
  assert.ok(atOnce <= mostBytes, `${atOnce} bytes gzipped, more than ${mostBytes}`);
  assert.ok(chinese <= mostWordsBytes, `${chinese} bytes of words, more than ${mostWordsBytes}`);
});

/** What waits by the clock: on a slower machine it looks too early. */
const byTheClock = [/\bwaitForTimeout\b/, /Promise\(\(?(\w+)\)? => setTimeout\(\1\b/];

test("page tests wait for what they see, and not by the clock", async () => {
  const folder = join(web, "tests");
  const names = (await readdir(folder)).filter((name) => /^page.*\.test\.mjs$/.test(name));
  assert.ok(names.length > 30);
  for (const name of names) {
    const text = await readFile(join(folder, name), "utf8");
    for (const one of byTheClock) assert.doesNotMatch(text, one, name);
  }
});

onEveryPage((site) => {
  test("opens, on a laptop and in English", async (t) => {
    await site().visit({ width: 1280, height: 720 }, async (page, log) => {
      await t.test("without asking anybody for anything", async () => {
        const text = await page.evaluate(() => document.body.textContent.trim());
        assert.notEqual(text, "", "the page shows something");
        // Firefox does not report what a page loads from files.
        if (site().from === "http") {
          assert.deepEqual(requested(log), ["/", "/dist/app.css", "/dist/app.js"]);
        }
      });

      await t.test("without scrolling", async () => {
        const [height, width] = await page.evaluate(() => {
          const { scrollHeight, scrollWidth } = document.documentElement;
          return [scrollHeight, scrollWidth];
        });
        assert.ok(height <= 720 && width <= 1280, `${width}×${height} needed`);
      });

      await t.test("in English", () => speaks(page, "en", /leader/i));

      await t.test("with a content policy that forbids everything else", async () => {
        const policy = await page.evaluate(
          () =>
            document.querySelector('meta[http-equiv="Content-Security-Policy" i]')?.content ?? "",
        );
        assert.match(policy, /default-src 'none'/);
        assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
      });

      await t.test("with an engine that runs", async () => {
        const servers = await page.evaluate(async () => {
          const lab = globalThis.__raft.lab();
          await lab.advance(3_000_000);
          return (await lab.view(1, 5)).servers.map(({ id }) => id);
        });
        assert.deepEqual(servers, [1, 2, 3, 4, 5]);
      });

      await t.test(
        "with playbooks, and what else is opened later, once they are asked for",
        async () => {
          await playbook(page, "paper/05-snapshot.raft");
          await page.keyboard.press("?");
          await until(page, () => document.querySelector(".help") !== null);
          if (site().from === "http") {
            const names = requested(log).filter((name) => !/^\/(dist\/app\.(css|js))?$/.test(name));
            assert.deepEqual(names, ["/dist/parts.css", "/dist/parts.js", "/dist/playbooks.js"]);
          }
        },
      );
    });
  });

  test("opens, on a phone and in Chinese", async (t) => {
    await site().visit({ width: 390, height: 844, lang: "zh" }, async (page) => {
      await t.test("within its width", async () => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= 390, `${width} pixels wide`);
      });

      await t.test("in Chinese", () => speaks(page, "zh", /选举|领导者|跟随者/));
    });
  });
});

async function speaks(page, lang, word) {
  const [spoken, text] = await page.evaluate(() => [
    document.documentElement.lang,
    document.body.textContent,
  ]);
  assert.ok(spoken.startsWith(lang), `lang="${spoken}"`);
  assert.ok(word.test(text), `no ${word} in ${text.slice(0, 200)}`);
}
