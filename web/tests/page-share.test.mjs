/** What can be taken away of a run, and comes back: links, pictures, texts, the lines of a frame, a storyboard. */
import assert from "node:assert/strict";
import test from "node:test";
import { inflateRawSync } from "node:zlib";
import { command, onEveryPage, playbook, until } from "./launch.mjs";

const BOOK = "paper/00-a-leader-crashes.raft";

/** In the page, before its scripts: keeps what is saved, and refuses the clipboard on demand. */
const catchSaved = () => {
  globalThis.saved = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    if (!(blob.type ?? "").includes("javascript")) globalThis.saved.push(blob);
    return make.call(URL, blob);
  };
  HTMLAnchorElement.prototype.click = () => undefined;
  const clipboard = {
    writeText: async (text) => {
      if (globalThis.isRefused) throw new Error("refused");
      globalThis.copied = text;
    },
    write: async ([item]) => {
      if (globalThis.isRefused) throw new Error("refused");
      globalThis.copiedPicture = await item.getType("image/png");
    },
  };
  Object.defineProperty(Navigator.prototype, "clipboard", { get: () => clipboard });
};

/** In the page: presses the button of the sheet that says so. */
const pressButton = (words) => {
  const all = [...document.querySelectorAll("dialog button")];
  all.find(({ textContent }) => textContent === words).click();
};

const savedText = async () => {
  const blob = globalThis.saved.at(-1);
  return blob && { type: blob.type, text: await blob.text() };
};

/** In the page: chooses what is to be on the picture. */
const choosePart = (part) => {
  const all = [...document.querySelectorAll(".share select")];
  const choice = all.find((one) => [...one.options].some(({ value }) => value === part));
  choice.value = part;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
};

/** In the page: how wide the last saved picture is, and of how many colours. */
const drawn = async () => {
  const blob = globalThis.saved.at(-1);
  const image = new Image();
  image.src = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(blob);
  });
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { width: image.width, colours: new Set(new Uint32Array(data.buffer)).size };
};

/** In the page: drops the last saved file on it. */
const dropSaved = async (name) => {
  const data = new DataTransfer();
  data.items.add(new File([globalThis.saved.at(-1)], name));
  const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
  document.querySelector(".stage").dispatchEvent(drop);
};

const position = async () => (await globalThis.__raft.lab().view(1, 1)).position;

onEveryPage(
  (site) => {
    test("a picture of each kind has the run inside, and opens it again", async () => {
      await site().visit(
        { before: (page) => page.evaluateOnNewDocument(catchSaved) },
        async (page) => {
          await command(page, "crash S1");
          await command(page, "timeout S2");
          const { digest, there } = await page.evaluate(async () => ({
            digest: await globalThis.__raft.lab().digest(),
            there: (await globalThis.__raft.lab().view(1, 1)).position,
          }));
          // Two pictures of each part would tell no more than one: how it is drawn is the same for both.
          for (const [part, button, name] of [
            ["stage", "Save as SVG", "a.svg"],
            ["logs", "Save as PNG", "a.png"],
            ["diagram", "Save as PNG", "a.png"],
            ["all", "Save as SVG", "a.svg"],
          ]) {
            if (part === "diagram") await page.keyboard.press("h");
            await page.keyboard.press("K");
            await until(page, () =>
              document.querySelector(".share input")?.value.includes("#run="),
            );
            await page.evaluate(choosePart, part);
            await page.evaluate(() => globalThis.saved.splice(0));
            await page.evaluate(pressButton, button);
            const { type } = await until(page, savedText);
            assert.equal(type, name === "a.svg" ? "image/svg+xml" : "image/png");
            const { colours, width } = await page.evaluate(drawn);
            assert.ok(width > 200 && colours > 8, `${part}: ${width} pixels, ${colours} colours`);
            await page.keyboard.press("Escape");
            if (part === "diagram") await page.keyboard.press("h");
            await page.keyboard.press("Home");
            await command(page, "crash S3");
            await page.evaluate(dropSaved, name);
            await until(
              page,
              async (digest) => (await globalThis.__raft.lab().digest()) === digest,
              digest,
            );
            assert.equal(await page.evaluate(position), there);
          }
          // To a slide it goes by the clipboard, where the browser lets it.
          await page.keyboard.press("K");
          const says = (words) => document.querySelector(".share").textContent.includes(words);
          await until(page, says, "Copy as PNG");
          await page.evaluate(pressButton, "Copy as PNG");
          await until(page, () => globalThis.copiedPicture?.size > 1000);
          await until(page, says, "Copied, without the run inside");
          await page.evaluate(() => {
            globalThis.isRefused = true;
          });
          await page.evaluate(pressButton, "Copy as PNG");
          await until(page, says, "refuses to copy a picture");
        },
      );
    });

    test("texts are copied, or stand there to be copied where the browser refuses", async () => {
      await site().visit(
        { before: (page) => page.evaluateOnNewDocument(catchSaved) },
        async (page) => {
          await playbook(page, BOOK);
          await page.keyboard.press("End");
          await page.keyboard.press("K");
          await until(page, () =>
            document.querySelector(".share input")?.value.includes("#/paper/00"),
          );
          const copy = async (words) => {
            await page.evaluate(() => delete globalThis.copied);
            await page.evaluate(pressButton, words);
            return until(page, () => globalThis.copied);
          };
          assert.match(await copy("Copy the link"), /#\/paper\/00-a-leader-crashes\?at=\d+$/);
          await page.select(".share select", "whole");
          const whole = await copy("Copy the link");
          const packed = /#run=([\w-]+)&at=\d+$/.exec(whole)[1];
          assert.match(String(inflateRawSync(Buffer.from(packed, "base64url"))), /^.*caption/s);
          assert.match(
            await copy("Copy as Markdown for an issue"),
            /^## A leader crashes\n\n.*```\n/s,
          );
          await page.evaluate(() => {
            const box = [...document.querySelectorAll(".share-embed label")];
            box.find(({ textContent }) => textContent.includes("loads on click")).click();
          });
          // A link to a file is of use on this machine alone, and so is a frame.
          const told = () =>
            [...document.querySelectorAll(".share section")].filter((one) =>
              one.textContent.includes("opens on this machine only"),
            ).length;
          assert.equal(await page.evaluate(told), 2);
          const frame = await copy("Copy the iframe");
          assert.match(
            frame,
            /^<iframe src="[^"]*\?embed&amp;load=click#\/paper\/00[^"]*" width="720"/,
          );
          // What is no number of events of this run is left out.
          for (const [words, number] of [
            ["starts after event", "3"],
            ["ends after event", "7"],
            ["ends after event", "100000"],
          ]) {
            await page.evaluate(
              ([words, number]) => {
                const all = [...document.querySelectorAll(".share-embed label")];
                const field = all.find(({ textContent }) => textContent === words).control;
                field.value = number;
                field.dispatchEvent(new Event("input", { bubbles: true }));
              },
              [words, number],
            );
            const asks = await copy("Copy the iframe");
            assert.match(asks, /\?embed&amp;start=3(&amp;end=7)?&amp;load=click#/);
            assert.equal(asks.includes("end="), number === "7", asks);
          }
          await page.evaluate(pressButton, "Save the events");
          const { text } = await until(page, savedText);
          const lines = text
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line));
          assert.equal(lines.length, await page.evaluate(position));
          await page.evaluate(() => {
            globalThis.isRefused = true;
          });
          await page.evaluate(pressButton, "Copy the playbook");
          const shown = await until(page, () => document.querySelector(".share textarea")?.value);
          assert.match(shown, /caption/);
        },
      );
    });

    test("a storyboard has a picture and a caption for each step, and leaves the run where it was", async () => {
      await site().visit({ lang: "zh", width: 900 }, async (page) => {
        await playbook(page, BOOK);
        const before = await page.evaluate(position);
        await page.keyboard.press("K");
        await until(page, () => {
          const all = [...document.querySelectorAll("dialog button")];
          return all.some(({ textContent }) => textContent === "打开分镜");
        });
        await page.evaluate(pressButton, "打开分镜");
        await until(page, () => document.querySelector(".storyboard li .server") !== null);
        const steps = await page.evaluate(() => {
          const all = [...document.querySelectorAll(".storyboard li")];
          return all.map((one) => [
            one.querySelectorAll("svg .server").length,
            one.textContent.length > 10,
          ]);
        });
        assert.ok(steps.length >= 4, String(steps.length));
        assert.ok(
          steps.every(([servers, isTold]) => servers === 5 && isTold),
          JSON.stringify(steps),
        );
        assert.equal(await page.evaluate(position), before);
      });
    });

    test("a storyboard of a lesson neither marks it as done nor answers its questions", async () => {
      await site().visit({}, async (page) => {
        await playbook(page, "course/01-what-a-leader-is-for.raft");
        const before = await page.evaluate(position);
        await page.keyboard.press("K");
        const opens = () =>
          [...document.querySelectorAll("dialog button")].some(
            ({ textContent }) => textContent === "Open the storyboard",
          );
        await until(page, opens);
        await page.evaluate(pressButton, "Open the storyboard");
        await until(page, () => document.querySelector(".storyboard li .server") !== null);
        await page.keyboard.press("Escape");
        assert.equal(await page.evaluate(position), before);
        const done = await page.evaluate(() => localStorage.getItem("raft-lab.course"));
        assert.doesNotMatch(done ?? "", /01-what-a-leader-is-for/);
        // The first question is still asked.
        await page.keyboard.press("]");
        await until(page, () => document.querySelector(".bet button, .bet input") !== null);
      });
    });
  },
  { chromium: ["file"], firefox: ["file"] },
);
