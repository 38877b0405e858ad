/**
 * Takes the pictures that the README shows: `node tests/screenshots.mjs [FOLDER]`,
 * by default into docs/images. A font for Chinese must be installed.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { playbook, Site, web } from "./launch.mjs";

const folder = resolve(process.argv[2] ?? join(dirname(web), "docs/images"));

const pictures = [
  { name: "light", width: 1440, height: 900, lang: "en", theme: "light" },
  { name: "dark", width: 1440, height: 900, lang: "en", theme: "dark" },
  { name: "chinese", width: 1440, height: 900, lang: "zh", theme: "light" },
  { name: "phone", width: 390, height: 844, lang: "en", theme: "light" },
];

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
  for (const { name, theme, ...view } of pictures) {
    const before = (page) =>
      page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: theme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
    await site.visit({ ...view, before }, async (page) => {
      await show(page);
      await page.screenshot({ path: join(folder, `${name}.png`) });
    });
    console.log(join(folder, `${name}.png`));
  }
} finally {
  await site.stop();
}
