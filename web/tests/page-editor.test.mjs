/** The text of the run: what is written there is played, and what is played is marked there. */
import assert from "node:assert/strict";
import test from "node:test";
import { command, onEveryPage, openFile, playbook, soon, textOf, until } from "./launch.mjs";

const TWO_TERMS = `title Two terms
servers 3
latency 10ms

caption S1 wins.
timeout S1
run 50ms
expect leaders = 1
expect term S1 = 2

caption S1 has an entry.
propose S1 x
run 40ms
expect commit S1 = 1
`;

/** In the page: what the editor shows. */
const seen = () => {
  const root = document.querySelector(".text-editor")?.shadowRoot;
  const all = (selector) => [...(root?.querySelectorAll(selector) ?? [])];
  const text = (selector) => all(selector).map((found) => found.textContent);
  return {
    isThere: all(".cm-content").length > 0,
    lines: text(".cm-line"),
    current: text(".line-current"),
    over: text(".line-over"),
    complaints: text(".complaint"),
    verbs: text(".word-verb"),
    said: text(".word-said"),
    offers: text(".cm-completionLabel"),
    dots: all(".dot-recorded").length,
    foot: document.querySelector(".text-foot output")?.textContent,
  };
};
const state = () => globalThis.__raft.lab().view(1, 40);
const engineText = () => globalThis.__raft.lab().save();

/** Waits until what the editor shows is so, in which `probe` sees it. */
async function untilSeen(page, probe) {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const now = await page.evaluate(seen);
    if (probe(now)) return now;
    if (Date.now() > deadline) throw new Error(`${probe} is not so: ${JSON.stringify(now)}`);
    await soon();
  }
}

async function opened(page, text = TWO_TERMS) {
  await openFile(page, text, "two-terms.raft");
  await until(page, () => document.title.includes("Two terms"));
  await page.keyboard.press("w");
  await untilSeen(page, ({ isThere }) => isThere);
}

/**
 * Puts the cursor at the end of the line that begins so. What is told below a line may come between looking
 * and clicking, and push the lines down: whoever hits another line clicks again.
 */
async function cursorIn(page, begin) {
  const where = (begin) => {
    const root = document.querySelector(".text-editor").shadowRoot;
    const lines = [...root.querySelectorAll(".cm-line")];
    const line = lines.find((one) => one.textContent.startsWith(begin));
    line.scrollIntoView({ block: "center" });
    const { bottom, left, top } = line.getBoundingClientRect();
    const cursor = root.querySelector(".cm-cursor-primary")?.getBoundingClientRect();
    const isIn = cursor !== undefined && cursor.top < bottom && cursor.bottom > top;
    return { left, top, isIn };
  };
  for (let clicks = 0; clicks < 20; clicks++) {
    const { left, top } = await page.evaluate(where, begin);
    await page.mouse.click(left + 30, top + 8);
    await page.keyboard.press("End");
    if ((await page.evaluate(where, begin)).isIn) return;
  }
  throw new Error(`the cursor does not come to “${begin}”`);
}

/** In the page: presses what would mend a line and says so with this word; answers whether it is there. */
const mend = (word) => {
  const root = document.querySelector(".text-editor").shadowRoot;
  const all = [...root.querySelectorAll(".complaint button")];
  const found = all.find(({ textContent }) => textContent.includes(word));
  found?.click();
  return found !== undefined;
};

onEveryPage(
  (site) => {
    test("the text is coloured by the language's list, and the cursor is an instant of the run", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        const { lines, verbs, said } = await page.evaluate(seen);
        assert.equal(`${lines.join("\n")}`, TWO_TERMS);
        assert.deepEqual(verbs.slice(0, 6), [
          "title",
          "servers",
          "latency",
          "caption",
          "timeout",
          "run",
        ]);
        assert.deepEqual(said, [" Two terms", " S1 wins.", " S1 has an entry."]);
        await cursorIn(page, "run 50ms");
        await untilSeen(page, ({ current }) => current.join() === "run 50ms");
        assert.equal((await page.evaluate(state)).now, 50_000);
        assert.ok((await page.evaluate(seen)).over.includes("timeout S1"));
        // An arrow key goes on by a line. A step of the run takes the mark and the cursor along.
        await page.keyboard.press("ArrowDown");
        await untilSeen(page, ({ current }) => current.join() === "expect leaders = 1");
        for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        await untilSeen(page, ({ current }) => current.join() === "propose S1 x");
        await page.keyboard.press("Escape");
        await page.keyboard.press("ArrowRight");
        await untilSeen(page, ({ current }) => current.join() === "run 40ms");
      });
    });

    test("the cursor stays where it was put, however late the run comes there", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "caption S1 wins.");
        const hold = (ms) => page.evaluate((ms) => globalThis.__raft.hold(ms), ms);
        // Not by `press`, which waits for the engine.
        const down = async () => {
          await page.keyboard.down("ArrowDown");
          await page.keyboard.up("ArrowDown");
        };
        await down();
        await hold(1500);
        await down();
        await untilSeen(page, ({ current }) => current.join() === "timeout S1");
        await page.keyboard.sendCharacter("#");
        const { lines } = await untilSeen(page, ({ lines }) => lines.join().includes("#"));
        assert.equal(lines.find((line) => line.includes("#")).replace("#", ""), "run 50ms");
      });
    });

    test("what is found stands below what was expected, in the reader's language", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        const told = await untilSeen(page, ({ complaints }) => complaints.length === 1);
        assert.match(told.complaints[0], /1/);
        assert.match(told.foot, /1 expectation fails/);
        // It leads to what made it so, and not to what was last.
        await page.evaluate(() => {
          const root = document.querySelector(".text-editor").shadowRoot;
          const all = [...root.querySelectorAll(".complaint button")];
          all.find(({ textContent }) => textContent === "why").click();
        });
        await until(page, async () => {
          const { now, position } = await globalThis.__raft.lab().view(1, 1);
          return now === 0 && position > 0;
        });
        await page.keyboard.press("g");
        const chinese = await untilSeen(page, ({ complaints }) =>
          /\p{Script=Han}/u.test(complaints[0] ?? ""),
        );
        assert.notEqual(chinese.complaints[0], told.complaints[0]);
      });
    });

    test("what is typed is played from there, or complained about where it stands; undo takes back both", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "run 50ms");
        await page.keyboard.press("Enter");
        await page.keyboard.type("crsh S2");
        const wrong = await untilSeen(page, ({ complaints }) => /crsh/.test(complaints[0] ?? ""));
        assert.match(wrong.complaints[0], /crash/);
        assert.equal(await page.evaluate(engineText), TWO_TERMS);
        for (let i = 0; i < 5; i++) await page.keyboard.press("Backspace");
        await page.keyboard.type("ash S2");
        await until(page, async () =>
          (await globalThis.__raft.lab().save()).includes("50ms\ncrash S2\nexpect"),
        );
        await until(page, () => document.querySelector(".server.crashed") !== null);
        await untilSeen(page, ({ current }) => current.join() === "crash S2");
        // Something done beside the text comes into it. Escape first puts away what is offered.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await command(page, "pause S3");
        await untilSeen(page, ({ lines }) => lines.includes("pause S3"));
        await cursorIn(page, "pause S3");
        const [key, mac] = ["Control", "Meta"];
        const isMac = await page.evaluate(() => /Mac/.test(navigator.platform));
        const undo = async () => {
          await page.keyboard.down(isMac ? mac : key);
          await page.keyboard.press("z");
          await page.keyboard.up(isMac ? mac : key);
        };
        await undo();
        await untilSeen(page, ({ lines }) => !lines.includes("pause S3"));
        await undo();
        await untilSeen(page, ({ lines }) => lines.join("\n") === TWO_TERMS);
        assert.equal(await page.evaluate(engineText), TWO_TERMS);
        await page.keyboard.type(" # not played yet");
        await undo();
        await untilSeen(page, ({ lines }) => lines.join("\n") === TWO_TERMS);
        // What cannot be read is not lost with the run that it was written into.
        await page.keyboard.type("crush S1");
        await untilSeen(page, ({ complaints }) => complaints.some((one) => /crush/.test(one)));
        await page.keyboard.press("Escape");
        await playbook(page, "seeds/06-test-backup.raft");
        await until(page, () =>
          /crush S1/.test(document.querySelector(".notice textarea")?.value ?? ""),
        );
      });
    });

    test("every line that cannot be read is marked, and mended by a button; what held has a tick", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        const ticks = () =>
          document.querySelector(".text-editor").shadowRoot.querySelectorAll(".dot-held").length;
        await until(page, ticks);
        await cursorIn(page, "run 40ms");
        await page.keyboard.press("Enter");
        await page.keyboard.type("crsh S2");
        await page.keyboard.press("Enter");
        await page.keyboard.type("paus S3");
        const seenBoth = ({ complaints }) =>
          /crsh/.test(complaints.join()) && /paus/.test(complaints.join());
        const { foot } = await untilSeen(page, seenBoth);
        assert.match(foot, /2 lines/);
        // What is done meanwhile stays, though the text cannot be played yet.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await command(page, "crash S3");
        await untilSeen(
          page,
          ({ lines }) => lines.includes("crash S3") && lines.includes("crsh S2"),
        );
        await until(page, mend, "“crash”");
        await until(page, mend, "“pause”");
        await until(page, async () => {
          const text = await globalThis.__raft.lab().save();
          return ["crash S2", "pause S3", "crash S3"].every((line) => text.includes(`${line}\n`));
        });
      });
    });

    test("lines are completed, many are pasted, and the keys lead out again", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "run 40ms");
        await page.keyboard.press("Enter");
        await page.keyboard.type("crash l");
        await untilSeen(page, ({ offers }) => offers[0] === "crash leader");
        await page.keyboard.press("Tab");
        await untilSeen(page, ({ lines }) => lines.includes("crash leader"));
        await page.keyboard.press("Enter");
        await page.evaluate(() => {
          const root = document.querySelector(".text-editor").shadowRoot;
          const data = new DataTransfer();
          data.setData("text/plain", "run 5ms\nrestart S1\nrun 5ms");
          const event = new Event("paste", { bubbles: true, cancelable: true });
          Object.defineProperty(event, "clipboardData", { value: data });
          root.querySelector(".cm-content").dispatchEvent(event);
        });
        await until(page, async () =>
          (await globalThis.__raft.lab().save()).includes("crash leader\nrun 5ms\nrestart S1\n"),
        );
        // Escape, then Tab: over what a complaint offers, out of the text, to what stands below it.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Tab");
        const isInside = () => document.activeElement?.className === "text-editor";
        for (let i = 0; i < 4 && (await page.evaluate(isInside)); i++)
          await page.keyboard.press("Tab");
        const where = () => document.activeElement?.className ?? "";
        assert.match(await page.evaluate(where), /record/);
      });
    });

    test("while recording, a click becomes a line where the run stands, and the rest is played after it", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "timeout S1");
        await page.keyboard.press("Escape");
        await page.keyboard.press("j");
        await page.keyboard.press("3");
        await page.keyboard.press("c");
        const { lines } = await untilSeen(page, ({ dots }) => dots === 1);
        assert.equal(lines[lines.indexOf("timeout S1") + 1], "crash S3");
        assert.ok(lines.includes("expect commit S1 = 1"));
        const { position, branch } = await page.evaluate(state);
        assert.deepEqual([position, branch], [3, 0]);
        // In the middle of a line that lets time pass, that is parted.
        await page.keyboard.press("ArrowRight");
        await command(page, "pause S2");
        const parted = await untilSeen(page, ({ dots }) => dots === 2);
        assert.deepEqual(parted.lines.slice(5, 10), [
          "timeout S1",
          "crash S3",
          "step",
          "pause S2",
          "run 40ms",
        ]);
        // What cannot be done is said, and not written.
        await command(page, "crash S3");
        await until(page, () => document.querySelector(".notice") !== null);
        assert.equal((await page.evaluate(seen)).dots, 2);
        await page.keyboard.press("j");
        assert.equal(await page.evaluate(textOf, ".record"), "● Record");
        // As a test of somebody's own it is copied, or shown where the browser refuses its clipboard.
        await page.evaluate(() => {
          globalThis.navigator.clipboard.writeText = () => Promise.reject(new Error("refused"));
        });
        await page.click(".copy-test");
        await until(page, () => document.querySelector(".notice textarea") !== null);
        const test = await page.evaluate(() => document.querySelector(".notice textarea").value);
        assert.match(test, /fn plays_two_terms\(\) \{\n {4}let playbook = r"title Two terms\n/);
      });
    });

    test("what a recorded line leaves impossible is cut, or done in a branch", async () => {
      for (const way of ["Record it, and cut what follows", "Do it in a branch of its own"]) {
        await site().visit({}, async (page) => {
          await opened(page);
          await cursorIn(page, "run 50ms");
          await page.keyboard.press("Escape");
          await page.keyboard.press("j");
          await command(page, "crash S1");
          const press = (words) => {
            const all = [...document.querySelectorAll(".notice button")];
            const found = all.find(({ textContent }) => textContent === words);
            found?.click();
            return found !== undefined;
          };
          // Line 12 proposes to S1; nothing has been done yet.
          await until(page, () =>
            document.querySelector(".notices").textContent.includes("line 12 could not be done"),
          );
          assert.equal(await page.evaluate(engineText), TWO_TERMS);
          await until(page, press, way);
          const isCut = way.includes("cut");
          const { lines } = await untilSeen(page, ({ lines }) => lines.includes("crash S1"));
          assert.equal(lines.includes("propose S1 x"), false);
          assert.equal(lines[lines.indexOf("crash S1") - 1], isCut ? "run 50ms" : "caption");
          const { branch } = await page.evaluate(state);
          assert.equal(branch, isCut ? 0 : 1);
        });
      }
    });

    test("an act at an earlier instant starts a branch, and what is typed waits below its text", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "caption S1 has an entry.");
        await page.keyboard.press("Enter");
        await page.keyboard.type("crsh S2");
        await untilSeen(page, ({ complaints }) => /crsh/.test(complaints.join()));
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        await command(page, "crash S3");
        const { lines } = await untilSeen(page, ({ lines }) => lines.includes("crash S3"));
        assert.equal(lines.includes("crsh S2"), false);
        const left = () => document.querySelector(".text-left textarea")?.value ?? "";
        assert.match(await page.evaluate(left), /an entry\.\ncrsh S2\npropose S1 x\n/);
        assert.match(await page.evaluate(textOf, ".notices"), /not played.*kept below the text/s);
      });
    });

    test("what is not played is there after a reload, and in the text of whoever takes it up", async () => {
      await site().visit({}, async (page) => {
        await opened(page);
        await cursorIn(page, "run 50ms");
        await page.keyboard.press("Enter");
        await page.keyboard.type("crsh S2");
        await untilSeen(page, ({ complaints }) => /crsh/.test(complaints.join()));
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        const left = () => document.querySelector(".text-left textarea")?.value ?? "";
        if (!(await page.evaluate(seen)).isThere) await page.keyboard.press("w");
        await untilSeen(page, ({ lines }) => lines.join("\n") === TWO_TERMS);
        assert.equal(
          await until(page, left),
          TWO_TERMS.replace("run 50ms\n", "run 50ms\ncrsh S2\n"),
        );
        await page.click(".text-left summary");
        await page.click(".text-left li button");
        await untilSeen(page, ({ lines }) => lines.includes("crsh S2"));
        assert.equal(await page.evaluate(left), "");
        await until(page, mend, "“crash”");
        await until(page, async () =>
          (await globalThis.__raft.lab().save()).includes("50ms\ncrash S2\n"),
        );
        await page.reload();
        await until(page, () => document.documentElement.dataset.ready === "true");
        await untilSeen(page, ({ lines }) => lines.includes("crash S2"));
        assert.equal(await page.evaluate(left), "");
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);

onEveryPage(
  (site) => {
    test("the editor is loaded when it is first opened, and keeps a playbook as it was written", async () => {
      await site().visit({}, async (page) => {
        const isLoaded = () => page.evaluate(() => globalThis.raftEditor !== undefined);
        await playbook(page, "seeds/06-test-backup.raft");
        assert.equal(await isLoaded(), false);
        const before = await page.evaluate(engineText);
        await page.keyboard.press("w");
        const { lines } = await untilSeen(page, ({ isThere }) => isThere);
        assert.equal(await isLoaded(), true);
        assert.ok(before.startsWith(lines.slice(0, 8).join("\n")));
        assert.equal(await page.evaluate(engineText), before);
      });
    });
  },
  { chromium: ["http"] },
);
