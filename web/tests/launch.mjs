/** Opens the built page in real browsers, from a file and from a loopback server. */
import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { after, before, describe } from "node:test";
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

/** Starts "chromium" or "firefox" without a window and with a fresh profile. */
export async function launch(kind) {
  if (kind === "firefox") {
    return puppeteer.launch({
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

/** Waits until `probe`, a function run in the page, answers something truthy, and answers that. */
export async function until(page, probe, ...args) {
  const deadline = Date.now() + patience;
  for (;;) {
    // The page's content policy forbids eval, which puppeteer's own waiting relies on.
    const answer = await page.evaluate(probe, ...args);
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${probe}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

/**
 * Makes every key, click and choice wait until what it asked of the engine is answered and drawn,
 * or takes long: a reader sees that before going on, and so do the tests.
 */
function patient(page) {
  const rest = () => page.evaluate(() => globalThis.__raft?.rest()).catch(() => undefined);
  const wait = (object, method) => {
    const plain = object[method].bind(object);
    object[method] = async (...args) => {
      const answer = await plain(...args);
      await rest();
      return answer;
    };
  };
  wait(page.keyboard, "press");
  // Nor does a reader click on what is not there yet.
  const click = page.click.bind(page);
  page.click = async (selector, ...args) => {
    await until(page, (selector) => document.querySelector(selector) !== null, selector);
    await click(selector, ...args);
  };
  wait(page, "click");
  wait(page, "select");
  return page;
}

/** Types an Action into the command line. */
export async function command(page, text) {
  await page.keyboard.press("/");
  await page.keyboard.type(text);
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

/**
 * Declares tests once for each browser and each place to open the page from:
 * onEveryPage((site) => test("…", () => site().visit({}, async (page) => …)));
 * `site().kind` and `site().from` tell which one it is.
 */
export function onEveryPage(
  declare,
  { kinds = ["chromium", "firefox"], places = ["file", "http"] } = {},
) {
  for (const kind of kinds) {
    for (const from of places) {
      describe(`${kind}, from ${from}:`, () => {
        let site;
        before(async () => {
          site = Object.assign(await Site.start(kind, from), { kind, from });
        });
        after(() => site?.stop());
        declare(() => site);
      });
    }
  }
}
