/** Does random things to the page, and compares what it draws with what the engine says. */
import { until } from "./launch.mjs";

/** Numbers from a seed, the same everywhere (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return { below, one: (list) => list[below(list.length)] };
}

/**
 * In the page: every difference between what is drawn and what the engine says now. It is told
 * apart by what a reader sees: names, roles and terms of servers, the log's cells, the clock, the
 * events, the branches, the phases, the questions, and whether anything is broken.
 */
export async function differences() {
  const lab = globalThis.__raft.lab();
  const lang = document.documentElement.lang === "zh-Hans" ? "zh" : "en";
  const found = [];
  const same = (what, drawn, engine) => {
    const [one, other] = [JSON.stringify(drawn), JSON.stringify(engine)];
    if (one !== other) found.push(`${what}: drawn ${one}, in the engine ${other}`);
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  // Of two branches side by side the first is the one in which one acts.
  const band = document.querySelector("main.compare [data-band=A]");
  const inPlace = (selector) => [...(band ?? document).querySelectorAll(selector)];
  const hasPanels = document.querySelector(".panel") !== null;
  // What the engine holds, asked for in one go; then nothing passes before the page is looked at.
  const rows = all(".events .event").map((row) => Number(row.id.slice("app-event-".length)));
  const [view, engineBranches, phases, questions, failures, ...sentences] = await Promise.all([
    lab.view(1, 1_000_000),
    lab.branches(),
    lab.phases(lang),
    lab.questions(lang),
    lab.failures(),
    ...rows.map((number) => lab.events(number, number + 1, lang)),
  ]);
  if (!view) return ["there is no laboratory"];
  const texts = new Map(rows.map((number, i) => [number, sentences[i][0]?.text]));
  // The spread figure stands in the place of the stage and the logs.
  if (document.querySelector(".stage")) {
    servers();
    logs();
  }
  same("time", document.querySelector(".clock").textContent, instant(view.now));
  if (hasPanels) events();
  branches();
  if (!band) {
    captions();
    bets();
  }
  const broken = document.querySelector(".sound:not(.failing)");
  same("broken", broken.classList.contains("unsound"), view.violations.length > 0);
  return found;

  function servers() {
    const ids = inPlace("[data-server]").map((disc) => Number(disc.dataset.server));
    const engine = view.servers.map(({ id }) => id);
    same("servers", ids.sort(), engine);
    for (const server of view.servers) {
      const [disc] = inPlace(`[data-server="${server.id}"]`);
      const classes = new Set(disc.getAttribute("class").split(" "));
      same(
        `S${server.id} term`,
        disc.querySelector(".badge text").textContent,
        `T${server.currentTerm}`,
      );
      same(`S${server.id} is ${server.role}`, classes.has(server.role), true);
      same(`S${server.id} is ${server.state}`, classes.has(server.state), true);
      same(`S${server.id} deposed`, classes.has("deposed"), server.isDeposed);
    }
    // Of several on one way, one may stand for all.
    const underWay = new Set(view.messages.map(({ id }) => id));
    const drawn = inPlace("[data-message]").map((label) => Number(label.dataset.message));
    const none = drawn.filter((id) => !underWay.has(id));
    same("messages that are not under way", none, []);
    same("messages are drawn", drawn.length > 0, underWay.size > 0);
  }

  /** Of the cells that are drawn, each is the engine's; and none is missing in the window. */
  function logs() {
    const axis = inPlace(".log-index").map((index) => Number(index.dataset.index));
    const [first, last] = [Math.min(...axis), Math.max(...axis)];
    const isFolded = inPlace(".log-grid.folded").length > 0;
    const [open] = inPlace(".log-index.open").map((index) => Number(index.dataset.index));
    // What the last event was about is in sight; of entries in snapshots nothing is left to unfold.
    const about = Math.max(view.touched ?? 0, view.firstIndexMin);
    if (isFolded && view.touched !== undefined)
      same("unfolded index", open, Math.min(about, view.lastIndexMax));
    for (const server of view.servers) {
      const drawn = inPlace(`[data-cell^="${server.id}-"]:not(.gap)`).map((cell) => [
        Number(cell.dataset.cell.split("-")[1]),
        Number(cell.querySelector(".cell-term").textContent),
        cell.classList.contains("committed"),
        cell.classList.contains("applied"),
        cell.classList.contains("differs"),
      ]);
      const entries = server.log.filter(({ index }) => index >= first && index <= last);
      const engine = entries.map(({ index, term, committed, applied, differs }) => {
        return [index, term, committed, applied, differs];
      });
      same(`log of S${server.id} in ${first}..${last}`, drawn, engine);
      const texts = inPlace(`[data-cell^="${server.id}-"]:not(.gap) .cell-command:not(.meta)`);
      // Where cells are folded, one index shows its commands, if it is in sight.
      const shown = entries.filter(({ index }) => !isFolded || index === open);
      const commands = shown.filter(({ kind }) => kind === "command").map(({ text }) => text);
      same(
        `commands of S${server.id}`,
        texts.map((cell) => cell.textContent),
        commands,
      );
    }
  }

  function events() {
    const count = document.querySelector("#app-tab-events .count");
    same("events", Number(count?.textContent ?? 0), view.length);
    const list = document.querySelector(".events");
    // Without room for a row there is none.
    if (!list || list.clientHeight < 26) return;
    const current = list.getAttribute("aria-activedescendant");
    same("present event", current, view.position > 0 ? `app-event-${view.position - 1}` : null);
    for (const row of list.querySelectorAll(".event")) {
      const number = Number(row.id.slice("app-event-".length));
      // What failed right after it is said with it.
      const fails = failures.filter(({ position }) => position === number + 1);
      const said = fails.map(
        ({ problem }) => (lang === "zh" && problem.messageZh) || problem.message,
      );
      const sentences = [texts.get(number), said.join(" ")].filter(Boolean);
      same(`event ${number}`, row.title, sentences.join(" "));
    }
  }

  function branches() {
    const engine = engineBranches;
    const options = all(".branches option");
    same("branches", options.length, engine.length < 2 ? 0 : engine.length);
    const chosen = document.querySelector(".branches select");
    if (chosen) same("branch", Number(chosen.value), engine.find(({ current }) => current).id);
    const fails = document.querySelector(".failing")?.textContent ?? "0";
    same("failures", Number.parseInt(fails, 10), failures.length);
  }

  function captions() {
    const numbered = phases.map(({ caption }, number) => ({ caption, number }));
    const told = numbered.filter(({ caption }) => caption !== "");
    // What a later step says is not given away; after the last one all is known.
    const last = told.at(-1)?.number ?? -1;
    const end = (phases[last + 1] ?? view.toldUntil)?.position ?? view.length;
    const isOver = view.position > Math.min(phases[last]?.telling ?? end, end);
    const reached = isOver ? last : (view.phase ?? -1);
    const words = told.map(({ caption, number }) => (number <= reached ? caption : ""));
    const dots = all(".caption .dots button").map((dot) => dot.title);
    same("captions", dots, words);
    const step = all(".caption .dots button").findIndex((dot) => dot.ariaCurrent === "step");
    const standing = told.findIndex(({ number }) => number === view.phase);
    // A caption may still be to come true: then none stands.
    const phase = phases[view.phase];
    const isEarly = phase !== undefined && view.position <= phase.telling && step === -1;
    same("caption", step, isEarly ? -1 : standing);
  }

  /** Answers stand only where their question is asked; nothing is covered behind the last one. */
  function bets() {
    const there = questions.findLast(({ askedPosition }) => askedPosition <= view.position);
    const asked = there?.askedPosition === view.position ? there : undefined;
    const answers = all(".bet ol button > span").map((answer) => answer.textContent);
    same("answers", answers, asked?.answers.map(({ text }) => text) ?? []);
    if (asked) same("question", document.querySelector(".bet p").textContent, asked.text);
    const isCovered = document.querySelector(".tape-cover") !== null;
    if (isCovered) {
      const isLeft = questions.some(({ askedPosition }) => askedPosition >= view.position);
      same("a question is to come", isLeft, true);
    }
  }

  function instant(us) {
    if (us < 1_000_000) {
      return `${(us / 1000).toFixed(us % 1000 === 0 ? 0 : us < 10_000 ? 2 : 1)} ms`;
    }
    if (us < 60_000_000) return `${(us / 1_000_000).toFixed(3)} s`;
    const minutes = Math.floor(us / 60_000_000);
    return `${minutes}:${((us % 60_000_000) / 1_000_000).toFixed(3).padStart(6, "0")}`;
  }
}

const KEYS = ["ArrowRight", "ArrowLeft", "n", "N", "t", "Home", "End", "[", "]", "c", "z", "e"];
const SETTINGS = ["u", "i", "v", "0", "f", "g", "d", "h", "p", "x", "Escape", "Escape", "-", "+"];

/** Lines for the command line: some are done, some refused at once, some after much has passed. */
const LINES = [
  "propose leader x1 x2",
  "propose S1 a b c",
  "crash leader",
  "crash any 1 of running",
  "restart crashed",
  "restart S2",
  "disconnect S3",
  "connect S3",
  "partition S1 S2 | S3 S4 S5",
  "partition halves",
  "heal",
  "cut S1 -> S2",
  "run 40ms",
  "run 300ms",
  "run 2s until leaders >= 1",
  "step 20",
  "wait 2s until leaders = 9",
  "wait 300ms until leaders = 1",
  "expect leaders = 1",
  "expect leaders = 7",
  "agree x9 on 9",
  "timeout S4",
  "snapshot S1",
  "stall S2",
  "unstall S2",
  "loss 20%",
  "loss 0%",
  "rewrite S1 log 1:a 1:b 2:c",
  "rewrite S2 term 9",
  "rewrite S3 entry 1 1:other",
  "transfer leader S2",
  "drop M3",
  "check one leader",
  "nonsense",
  "crash S9",
];

const PLAYBOOKS = [
  "seeds/01-ae0-heartbeat.raft",
  "seeds/06-test-backup.raft",
  "seeds/08-figure8-2c.raft",
  "paper/05-snapshot.raft",
  "paper/12-add-server.raft",
  "seeds/09a-fast-backup-case1.raft",
  "seeds/25-six-questions.raft",
];

/** One random thing: what it is, and how it is done. */
export function randomDeed(draw) {
  const press = (key) => [`key ${key}`, (page) => page.keyboard.press(key)];
  const kind = draw.below(100);
  if (kind < 42) return press(draw.one(KEYS));
  if (kind < 48) return press(String(draw.below(9) + 1));
  if (kind < 53) return press(draw.one(SETTINGS));
  if (kind < 75) {
    const line = draw.one(LINES);
    return [`line ${line}`, (page) => type(page, line)];
  }
  if (kind < 79) return ["play", play];
  if (kind < 83) {
    const share = draw.below(1000) / 1000;
    return [`slide to ${share}`, (page) => page.evaluate(slide, share)];
  }
  if (kind < 87) {
    const place = draw.below(1000);
    return [`branch ${place}`, (page) => page.evaluate(switchBranch, place)];
  }
  const [selector, most] = draw.one(CLICKS);
  const place = draw.below(most);
  if (kind < 96)
    return [`click ${selector} ${place}`, (page) => page.evaluate(click, selector, place)];
  if (kind < 97) return ["back", (page) => page.evaluate(back)];
  if (kind < 98) return ["forward", (page) => page.evaluate(() => history.forward())];
  if (kind < 99) {
    const place = draw.below(30);
    return [`own run ${place}`, (page) => ownRun(page, place)];
  }
  const path = draw.one(PLAYBOOKS);
  return [`open ${path}`, (page) => open(page, path)];
}

/** What is clicked, and the number from which the place among all of its kind is drawn. */
const CLICKS = [
  [".dots button", 20],
  [".event", 40],
  ["[data-take-away]", 5],
  ["[data-put-back]", 1],
  [".cause button", 1],
  [".notice-actions button", 3],
  [".chip", 9],
  [".caption > button", 2],
  [".compare-buttons button", 3],
  ["[data-turn]", 2],
];

async function type(page, line) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("/");
  await page.evaluate((line) => {
    const field = document.activeElement;
    field.value = line;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, line);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
}

async function play(page) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(" ");
  await new Promise((wake) => setTimeout(wake, 120));
  // On a busy machine the button may not have been drawn since.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  const plays = await page.evaluate(() => document.querySelector('[data-play="playing"]') !== null);
  if (plays) await page.keyboard.press(" ");
}

function slide(share) {
  const slider = document.querySelector(".tape input");
  slider.value = String(Math.round(Number(slider.max) * share));
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Back, but not out of the page: the first visits are the browser's own. */
function back() {
  if ((globalThis.navigation?.currentEntry?.index ?? 0) > 1) history.back();
}

function switchBranch(place) {
  const select = document.querySelector(".branches select");
  if (!select) return;
  select.value = select.options[place % select.options.length].value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function click(selector, place) {
  const all = document.querySelectorAll(selector);
  if (all.length > 0) all[place % all.length].click();
}

async function open(page, path) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("l");
  await until(page, (path) => document.querySelector(`[data-playbook="${path}"]`) !== null, path);
  await page.evaluate(click, `[data-playbook="${path}"]`, 0);
}

async function ownRun(page, place) {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("l");
  await until(page, () => document.querySelector("dialog") !== null);
  await page.evaluate(click, "[data-own-run]", place);
  await page.keyboard.press("Escape");
}

/** The most events of a run before another playbook is opened, so that a test does not slow down. */
const EVENTS_MAX = 20_000;

/** Does random things for so many seconds; throws at the first difference that stays. */
export async function playAtRandom(page, seconds, seed) {
  const draw = numbers(seed);
  const done = [];
  const end = Date.now() + seconds * 1000;
  let steps = 0;
  while (Date.now() < end) {
    steps += 1;
    const long = await page.evaluate(
      async (most) => (await globalThis.__raft.lab().view(1, 1)).length > most,
      EVENTS_MAX,
    );
    const [name, deed] = long
      ? [`open ${PLAYBOOKS[0]}`, (page) => open(page, PLAYBOOKS[0])]
      : randomDeed(draw);
    done.push(name);
    await deed(page);
    const found = await settled(page);
    if (found.length > 0) {
      throw new Error(
        `seed ${seed}, step ${steps}: the page and the engine differ.\n` +
          `${found.slice(0, 8).join("\n")}\nThe last things done:\n  ${done.slice(-12).join("\n  ")}`,
      );
    }
  }
  return steps;
}

/** The differences once the page has come to rest. */
async function settled(page) {
  const deadline = Date.now() + 3000;
  for (;;) {
    const found = await page.evaluate(differences);
    if (found.length === 0 || Date.now() > deadline) return found;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
