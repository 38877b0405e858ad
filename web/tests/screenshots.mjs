/**
 * Takes the pictures that the README shows: `node tests/screenshots.mjs [FOLDER]`,
 * by default into docs/images. A font for Chinese must be installed.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { playbook, Site, until, web } from "./launch.mjs";

const folder = resolve(process.argv[2] ?? join(dirname(web), "docs/images"));

const pictures = [
  { name: "light", width: 1440, height: 900, lang: "en", theme: "light" },
  { name: "dark", width: 1440, height: 900, lang: "en", theme: "dark" },
  { name: "chinese", width: 1440, height: 900, lang: "zh", theme: "light" },
  { name: "phone", width: 390, height: 844, lang: "en", theme: "light" },
  { name: "compare", width: 1440, height: 900, lang: "en", theme: "light", further: withoutL4Term },
  { name: "diagram", width: 1440, height: 900, lang: "en", theme: "light", further: inTime },
];

/** The same run beside one in which counting replicas is enough, where that has broken it. */
async function withoutL4Term(page) {
  await playbook(page, "bugs/l4-term-figure-8.raft");
  await page.keyboard.press("End");
  await page.click("[data-put-back]");
  await until(page, () => document.querySelector("main.compare .alike h2") !== null);
  // The first press says what is the same.
  for (let difference = 0; difference < 4; difference++) await page.keyboard.press("x");
  await page.evaluate(() => document.querySelector(".notices button[aria-label]")?.click());
}

/** The diagram of space and time around that event. */
async function inTime(page) {
  await page.keyboard.press("h");
  await until(page, () => /[1-9]/.test(document.querySelector("canvas")?.ariaLabel ?? ""));
  await new Promise((drawn) => setTimeout(drawn, 300));
}

/** To the heart of Figure 8: an entry that a majority stored is overwritten. */
async function show(page) {
  await playbook(page, "seeds/08-figure8-2c.raft");
  for (let phase = 0; phase < 8; phase++) await page.keyboard.press("]");
  for (let event = 0; event < 7; event++) await page.keyboard.press("ArrowRight");
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

await mkdir(folder, { recursive: true });
const site = await Site.start("chromium", "file");
try {
  for (const { name, theme, further, ...view } of pictures) {
    const before = (page) =>
      page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: theme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
    await site.visit({ ...view, before }, async (page) => {
      await show(page);
      await further?.(page);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    });
    console.log(join(folder, `${name}.png`));
  }
} finally {
  await site.stop();
}
