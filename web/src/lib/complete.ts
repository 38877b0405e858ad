/** Completing a line that is being typed, from whole lines that the language has. */

/** Lines of one sort, the plainest first, and what they do. */
interface Phrase {
  readonly verb: string;
  readonly forms: readonly string[];
  readonly meaning: string;
}

/** What a draft may become. */
export interface Offer {
  readonly line: string;
  readonly meaning: string;
}

/** Up to where a condition begins, which is then completed as that of an `expect` is. */
const UNTIL = /^.*\suntil\s+/i;
const EXPECT = "expect ";
/** What `expect` says besides conditions. */
const ATTEMPT = /^expect (refused|accepted) /;

/** What the draft may become; after `until`, any condition. */
export function offersFor(phrases: readonly Phrase[], draft: string): Offer[] {
  const before = UNTIL.exec(draft)?.[0];
  if (before === undefined) return offersOf(phrases, draft);
  const offers = offersOf(phrases, EXPECT + draft.slice(before.length));
  return offers
    .filter(({ line }) => !ATTEMPT.test(line))
    .map(({ line, meaning }) => ({ line: before + line.slice(EXPECT.length), meaning }));
}

/** What begins like the draft. While the verb is being typed, one line stands for all of that verb. */
function offersOf(phrases: readonly Phrase[], draft: string): Offer[] {
  const typed = draft.trimStart().split(/\s+/);
  if (typed[0] === "") return [];
  const offers = new Map<string, Offer>();
  const verbs = new Set<string>();
  for (const { verb, forms, meaning } of phrases) {
    const isKnown = typed.length === 1 && verbs.has(verb);
    verbs.add(verb);
    for (const form of isKnown ? [] : typed.length === 1 ? forms.slice(0, 1) : forms) {
      const line = completed(form.split(" "), typed);
      if (line !== undefined && !offers.has(line)) offers.set(line, { line, meaning });
    }
  }
  offers.delete(typed.join(" "));
  return [...offers.values()];
}

/** One number is as good as another: `cut S2` begins like `cut S1 S2`; and a server may be `leader`. */
function shape(word: string): string {
  return word.toLowerCase().replaceAll(/\d+/g, "0");
}

/** Who leads is the one server that a line can name without its number. */
const LEADER = "leader";

/** What was typed, and then what the form has after that; nothing if it begins otherwise. */
function completed(form: readonly string[], typed: readonly string[]): string | undefined {
  const words: string[] = [];
  for (const [place, word] of typed.entries()) {
    const there = form[place];
    if (there === undefined) return undefined;
    const known = shape(there) === "s0" ? [there, LEADER] : [there];
    const isWhole = known.some((one) => shape(word) === shape(one));
    const isLast = place === typed.length - 1;
    const begun = known.find((one) => isLast && shape(one).startsWith(shape(word)));
    if (!isWhole && begun === undefined) return undefined;
    words.push(isWhole || begun === undefined ? word : begun);
  }
  return [...words, ...form.slice(typed.length)].join(" ");
}
