/**
 * Whatever is done to the page, what it draws is what the engine says. For longer, or again with
 * the seed of a difference: `node tests/page-random.test.mjs SECONDS SEED`.
 */
import test from "node:test";
import { onEveryPage } from "./launch.mjs";
import { playAtRandom } from "./random.mjs";

const seconds = Number(process.argv[2] ?? 30);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));

onEveryPage(
  (site) => {
    test(`${seconds} s of random things from seed ${seed}`, {
      timeout: (seconds + 120) * 1000,
    }, async (t) => {
      await site().visit({}, async (page) => {
        const steps = await playAtRandom(page, seconds, seed);
        t.diagnostic(`${steps} steps from seed ${seed}`);
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
