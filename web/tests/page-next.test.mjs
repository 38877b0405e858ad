/** Going on to the next event of a kind. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, until } from "./launch.mjs";

onEveryPage(
  (site) => {
    test("it goes to the next leader, commit and crash, and says where there is none", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await page.select(".to-next", "leader");
        await until(page, () =>
          document.querySelector(".why").textContent.includes("becomes leader"),
        );
        await command(page, "propose leader x");
        await page.select(".to-next", "commit");
        await until(page, () => /commits/.test(document.querySelector(".why h2").textContent));
        const before = await page.evaluate(textOf, ".clock");
        await page.select(".to-next", "crash");
        await until(page, () => document.querySelector(".notices")?.textContent.includes("crash"));
        assert.equal(await page.evaluate(textOf, ".clock"), before, "nothing has moved");
        // A clause of the event on show is offered, too.
        const rules = await page.evaluate(() =>
          [...document.querySelectorAll(".to-next option")].map(({ value }) => value),
        );
        assert.ok(rules.includes("L4"), rules.join());
      });
    });

    test("it goes to a refusal and to a failed expectation, and offers a condition of one's own", async () => {
      await site().visit({ width: 1440, height: 900 }, async (page) => {
        await playbook(page, "seeds/06-test-backup.raft");
        await page.keyboard.press("Home");
        await page.select(".to-next", "refusal");
        await until(page, () => document.querySelector(".why h2").textContent.includes("refuses"));
        const at = () => document.querySelector(".why h2").textContent;
        const refusal = await page.evaluate(at);
        // Conflicts, and any clause of the figure.
        await page.keyboard.press("Home");
        await page.select(".to-next", "conflict");
        await until(page, (before) => document.querySelector(".why h2").textContent !== before, "");
        await page.keyboard.press("Home");
        await page.select(".to-next", "L4");
        await until(page, () => document.querySelector(".why").textContent.includes("L4"));
        assert.notEqual(await page.evaluate(at), refusal);
        await page.keyboard.press("Home");
        await page.select(".to-next", "failure");
        await until(page, () =>
          /failed expectation/.test(document.querySelector(".notices").textContent),
        );
        await page.select(".to-next", "condition");
        const line = await until(page, () => document.querySelector(".command input").value);
        assert.equal(line, "wait 10s until ");
        // Any condition is offered and completed; it is looked for in what has been lived through.
        const offers = () =>
          [...document.querySelectorAll(".offers code")].map((one) => one.textContent);
        await until(page, () => document.querySelectorAll(".offers code").length > 10);
        await page.keyboard.type("vo");
        await until(page, () => document.querySelectorAll(".offers code").length < 5);
        assert.match((await page.evaluate(offers))[0], /^wait 10s until vo/);
        for (let i = 0; i < 2; i++) await page.keyboard.press("Backspace");
        await page.keyboard.type("commit S2 >= 3");
        const stands = async () => {
          const { servers, position, length } = await globalThis.__raft.lab().view(1, 1);
          return { commit: servers[1].commitIndex, position, length };
        };
        const before = await page.evaluate(stands);
        await page.keyboard.press("Enter");
        await until(page, async () => {
          return (await globalThis.__raft.lab().view(1, 1)).servers[1].commitIndex >= 3;
        });
        const after = await page.evaluate(stands);
        assert.ok(after.position > before.position && after.length === before.length);
        assert.equal(
          await page.evaluate(async () => (await globalThis.__raft.lab().branches()).length),
          1,
        );
        // What is no condition is refused in words, and the line is kept to be corrected.
        await page.select(".to-next", "condition");
        await page.keyboard.type("nonsense");
        await page.keyboard.press("Enter");
        await until(page, () =>
          /“nonsense” is not/.test(document.querySelector(".notices").textContent),
        );
        assert.equal(
          await page.evaluate(() => document.querySelector(".command input").value),
          "wait 10s until nonsense",
        );
      });
    });
  },
  { firefox: ["file"] },
);
