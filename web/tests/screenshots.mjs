/**
 * Takes the pictures that the README shows: `node tests/screenshots.mjs [FOLDER]`,
 * by default into docs/images. A font for Chinese must be installed.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Site, web } from "./launch.mjs";

const folder = resolve(process.argv[2] ?? join(dirname(web), "docs/images"));

const pictures = [
  { name: "light", width: 1440, height: 900, lang: "en", theme: "light" },
  { name: "dark", width: 1440, height: 900, lang: "en", theme: "dark" },
  { name: "chinese", width: 1440, height: 900, lang: "zh", theme: "light" },
  { name: "phone", width: 390, height: 844, lang: "en", theme: "light" },
];

await mkdir(folder, { recursive: true });
const site = await Site.start("chromium", "file");
try {
  for (const { name, theme, ...view } of pictures) {
    const before = (page) =>
      page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    await site.visit({ ...view, before }, async (page) => {
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.screenshot({ path: join(folder, `${name}.png`) });
    });
    console.log(join(folder, `${name}.png`));
  }
} finally {
  await site.stop();
}
