/**
 * The engine under the page. Every request goes through here and ends on one path: what its
 * answer brings of the state is shown, in the order of the answers.
 */
import { Port } from "../engine/port";
import type {
  Acted,
  Shown as Answered,
  Arguments,
  Beginning,
  Call,
  HistoryPart,
  Kept,
  Look,
  Made,
  Move,
  Opened,
  Progress,
  Question,
  Recorded,
  Result,
  Trials,
  Written,
} from "../engine/protocol";
import type {
  FeatureView,
  FigureView,
  Lang,
  LastWords,
  PhraseView,
  Problem,
} from "../engine/types";
import { lang } from "../i18n";
import type { Owning } from "./state";

/** Who is told of a panic, who shows the state, and what of it is in sight. */
export interface Spectator {
  readonly onPanic: (words: LastWords) => void;
  readonly onShown: (shown: Answered) => void;
  readonly lookAt: (all: boolean) => Look;
}

/** How a request is shown: all of the state at once, unless it says otherwise. */
export interface Showing {
  readonly look?: Partial<Look>;
  readonly show?: (shown: Answered) => void;
}

export class Engine {
  private port: Port | undefined;
  /** How many requests that change the laboratory have not been answered. */
  private changing = 0;
  /** The last long one that was begun: it alone may say that nothing is under way any more. */
  private latest = 0;

  constructor(
    private readonly state: Owning<"engine">,
    private readonly spectator: Spectator,
  ) {}

  /** Starts the engine; an error says why it cannot be. */
  async start(): Promise<void> {
    this.port = await Port.open(this.spectator.onPanic);
    void this.readFeatures();
    lang.subscribe((now) => void this.readFigure(now));
  }

  isThere(): boolean {
    return this.port !== undefined;
  }

  /** Whether something that changes the laboratory is on its way. */
  isChanging(): boolean {
    return this.changing > 0;
  }

  /** Asks what only looks. */
  async ask<Q extends Question>(
    question: Q,
    ...args: Arguments<Q>
  ): Promise<Result<Q> | undefined> {
    return (await this.port?.call({ kind: "ask", question, args })) as Result<Q> | undefined;
  }

  /** The whole run as text. */
  async askKept(): Promise<Kept | undefined> {
    return (await this.port?.call({ kind: "keep" })) as Kept | undefined;
  }

  /** What the diagram draws of so many events from `from` on. */
  async askHistory(from: number, count: number): Promise<HistoryPart | undefined> {
    return (await this.port?.call({ kind: "history", from, count })) as HistoryPart | undefined;
  }

  /** The branch as text. */
  async askText(): Promise<Written | undefined> {
    return (await this.port?.call({ kind: "text" })) as Written | undefined;
  }

  /** The text with a line more, where the run stands. */
  async askRecorded(action: string, below: number): Promise<Recorded | undefined> {
    return (await this.port?.call({ kind: "record", action, below })) as Recorded | undefined;
  }

  /** What is wrong with each line of a text that cannot be read. */
  async askUnread(text: string): Promise<readonly Problem[]> {
    const problems = await this.port?.call({ kind: "unread", text });
    return (problems as readonly Problem[] | undefined) ?? [];
  }

  /** The lines that can be typed, and what they mean; those that only a playbook has, too. */
  async askVocabulary(language: Lang, ofPlaybooks = false): Promise<readonly PhraseView[]> {
    const phrases = await this.port?.call({ kind: "vocabulary", lang: language, ofPlaybooks });
    return (phrases as readonly PhraseView[] | undefined) ?? [];
  }

  /** So many elections after a crash, with the seeds from `seed` on. */
  async askFailovers(header: string, seed: number, count: number): Promise<Trials | undefined> {
    return (await this.port?.call({ kind: "failovers", header, seed, count })) as
      | Trials
      | undefined;
  }

  /** The playbook of one of them. */
  async askFailoverText(header: string, seed: number): Promise<string | undefined> {
    return (await this.port?.call({ kind: "failoverText", header, seed })) as string | undefined;
  }

  /** Goes through time, or to another branch. */
  async move<M extends Move>(
    name: M,
    args: Arguments<M>,
    showing?: Showing,
  ): Promise<Result<M> | undefined> {
    return (await this.change({ kind: "move", move: name, args }, showing)) as
      | Result<M>
      | undefined;
  }

  /** Shows the state anew. */
  async look(all = true): Promise<void> {
    await this.change({ kind: "look" }, { look: { all } });
  }

  /** Does what a line says. */
  async doLine(line: string): Promise<Acted | undefined> {
    return this.long<Acted>(() => this.change({ kind: "act", line }, {}, line));
  }

  /** Plays a text, and puts it in the place of the branch; shows where this line of it is over. */
  async rewrite(text: string, line: number, words: string): Promise<Acted | undefined> {
    const call: Call = { kind: "rewrite", text, line, words };
    return this.long<Acted>(() => this.change(call, {}, words));
  }

  /** Plays the branch again as another one, under the name of that. */
  async makeBeside(beginning: Beginning, name: string): Promise<Made | undefined> {
    return this.long<Made>(() => this.change({ kind: "beside", beginning, words: name }, {}, name));
  }

  /** Looks for the next difference from another branch, or for the first. */
  async compareWith(branch: number, first: boolean, name: string): Promise<Acted | undefined> {
    return this.long<Acted>(() => this.change({ kind: "compare", branch, first }, {}, name));
  }

  /** Plays a playbook, or a whole run; it takes its place only once it is adopted. */
  async prepare(what: string | Kept, name: string): Promise<Opened | undefined> {
    const call: Call =
      typeof what === "string" ? { kind: "open", text: what } : { kind: "restore", kept: what };
    return this.long<Opened>(() => this.port?.call(call, this.telling(name)));
  }

  /** Puts what was prepared in the place of the run that there is. */
  async adoptPrepared(at: number | undefined, showing: Showing): Promise<boolean> {
    return (await this.change({ kind: "adopt", at }, showing)) === true;
  }

  /** Stops what is under way. */
  async stop(): Promise<void> {
    await this.port?.call({ kind: "stop" });
  }

  private async readFeatures(): Promise<void> {
    const features = await this.port?.call({ kind: "features" });
    this.state.engine.features = (features as readonly FeatureView[] | undefined) ?? [];
  }

  private async readFigure(language: Lang): Promise<void> {
    const figure = await this.port?.call({ kind: "figure", lang: language });
    if (language !== lang.peek()) return;
    this.state.engine.figure = (figure as readonly FigureView[] | undefined) ?? [];
  }

  private async change(call: Call, showing: Showing = {}, name?: string): Promise<unknown> {
    const look = this.spectator.lookAt(true);
    this.changing += 1;
    try {
      return await this.port?.call(call, {
        look: { ...look, ...showing.look },
        onShown: showing.show ?? this.spectator.onShown,
        ...this.telling(name),
      });
    } finally {
      this.changing -= 1;
    }
  }

  /** What takes long under this name says on the page how far it is. */
  private telling(name: string | undefined): { onProgress?: (progress: Progress) => void } {
    if (name === undefined) return {};
    return {
      onProgress: (progress) => {
        this.state.engine.underWay = { name, ...progress };
      },
    };
  }

  private async long<T>(work: () => Promise<unknown> | undefined): Promise<T | undefined> {
    this.latest += 1;
    const mine = this.latest;
    this.state.engine.underWay = undefined;
    try {
      return (await work()) as T | undefined;
    } finally {
      if (mine === this.latest) this.state.engine.underWay = undefined;
    }
  }
}
