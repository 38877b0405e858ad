/** Two laboratories on one page: each with its own engine, state and keys, and one of them owns the page. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { onEveryPage, patient, until, web } from "./launch.mjs";
import { reachEngines } from "./reach.mjs";

const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript" };
const PAGE = `<!doctype html>
<title>Two</title>
<link rel="stylesheet" href="/dist/app.css">
<style>.lab { height: 540px }</style>
<main><h1>Host</h1><p><button>Press <kbd>K</kbd></button><input><code>code</code><a href="#">link</a></p>
<ul><li>item</ul><table><tr><td>cell</table></main>
<div class="lab" id="one"></div>
<div class="lab" id="two"></div>
<script src="/dist/app.js" defer></script>`;

let host;
let address;

/** In the page: what a laboratory holds, as its engine knows it and as it is drawn. */
const seen = async (id) => {
  const lab = globalThis.__rafts[id].lab();
  await globalThis.__rafts[id].rest();
  const { now, length, servers } = await lab.view(1, 1);
  const crashed = servers.filter(({ state }) => state === "crashed").map((server) => server.id);
  const drawn = document.querySelector(`#${id}`).innerHTML;
  return { digest: await lab.digest(), now, length, crashed, drawn };
};
const nowOf = async (id) => (await globalThis.__rafts[id].lab().view(1, 1)).now;
const isPlaying = (id) => document.querySelector(`#${id} .play`).dataset.play === "playing";
const crashedOf = async (id) => {
  const { servers } = await globalThis.__rafts[id].lab().view(1, 1);
  return servers.filter(({ state }) => state === "crashed").map((server) => server.id);
};

async function act(page, id, line) {
  await page.click(`#${id} .command input`);
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
}

/** What is seen of one once it has come to rest: sizes are measured after the first drawing. */
async function resting(page, name) {
  for (let before = ""; ; ) {
    const now = await page.evaluate(seen, name);
    if (JSON.stringify(now) === before) return now;
    before = JSON.stringify(now);
    await page.evaluate((name) => globalThis.__rafts[name].rest(), name);
  }
}

onEveryPage(
  (site) => {
    before(async () => {
      host = createServer(async ({ url }, response) => {
        const file = new URL(url, "http://localhost").pathname;
        const body = file === "/" ? PAGE : await readFile(join(web, file)).catch(() => undefined);
        const type = types[extname(file) || ".html"] ?? "text/plain";
        response.writeHead(body ? 200 : 404, { "Content-Type": type }).end(body);
      });
      await new Promise((done) => host.listen(0, "127.0.0.1", done));
      address = `http://127.0.0.1:${host.address().port}/`;
    });
    after(() => host.close());

    async function visit(body) {
      const context = await site().browser.createBrowserContext();
      try {
        const page = patient(await context.newPage());
        await page.evaluateOnNewDocument(reachEngines);
        await page.setViewport({ width: 1200, height: 1100 });
        await page.goto(`${address}#free`);
        await until(page, () => document.documentElement.dataset.ready === "true");
        await body(page);
      } finally {
        await context.close();
      }
    }

    test("one plays while the other stands still", async () => {
      await visit(async (page) => {
        await act(page, "two", "timeout S1");
        await until(page, async () => (await globalThis.__rafts.two.lab().view(1, 1)).length > 0);
        const before = await page.evaluate(seen, "two");
        await page.click("#one .play");
        const first = await until(page, nowOf, "one");
        await until(
          page,
          async (first) => {
            return (await globalThis.__rafts.one.lab().view(1, 1)).now > first + 200_000;
          },
          first,
        );
        assert.deepEqual(await page.evaluate(seen, "two"), before);
        assert.equal(await page.evaluate(isPlaying, "one"), true);
        assert.equal(await page.evaluate(isPlaying, "two"), false);
        // And the other way round: pausing the one does not stop the other.
        await page.click("#two .play");
        await page.click("#one .play");
        const then = await page.evaluate(nowOf, "two");
        await until(
          page,
          async (then) => {
            return (await globalThis.__rafts.two.lab().view(1, 1)).now > then;
          },
          then,
        );
        assert.equal(await page.evaluate(isPlaying, "one"), false);
      });
    });

    test("each is laid out by its own width, and its menus stand in it", async () => {
      await visit(async (page) => {
        await page.setViewport({ width: 1600, height: 1000 });
        await page.evaluate(() => {
          const style = (id) => document.querySelector(id).style;
          Object.assign(style("#one"), { position: "absolute", left: 0, top: 0, width: "400px" });
          Object.assign(style("#two"), { position: "absolute", right: 0, top: 0, width: "1150px" });
          for (const id of ["#one", "#two"]) style(id).height = "760px";
        });
        await until(page, () => document.querySelector("#two .aside") !== null);
        const box = (selector) => {
          const { left, right, top, bottom } = document
            .querySelector(selector)
            .getBoundingClientRect();
          return { left, right, top, bottom };
        };
        assert.equal(await page.$("#one .aside"), null);
        const [stage, logs] = [
          await page.evaluate(box, "#one .stage"),
          await page.evaluate(box, "#one .logs"),
        ];
        assert.ok(logs.top >= stage.bottom - 1, "the narrow one is stacked");
        const wide = [
          await page.evaluate(box, "#two .stage"),
          await page.evaluate(box, "#two .logs"),
        ];
        assert.ok(wide[1].left >= wide[0].right - 1, "the wide one is not");
        await page.click('#two [data-server="3"]');
        await until(page, () => document.querySelector("#two .menu") !== null);
        const menu = await page.evaluate(box, "#two .menu");
        const disc = await page.evaluate(box, '#two [data-server="3"] .disc');
        assert.ok(menu.left >= 450 && menu.bottom <= 760, JSON.stringify(menu));
        const near =
          Math.max(menu.top - disc.bottom, disc.top - menu.bottom) < 40 &&
          Math.max(menu.left - disc.right, disc.left - menu.right) < 40;
        assert.ok(near, "it stands beside what it is about");
      });
    });

    test("a key and an Action are of the one in which they are given", async () => {
      await visit(async (page) => {
        const one = await resting(page, "one");
        // A click beside all buttons: its keys are meant from now on.
        await page.click("#two .legend");
        await page.keyboard.press("4");
        await page.keyboard.press("c");
        await until(page, async () => {
          const { servers } = await globalThis.__rafts.two.lab().view(1, 1);
          return servers[3].state === "crashed";
        });
        await page.keyboard.press("m");
        await until(page, () => document.querySelector("#two .menu") !== null);
        await page.keyboard.press("Escape");
        await act(page, "two", "crash S2");
        await until(page, async () => {
          const { servers } = await globalThis.__rafts.two.lab().view(1, 1);
          return servers[1].state === "crashed";
        });
        assert.deepEqual(await page.evaluate(seen, "one"), one);
        // What nobody has the focus for is heard by the one that owns the page.
        const two = await resting(page, "two");
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press("3");
        await page.keyboard.press("c");
        await until(page, async () => {
          const { servers } = await globalThis.__rafts.one.lab().view(1, 1);
          return servers[2].state === "crashed";
        });
        assert.deepEqual(await page.evaluate(crashedOf, "one"), [3]);
        assert.deepEqual(await page.evaluate(seen, "two"), two);
      });
    });

    test("the address, the title and the journal are of the one that owns the page", async () => {
      await visit(async (page) => {
        const kept = () => Object.keys(localStorage).filter((key) => key.includes(".run."));
        const title = await page.evaluate(() => document.title);
        const drop = (text) => {
          const data = new DataTransfer();
          data.items.add(new File([text], "seven.raft"));
          const drop = new DragEvent("drop", {
            dataTransfer: data,
            bubbles: true,
            cancelable: true,
          });
          document.querySelector("#two .stage").dispatchEvent(drop);
        };
        await page.evaluate(drop, "servers 7\ncrash S1\nrun 10ms\n");
        await until(page, () => document.querySelectorAll("#two [data-server]").length === 7);
        assert.equal(
          await page.evaluate(() => document.querySelectorAll("#one [data-server]").length),
          5,
        );
        await act(page, "two", "crash S2");
        await until(
          page,
          () => document.querySelector("#two .server.crashed[data-server='2']") !== null,
        );
        await act(page, "one", "crash S3");
        await until(page, () => location.hash !== "#free");
        const one = await page.evaluate(() => globalThis.__rafts.one.lab().save());
        assert.deepEqual((await page.evaluate(kept)).length, 1);
        const [key] = await page.evaluate(kept);
        const entry = JSON.parse(await page.evaluate((key) => localStorage.getItem(key), key));
        assert.deepEqual(
          entry.branches.map(({ text }) => text),
          [one],
        );
        assert.equal(await page.evaluate(() => document.title), title);
        const ids = await page.evaluate(() =>
          [...document.querySelectorAll("[id]")].map(({ id }) => id),
        );
        assert.equal(new Set(ids).size, ids.length, ids.join(" "));
      });
    });

    test("the rest of the page looks as it does without a laboratory", async () => {
      await visit(async (page) => {
        const looks = () => {
          const elements = [...document.querySelectorAll("html, body, body > main, body > main *")];
          return elements.map((element) => {
            const style = getComputedStyle(element);
            const looks = [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`);
            return [element.tagName, ...looks];
          });
        };
        const withLabs = await page.evaluate(looks);
        await page.evaluate(() => {
          document.querySelector("link[rel=stylesheet]").disabled = true;
        });
        const without = await page.evaluate(looks);
        for (const [i, look] of without.entries()) {
          // How high the page is depends on the laboratories in it.
          const isOfHeight = (line) =>
            /^(block-size|height|perspective-origin|transform-origin)/.test(line);
          // What is registered has a value on every element; nothing outside is drawn by it.
          const isOurs = (line) => line.startsWith("--lab-");
          const isOther = (line) => !look.includes(line) && !isOfHeight(line) && !isOurs(line);
          const found = withLabs[i].filter(isOther);
          assert.deepEqual(found, [], look[0]);
        }
      });
    });

    test("what lies over the one leaves the other alone", async () => {
      await visit(async (page) => {
        await page.click("#two [aria-haspopup=dialog]");
        const sheet = () => document.querySelector("#two dialog")?.open === true;
        await until(page, sheet);
        const inside = () => document.activeElement.closest("dialog") !== null;
        assert.equal(await page.evaluate(inside), true);
        // What lies below it cannot be reached.
        assert.equal(
          await page.evaluate(() => {
            const button = document.querySelector("#two .play");
            button.focus();
            return document.activeElement === button;
          }),
          false,
        );
        await act(page, "one", "crash S3");
        await until(page, () => document.querySelector("#one .server.crashed") !== null);
        await page.click("#one .play");
        assert.equal(await page.evaluate(isPlaying, "one"), true);
        assert.equal(await page.evaluate(sheet), true);
        // A key is not meant for the one whose sheet is open, unless it is pressed there.
        await page.click("#two dialog h2");
        await page.keyboard.press("c");
        assert.equal(await page.evaluate(sheet), true);
        await page.keyboard.press("Escape");
        await until(page, () => document.querySelector("#two dialog") === null);
        assert.deepEqual(await page.evaluate(crashedOf, "two"), []);
        assert.deepEqual(await page.evaluate(crashedOf, "one"), [3]);
        await page.click("#two .play");
        assert.equal(await page.evaluate(isPlaying, "two"), true);
      });
    });

    test("a panic in one leaves the other alive", async () => {
      await visit(async (page) => {
        await act(page, "two", "timeout S1");
        const before = await page.evaluate(seen, "one");
        await page.click("#one .play");
        await page.evaluate(() => globalThis.__rafts.two.lab().rehearsePanic());
        const told = () => document.querySelector("#two .notice.error")?.textContent;
        assert.match(await until(page, told), /rehearsed at event/);
        const then = await page.evaluate(nowOf, "one");
        assert.ok(then >= before.now);
        await until(
          page,
          async (then) => {
            return (await globalThis.__rafts.one.lab().view(1, 1)).now > then;
          },
          then,
        );
        assert.equal(
          await page.evaluate(() => document.querySelectorAll("#one .notice").length),
          0,
        );
        await act(page, "one", "crash S3");
        await until(
          page,
          () => document.querySelector("#one .server.crashed[data-server='3']") !== null,
        );
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
