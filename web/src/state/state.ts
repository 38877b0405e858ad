/**
 * All that a laboratory shows: one plain object, of one group of fields a part. What is drawn is a
 * function of it. What the engine answered stands apart from what only the reader has chosen.
 *
 * Whoever reads a field while drawing, or in `whenever`, is called again when it changes. A group is
 * written by the part of its name alone: that one has it as `Owning`, all others as `Readable`.
 */
import { effect, untracked } from "@preact/signals";
import type { Beside, Kept, Note, Progress, Uses, Written } from "../engine/protocol";
import type {
  BranchView,
  BuildView,
  CannotView,
  ContrastView,
  DifferenceView,
  Explanation,
  FailureView,
  FeatureView,
  FigureView,
  HintView,
  PhaseView,
  Problem,
  QuestionView,
  View,
} from "../engine/types";
import type { Bets } from "../lib/bets";
import type { Checks } from "../lib/check";
import type { Offer as OfferedLine } from "../lib/complete";
import type { Arrows } from "../lib/crowd";
import type { History } from "../lib/diagram/history";
import type { Kinds } from "../lib/diagram/sight";
import type { Embed } from "../lib/embed";
import { freshKey } from "../lib/memory";
import type { Place as Instant } from "../lib/phases";
import { type Shape, shapeOf } from "../lib/shape";
import { type Lanes, NO_LANES } from "../lib/tape";
import { observed } from "./observed";

export interface State {
  /** What the engine holds, as its last answers told. */
  readonly shown: {
    /** What the stage and the logs show. */
    view: View | undefined;
    /** What the panels show: the same, but taken less often while time flies. */
    calmView: View | undefined;
    /** What can be said of the last event. */
    explanation: Explanation | undefined;
    phases: readonly PhaseView[];
    branches: readonly BranchView[];
    /** What is not as the playbook expects. */
    failures: readonly FailureView[];
    notes: readonly Note[];
    /** What each server was over the time of the branch. */
    lanes: Lanes;
    /** How often each clause has acted. */
    uses: Uses;
    /** Another branch at the same instant, while one is looked at. */
    beside: Beside | undefined;
  };
  readonly compare: {
    /** The branch that is looked at beside the one on show. */
    other: number | undefined;
    /** What was found to differ last. */
    found: DifferenceView | undefined;
    /** Whether nothing more was found. */
    isOver: boolean;
    /** Whether the reader has been told what is the same: before that nothing is said of what differs. */
    isTold: boolean;
  };
  readonly engine: {
    /** How far the work under way is, if any is. */
    underWay: UnderWay | undefined;
    /** What servers can do besides plain Raft. */
    features: readonly FeatureView[];
    /** Every clause of the algorithm, in the reader's language. */
    figure: readonly FigureView[];
  };
  readonly events: {
    /** Goes up when more of their sentences have come. */
    come: number;
  };
  /** The run on the page. */
  readonly run: {
    origin: Origin;
    current: Current;
    /** How often something was done to this run, or to one before it. */
    acts: number;
  };
  /** The laboratory as a part of another page. */
  readonly embed: {
    /** What it was asked to be; nothing where it is a page of its own. */
    asked: Embed | undefined;
    /** Whether the engine is to be started. */
    isWanted: boolean;
    /** Whether it shows what it was asked to show. */
    isBegun: boolean;
    /** Where it ends, if that is before the end of its playbook. */
    end: Instant | undefined;
    /** Whose the keys are: nobody has clicked into it, somebody has, or they were given back. */
    keys: "theirs" | "ours" | "given back";
  };
  readonly play: {
    playing: boolean;
    /** How often it has come by itself to where it stops: the end of a phase, a question, the end. */
    arrivals: number;
    /** How fast time passes; 0 for the automatic pace. */
    speed: number;
    /** The last phase of this run whose caption has been told; -1 before the first. */
    heard: number;
  };
  /** How the laboratory is looked at: choices of the reader, of which the engine knows nothing. */
  readonly viewState: {
    /** The server whose state the panel shows, and that the keys act on. */
    chosen: number;
    /** Whether it is the reader's choice; else it is the server that acted last. */
    pinned: boolean;
    tab: Tab;
    /** What is spread over other parts of the page: Figure 2 over stage and logs, or the searches. */
    spread: Spread | undefined;
    /** The clause of the figure that is open. */
    clause: string | undefined;
    /** Whether the page is shown to a room: large, and with nothing that a talk does not need. */
    presenting: boolean;
    /** What the laboratory has room for. */
    shape: Shape;
    /** The parts that the reader has resized, each as its share of the laboratory in percent. */
    panes: Panes;
    dialog: Dialog | undefined;
    /** Whether the run is only gone through to be drawn: nobody has seen what it comes to. */
    touring: boolean;
    /** Whether the doors stand open that the page begins with. */
    welcoming: boolean;
    /** The columns of the log that are in sight. */
    logWindow: LogWindow;
    /** The index of the logs that is asked about: of the last event that was about one, or chosen; 0 before. */
    askedIndex: number;
    /** Whether only events of note are listed: most others are heartbeats. */
    onlyOfNote: boolean;
    /** What is pointed at or has the focus, word by word: `S3`, an index, a field. */
    lit: readonly string[];
    /** How much of what travels is drawn; until it is chosen, by how many servers there are. */
    arrows: Arrows | undefined;
    /** The message that is pointed at or has the focus: its arrow and its label stand out together. */
    near: number | undefined;
  };
  readonly sought: {
    /** What the events are looked through for. */
    words: string;
    /** What says it among the first events, and how many these are; nothing while nothing is sought. */
    found: { readonly hits: readonly Hit[]; readonly seen: number } | undefined;
  };
  /** What the playbook asks before it happens. */
  readonly bets: {
    /** The questions, as far as the branch on show follows the playbook. */
    questions: readonly QuestionView[];
    placed: Bets;
  };
  /**
   * The course: which of its lessons and runs to build the reader has done, by their paths, and what the
   * reader has written down of them.
   */
  readonly course: { done: readonly string[]; lines: Readonly<Record<string, string>> };
  /** The run that the playbook asks to be built. */
  readonly build: {
    /** How far it has come; nothing, if none is asked for. */
    view: BuildView | undefined;
    /** The hints that were opened. */
    hints: readonly HintView[];
    /** What was answered to whoever said last that it cannot be built, and why. */
    said: CannotView | undefined;
  };
  /** The runs that the playbook compares with itself. */
  readonly lesson: {
    contrasts: readonly ContrastView[];
    /** The one that stands beside. */
    open: ContrastView | undefined;
  };
  readonly notices: {
    all: readonly Notice[];
    /** What was refused of this run, or could not be read, the last of it first. */
    refused: readonly Notice[];
  };
  readonly check: Checks;
  readonly menu: { open: OpenMenu | undefined };
  readonly command: {
    draft: string;
    /** Whether the draft is what was refused. */
    wrong: boolean;
    /** The lines that what is being typed may become. */
    offers: readonly OfferedLine[];
    /** The place of the one among them that the arrow keys have come to. */
    picked: number | undefined;
  };
  /** The branch on show as a text. */
  readonly text: {
    /** As the run has it; nothing while nobody looks at it. */
    written: Written | undefined;
    /** What has been typed into it and is not played yet, or cannot be. */
    draft: string | undefined;
    /** Why it cannot be: what is wrong with each line that cannot be read, or the first that cannot be done. */
    problems: readonly Problem[];
    /** Whether the playing of it was stopped. */
    isHeld: boolean;
    /** What was typed, is not played, and stands in no text: the last of it first. */
    left: readonly { readonly key: string; readonly name: string; readonly text: string }[];
    /** The line of the cursor; 0 before there is one. */
    line: number;
    /** Whether what is done becomes a line. */
    recording: boolean;
    /** The line that was written so last. */
    recorded: { readonly line: number } | undefined;
  };
  /** The diagram of space and time. */
  readonly diagram: {
    isOpen: boolean;
    /** The events as far as they have been fetched; the same object grows with the run. */
    history: History | undefined;
    count: number;
    /** Whether its axis is that of causes, and not that of time. */
    isCausal: boolean;
    /** Whether heartbeats are drawn one by one, and empty time as long as it was. */
    isUnfolded: boolean;
    kinds: Kinds;
    /** The servers whose lanes are hidden. */
    hidden: readonly number[];
    /** The part of the axis in sight: its beginning, and how much a pixel shows; else all of it. */
    span: { readonly from: number; readonly perPixel: number } | undefined;
    /** The instants between which that part lies, while the diagram is open. */
    seen: { readonly fromUs: number; readonly toUs: number } | undefined;
  };
  readonly journal: {
    /** Newest first. */
    entries: readonly Entry[];
  };
}

/** The state as it is drawn. */
export type Readable = { readonly [Group in keyof State]: Readonly<State[Group]> };
/** The state as the part has it that writes one group of it. */
export type Owning<Group extends keyof State> = Readable & Pick<State, Group>;

/** What takes longer than a blink: what it is, in the reader's words, and how far. */
export interface UnderWay extends Progress {
  readonly name: string;
}

/** Where the run came from: a playbook of the menu, a file, a link, or nothing but a seed. */
export interface Origin {
  readonly kind: "free" | "playbook" | "file" | "link";
  readonly path?: string | undefined;
}

/** The run on the page: its name in the journal, and whether there is anything to be kept. */
export interface Current {
  readonly id: string;
  readonly acted: boolean;
  /** Whether it came by its address, so that it is no visit of its own. */
  readonly arrived: boolean;
}

export type Pane = "stage" | "narrator" | "logs";
export type Panes = { readonly [One in Pane]?: number | undefined };
export type Spread = "figure" | "check";
export type Tab = "figure" | "server" | "events" | "text" | "why" | "actions";
export type Dialog = "help" | "playbooks" | "newRun" | "share" | "storyboard";

/** Columns of the log: the first one's index, and how many. */
export interface LogWindow {
  readonly first: number;
  readonly columns: number;
}

export interface Hit extends Note {
  readonly ofNote: boolean;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** A word to the reader: what is fixed of it, and its sentences in the language of whoever reads it by then. */
export interface Notice {
  readonly id: number;
  readonly tone: "error" | "word";
  /** Whether it stays though the reader goes on. */
  readonly lasting: boolean;
  /** Whether it offers something to do. */
  readonly offers: boolean;
  /** The branch that it tells of: on another one it is not true. */
  readonly branch: number | undefined;
  /** The number of the event that it tells of: before it, it is not true yet. */
  readonly event: number | undefined;
  readonly told: () => Told;
}

/** What a notice says. */
export interface Told extends Partial<Pick<Notice, "lasting" | "branch" | "event">> {
  readonly tone: Notice["tone"];
  readonly title: string;
  /** Where it went wrong: a line of a file, the Action that was refused. */
  readonly place?: string | undefined;
  readonly cause?: string | undefined;
  /** More of the same, folded until it is asked for. */
  readonly more?: readonly string[] | undefined;
  /** The line in question, and where a caret points at it (counted from 1). */
  readonly excerpt?: string | undefined;
  readonly column?: number | undefined;
  readonly remedy?: string | undefined;
  /** A text to be copied from a field. */
  readonly text?: string | undefined;
  readonly actions?: readonly NoticeAction[] | undefined;
}

export interface MenuField {
  readonly value: string;
  readonly hint: string;
  /** What to do with the text; answers whether it was accepted. */
  readonly submit: (text: string) => Promise<boolean>;
}

export interface MenuChoice {
  readonly label: string;
  readonly run: () => void;
}

export interface MenuItem {
  readonly label: string;
  /** Several small choices in one row. */
  readonly choices?: readonly MenuChoice[];
  /** The Action that the item stands for, shown beside it. */
  readonly action?: string | undefined;
  readonly run?: () => void;
  readonly field?: MenuField;
  readonly grave?: boolean;
  readonly disabled?: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface OpenMenu {
  readonly title: string;
  readonly note?: string | undefined;
  readonly rows?: readonly { readonly name: string; readonly value: string }[];
  readonly items: readonly MenuItem[];
  readonly place: Place;
  readonly opener: Element | null;
}

/** What a menu offers, before it has a place. */
export type Offer = Omit<OpenMenu, "place" | "opener">;

/** A run with all its branches, and the instant at which it was left. */
export interface Entry extends Kept {
  readonly id: string;
  /** When it was last acted upon, in milliseconds since 1970. */
  readonly when: number;
  /** What it was called in the language of then, and what it is called by in any. */
  readonly name: string;
  readonly named?: Named;
  readonly origin: Origin;
}

/** What a run is called by: its title, or how its cluster is set up; and the clauses that are off. */
export interface Named {
  readonly title: string;
  readonly titleZh: string;
  readonly servers: number;
  readonly seed: number;
  readonly features: readonly string[];
  readonly without: readonly string[];
}

const NO_TEXT: State["text"] = {
  written: undefined,
  draft: undefined,
  problems: [],
  isHeld: false,
  left: [],
  line: 0,
  recording: false,
  recorded: undefined,
};

/** The state of a laboratory before anything is known; `embed`, if another page asked for it. */
export function newState(embed: Embed | undefined): State {
  return {
    shown: observed<State["shown"]>({
      view: undefined,
      calmView: undefined,
      explanation: undefined,
      phases: [],
      branches: [],
      failures: [],
      notes: [],
      lanes: NO_LANES,
      uses: { soFar: new Uint32Array(), all: new Uint32Array() },
      beside: undefined,
    }),
    compare: observed<State["compare"]>({
      other: undefined,
      found: undefined,
      isOver: false,
      isTold: false,
    }),
    engine: observed<State["engine"]>({ underWay: undefined, features: [], figure: [] }),
    events: observed({ come: 0 }),
    run: observed<State["run"]>({
      origin: { kind: "free" },
      current: { id: freshKey(), acted: false, arrived: true },
      acts: 0,
    }),
    embed: observed<State["embed"]>({
      asked: embed,
      isWanted: !embed?.waits,
      isBegun: false,
      end: undefined,
      keys: "theirs",
    }),
    play: observed({ playing: false, arrivals: 0, speed: 0, heard: -1 }),
    viewState: observed<State["viewState"]>({
      chosen: 1,
      pinned: false,
      tab: "why",
      spread: undefined,
      clause: undefined,
      presenting: false,
      shape: shapeOf(0, 0),
      panes: {},
      dialog: undefined,
      touring: false,
      welcoming: false,
      logWindow: { first: 1, columns: 24 },
      askedIndex: 0,
      onlyOfNote: false,
      lit: [],
      arrows: undefined,
      near: undefined,
    }),
    sought: observed<State["sought"]>({ words: "", found: undefined }),
    bets: observed<State["bets"]>({ questions: [], placed: {} }),
    course: observed<State["course"]>({ done: [], lines: {} }),
    build: observed<State["build"]>({ view: undefined, hints: [], said: undefined }),
    lesson: observed<State["lesson"]>({ contrasts: [], open: undefined }),
    notices: observed<State["notices"]>({ all: [], refused: [] }),
    check: observed<Checks>({ form: undefined, jobs: [] }),
    menu: observed<State["menu"]>({ open: undefined }),
    command: observed<State["command"]>({
      draft: "",
      wrong: false,
      offers: [],
      picked: undefined,
    }),
    text: observed<State["text"]>(NO_TEXT),
    diagram: newDiagram(),
    journal: observed<State["journal"]>({ entries: [] }),
  };
}

function newDiagram(): State["diagram"] {
  return observed<State["diagram"]>({
    isOpen: false,
    history: undefined,
    count: 0,
    isCausal: false,
    isUnfolded: false,
    kinds: "all",
    hidden: [],
    span: undefined,
    seen: undefined,
  });
}

/**
 * Does `then` at once, and whenever what `read` reads has changed: what `then` reads itself is not
 * followed. Answers how to end that.
 */
export function whenever<T>(read: () => T, then: (value: T) => void): () => void {
  return effect(() => {
    const value = read();
    untracked(() => then(value));
  });
}
