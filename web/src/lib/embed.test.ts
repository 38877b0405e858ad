import assert from "node:assert/strict";
import { test } from "node:test";
import { embedOf } from "./embed";

test("only a page that is asked to be is embedded", () => {
  assert.equal(embedOf(""), undefined);
  assert.equal(embedOf("?lang=zh"), undefined);
  assert.equal(embedOf("?embed=no"), undefined);
  assert.equal(embedOf("?embed")?.controls, "all");
});

test("what is asked for is read, and what makes no sense is left out", () => {
  const query = "?embed&lang=zh&theme=dark&controls=play&autoplay&start=3&end=9&loop=no&ask=no";
  assert.deepEqual(embedOf(`${query}&load=click`), {
    ...{ lang: "zh", theme: "dark", controls: "play", autoplay: true, start: 3, end: 9 },
    ...{ loop: false, ask: false, waits: true },
  });
  const wrong = embedOf("?embed&lang=xx&theme=pink&controls=many&start=-4&ask=never&load=now");
  assert.deepEqual(wrong, {
    ...{ lang: undefined, theme: undefined, controls: "all", autoplay: false, start: 0 },
    ...{ end: undefined, loop: false, ask: true, waits: false },
  });
});
