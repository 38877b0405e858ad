/** Looking for events by their words: those that say them all are found some at a time. */
import { lang } from "../i18n";
import { holdsAll } from "../lib/search";
import type { Engine } from "./engine";
import { type Owning, whenever } from "./state";

/** So many sentences are made while the reader would not notice. */
const AT_ONCE = 1000;

export class Sought {
  /** What `found` is of: words, a run, a branch of it, a language. */
  private of = "";
  private isSeeking = false;

  constructor(
    private readonly state: Owning<"sought">,
    private readonly engine: Engine,
  ) {
    const { sought, run, shown } = state;
    whenever(
      () =>
        `${run.current.id} ${shown.calmView?.branch} ${shown.calmView?.turn} ${lang.value} ${sought.words.trim()}`,
      (of) => {
        const isEmpty = sought.words.trim() === "";
        if (of !== this.of) sought.found = isEmpty ? undefined : { hits: [], seen: 0 };
        this.of = of;
        void this.seek();
      },
    );
  }

  lookFor(words: string): void {
    this.state.sought.words = words;
  }

  /** Looks through what there is by now, and by then. */
  private async seek(): Promise<void> {
    if (this.isSeeking) return;
    this.isSeeking = true;
    try {
      await this.seekOn();
    } finally {
      this.isSeeking = false;
    }
  }

  private async seekOn(): Promise<void> {
    for (;;) {
      const { of } = this;
      const found = this.state.sought.found;
      const length = this.state.shown.calmView?.length ?? 0;
      if (!found || found.seen >= length) return;
      const to = Math.min(length, found.seen + AT_ONCE);
      const events = await this.engine.ask("events", found.seen, to, lang.peek());
      if (!events) return;
      if (of !== this.of) continue;
      const words = this.state.sought.words;
      const hits = events.filter(({ text, sought, rules }) =>
        holdsAll(`${text} ${sought} ${rules.join(" ")}`, words),
      );
      this.state.sought.found = {
        hits: hits.length > 0 ? [...found.hits, ...hits] : found.hits,
        seen: to,
      };
    }
  }
}
