/** Laboratories in other pages: the examples of docs/embedding.md, in the hosts that they are for. */
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { onEveryPage, patient, there, until, web } from "./launch.mjs";

const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript" };
const guide = await readFile(join(web, "../docs/embedding.md"), "utf8");

/** The examples below a heading of the guide, as they stand there. */
function examples(heading) {
  const [, rest] = guide.split(`\n${heading}\n`);
  const [section] = rest.split(/\n##? /);
  return [...section.matchAll(/```html\n(.*?)```/gs)].map(([, text]) => text);
}

/** An example as a page of its own, with the laboratory at `lab`. */
function pageOf(text, lab, head = "", foot = "") {
  const body = text.replaceAll("https://example.org/raft/", lab);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>${head}<body>${body}${foot}`;
}

const [plainFrame] = examples("## Plain HTML");
const [asked, element] = examples("## Asking it");
const [messages] = examples("### By messages");
const [slide, fragments] = examples("## reveal.js");
const deck = {
  head: '<link rel="stylesheet" href="/reveal/reveal.css">',
  foot: '<script src="/reveal/reveal.js"></script>',
  start: "<script>Reveal.initialize({ transition: 'none', hash: false })</script>",
};
const [slides, script] = fragments.split("</section>\n");
/** Before the deck is left for the laboratory, and after it. */
const other = "<section><h2>Another</h2></section>";
const pages = {
  frame: (lab) => pageOf(plainFrame, lab),
  asked: (lab) => pageOf(asked, lab),
  messages: (lab) => pageOf(messages, lab),
  deck: (lab) => {
    const all = `${slide}${other}${slides}</section>`;
    const body = `<div class="reveal"><div class="slides">${all}</div></div>${deck.foot}${deck.start}${script}`;
    return pageOf(body, lab, deck.head);
  },
};

let host;
let address;

/** In a page that holds laboratories: notes what their frames say. */
const listen = () => {
  globalThis.told = [];
  addEventListener("message", ({ data }) => data?.raftLab === 1 && globalThis.told.push(data));
};
const isReady = () => globalThis.told.some(({ event }) => event === "ready");

/** In a page with a frame: asks it, and answers with what it says. */
const ask = (call, ...args) => {
  globalThis.asks = (globalThis.asks ?? 0) + 1;
  const id = `test ${globalThis.asks}`;
  const frame = document.querySelector("iframe");
  frame.contentWindow.postMessage({ raftLab: 1, id, call, args }, "*");
  return new Promise((done) => {
    addEventListener("message", ({ data }) => data?.id === id && done(data));
  });
};

onEveryPage(
  (site) => {
    before(async () => {
      host = createServer(async ({ url }, response) => {
        const path = new URL(url, "http://localhost").pathname.slice(1);
        const made = pages[path]?.(`${address}/raft/`);
        const file = path.startsWith("reveal/")
          ? join(web, "node_modules/reveal.js/dist", path.slice("reveal/".length))
          : join(web, path.slice("raft/".length) || "index.html");
        const body = made ?? (await readFile(file).catch(() => undefined));
        const type = made ? "text/html" : (types[extname(file)] ?? "text/plain");
        response.writeHead(body ? 200 : 404, { "Content-Type": type }).end(body);
      });
      await new Promise((done) => host.listen(0, "127.0.0.1", done));
      address = `http://127.0.0.1:${host.address().port}`;
    });
    after(() => host.close());

    async function visit(where, body) {
      const context = await site().browser.createBrowserContext();
      try {
        const page = patient(await context.newPage());
        const errors = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await page.evaluateOnNewDocument(listen);
        await page.setViewport({ width: 1100, height: 800 });
        await page.goto(where);
        await body(page);
        assert.deepEqual(errors, []);
      } finally {
        await context.close();
      }
    }
    const inside = async (page) => patient(await (await there(page, "iframe")).contentFrame());

    test("a sandboxed frame opens what it names, and answers calls and nonsense", async () => {
      await visit(`${address}/frame`, async (page) => {
        await until(page, isReady);
        const { value } = await page.evaluate(ask, "do", "crash S1");
        assert.equal(value.position, 81);
        assert.equal(value.servers[0].state, "crashed");
        const refused = await page.evaluate(ask, "do", "crush S1");
        assert.match(refused.error, /crush/);
        assert.match((await page.evaluate(ask, "toString")).error, /play, pause, seek/);
        assert.equal((await page.evaluate(ask, "seek", 12)).value.position, 12);
        assert.equal((await page.evaluate(ask, "step")).value.position, 13);
        const frame = await inside(page);
        const parts = () =>
          ["svg", ".caption", ".tape", ".buttons", ".embed-out"].map(
            (part) => document.querySelectorAll(`.embed ${part}`).length > 0,
          );
        assert.deepEqual(await frame.evaluate(parts), [true, true, true, true, true]);
        assert.match(
          await until(frame, () => document.querySelector(".embed-out").href.match(/#.*/)?.[0]),
          /^#(run=|\/paper)/,
        );
      });
    });

    test("the object and the messages of the guide do what it says", async () => {
      await visit(`${address}/asked`, async (page) => {
        const crashed = () =>
          globalThis.told.some(({ state }) => state?.servers[0].state === "crashed");
        await until(page, crashed);
      });
      await visit(`${address}/messages`, async (page) => {
        const answer = () => globalThis.told.find(({ id }) => id === 1)?.value.servers[0].state;
        assert.equal(await until(page, answer), "crashed");
      });
    });

    test("two on one page, from a file, are strangers to each other", async () => {
      const folder = join(web, ".cache");
      await mkdir(folder, { recursive: true });
      const file = join(folder, `embed-${site().kind}.html`);
      await writeFile(file, pageOf(`${element}${element}`, "../"));
      await visit(pathToFileURL(file).href, async (page) => {
        const all = await page.evaluate(async () => {
          const labs = [...document.querySelectorAll("raft-lab")].map(({ lab }) => lab);
          await labs[0].do("crash S1");
          const wrong = await labs[1].do("crash S9").catch(({ message }) => message);
          const states = await Promise.all(labs.map((lab) => lab.state()));
          return { wrong, states: states.map(({ servers }) => servers[0].state) };
        });
        assert.deepEqual(all.states, ["crashed", "up"]);
        assert.match(all.wrong, /S9/);
      });
    });

    test("calls that nobody will answer are rejected: after a reload, and once it is removed", async () => {
      await visit(`${address}/asked`, async (page) => {
        await until(page, isReady);
        const said = await page.evaluate(async () => {
          const place = document.body.appendChild(document.createElement("div"));
          const lab = globalThis.RaftLab.create(place);
          const early = globalThis.RaftLab.create(place);
          const why = (promise) => promise.then(String, ({ message }) => message);
          const never = [why(early.ready), why(early.state())];
          early.destroy();
          await lab.ready;
          // What is asked of a page that is being left is answered by nobody.
          const asked = why(lab.do("run 86400s"));
          lab.frame.src = lab.frame.src.replace("?embed", "?embed&ask=no");
          const reloaded = await asked;
          const again = await lab.state();
          lab.destroy();
          return [
            ...(await Promise.all(never)),
            reloaded,
            await why(lab.play()),
            again.position >= 0,
          ];
        });
        assert.match(said[0], /removed/);
        assert.match(said[1], /removed/);
        assert.match(said[2], /loaded anew/);
        assert.match(said[3], /removed/);
        assert.equal(said[4], true);
      });
    });

    test("in a deck it takes no key before a click, gives keys back, and rests when left", async () => {
      await visit(`${address}/deck`, async (page) => {
        const slideNow = () => globalThis.Reveal.getIndices().h;
        const goTo = async (slide) => {
          await until(page, (slide) => globalThis.Reveal.getIndices().h === slide, slide);
        };
        await until(page, isReady);
        await page.keyboard.press("ArrowRight");
        await goTo(1);
        // The deck unloads the frame of a slide that is left, and loads it anew.
        await page.evaluate(() => globalThis.told.splice(0));
        await page.keyboard.press("ArrowLeft");
        await goTo(0);
        await until(page, isReady);
        const first = await inside(page);
        // A click into it: its keys from now on.
        await first.click(".embed-name");
        await until(first, () => document.querySelector(".embed-keys").textContent.includes("Esc"));
        const { value: before } = await page.evaluate(ask, "state");
        await page.keyboard.press("ArrowRight");
        await until(
          page,
          (position) => globalThis.told.some(({ state }) => state?.position === position),
          before.position + 1,
        );
        assert.equal(await page.evaluate(slideNow), 0);
        await page.keyboard.press(" ");
        await until(page, () => globalThis.told.at(-1)?.state?.playing === true);
        await page.keyboard.press("Escape");
        await until(page, () => globalThis.told.some(({ event }) => event === "leave"));
        await page.keyboard.press("ArrowRight");
        await goTo(1);
        await until(page, () => globalThis.told.at(-1)?.state?.playing === false);
        // And the deck acts in the next one.
        await page.keyboard.press("ArrowRight");
        await goTo(2);
        await page.keyboard.press("ArrowRight");
        await until(page, async () => {
          const { servers } = await document.querySelector("#lab").lab.state();
          return servers[0].state === "crashed";
        });
      });
    });

    test("a poster starts no engine before it is clicked, and plays to its end", async () => {
      const query = "?embed&load=click&autoplay&start=2&end=6&lang=zh&theme=dark&controls=play";
      await visit(`${address}/raft/index.html${query}`, async (page) => {
        assert.match(
          await until(page, () => document.querySelector(".embed-poster")?.textContent),
          /点击/,
        );
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
        await page.click(".embed-poster");
        const stands = () => ({
          ready: document.documentElement.dataset.ready,
          buttons: document.querySelectorAll(".embed .buttons button").length,
          plays: document.querySelector(".play")?.dataset.play,
          tape: document.querySelectorAll(".embed .tape").length,
        });
        await until(page, () => document.querySelector(".play")?.dataset.play === "playing");
        await until(page, () => document.querySelector(".play")?.dataset.play === "paused");
        const { buttons, tape } = await page.evaluate(stands);
        assert.deepEqual({ buttons, tape }, { buttons: 1, tape: 0 });
        await until(page, () => document.querySelector(".embed-out").href.includes("at=6"));
        assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
