/** Runs that travel: as a link, and as a playbook that does not find what it expects. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, textOf, until } from "./launch.mjs";

const fragment = (text, at) =>
  `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=${at}`;

const position = () => globalThis.__raft.lab().view(1, 1).position;
const digest = () => globalThis.__raft.lab().digest();

onEveryPage((site) => {
  test("a link opens the same run at the same instant", async () => {
    let link = "";
    let seen = "";
    await site().visit({}, async (page) => {
      await command(page, "timeout S2");
      await command(page, "run 200ms");
      await command(page, "propose leader x1 x2");
      await command(page, "run 1s");
      for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowLeft");
      const before = await page.evaluate(position);
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press("k");
      link = await until(page, () => location.hash.startsWith("#run=") && location.hash);
      assert.equal(await page.evaluate(position), before);
      seen = `${before} ${await page.evaluate(digest)}`;
    });
    await site().visit({ hash: link }, async (page) => {
      assert.equal(`${await page.evaluate(position)} ${await page.evaluate(digest)}`, seen);
      assert.equal(await page.evaluate(textOf, ".notice"), "");
    });
  });

  test("a link may come while the page is open", async () => {
    await site().visit({}, async (page) => {
      const hash = fragment("title Elsewhere\nservers 3\ntimeout S3\nrun 50ms\n", 4);
      await page.evaluate((hash) => {
        location.hash = hash;
      }, hash);
      await until(page, () => globalThis.__raft.lab().view(1, 1).servers.length === 3);
      assert.equal(await page.evaluate(position), 4);
      assert.equal(await page.evaluate(textOf, ".run-name"), "Elsewhere");
    });
  });

  test("a link that is cut short is said to be so, and the page is there", async () => {
    const whole = fragment("servers 3\ntimeout S3\n", 1);
    await site().visit({ hash: whole.slice(0, 16) }, async (page) => {
      const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
      assert.match(told, /cannot be unpacked/);
      assert.equal(await page.evaluate(() => globalThis.__raft.lab().view(1, 1).servers.length), 5);
    });
  });

  test("a playbook that fails opens, says where, and goes there", async () => {
    const text = "servers 3\ntimeout S1\nrun 50ms\nexpect leaders = 3\nrun 1s\n";
    await site().visit({ hash: fragment(text, 0) }, async (page) => {
      const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
      assert.match(told, /Expected leaders = 3; found leaders = 1/);
      assert.match(told, /line 4/i);
      assert.equal(await page.evaluate(position), 0);
      await page.click(".notice.error .notice-actions button");
      await until(page, () => globalThis.__raft.lab().view(1, 1).now === 50_000);
      assert.ok((await page.evaluate(position)) > 3);
      // The run has gone on, and the failure stands wherever it is looked at.
      await page.keyboard.press("End");
      await until(page, () => globalThis.__raft.lab().view(1, 1).now > 900_000);
      assert.equal(await page.evaluate(textOf, ".failing"), "1 expectation fails");
      assert.notEqual(
        await page.evaluate(() => document.querySelector(".fails").getAttribute("d")),
        "",
      );
      await page.keyboard.press("v");
      await page.keyboard.press("Home");
      const row = await until(page, () => document.querySelector(".event .fails")?.textContent);
      assert.match(row, /Expected leaders = 3/);
      assert.equal(await page.evaluate(() => globalThis.__raft.lab().save()), text);
    });
  });
});
