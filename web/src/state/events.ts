/** The sentences of events, asked for when they come into sight and kept for as long as they hold. */
import type { EventView, View } from "../engine/types";
import { lang } from "../i18n";
import type { Engine } from "./engine";
import type { Owning } from "./state";

/** More than any window shows; what is beyond is asked for again. */
const KEPT_MAX = 2000;

export class Events {
  /** What the kept events are of: a run, a branch of it, a language. */
  private kept = "";
  private readonly events = new Map<number, EventView>();
  private readonly asked = new Set<number>();

  constructor(
    private readonly state: Owning<"events">,
    private readonly engine: Engine,
  ) {}

  /** The events of these numbers, ascending; nothing yet for those that have been asked for. */
  numbered({ branch, turn }: View, numbers: readonly number[]): readonly (EventView | undefined)[] {
    void this.state.events.come;
    const of = `${this.state.run.current.id} ${branch} ${turn} ${lang.value}`;
    if (of !== this.kept || this.events.size > KEPT_MAX) {
      this.kept = of;
      this.events.clear();
      this.asked.clear();
    }
    const missing = numbers.filter((number) => !this.asked.has(number));
    for (const [from, to] of rows(missing)) void this.fetch(of, from, to);
    return numbers.map((number) => this.events.get(number));
  }

  private async fetch(of: string, from: number, to: number): Promise<void> {
    for (let number = from; number < to; number++) this.asked.add(number);
    const found = await this.engine.ask("events", from, to, lang.peek());
    if (of !== this.kept || !found) return;
    for (const event of found) this.events.set(event.number, event);
    this.state.events.come += 1;
  }
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
