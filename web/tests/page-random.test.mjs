/**
 * Whatever is done to the page, what it draws is what the engine says. Here for a while and from one seed,
 * so that what was tested for one change was not another thing for the next; elsewhere for longer, or again
 * with the seed of a difference: `node tests/page-random.test.mjs SECONDS SEED`, SEED being any if left out.
 */
import test from "node:test";
import { onEveryPage } from "./launch.mjs";
import { playAtRandom } from "./random.mjs";

const [, , length, from] = process.argv;
const seconds = Number(length ?? 12);
const seed = Number(from ?? (length === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)));
const again = "tests/page-random.test.mjs";

onEveryPage(
  (site) => {
    test(`${seconds} s of random things from seed ${seed}`, {
      timeout: (seconds + 120) * 1000,
    }, async (t) => {
      await site().visit({}, async (page) => {
        const steps = await playAtRandom(page, seconds, seed);
        t.diagnostic(`${steps} steps from seed ${seed}`);
        t.diagnostic(`for longer, and from another: node web/${again} SECONDS [SEED]`);
      });
    });
  },
  { chromium: ["http"], firefox: ["http"] },
);
