/** Opens the built page in real browsers, from a file and from a loopback server. */
import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import test, { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { serve } from "../serve.mjs";
import { reachEngines } from "./reach.mjs";

export const web = dirname(dirname(fileURLToPath(import.meta.url)));

/** How long the page may take to be ready before a test gives up. */
const patience = 30_000;

const browsers = {
  chromium: {
    variable: "CHROMIUM",
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    packaged: "chromium",
  },
  firefox: {
    variable: "FIREFOX",
    names: ["firefox-esr", "firefox"],
    packaged: "firefox-esr",
  },
};

/** The program of a browser: what its variable names, else the first one found in PATH. */
function executable(kind) {
  const { variable, names, packaged } = browsers[kind];
  const named = process.env[variable];
  if (named) return named;
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder; the next one may have it.
      }
    }
  }
  throw new Error(
    `No ${kind} in PATH. Install it (Debian: sudo apt-get install ${packaged}) ` +
      `or name it: ${variable}=/path/to/it`,
  );
}

/** Starts "chromium" or "firefox" without a window and with a fresh profile; once more, if it does not come up. */
export async function launch(kind) {
  try {
    return await start(kind);
  } catch (error) {
    console.warn(`${kind} did not start: ${error.message}`);
    return start(kind);
  }
}

async function start(kind) {
  if (kind === "firefox") {
    return puppeteer.launch({
      // A machine that builds and tests at once may need long for its first one.
      timeout: 60_000,
      browser: "firefox",
      protocol: "webDriverBiDi",
      executablePath: executable(kind),
      headless: true,
      extraPrefsFirefox: {
        "app.update.enabled": false,
        "browser.region.network.url": "",
        "browser.safebrowsing.downloads.remote.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "services.settings.server": "http://127.0.0.1:9/",
        "toolkit.telemetry.enabled": false,
      },
    });
  }
  // Chromium's own sandbox does not start for root, as in most containers.
  const root = process.getuid?.() === 0;
  return puppeteer.launch({
    browser: "chrome",
    timeout: 60_000,
    executablePath: executable(kind),
    headless: true,
    args: [
      ...(root ? ["--no-sandbox"] : []),
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** Where the page is opened from: its address, and what to stop afterwards. */
async function origin(from) {
  if (from === "file") {
    const address = pathToFileURL(`${web}/`).href;
    return { address, index: `${address}index.html`, stop: async () => {} };
  }
  // Not at the root of the host: the page must work from any path.
  const { server, address } = await serve(0, "/some/path/");
  return {
    address,
    index: address,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  };
}

/** A moment, between two looks at a page. */
export const soon = () => new Promise((wake) => setTimeout(wake, 20));

/** Whether a function was asked of a page that is just being left, in the browsers' words. */
const isLeaving = ({ message }) =>
  /context was destroyed|Cannot find context|no such frame|navigat/i.test(message);

/**
 * What is asked of a page, or nothing where no answer comes for long: a browser may forget a question when the page
 * turns to something else, and would be waited for until its protocol gives up, minutes later.
 */
async function heardFrom(asked) {
  const limit = new AbortController();
  const forgotten = sleep(10_000, undefined, { signal: limit.signal }).catch(() => undefined);
  try {
    return await Promise.race([asked, forgotten]);
  } finally {
    limit.abort();
    // It may still fail, which nobody waits for.
    asked.catch(() => undefined);
  }
}

/** Waits until `probe`, a function run in the page, answers something truthy, and answers that. */
export async function until(page, probe, ...args) {
  const deadline = Date.now() + patience;
  for (;;) {
    // The page's content policy forbids eval, which puppeteer's own waiting relies on.
    const answer = await heardFrom(page.evaluate(probe, ...args)).catch((error) => {
      if (!isLeaving(error)) throw error;
    });
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${probe}`);
    await soon();
  }
}

/** Whether a function failed in the page because something that it reads is not there, in the browsers' words. */
const isTooEarly = (error) => /\b(of|is) (null|undefined)\b/.test(error.message);

/** In the page: whether there is such an element. */
const isThere = (selector) => document.querySelector(selector) !== null;

/** What waits for the element that it is about: all that a hand does to one, and what is read of one. */
const ABOUT_ELEMENTS = ["$eval", "click", "focus", "hover", "select", "tap", "type"];

/**
 * Makes a page, or a frame, one that is used as by a reader, who looks before acting and acts before
 * looking again. Whatever is done to an element waits for it, and so does what is read by a function: it is
 * asked again as long as what it reads is not there. Whatever is done, by hand or by key, is over once what
 * it asked for is answered, loaded and drawn, or takes long.
 * So no test has to know which parts of the page are loaded late. What waits is no assertion: one that
 * something is so by and by is `until`.
 */
export function patient(page) {
  const plain = page.evaluate.bind(page);
  const all = () => Promise.all(Object.values(globalThis.__rafts ?? {}).map((one) => one.rest()));
  // What was done may have led away from the page.
  const rest = () => heardFrom(plain(all)).catch(() => undefined);
  page.evaluate = async (probe, ...args) => {
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        return await plain(probe, ...args);
      } catch (error) {
        if (!isTooEarly(error) || Date.now() > deadline) throw error;
        await soon();
      }
    }
  };
  for (const method of ABOUT_ELEMENTS) {
    const act = page[method].bind(page);
    page[method] = async (selector, ...args) => {
      await until(page, isThere, selector);
      const answer = await act(selector, ...args);
      await rest();
      return answer;
    };
  }
  // A frame has no keyboard of its own.
  for (const method of page.keyboard ? ["press", "type"] : []) {
    const act = page.keyboard[method].bind(page.keyboard);
    page.keyboard[method] = async (...args) => {
      await act(...args);
      await rest();
    };
  }
  return page;
}

/** The element, once it is there. */
export async function there(page, selector) {
  await until(page, isThere, selector);
  return page.$(selector);
}

/** Puts an Action into the command line, at once and not letter by letter, and does it. */
export async function command(page, text) {
  await page.keyboard.press("/");
  await page.evaluate((text) => document.execCommand("insertText", false, text), text);
  await page.keyboard.press("Enter");
  // Leaves the line, so that the next key is not written into it.
  await page.keyboard.press("Escape");
}

/** What has been asked of the server, by its path below the page's folder. */
export function requested(log) {
  return log.requests
    .filter((url) => url.startsWith("http"))
    .map((url) => new URL(url).pathname.slice("/some/path".length))
    .sort();
}

/** Opens a playbook of the menu. */
export async function playbook(page, path) {
  await page.keyboard.press("l");
  await until(page, (path) => document.querySelector(`[data-playbook="${path}"]`) !== null, path);
  // What is on a shelf is seen once that is open.
  await page.evaluate((path) => {
    const shelf = document.querySelector(`[data-playbook="${path}"]`).closest("details");
    if (shelf) shelf.open = true;
  }, path);
  await page.click(`[data-playbook="${path}"]`);
}

/** Opens a text as somebody does who chooses a file. */
export async function openFile(page, text, name) {
  const field = await there(page, "input[type=file]");
  const choose = (input, text, name) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  await field.evaluate(choose, text, name);
}

/** In the page: what an element says. */
export const textOf = (selector) => document.querySelector(selector)?.textContent ?? "";

/** In the page: the milliseconds from opening it until it was ready, or undefined before that. */
function readyAfter() {
  if (document.documentElement?.dataset.ready !== "true") return undefined;
  return performance.getEntriesByName("ready")[0]?.startTime ?? performance.now();
}

/** In the page, before its own scripts: what the browser says its user reads. */
function prefer(language) {
  Object.defineProperty(Navigator.prototype, "language", { get: () => language });
}

/** Notes all that goes wrong in a page, and every address that it asks for. */
function watch(page) {
  const complaints = [];
  const requests = [];
  page.on("console", (message) => {
    if (["error", "warn", "assert"].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("request", (request) => requests.push(request.url()));
  page.on("requestfailed", (request) => {
    complaints.push(`failed: ${request.url()} ${request.failure()?.errorText ?? ""}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  return { complaints, requests };
}

/** One browser that opens the page from one place. */
export class Site {
  constructor(browser, place) {
    this.browser = browser;
    this.place = place;
  }

  static async start(kind, from) {
    const place = await origin(from);
    try {
      return new Site(await launch(kind), place);
    } catch (error) {
      await place.stop();
      throw error;
    }
  }

  async stop() {
    await this.browser.close();
    await this.place.stop();
  }

  /**
   * Opens the page, waits until it is ready (if it is to be `ready`), lets `body` use it, and fails if
   * anything was complained about or asked for elsewhere meanwhile.
   * Nothing is remembered from earlier visits; the browser's language is `lang`.
   * What it shows is a fresh cluster, unless `hash` names something else.
   * `before` gets the page before it goes anywhere. `body` gets the page and a
   * log: its complaints, its requests, and the milliseconds until it was `ready`.
   */
  async visit(
    { width = 1280, height = 720, lang = "en", hash = "#free", ready = true, before: prepare },
    body,
  ) {
    const context = await this.browser.createBrowserContext();
    try {
      const page = patient(await context.newPage());
      const log = watch(page);
      await page.setViewport({ width, height });
      await page.evaluateOnNewDocument(prefer, lang);
      await page.evaluateOnNewDocument(reachEngines);
      await prepare?.(page);
      await page.goto(this.place.index + hash, { timeout: patience });
      if (ready) log.ready = await until(page, readyAfter);
      const answer = await body?.(page, log);
      assert.deepEqual(log.complaints, [], "nothing is complained about");
      const elsewhere = log.requests.filter(
        (url) => !url.startsWith(this.place.address) && !/^(data|blob|about):/.test(url),
      );
      assert.deepEqual(elsewhere, [], "nothing is asked for elsewhere");
      return answer;
    } finally {
      await context.close();
    }
  }
}

/** Browsers that are shared by all tests of this process, since one takes seconds to start. */
const shared = {
  chromium: { users: 0, browser: undefined },
  firefox: { users: 0, browser: undefined },
};

/** The browser that all tests of a kind use; another one if it has crashed. */
async function borrow(kind) {
  const one = shared[kind];
  if (!one.browser?.connected) one.browser = await launch(kind);
  return one.browser;
}

/** Whoever is the last to use it closes it. */
async function giveBack(kind) {
  const one = shared[kind];
  one.users -= 1;
  if (one.users > 0) return;
  const { browser } = one;
  one.browser = undefined;
  await browser?.close();
}

/** Every browser from every place. */
const everywhere = { chromium: ["file", "http"], firefox: ["file", "http"] };

/**
 * Declares tests once for each browser and each place to open the page from:
 * onEveryPage((site) => test("…", () => site().visit({}, async (page) => …)));
 * `site().kind` and `site().from` tell which one it is. `places` names, for each browser, those that say
 * something about what is tested. What is the page's own, and no browser's, is tested in the first of them
 * alone, by the second thing that `declare` gets: (site, once) => once("…", …).
 */
export function onEveryPage(declare, places = everywhere) {
  // A process may be for one browser alone (run.mjs).
  const { RAFT_BROWSER: only } = process.env;
  const [first] = Object.keys(places);
  for (const [kind, all] of Object.entries(places)) {
    for (const from of only === undefined || only === kind ? all : []) {
      shared[kind].users += 1;
      describe(`${kind}, from ${from}:`, () => {
        let site;
        before(async () => {
          const [browser, place] = [await borrow(kind), await origin(from)];
          site = Object.assign(new Site(browser, place), { kind, from });
        });
        after(async () => {
          await site?.place.stop();
          await giveBack(kind);
        });
        const isFirst = kind === first && from === places[first][0];
        declare(() => site, isFirst ? test : () => undefined);
      });
    }
  }
}

/** Goes from note to note until a clause is on show that can be taken away. */
export async function toClause(page, rule) {
  const isThere = (id) => document.querySelector(`[data-take-away="${id}"]`) !== null;
  // What is explained follows the run once the reader is at rest.
  const isExplained = async () => {
    const { position } = await globalThis.__raft.lab().view(1, 1);
    const told = document.querySelector(".why-head .dim");
    // Nothing is explained while something is asked.
    return !told || Number(/\d+/.exec(told.textContent)?.[0]) === position;
  };
  for (let i = 0; i < 200 && !(await page.evaluate(isThere, rule)); i++) {
    await page.keyboard.press("n");
    await page.evaluate(() => globalThis.__raft.rest());
    await until(page, isExplained);
  }
}
