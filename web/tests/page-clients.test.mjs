/** Clients and faults in the page: what is seen of them, and what can be done to them. */
import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { command, onEveryPage, textOf, until } from "./launch.mjs";

const fragment = (text, at) =>
  `#run=${deflateRawSync(Buffer.from(text)).toString("base64url")}&at=${at}`;

/** Fills in a field of the open menu. */
async function fill(page, label, text) {
  const found = await until(
    page,
    (label) => {
      const fields = [...document.querySelectorAll(".menu-field label")];
      const field = fields.find((field) => field.textContent === label);
      field?.querySelector("input").select();
      field?.querySelector("input").focus();
      return field !== undefined;
    },
    label,
  );
  assert.ok(found);
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

onEveryPage(
  (site) => {
    test("a client is asked by its card, and shows what it was answered", async () => {
      const text = "servers 3\nclients 2\nseed 1\ntimeout S1\nrun 100ms\n";
      await site().visit({ hash: fragment(text, 99) }, async (page) => {
        await page.keyboard.press("End");
        await page.click('[data-client="2"]');
        await fill(page, "Put a value", "x hello");
        await until(page, () => document.querySelector('[data-client="2"].asks') !== null);
        assert.match(await page.evaluate(textOf, '[data-client="2"]'), /x=hello/);
        await until(
          page,
          () =>
            document.querySelector('.message[aria-label^="ClientRequest from C2 to S1"]') !== null,
        );
        await command(page, "run 300ms");
        await until(page, () => document.querySelector('[data-client="2"]:not(.asks)') !== null);
        assert.match(await page.evaluate(textOf, '[data-client="2"]'), /C2hello/);
        // The cell shows whose it is and what it does, and neither is cut.
        const cell = await page.evaluate(textOf, '[data-cell="1-1"]');
        assert.match(cell, /^1 ?C2\.1: x=hello$/);
        const isCut = await page.evaluate(() => {
          const words = document.querySelector('[data-cell="1-1"] .cell-command');
          return words.scrollWidth > words.clientWidth + 1;
        });
        assert.equal(isCut, false);
      });
    });

    test("a lease, reads that wait, and a snapshot have rows of their own", async () => {
      const text =
        "servers 3\nseed 1\nuse check-quorum lease-reads\nlatency 10ms\ntimeout S1\nrun 60ms\npropose S1 x1\nrun 200ms\nsnapshot S1\n";
      await site().visit({ hash: fragment(text, 99) }, async (page) => {
        await page.keyboard.press("End");
        await page.keyboard.press("1");
        await page.keyboard.press("i");
        const row = (name) =>
          [...document.querySelectorAll(".panel-body .field")]
            .map(({ textContent }) => textContent)
            .find((words) => words.startsWith(name)) ?? "";
        assert.match(await page.evaluate(row, "lease"), /ms/);
        assert.match(await page.evaluate(row, "snapshot"), /up to 1 · T1/);
        assert.equal(await page.evaluate(row, "reads waiting"), "");
        // Out of reach, and when the lease is over, a read waits for a majority.
        await command(page, "disconnect S1");
        await command(page, "run 490ms");
        await command(page, "read S1");
        assert.match(await page.evaluate(row, "reads waiting"), /1$/);
      });
    });

    test("what is out of order is seen where it is", async () => {
      const text =
        "servers 3\nclients 3\nseed 1\ntimeout S1\nrun 100ms\nclog S1 -> S2\nstall S3\nclock S2 110%\ncpu S2 5ms\nrun 500ms\n";
      await site().visit({ width: 2560, height: 1300, hash: fragment(text, 99) }, async (page) => {
        await page.keyboard.press("End");
        await until(page, () => document.querySelector('[data-link="1-2"] .clog') !== null);
        assert.equal(await page.evaluate(() => document.querySelectorAll(".clog").length), 1);
        assert.match(await page.evaluate(textOf, '[data-below="3"]'), /disk stalled/);
        assert.match(await page.evaluate(textOf, '[data-below="2"]'), /clock 110%/);
        assert.match(await page.evaluate(textOf, '[data-below="2"]'), /5 ms an event/);
      });
    });

    test("of two leaders the old one is told from the new one", async () => {
      const text =
        "servers 5\nseed 1\ntimeout S1\nrun 100ms\npartition S1 S2 | S3 S4 S5\ntimeout S3\nrun 100ms\n";
      await site().visit({ hash: fragment(text, 30) }, async (page) => {
        await page.keyboard.press("End");
        await until(page, () => document.querySelectorAll(".server.leader").length === 2);
        const label = (id) => document.querySelector(`[data-server="${id}"]`).ariaLabel;
        assert.match(await page.evaluate(label, 1), /old leader/);
        assert.match(await page.evaluate(label, 3), / leader /);
        assert.equal(await page.evaluate(() => document.querySelectorAll(".deposed").length), 1);
      });
    });

    test("a new run has the clients that were chosen", async () => {
      await site().visit({}, async (page) => {
        await page.click('[title^="New run"]');
        await until(page, () => document.querySelector("select[name=clients]") !== null);
        await page.select("select[name=clients]", "3");
        await page.click(".new-run .main");
        await until(page, () => document.querySelectorAll("[data-client]").length === 3);
        const overlaps = await page.evaluate(() => {
          const boxes = [...document.querySelectorAll("[data-client] rect, .server .disc")].map(
            (element) => element.getBoundingClientRect(),
          );
          const cross = (a, b) =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => cross(a, b))).length;
        });
        assert.equal(overlaps, 0);
      });
    });
  },
  { chromium: ["http"], firefox: ["file"] },
);
