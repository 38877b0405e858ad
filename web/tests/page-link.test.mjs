/** Runs that travel: as a link, and as a playbook that does not find what it expects. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, patient, textOf, until } from "./launch.mjs";
import { reachEngines } from "./reach.mjs";

const fragment = (text, at) =>
  `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=${at}`;

const position = async () => (await globalThis.__raft.lab().view(1, 1)).position;
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
      // The address may still be of where the run stood before.
      const isHere = (at) =>
        location.hash.startsWith("#run=") && location.hash.endsWith(`at=${at}`);
      await until(page, isHere, before);
      link = await page.evaluate(() => location.hash);
      assert.equal(await page.evaluate(position), before);
      seen = `${before} ${await page.evaluate(digest)}`;
    });
    await site().visit({ hash: link }, async (page) => {
      assert.equal(`${await page.evaluate(position)} ${await page.evaluate(digest)}`, seen);
      assert.equal(await page.evaluate(textOf, ".notice"), "");
    });
  });
});

onEveryPage(
  (site, once) => {
    test("a link may come while the page is open", async () => {
      await site().visit({}, async (page) => {
        const hash = fragment("title Elsewhere\nservers 3\ntimeout S3\nrun 50ms\n", 4);
        await page.evaluate((hash) => {
          location.hash = hash;
        }, hash);
        await until(
          page,
          async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 3,
        );
        assert.equal(await page.evaluate(position), 4);
        assert.equal(await page.evaluate(textOf, ".run-name"), "Elsewhere");
      });
    });

    test("a link that is cut short is said to be so, and the page is there", async () => {
      const whole = fragment("servers 3\ntimeout S3\n", 1);
      await site().visit({ hash: whole.slice(0, 16) }, async (page) => {
        const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
        assert.match(told, /cannot be unpacked/);
        assert.equal(
          await page.evaluate(
            async () => (await globalThis.__raft.lab().view(1, 1)).servers.length,
          ),
          5,
        );
      });
    });

    test("after an address that leads nowhere, the address is that of the run that stayed", async () => {
      const faulty = fragment("servers 3\nno such line\n", 0);
      await site().visit({}, async (page) => {
        await command(page, "crash S2");
        for (const hash of ["#run=AAAA", "#/no/such", faulty]) {
          await page.evaluate((hash) => {
            location.hash = hash;
          }, hash);
          await until(page, () => document.querySelector(".notice.error") !== null);
          await until(
            page,
            (hash) => location.hash.startsWith("#run=") && location.hash !== hash,
            hash,
          );
          await page.keyboard.press("Escape");
        }
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        const isCrashed = async () => {
          return (await globalThis.__raft.lab().view(1, 1)).servers[1].state === "crashed";
        };
        await until(page, isCrashed);
      });
    });

    once("a playbook that fails opens, says where, and goes there", async () => {
      const text = "servers 3\ntimeout S1\nrun 50ms\nexpect leaders = 3\nrun 1s\n";
      await site().visit({ hash: fragment(text, 0) }, async (page) => {
        const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
        assert.match(told, /Expected leaders = 3; got leaders = 1/);
        assert.match(told, /line 4/i);
        assert.equal(await page.evaluate(position), 0);
        await page.click(".notice.error .notice-actions button");
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).now === 50_000);
        assert.ok((await page.evaluate(position)) > 3);
        // The run has gone on, and the failure stands wherever it is looked at.
        await page.keyboard.press("End");
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).now > 900_000);
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

    once("what failed in a branch is not told in one that has left it", async () => {
      const text = "title F\nservers 3\ntimeout S1\nrun 50ms\nexpect leaders = 2\n";
      await site().visit({ hash: fragment(text, 0) }, async (page) => {
        const tells = () => document.querySelector(".notice.error .notice-actions button") !== null;
        await until(page, tells);
        await page.keyboard.press("ArrowRight");
        await command(page, "crash S2");
        await until(page, () => document.querySelectorAll(".branches option").length === 2);
        await until(page, () => !document.querySelector(".notice.error"));
        assert.equal(await page.evaluate(() => document.querySelector(".failing")), null);
        // Where it is true it is told, and leads to its place.
        await page.select(".branches select", "0");
        await until(page, () => document.querySelector(".failing") !== null);
        await page.click(".failing");
        await page.click(".notice.error .notice-actions button");
        await until(page, async () => (await globalThis.__raft.lab().now()) === 50_000);
        const branch = async () =>
          (await globalThis.__raft.lab().branches()).find(({ current }) => current).id;
        assert.equal(await page.evaluate(branch), 0);
      });
    });

    test("a link to a run whose branches are kept here offers them", async () => {
      await site().visit({}, async (page) => {
        await command(page, "timeout S2");
        await command(page, "run 100ms");
        await page.keyboard.press("Home");
        await page.keyboard.press("ArrowRight");
        const earlier = await page.evaluate(() => location.hash);
        await command(page, "crash S3");
        await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
        const link = await until(
          page,
          (earlier) => location.hash !== earlier && location.href,
          earlier,
        );
        const other = patient(await page.browserContext().newPage());
        await other.evaluateOnNewDocument(reachEngines);
        try {
          await other.goto(link);
          await until(other, () => document.documentElement.dataset.ready === "true");
          const told = await until(other, () => document.querySelector(".notice")?.textContent);
          assert.match(told, /kept 2 branches of this run/);
          assert.equal(
            await other.evaluate(async () => (await globalThis.__raft.lab().branches()).length),
            1,
          );
          await other.click(".notice-actions button");
          await until(other, async () => (await globalThis.__raft.lab().branches()).length === 2);
        } finally {
          await other.close();
        }
      });
    });

    test("a playbook that comes late is opened, unless something else was opened meanwhile", async () => {
      // A file is there at once.
      if (site().from !== "http") return;
      // The page waits for nothing but the file: what it does once it has rested, it does at once.
      const hurried = () => {
        const later = globalThis.setTimeout;
        globalThis.setTimeout = (done, _, ...rest) => later(done, 0, ...rest);
      };
      for (const meanwhile of [false, true]) {
        let release;
        const released = new Promise((done) => {
          release = done;
        });
        const before = async (page) => {
          await page.evaluateOnNewDocument(hurried);
          await page.setRequestInterception(true);
          page.on("request", async (request) => {
            if (request.url().endsWith("playbooks.js")) await released;
            await request.continue();
          });
        };
        await site().visit(
          { hash: "#/seeds/06-test-backup?at=33", ready: false, before },
          async (page) => {
            const servers = async () => (await globalThis.__raft.lab().view(1, 1)).servers.length;
            await until(page, () => globalThis.__raft !== undefined);
            if (meanwhile) {
              await page.keyboard.press("r");
              await page.click('.sizes input[value="3"]');
              await page.keyboard.press("Enter");
              await until(
                page,
                async () => (await globalThis.__raft.lab().view(1, 1)).servers.length === 3,
              );
            } else {
              // The address names what is still to come, and stays as it is however long that takes.
              await page.evaluate(() => globalThis.__raft.rest());
              assert.equal(
                await page.evaluate(() => location.hash),
                "#/seeds/06-test-backup?at=33",
              );
            }
            release();
            await until(page, () => globalThis.raftPlaybooks !== undefined);
            if (meanwhile) {
              await page.evaluate(() => globalThis.__raft.rest());
              assert.equal(await page.evaluate(servers), 3);
            } else await until(page, async () => (await globalThis.__raft.lab().position()) === 33);
          },
        );
      }
    });
  },
  { chromium: ["file"], firefox: ["http"] },
);
