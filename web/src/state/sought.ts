/** Looking for events by their words: those that say them all are found some at a time. */
import { effect, signal } from "@preact/signals";
import type { Note } from "../engine/protocol";
import { lang } from "../i18n";
import { holdsAll } from "../lib/search";
import type { Engine } from "./engine";
import type { Run } from "./run";
import type { Shown } from "./shown";

/** So many sentences are made while the reader would not notice. */
const AT_ONCE = 1000;

interface Hit extends Note {
  readonly ofNote: boolean;
}

export class Sought {
  /** What the events are looked through for. */
  readonly words = signal("");
  /** What says it among the first events, and how many these are; nothing while nothing is sought. */
  readonly found = signal<{ readonly hits: readonly Hit[]; readonly seen: number } | undefined>(
    undefined,
  );
  /** What `found` is of: words, a run, a branch of it, a language. */
  private of = "";
  private isSeeking = false;

  constructor(
    private readonly engine: Engine,
    private readonly shown: Shown,
    run: Run,
  ) {
    effect(() => {
      const branch = shown.calmView.value?.branch;
      const words = this.words.value.trim();
      const of = `${run.current.value.id} ${branch} ${lang.value} ${words}`;
      if (of !== this.of) this.found.value = words === "" ? undefined : { hits: [], seen: 0 };
      this.of = of;
      void this.seek();
    });
  }

  lookFor(words: string): void {
    this.words.value = words;
  }

  /** Looks through what there is by now, and by then. */
  private async seek(): Promise<void> {
    if (this.isSeeking) return;
    this.isSeeking = true;
    for (;;) {
      const { of } = this;
      const found = this.found.peek();
      const length = this.shown.calmView.peek()?.length ?? 0;
      if (!found || found.seen >= length) break;
      const to = Math.min(length, found.seen + AT_ONCE);
      const events = await this.engine.ask("events", found.seen, to, lang.peek());
      if (!events) break;
      if (of !== this.of) continue;
      const words = this.words.peek();
      const hits = events.filter(({ text, rules }) =>
        holdsAll(`${text} ${rules.join(" ")}`, words),
      );
      this.found.value = {
        hits: hits.length > 0 ? [...found.hits, ...hits] : found.hits,
        seen: to,
      };
    }
    this.isSeeking = false;
  }
}
