import assert from "node:assert/strict";
import { test } from "node:test";
import { fragmentOf, linked } from "./link.ts";

const TEXT = "servers 3\ncaption 领导者\ntimeout S1\nrun 100ms\n";

test("a link holds the run and the instant", async () => {
  const fragment = await fragmentOf(TEXT, 7);
  assert.match(fragment, /^run=[A-Za-z0-9_-]+&at=7$/);
  assert.deepEqual(await linked(`#${fragment}`), { text: TEXT, at: 7 });
});

test("an address without a run is none", async () => {
  assert.equal(await linked(""), "none");
  assert.equal(await linked("#top"), "none");
});

test("what cannot be unpacked is said to be so", async () => {
  const fragment = await fragmentOf(TEXT, 7);
  assert.equal(await linked("#run="), undefined);
  assert.equal(await linked("#run=%3Cb%3E"), undefined);
  assert.equal(await linked("#run=AAAA"), undefined);
  assert.equal(await linked(`#${fragment.slice(0, 30)}`), undefined);
});

test("a short link that unpacks to a huge text is not unpacked", async () => {
  const fragment = await fragmentOf("# ".repeat(40_000_000), 0);
  assert.ok(fragment.length < 200_000);
  assert.equal(await linked(`#${fragment}`), "too long");
});

test("an instant that is no number is the beginning", async () => {
  const fragment = await fragmentOf(TEXT, 7);
  const from = async (at: string): Promise<unknown> => linked(fragment.replace("at=7", at));
  assert.deepEqual(await from("at=x"), { text: TEXT, at: 0 });
  assert.deepEqual(await from("at=-3"), { text: TEXT, at: 0 });
  assert.deepEqual(await from(""), { text: TEXT, at: 0 });
});
