/** The page as hosts serve it: with policies of their own, in frames, in part, or with floods. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { writeSingle } from "../site.mjs";
import { onEveryPage, patient, textOf, there, until } from "./launch.mjs";
import { reachEngines } from "./reach.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
const index = await readFile(join(web, "index.html"), "utf8");
const [, version] = /data-version="(\w+)"/.exec(index);
const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript" };

/** What a host adds to every answer, by the folder that the page is asked for in. */
const headers = {
  plain: {},
  strict: { "Content-Security-Policy": "default-src 'self'" },
  trusted: { "Content-Security-Policy": "require-trusted-types-for 'script'" },
  workerless: { "Content-Security-Policy": "worker-src 'none'" },
};
/** Pages around the page. */
const frame = (rest) => `<!doctype html><title>Deck</title><iframe ${rest}></iframe>`;
const around = {
  sandbox: frame('src="/plain/index.html#free" width="900" height="600" sandbox="allow-scripts"'),
  deck: frame('src="/plain/index.html#free" width="900" height="600"'),
};

let host;
let address;
/** What the host has lost for a while, or has of another version. */
let lost = "";
let renewed = "";
/** Whether it is away altogether. */
let isAsleep = false;

const fragment = (text) => `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=0`;
const complaint = () => document.querySelector(".notice")?.textContent;
const isReady = () => document.documentElement.dataset.ready === "true";

onEveryPage(
  (site) => {
    before(async () => {
      host = createServer(async (request, response) => {
        const [, folder, ...rest] = new URL(request.url, "http://localhost").pathname.split("/");
        if (around[folder]) {
          response.writeHead(200, { "Content-Type": "text/html" }).end(around[folder]);
          return;
        }
        const file = rest.join("/") || "index.html";
        const isAway = isAsleep || file === lost || (folder === "empty" && file !== "index.html");
        const there = isAway ? undefined : await readFile(join(web, file)).catch(() => undefined);
        const body = file === renewed ? String(there).replaceAll(version, "0123456789ab") : there;
        const type = { "Content-Type": types[extname(file)] ?? "text/plain", ...headers[folder] };
        response.writeHead(body ? 200 : 404, type).end(body);
      });
      await new Promise((done) => host.listen(0, "127.0.0.1", done));
      address = `http://127.0.0.1:${host.address().port}`;
    });
    after(() => host.close());

    /** Opens a page of the host in a context of its own. */
    async function visit(path, body) {
      const context = await site().browser.createBrowserContext();
      try {
        const page = patient(await context.newPage());
        await page.evaluateOnNewDocument(reachEngines);
        const where = path.includes(":") ? path : `${address}/${path}`;
        await page.goto(`${where}${path.includes("#") ? "" : "#free"}`);
        await body(page);
      } finally {
        await context.close();
      }
    }

    /** The page in the frame of the one around it. */
    async function framed(page) {
      const inside = patient(await (await there(page, "iframe")).contentFrame());
      await until(inside, isReady);
      return inside;
    }

    test("a page whose scripts are missing says so", async () => {
      await visit("empty/index.html", async (page) => {
        const words = await page.evaluate(textOf, "#app");
        assert.match(words, /dist\/app\.js/);
        assert.match(words, /脚本缺失/);
      });
    });

    test("a policy that forbids the engine is named, and what it has to allow", async () => {
      await visit("strict/index.html", async (page) => {
        const words = await until(page, complaint);
        assert.match(words, /host's policy forbids WebAssembly/);
        assert.match(words, /'wasm-unsafe-eval'/);
      });
    });

    test("where workers are refused the engine runs in the page", async () => {
      await visit("workerless/index.html", async (page) => {
        await until(page, isReady);
        await page.keyboard.press("ArrowRight");
        await until(page, async () => (await globalThis.__raft.lab().position()) === 1);
        await until(
          page,
          () => document.querySelector("#app-tab-events .count")?.textContent === "1",
        );
      });
    });

    test("the playbooks are there where addresses of scripts have to be vouched for", async () => {
      await visit("trusted/index.html", async (page) => {
        await until(page, isReady);
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
      });
    });

    test("a part that a host withholds is said to be out of reach, and asked for anew", async () => {
      await visit("plain/index.html", async (page) => {
        await until(page, isReady);
        lost = "dist/parts.js";
        await page.keyboard.press("?");
        await until(page, () => document.querySelector(".notice")?.textContent.includes("loaded"));
        lost = "";
        await page.keyboard.press("?");
        await until(page, () => document.querySelector("dialog .help") !== null);
      });
    });

    test("a language that a host withholds is said to be out of reach, and asked for anew", async () => {
      await visit("plain/index.html", async (page) => {
        await until(page, isReady);
        lost = "dist/chinese.js";
        await page.keyboard.press("g");
        await until(page, () => document.querySelector(".notice")?.textContent.includes("loaded"));
        assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
        lost = "";
        await page.keyboard.press("g");
        await until(page, () => document.documentElement.lang === "zh-Hans");
        assert.match(await page.evaluate(textOf, "h1"), /实验室/);
      });
    });

    test("playbooks that a host withholds are said to be out of reach", async () => {
      await visit("plain/index.html", async (page) => {
        await until(page, isReady);
        lost = "dist/playbooks.js";
        await page.keyboard.press("l");
        const words = () => document.querySelector("dialog")?.textContent.includes("out of reach");
        await until(page, words);
        lost = "";
      });
    });

    test("a part of another version is told, and neither run nor mixed with the page", async () => {
      const words = () => document.querySelector(".notice.error")?.textContent;
      for (const [part, key] of [
        ["dist/parts.js", "?"],
        ["dist/playbooks.js", "l"],
        ["dist/app.js", ""],
      ]) {
        renewed = part;
        await visit("plain/index.html", async (page) => {
          await until(page, isReady);
          if (key !== "") await page.keyboard.press(key);
          assert.match(await until(page, words), /two versions.*reload/s);
          if (key === "l") {
            const said = () => document.querySelector("dialog")?.textContent.includes("renewed");
            await until(page, said);
          }
          renewed = "";
          const arrived = page.waitForNavigation();
          await page.evaluate(() => {
            const buttons = [...document.querySelectorAll(".notice button")];
            const reload = buttons.find(({ textContent }) => textContent === "Reload");
            document.documentElement.dataset.ready = "before";
            setTimeout(() => reload.click());
          });
          await arrived;
          await until(page, isReady);
          await page.keyboard.press("?");
          await until(page, () => document.querySelector("dialog .help") !== null);
        });
      }
    });

    test("what was loaded once is there when the host is away", async () => {
      await visit("plain/", async (page) => {
        await until(page, isReady);
        await page.evaluate(async () => void (await navigator.serviceWorker.ready));
        isAsleep = true;
        try {
          await page.goto(`${address}/plain/?embed=no#free`);
          await until(page, isReady);
          await page.keyboard.press("l");
          await until(page, () => document.querySelector("[data-playbook]") !== null);
          await page.keyboard.press("Escape");
          await page.keyboard.press("?");
          await until(page, () => document.querySelector("dialog .help") !== null);
        } finally {
          isAsleep = false;
        }
      });
    });

    test("one single file is the whole page", async () => {
      const file = pathToFileURL(join(web, await writeSingle(web))).href;
      await visit(file, async (page) => {
        await until(page, isReady);
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
        await page.keyboard.press("Escape");
        await page.keyboard.press("?");
        await until(page, () => document.querySelector("dialog .help") !== null);
        assert.equal(
          await page.evaluate(
            () => document.querySelectorAll("[src], link[rel=stylesheet]").length,
          ),
          0,
        );
      });
    });

    test("what is typed is sent, though a frame may submit no forms", async () => {
      await visit("sandbox", async (page) => {
        const inside = await framed(page);
        await inside.focus(".command input");
        await page.keyboard.type("crash S2");
        await page.keyboard.press("Enter");
        const isCrashed = async () => {
          const { servers } = await globalThis.__raft.lab().view(1, 1);
          return servers[1].state === "crashed";
        };
        await until(inside, isCrashed);
      });
    });

    test("what a frame may refuse can be copied", async () => {
      for (const path of ["sandbox", "deck"]) {
        await visit(path, async (page) => {
          const inside = await framed(page);
          await inside.focus("body");
          await inside.evaluate(() => document.body.click());
          const press = (key) =>
            inside.evaluate((key) => {
              document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            }, key);
          await press("k");
          const link = await until(inside, () => document.querySelector("textarea")?.value);
          assert.match(link, /#run=/);
          await press("s");
          const shows = () => {
            const buttons = [...document.querySelectorAll(".notice button")];
            const show = buttons.find((button) => button.textContent === "Show the text");
            show?.click();
            return show !== undefined;
          };
          await until(inside, shows);
          const isThere = () =>
            [...document.querySelectorAll("textarea")].some((field) =>
              field.value.includes("servers 5"),
            );
          await until(inside, isThere);
        });
      }
    });

    test("Escape gives the focus back to the page around a frame", async () => {
      await visit("deck", async (page) => {
        const inside = await framed(page);
        // A click that comes before the frame is painted is the deck's own.
        const isInside = () => document.activeElement?.tagName === "IFRAME";
        for (let clicks = 0; !(await page.evaluate(isInside)); clicks++) {
          assert.ok(clicks < 50, "no click comes into the frame");
          await inside.click(".stage");
        }
        await page.evaluate(() => {
          globalThis.heard = [];
          addEventListener("keydown", ({ key }) => globalThis.heard.push(key));
        });
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await page.keyboard.press("PageDown");
        await until(page, () => globalThis.heard.includes("PageDown"));
      });
    });

    test("a link that is too long is said to be so, and not to be torn", async () => {
      const links = [fragment(`# ${"x".repeat(60)}\n`.repeat(20_000))];
      // Firefox takes no such address.
      if (site().kind === "chromium") links.push(`#run=${"A".repeat(1_700_000)}`);
      for (const hash of links) {
        await visit("plain/index.html", async (page) => {
          await until(page, isReady);
          await page.evaluate((hash) => {
            location.hash = hash;
          }, hash);
          assert.match(await until(page, complaint), /too long to open.*1 MiB/);
        });
      }
    });

    test("a file that is longer than any playbook is not read", async () => {
      await visit("plain/index.html", async (page) => {
        await until(page, isReady);
        await page.evaluate(() => {
          const data = new DataTransfer();
          const file = new File([new Uint8Array(33 * 1024 * 1024)], "long.raft");
          file.text = () => Promise.reject(new Error("it was read"));
          data.items.add(file);
          const drop = new DragEvent("drop", { dataTransfer: data, cancelable: true });
          document.querySelector(".lab").dispatchEvent(drop);
        });
        assert.match(await until(page, complaint), /too long.*32 MiB/);
      });
    });

    test("a flood of messages or captions is drawn in part, and the rest counted", async () => {
      const flood = "servers 9\nheartbeat 1ms\ntimeout S1\nrun 100ms\nlatency 86400s\nrun 2s\n";
      await visit(`plain/index.html${fragment(flood)}`, async (page) => {
        await until(
          page,
          async () => (await globalThis.__raft?.lab().view(1, 1))?.servers.length === 9,
        );
        await page.keyboard.press("End");
        const counted = await until(
          page,
          () => document.querySelector(".messages-more")?.textContent,
        );
        assert.match(counted, /and \d{4,} more messages/);
        const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
        assert.ok(nodes < 6000, `${nodes} nodes`);
      });
      await visit(`plain/index.html${fragment("caption x\n".repeat(100_000))}`, async (page) => {
        assert.match(await until(page, complaint), /more than 1000 captions/);
      });
      await visit(
        `plain/index.html${fragment("caption x\nrun 1ms\n".repeat(1000))}`,
        async (page) => {
          await until(
            page,
            async () => (await globalThis.__raft?.lab().phases("en"))?.length === 1000,
          );
          await page.keyboard.press("ArrowRight");
          const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
          assert.ok(nodes < 6000, `${nodes} nodes`);
        },
      );
    });

    test("whose work the page carries is said beside it", async () => {
      await visit("plain/dist/LICENSES.txt", async (page) => {
        const text = await page.evaluate(() => document.body.textContent);
        for (const name of ["preact 11", "xz-decompress", "wasm-bindgen 0", "libm 0"]) {
          assert.ok(text.includes(name), name);
        }
        assert.ok(text.includes("Permission is hereby granted"), "the text of the MIT licence");
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
