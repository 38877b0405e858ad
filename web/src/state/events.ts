/** The sentences of events, asked for when they come into sight and kept for as long as they hold. */
import { signal } from "@preact/signals";
import type { EventView, View } from "../engine/types";
import { lang } from "../i18n";
import { ask } from "./engine";
import { current } from "./opening";

/** More than any window shows; what is beyond is asked for again. */
const KEPT_MAX = 2000;

/** What the kept events are of: a run, a branch of it, a language. */
let kept = "";
const events = new Map<number, EventView>();
const asked = new Set<number>();
/** Goes up when more of them have come. */
const come = signal(0);

/** The events of these numbers, ascending; nothing yet for those that have been asked for. */
export function eventsNumbered(
  { branch }: View,
  numbers: readonly number[],
): readonly (EventView | undefined)[] {
  void come.value;
  const of = `${current.value.id} ${branch} ${lang.value}`;
  if (of !== kept || events.size > KEPT_MAX) {
    kept = of;
    events.clear();
    asked.clear();
  }
  const missing = numbers.filter((number) => !asked.has(number));
  for (const [from, to] of rows(missing)) void fetch(of, from, to);
  return numbers.map((number) => events.get(number));
}

async function fetch(of: string, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) asked.add(number);
  const found = await ask("events", from, to, lang.peek());
  if (of !== kept || !found) return;
  for (const event of found) events.set(event.number, event);
  come.value += 1;
}

/** Numbers that follow each other, each as its first and the one after its last. */
function rows(numbers: readonly number[]): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.[1] === number) last[1] = number + 1;
    else found.push([number, number + 1]);
  }
  return found;
}
