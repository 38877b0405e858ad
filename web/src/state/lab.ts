/**
 * A laboratory: all that one of them knows and can do, in parts of one subject each. A part is
 * given those that it needs, which stand above it. Nothing here is shared with another laboratory.
 */
import { EMBED } from "../lib/embed";
import { Address } from "./address";
import { Bets } from "./bets";
import { Build } from "./build";
import type { Check } from "./check";
import { Command } from "./command";
import { Compare } from "./compare";
import { Course } from "./course";
import { Diagram } from "./diagram";
import { Embed } from "./embed";
import { Engine } from "./engine";
import { Events } from "./events";
import { Files } from "./files";
import { followEvents } from "./follow";
import { Frame } from "./frame";
import { Journal } from "./journal";
import { Keeping } from "./keeping";
import { Lesson } from "./lesson";
import { Links } from "./links";
import { Menu } from "./menu";
import { Notices } from "./notices";
import { Opening } from "./opening";
import { Play } from "./play";
import { Rules } from "./rules";
import { Run } from "./run";
import { Session } from "./session";
import { Shown } from "./shown";
import { Sought } from "./sought";
import { newState, type Readable } from "./state";
import type { Text } from "./text";
import { ViewState } from "./view-state";

export type Lab = ReturnType<typeof newLab>;

type OfText = ConstructorParameters<typeof Text>[0];
type OfCheck = ConstructorParameters<typeof Check>[0];

/**
 * The state of a laboratory in `element`. The one that owns the page has its address, its title,
 * its journal in the browser, and the keys that are pressed while nothing has the focus.
 */
export function newLab(element: HTMLElement, ownsPage: boolean) {
  const state = newState(ownsPage ? EMBED : undefined);
  const embed = new Embed(state);
  // What is embedded leaves nothing behind in the reader's browser.
  const isLasting = ownsPage && !embed.asked;
  const viewState = new ViewState(state, isLasting);
  const notices = new Notices(state);
  // The engine and the frames call for parts that are made after them.
  const engine = new Engine(state, {
    onPanic: (words) => files.tellStopped(words),
    onShown: (answered) => play.land(answered),
    lookAt: (all) => viewState.lookAt(all),
  });
  const frame = new Frame(
    (ms) => play.pass(ms),
    () => shown.nowUs(),
  );
  const shown = new Shown(state, frame);
  const play = new Play(state, engine, frame, shown, notices);
  const run = new Run(state);
  const events = new Events(state, engine);
  const diagram = new Diagram(state, engine);
  const session = new Session(state, engine, shown, play, run, notices, (line) =>
    text.part?.records(line),
  );
  const bets = new Bets(state, engine, session, isLasting);
  const course = new Course(state, isLasting);
  const journal = new Journal(state, isLasting);
  const keeping = new Keeping(state, engine, run, journal, notices);
  const parts = { state, engine, shown, viewState, play, run, session, journal, keeping, notices };
  const text = new Late<OfText, Text>({ ...parts, isLasting });
  const opening = new Opening(parts);
  const files = new Files(state, engine, play, opening, notices);
  const links = new Links(state, engine, notices, ownsPage);
  const build = new Build(state, engine, session, viewState, course);
  const compare = new Compare(state, engine, play, run, session, notices);
  const found = { ...parts, opening, compare };
  const check = new Late<OfCheck, Check>(found);
  const lesson = new Lesson(state, engine, session, compare);
  const rules = new Rules(found);
  const address = ownsPage
    ? new Address({ ...parts, opening, links, compare, diagram })
    : undefined;
  const command = new Command(state, engine, session, viewState, isLasting);
  followEvents(state, viewState);
  const readable: Readable = state;
  return {
    element,
    ownsPage,
    // What stands beside it, drawn from the same parts, is told from it by a name.
    side: "",
    ...parts,
    embed,
    frame,
    events,
    sought: new Sought(state, engine),
    diagram,
    opening,
    files,
    links,
    rules,
    address,
    menu: new Menu(state, play),
    command,
    textBy: text.by,
    checkBy: check.by,
    compare,
    bets,
    build,
    course,
    lesson,
    state: readable,
  };
}

/** A part that is loaded with what shows it, and then made of those that it needs. */
class Late<Of, Part> {
  part: Part | undefined;

  constructor(private readonly of: Of) {}

  readonly by = (make: new (of: Of) => Part): Part => {
    this.part ??= new make(this.of);
    return this.part;
  };
}
