/** Finding a playbook by what people have at hand: a test's name, a term, words of its captions. */
import type { Card } from "./playbook";

/** Where a card was found: in its name, or in a line of its text. */
export interface Found {
  readonly card: Card;
  /** The line in which what was not in the name stands; empty if all of it was. */
  readonly line: string;
}

/** One spelling of all: `pre-vote`, `PreVote` and `Pre Vote` are the same word. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, "");
}

/** `TestBackup 2B/3B` as `go test` prints it: TestBackup2B, TestBackup3B. */
function testsOf(text: string): string {
  const names = [...text.matchAll(/(Test\w*?) ?((?:[2345][A-D])(?:\/[2345][A-D])*)/g)];
  return names
    .flatMap(([, name, parts]) => (parts ?? "").split("/").map((part) => `${name}${part}`))
    .join(" ");
}

/** The terms of logs as people write them: `4 5 5` of `log 4:a 5:b 5:c`. */
function termsOf(line: string): string {
  const entries = /\blog ((?:\d+:\S+ ?)+)/.exec(line)?.[1] ?? "";
  return entries.replaceAll(/:\S+/g, "");
}

const BEFORE_MATCH = 24;

/** A line from shortly before a word of it on. */
function excerpt(line: string, word: string): string {
  const at = line.toLowerCase().indexOf(word);
  if (at <= BEFORE_MATCH) return line;
  const start = line.lastIndexOf(" ", at - BEFORE_MATCH / 2) + 1;
  return `… ${line.slice(start)}`;
}

interface Searched {
  readonly name: string;
  readonly lines: readonly { readonly shown: Shown; readonly plain: string }[];
}

/** A line as it is shown to readers of each language; nothing where it is in the other one alone. */
type Shown = Readonly<Record<Lang, string>>;

type Lang = "en" | "zh";

const TOLD = /^(caption|ask|answer)(\.zh)? /;

/** What is shown of the line of a place: of what is told twice, the one in the reader's language. */
function shownOf(lines: readonly string[], at: number): Shown {
  const line = lines[at] ?? "";
  const [start = "", word, zh] = TOLD.exec(line) ?? [];
  const said = line.slice(start.length);
  // Notes and sources are in English, and everything else is in no language.
  if (word === undefined) {
    const isNote = /^(?:#|source )/.test(line);
    return { en: line.replace(/^(?:#|source) ?/, ""), zh: isNote ? "" : line };
  }
  const other = lines[zh ? at - 1 : at + 1] ?? "";
  const [otherStart = "", otherWord, otherZh] = TOLD.exec(other) ?? [];
  const isPair = otherWord === word && otherZh !== zh;
  const told = isPair ? other.slice(otherStart.length) : "";
  return zh ? { en: told, zh: said } : { en: said, zh: told };
}

const searched = new WeakMap<Card, Searched>();

function searchedOf(card: Card): Searched {
  const known = searched.get(card);
  if (known) return known;
  const titles = `${card.title.en} ${card.title.zh}`;
  const lines = card.text.split("\n").map((line) => line.trim());
  const made = {
    name: plain(`${titles} ${card.path} ${testsOf(`${titles} ${card.text}`)}`),
    lines: lines
      .map((line, at) => ({
        line,
        shown: shownOf(lines, at),
        plain: plain(`${line} ${termsOf(line)}`),
      }))
      // What a question is answered by is not told before it is asked.
      .filter(({ line }) => line !== "" && !/^(?:title|why|mistake|when)(\.zh)? /.test(line)),
  };
  searched.set(card, made);
  return made;
}

/** A short word is sought as a whole, where words are parted: a 4 is in many others. */
function holds(text: string, word: string): boolean {
  if (word.length > 2 || !/^\w+$/.test(word)) return text.includes(word);
  return text.split(/[^\p{L}\p{N}]+/u).includes(word);
}

/**
 * How well a card fits: first those whose name holds what was written, or all its words, then those with a line that
 * holds all that was written, then those with a line of all words, then those that have each word
 * somewhere. Nothing if a word is nowhere.
 */
function fit(
  card: Card,
  phrase: string,
  words: readonly string[],
  lang: Lang,
): [number, string] | undefined {
  const { name, lines } = searchedOf(card);
  if (name.includes(phrase)) return [0, ""];
  const isName = name.replaceAll(" ", "").includes(phrase.replaceAll(" ", ""));
  const left = words.filter((word) => !holds(name, word));
  if (isName || left.length === 0) return [1, ""];
  const whole = lines.find((line) => line.plain.includes(phrase));
  if (whole) return [2, excerpt(whole.shown[lang], phrase)];
  const all = lines.find((line) => left.every((word) => holds(line.plain, word)));
  if (all) return [3, excerpt(all.shown[lang], left[0] ?? "")];
  const each = left.map((word) => lines.find((line) => holds(line.plain, word)));
  const [first] = each;
  return first && each.every((line) => line !== undefined)
    ? [4, excerpt(first.shown[lang], left[0] ?? "")]
    : undefined;
}

/** The cards that have to do with what is `wanted`, the best first, else in their order. */
export function search(cards: readonly Card[], wanted: string, lang: Lang = "en"): Found[] {
  // Of a line that `go test` printed, the test's name is what counts.
  const test = /^\s*(?:--- (?:FAIL|PASS):|=== RUN) +(\w+)/.exec(wanted)?.[1];
  const phrase = plain((test ?? wanted).trim().replaceAll(/\s+/g, " "));
  if (phrase === "") return cards.map((card) => ({ card, line: "" }));
  const words = phrase.split(" ");
  const found = cards.flatMap((card) => {
    const fits = fit(card, phrase, words, lang);
    return fits ? [{ card, rank: fits[0], line: fits[1] }] : [];
  });
  return found
    .sort((one, other) => one.rank - other.rank)
    .map(({ card, line }) => ({ card, line }));
}

/** The cards that have a line with just this in it. */
export function withPhrase(cards: readonly Card[], phrase: string, lang: Lang = "en"): Found[] {
  const wanted = ` ${plain(phrase)} `;
  return cards.flatMap((card) => {
    const line = searchedOf(card).lines.find(({ plain }) => {
      return ` ${plain.replaceAll(/[^\p{L}\p{N}]+/gu, " ")} `.includes(wanted);
    });
    return line ? [{ card, line: excerpt(line.shown[lang], phrase) }] : [];
  });
}

/** Whether a sentence holds all of these words. */
export function holdsAll(sentence: string, words: string): boolean {
  const text = plain(sentence);
  return plain(words.trim())
    .split(/\s+/)
    .every((word) => holds(text, word));
}

/** Words that say nothing of what is looked for. */
const COMMON: string =
  " the a an and or of to in on at is are be was were it its for with by as from that this not no can may but when after before while does do did has have had will if then than into out up my our we i ";

/** What others call what is called otherwise here. */
const CALLED: Readonly<Record<string, string>> = {
  node: "server",
  peer: "server",
  replica: "server",
  response: "reply",
  elected: "elect",
  election: "elect",
};

/** What to look for one by one: the stems of words, and of Chinese each two characters in a row. */
function stems(wanted: string): string[] {
  const english = plain(wanted).match(/[a-z][a-z0-9]{2,}/g) ?? [];
  const words = english
    .filter((word) => !COMMON.includes(` ${word} `))
    .map((word) => {
      const stem = word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, "") : word;
      return CALLED[word] ?? CALLED[stem] ?? stem;
    });
  const runs = wanted.match(/\p{Script=Han}{2,}/gu) ?? [];
  const pairs = runs.flatMap((run) => [...run].slice(1).map((_, i) => run.slice(i, i + 2)));
  return [...new Set([...words, ...pairs])];
}

/** So many are told where none fits. */
const NEAREST_MAX = 6;

/**
 * The cards that come nearest to words which none of them fits: those that hold most of them, where a rare
 * word counts more than a common one, and one in a title twice. None, if they hold less than a third.
 */
export function nearest(cards: readonly Card[], wanted: string): Found[] {
  const all = stems(wanted);
  const holding = all.map((stem) => cards.filter((card) => wholeOf(card).includes(stem)));
  const weights = holding.map((held) =>
    held.length === 0 ? 0 : Math.log(1 + cards.length / held.length),
  );
  const known = weights.reduce((sum, weight) => sum + weight, 0);
  const scored = cards.map((card) => {
    const { name } = searchedOf(card);
    const score = all.reduce((sum, stem, i) => {
      if (!holding[i]?.includes(card)) return sum;
      return sum + (weights[i] ?? 0) * (name.includes(stem) ? 2 : 1);
    }, 0);
    return { card, score };
  });
  return scored
    .filter(({ score }) => score > 0 && score >= known / 3)
    .sort((one, other) => other.score - one.score)
    .slice(0, NEAREST_MAX)
    .map(({ card }) => ({ card, line: "" }));
}

function wholeOf(card: Card): string {
  return plain(card.text);
}
