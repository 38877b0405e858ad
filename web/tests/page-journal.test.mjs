/** Nothing is lost: what was done is kept, offered again, and can be forgotten. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, playbook, textOf, toClause, until } from "./launch.mjs";

const digests = async () => {
  const lab = globalThis.__raft.lab();
  return Promise.all((await lab.branches()).map(({ id }) => lab.saveBranch(id)));
};
const position = async () => (await globalThis.__raft.lab().view(1, 1)).position;

/** Two branches, of which the first is looked at. */
async function twoBranches(page) {
  await playbook(page, "seeds/08-figure8-2c.raft");
  await page.keyboard.press("]");
  await command(page, "crash S2");
  await command(page, "run 100ms");
  await page.select(".branches select", "0");
  await page.evaluate(() => document.activeElement?.blur());
  await command(page, "run 20ms");
  await command(page, "crash S1");
  return page.evaluate(digests);
}

/** Opens the page again in the same browser, as after the tab was closed. */
async function comeBack(page, site) {
  const address = site().place.index;
  await page.goto("about:blank");
  await page.goto(address);
  await until(page, () => document.documentElement.dataset.ready === "true");
}

const kept = (count) =>
  Object.keys(localStorage).filter((key) => key.startsWith("raft-lab.run.")).length === count;

onEveryPage((site) => {
  test("a reload brings back the run, its branches and its place", async () => {
    await site().visit({}, async (page) => {
      const before = await twoBranches(page);
      assert.equal(before.length, 2);
      await page.keyboard.press("ArrowLeft");
      const place = await page.evaluate(position);
      await until(page, (place) => location.hash.endsWith(`&at=${place}`), place);
      for (const key of ["v", "h"]) await page.keyboard.press(key);
      await page.reload();
      await until(page, () => document.documentElement.dataset.ready === "true");
      assert.deepEqual(await page.evaluate(digests), before);
      assert.equal(await page.evaluate(position), place);
      assert.match(await page.evaluate(textOf, ".run-name"), /Figure 8/);
      // What was open is open again.
      const isChosen = () =>
        document.querySelector("[id$=tab-events]").getAttribute("aria-selected") === "true";
      await until(page, isChosen);
      await until(page, () => document.querySelector(".diagram canvas") !== null);
      // So are two branches side by side, at the instant at which they were looked at.
      await page.keyboard.press("b");
      await until(page, () => document.querySelector(".menu-choices button") !== null);
      await page.evaluate(() => {
        const choices = [...document.querySelectorAll(".menu-choices button")];
        choices.find((one) => one.textContent === "Compare").click();
      });
      const isBeside = () => document.querySelector("main.compare") !== null;
      await until(page, isBeside);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      const there = await page.evaluate(position);
      await until(page, (there) => history.state?.spot?.position === there, there);
      await page.reload();
      await until(page, isBeside);
      const stands = async (there) => (await globalThis.__raft.lab().view(1, 1)).position === there;
      await until(page, stands, there);
    });
  });

  test("who comes back is offered the last run", async () => {
    await site().visit({}, async (page) => {
      const before = await twoBranches(page);
      await until(page, kept, 1);
      await comeBack(page, site);
      const told = await until(page, () => document.querySelector(".door")?.textContent);
      assert.match(told, /^Go on.*Figure 8/);
      await page.click(".door");
      await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
      assert.deepEqual(await page.evaluate(digests), before);
    });
  });

  test("replacing a run can be undone, and Back and Forward go through what was opened", async () => {
    await site().visit({}, async (page) => {
      const before = await twoBranches(page);
      await playbook(page, "seeds/05-first-election.raft");
      await until(page, () => location.hash === "#/seeds/05-first-election");
      assert.match(await page.title(), /^RV 1 .* · Raft Laboratory$/);
      const told = await until(page, () => document.querySelector(".notice")?.textContent);
      assert.match(told, /has been replaced/);
      await page.goBack();
      await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
      assert.deepEqual(await page.evaluate(digests), before);
      assert.match(await page.title(), /^Figure 8 /);
      await page.goForward();
      await until(page, () => document.querySelector(".run-name").textContent.startsWith("RV 1"));
      assert.equal(
        await page.evaluate(async () => (await globalThis.__raft.lab().branches()).length),
        1,
      );
      // Undo brings it back as well, as something that was opened.
      await page.keyboard.press("l");
      await until(page, () => document.querySelector("[data-own-run]") !== null);
      await page.click("[data-own-run]");
      await until(page, async () => (await globalThis.__raft.lab().branches()).length === 2);
      assert.deepEqual(await page.evaluate(digests), before);
    });
  });

  test("where nothing can be kept, this is said once, and undo works all the same", async () => {
    const before = (page) =>
      page.evaluateOnNewDocument(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException("refused", "QuotaExceededError");
        };
      });
    await site().visit({ before }, async (page) => {
      await command(page, "crash S1");
      const told = await until(page, () => document.querySelector(".notice")?.textContent);
      assert.match(told, /cannot store anything/);
      await command(page, "crash S2");
      await until(page, () => document.querySelectorAll(".crashed[data-server]").length === 2);
      assert.equal(await page.evaluate(textOf, ".notices"), "");
      await playbook(page, "seeds/05-first-election.raft");
      await page.click(".notice-actions button");
      await until(page, () => document.querySelectorAll(".crashed[data-server]").length === 2);
    });
  });
});

onEveryPage(
  (site, once) => {
    test("a tab that crashes comes back in its branch, at its place", async () => {
      await site().visit({}, async (page) => {
        const place = async () => {
          const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
          return [branch, position, now];
        };
        const isAt = async (place) => {
          const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
          return JSON.stringify([branch, position, now]) === JSON.stringify(place);
        };
        await twoBranches(page);
        await page.select(".branches select", "1");
        await page.evaluate(() => document.activeElement?.blur());
        for (const key of ["End", "t", "t", "ArrowLeft"]) await page.keyboard.press(key);
        const before = await page.evaluate(place);
        const left = ([current, position, at]) => {
          const key = Object.keys(localStorage).find((key) => key.startsWith("raft-lab.left."));
          return key && localStorage[key] === JSON.stringify({ current, position, at });
        };
        await until(page, left, before);
        await until(page, (place) => location.hash.endsWith(`&at=${place}`), before[1]);
        // A tab that crashes says nothing when it goes.
        await page.evaluate(() => {
          for (const kind of ["pagehide", "visibilitychange"])
            window.addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
        });
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        // What takes long to be opened is waited for by nobody, and on a busy machine this may.
        await until(page, isAt, before);
      });
    });

    test("a run is listed once, and runs can be forgotten, one and all", async () => {
      await site().visit({}, async (page) => {
        const [election, heartbeat] = [
          "seeds/05-first-election.raft",
          "seeds/01-ae0-heartbeat.raft",
        ];
        // Whoever does the same again has the same run.
        for (const path of [heartbeat, election, heartbeat]) {
          await playbook(page, path);
          await command(page, "crash S3");
        }
        await until(page, kept, 3);
        await page.keyboard.press("l");
        await until(page, () => document.querySelectorAll("[data-own-run]").length === 2);
        await page.click(".own-runs li:first-child .icon-only");
        await until(page, () => document.querySelectorAll("[data-own-run]").length === 1);
        assert.ok(await page.evaluate(kept, 1));
        await page.click(".own-runs h3 button");
        await until(page, () => document.querySelector("[data-own-run]") === null);
        assert.ok(await page.evaluate(kept, 0));
      });
    });

    test("a run that is too long to be kept is said to be, and the page still holds it", async () => {
      await site().visit({}, async (page) => {
        await command(page, "crash S3");
        await until(page, kept, 1);
        await playbook(page, "seeds/05-first-election.raft");
        for (let i = 0; i < 3; i++) await command(page, "propose S1 *:900000");
        const said = () =>
          [...document.querySelectorAll(".notice b")].filter((title) =>
            title.textContent.startsWith("This run is too long to be kept"),
          ).length;
        await until(page, said);
        assert.equal(await page.evaluate(said), 1);
        // What was kept of the other run is still there; nothing is kept of this one.
        assert.ok(await page.evaluate(kept, 1));
        await playbook(page, "seeds/01-ae0-heartbeat.raft");
        await until(page, () => document.querySelector(".run-name").textContent.startsWith("AE 0"));
        await page.click(".notice-actions button");
        await until(page, async () => (await globalThis.__raft.lab().save()).length > 2_000_000);
      });
    });

    test("a reload right after a step stands where the step led", async () => {
      for (const acted of [false, true]) {
        await site().visit({}, async (page) => {
          await playbook(page, "seeds/08-figure8-2c.raft");
          await page.keyboard.press("]");
          if (acted) await command(page, "crash S2");
          await until(page, () => location.hash.includes("at="));
          for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowLeft");
          const place = await page.evaluate(position);
          await page.reload();
          await until(page, () => document.documentElement.dataset.ready === "true");
          await until(
            page,
            async (place) => (await globalThis.__raft.lab().position()) === place,
            place,
          );
          await until(page, (place) => location.hash.endsWith(`at=${place}`), place);
        });
      }
    });

    test("visits close together are visits, and Back twice leads through both", async () => {
      await site().visit({}, async (page) => {
        const named = (start) => document.querySelector(".run-name").textContent.startsWith(start);
        const back = () => page.evaluate(() => history.back());
        await playbook(page, "seeds/05-first-election.raft");
        await playbook(page, "seeds/08-figure8-2c.raft");
        await until(page, () => location.hash.startsWith("#/seeds/08-figure8"));
        await back();
        await until(page, named, "RV 1");
        await until(page, () => location.hash.startsWith("#/seeds/05-first"));
        await back();
        await until(page, named, "Playbooks");
        assert.equal(await page.evaluate(() => location.hash), "#free");
        await page.evaluate(() => history.go(2));
        await until(page, named, "Figure 8");
        // Twice at once, before the first one has been answered.
        await page.evaluate(() => {
          history.back();
          history.back();
        });
        await until(page, named, "Playbooks");
      });
    });

    test("branches keep their names and places through a reload", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/08-figure8-2c.raft");
        // The same is done twice at one instant: the second branch has its beginning in common with
        // the first, but it left the playbook.
        for (const line of ["crash S2", "crash S2"]) {
          await page.evaluate(() => document.activeElement?.blur());
          if ((await page.$(".branches select")) !== null) {
            await page.select(".branches select", "0");
            await page.evaluate(() => document.activeElement?.blur());
          }
          await page.keyboard.press("Home");
          for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
          await until(page, async () => (await globalThis.__raft.lab().position()) === 5);
          await command(page, line);
          await command(page, "run 30ms");
        }
        const names = () =>
          [...document.querySelectorAll(".branches option")].map((option) => option.textContent);
        const before = await page.evaluate(names);
        assert.equal(before.length, 3);
        await until(page, kept, 1);
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        await until(page, () => document.querySelectorAll(".branches option").length === 3);
        assert.deepEqual(await page.evaluate(names), before);
      });
    });

    once("the address of a playbook opens it at its instant, and a wrong one says so", async () => {
      await site().visit({ hash: "#/seeds/06-test-backup?at=33" }, async (page) => {
        await until(page, async () => (await globalThis.__raft.lab().view(1, 1)).position === 33);
        assert.match(await page.evaluate(textOf, ".run-name"), /TestBackup/);
        await page.keyboard.press("ArrowRight");
        await until(page, () => location.hash === "#/seeds/06-test-backup?at=34");
      });
      await site().visit({ hash: "#/seeds/no-such-thing" }, async (page) => {
        const told = await until(page, () => document.querySelector(".notice.error")?.textContent);
        assert.match(told, /No playbook has this name.*seeds\/no-such-thing/);
      });
    });

    once("playbooks are found by what people have at hand", async () => {
      await site().visit({}, async (page) => {
        await page.keyboard.press("l");
        await until(page, () => document.querySelector("[data-playbook]") !== null);
        assert.equal(await page.evaluate(() => document.activeElement.type), "search");
        await page.keyboard.type("TestBackup3B");
        const names = () =>
          [...document.querySelectorAll(".answers [data-playbook]")].map(
            (item) => item.dataset.playbook,
          );
        const found = await page.evaluate(names);
        assert.ok(
          found.includes("seeds/06-test-backup.raft") && found.includes("lab/b9-backup.raft"),
        );
        await page.keyboard.press("Enter");
        // The lesson about the test comes first.
        await until(page, () =>
          document.querySelector(".run-name").textContent.startsWith("Fifty entries"),
        );
        await page.keyboard.press("l");
        await page.keyboard.type("unicorn");
        assert.match(await until(page, textOf, ".none-found"), /Nothing found for “unicorn”/);
      });
    });

    test("Back leads from a branch to the run as it was, and Forward into the branch", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "seeds/09a-fast-backup-case1.raft");
        await playbook(page, "seeds/08-figure8-2c.raft");
        await toClause(page, "L4-term");
        const where = async () => {
          const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
          return JSON.stringify([branch, position, now]);
        };
        const before = await page.evaluate(where);
        const isAt = async (place) => {
          const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
          return JSON.stringify([branch, position, now]) === place;
        };
        await page.click('[data-take-away="L4-term"]');
        const isBeside = () => document.querySelector("main.compare .alike h2") !== null;
        const isAlone = () => document.querySelector("main.compare") === null;
        await until(page, isBeside);
        await until(page, () => history.state?.spot?.beside !== undefined);
        await page.evaluate(() => history.back());
        await until(page, isAlone);
        await until(page, isAt, before);
        await page.evaluate(() => history.forward());
        await until(page, isBeside);
        await page.keyboard.press("Escape");
        await until(page, isAlone);
        // The address follows once the reader is at rest.
        const isWritten = async () => {
          const { branch, position, now } = await globalThis.__raft.lab().view(1, 1);
          const { spot } = history.state;
          const isHere = spot.branch === branch && spot.position === position && spot.at === now;
          return isHere && spot.beside === undefined && JSON.stringify([branch, position, now]);
        };
        const alone = await until(page, isWritten);
        await page.keyboard.press("u");
        // The part of the figure that the clause stands in may be folded where nothing of it has acted.
        await page.evaluate(() => {
          const head = document.querySelector('[data-part="leaders"] .figure-head');
          if (head.ariaExpanded === "false") head.click();
        });
        await page.evaluate(() => document.querySelector('[data-rule="L4-term"] .toggle').click());
        await until(page, () => document.querySelector(".top .modified") !== null);
        // The clause is taken away, and then the first difference is gone to.
        await page.evaluate(() => globalThis.__raft.rest());
        const without = await until(page, isWritten);
        assert.notEqual(JSON.parse(without)[0], 0);
        await page.evaluate(() => history.back());
        await until(page, isAt, alone);
        assert.match(await page.evaluate(textOf, ".run-name"), /Figure 8/);
        await page.evaluate(() => history.forward());
        await until(page, isAt, without);
        await page.evaluate(() => history.go(-3));
        await until(page, () => /Fast/.test(document.querySelector(".run-name").textContent));
      });
    });

    test("a server that was pinned is pinned after a reload", async () => {
      await site().visit({ hash: "#/seeds/06-test-backup?at=33" }, async (page) => {
        const pinned = () => document.querySelector(".chip .icon")?.closest(".chip").textContent;
        assert.equal(await page.evaluate(pinned), undefined);
        await page.keyboard.press("4");
        assert.equal(await page.evaluate(pinned), "S4");
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        assert.equal(await page.evaluate(pinned), "S4");
        // One that was let go is not.
        await page.keyboard.press("0");
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        assert.equal(await page.evaluate(pinned), undefined);
      });
    });
  },
  { chromium: ["http"], firefox: ["file"] },
);
