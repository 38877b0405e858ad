/**
 * The page around an embedded laboratory: it may ask for the calls of `lib/calls.ts`, is told what
 * happens, has its keys back, and is not played to while nobody looks.
 */
import { t } from "../i18n/later";
import { CALLS, type Call, callOf, SPOKEN } from "../lib/calls";
import type { Lab } from "./lab";
import { calmMotion, isFramed } from "./page";
import { whenever } from "./state";

/** How long a caption stands before playing goes on by itself: so long for each letter, and more. */
const READING_MS = { letter: 45, atLeast: 1600 };

/** What the page around is told of the run: plain data, of the names that the paper uses. */
export function told({ run, state }: Lab) {
  const view = state.shown.view;
  return {
    name: run.name(),
    position: view?.position ?? 0,
    length: view?.length ?? 0,
    /** In microseconds of the run. */
    now: view?.now ?? 0,
    playing: state.play.playing,
    servers: (view?.servers ?? []).map((server) => ({
      id: server.id,
      state: server.state,
      role: server.role,
      currentTerm: server.currentTerm,
      votedFor: server.votedFor ?? null,
      commitIndex: server.commitIndex,
      lastIndex: server.lastIndex,
    })),
    broken: (view?.violations ?? []).map(({ property, event }) => ({ property, event })),
    failures: state.shown.failures.map(({ problem }) => problem.message),
  };
}

export type Told = ReturnType<typeof told>;

/** The while in which a caption is read, before playing goes on by itself. */
class Reading {
  private due: ReturnType<typeof setTimeout> | undefined;

  begin(ms: number, then: () => void): void {
    this.end();
    this.due = setTimeout(() => {
      this.due = undefined;
      then();
    }, ms);
  }

  /** Playing does not go on. Answers whether it would have. */
  end(): boolean {
    const wasDue = this.due !== undefined;
    clearTimeout(this.due);
    this.due = undefined;
    return wasDue;
  }
}

/** Connects a laboratory with the page around it. Answers how to end that. */
export function connectAround(lab: Lab): () => void {
  const reading = new Reading();
  const ends = [
    hearCalls(lab, reading),
    handKeysOver(lab),
    restUnseen(lab, reading),
    goOn(lab, reading),
    tellChanges(lab),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** A message to the page around. What is said of the run is what that page has asked to be shown. */
function tell(message: object, origin = "*"): void {
  if (isFramed) window.parent.postMessage({ raftLab: SPOKEN, ...message }, origin);
}

function hearCalls(lab: Lab, reading: Reading): () => void {
  const { embed, play } = lab;
  const hear = ({ data, source, origin }: MessageEvent): void => {
    // Only the page that holds the frame is listened to; of what origin it is, is its own affair.
    if (!isFramed || source !== window.parent) return;
    // What reveal.js says to the frames of a slide.
    if (data === "slide:stop") {
      reading.end();
      play.pause();
    }
    const call = callOf(data);
    if (!call) return;
    embed.wake();
    // A page without an origin, say one opened from a file, can only be answered openly.
    const whom = origin === "null" || origin === "" ? "*" : origin;
    const { id } = call;
    void begun(lab)
      .then(() => answer(lab, call, reading))
      .then((value) => tell({ id, value }, whom))
      .catch((error: Error) => tell({ id, error: error.message }, whom));
  };
  addEventListener("message", hear);
  tell({ event: "listening" });
  return () => removeEventListener("message", hear);
}

function begun({ state }: Lab): Promise<void> {
  return new Promise((done) => {
    const end = whenever(
      () => state.embed.isBegun,
      (is) => {
        if (!is) return;
        done();
        // It may hold at once, before there is anything to end.
        queueMicrotask(() => end());
      },
    );
  });
}

/** Does what a call asks, and answers what the run is after it; a refusal is an error. */
async function answer(lab: Lab, { ask }: Call, reading: Reading): Promise<Told> {
  const { play, session, state } = lab;
  if (!ask) throw new Error(t("callUnknown", { calls: CALLS.join(", ") }));
  switch (ask.call) {
    case "play":
      if (!state.play.playing) play.toggle();
      break;
    case "pause":
      reading.end();
      play.pause();
      break;
    case "step":
      await session.step();
      play.land();
      break;
    case "seek":
      await session.goToPlace({ position: ask.position, at: 0 });
      break;
    case "do": {
      const problem = await session.act(ask.line);
      if (problem) throw new Error([problem.message, problem.remedy].filter(Boolean).join(" "));
      break;
    }
    case "state":
  }
  return told(lab);
}

/** A click gives the keys to the laboratory; Escape, to the page around. */
function handKeysOver({ embed, state }: Lab): () => void {
  const enter = (event: Event): void => {
    if (event.isTrusted) embed.enter();
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || state.menu.open) return;
    embed.leave();
    if (!isFramed) return;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.parent.focus();
    tell({ event: "leave" });
  };
  document.addEventListener("click", enter, true);
  document.addEventListener("keydown", leave);
  return () => {
    document.removeEventListener("click", enter, true);
    document.removeEventListener("keydown", leave);
  };
}

/** Time stands still where nobody looks: in a slide that is left, in a tab that is put away. */
function restUnseen({ element, embed, play, state }: Lab, reading: Reading): () => void {
  let isInSight = false;
  /** Whether it goes on by itself when it is seen again. */
  let goesOn = embed.asked?.autoplay === true && !calmMotion.value;
  const look = (): void => {
    if (isInSight && document.visibilityState === "visible") {
      if (goesOn && state.embed.isBegun && !state.play.playing) play.toggle();
      if (state.embed.isBegun) goesOn = false;
      return;
    }
    const wasReading = reading.end();
    if (!wasReading && !state.play.playing) return;
    goesOn = embed.asked?.autoplay === true;
    play.pause();
  };
  const observer = new IntersectionObserver((seen) => {
    isInSight = seen.at(-1)?.isIntersecting === true;
    look();
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", look);
  const end = whenever(() => state.embed.isBegun, look);
  return () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
    end();
  };
}

/** Where playing stops by itself it goes on after the caption has been read, and begins anew. */
function goOn({ embed, play, session, state }: Lab, reading: Reading): () => void {
  const isAtEnd = (): boolean => {
    const view = state.shown.view;
    const end = state.embed.end ?? view?.toldUntil;
    return view !== undefined && end !== undefined && view.position >= end.position;
  };
  const next = async (): Promise<void> => {
    if (isAtEnd()) await session.goToPlace({ position: embed.asked?.start ?? 0, at: 0 });
    if (!state.play.playing) play.toggle();
  };
  const isAsked = (): boolean =>
    state.bets.questions.some(
      ({ askedPosition, key }) =>
        askedPosition === state.shown.view?.position && state.bets.placed[key] === undefined,
    );
  const ends = [
    whenever(
      () => state.play.arrivals,
      (arrivals) => {
        if (arrivals === 0) return;
        if (isAtEnd()) tell({ event: "end" });
        if (isAtEnd() ? !embed.asked?.loop : !embed.asked?.autoplay || isAsked()) return;
        const words = state.shown.phases[play.told() ?? -1]?.caption ?? "";
        const ms = READING_MS.atLeast + READING_MS.letter * words.length;
        reading.begin(ms, () => void next());
      },
    ),
    // Whoever goes on by hand is not overtaken.
    whenever(
      () => [state.play.playing, state.shown.view?.position] as const,
      () => reading.end(),
    ),
  ];
  return () => {
    reading.end();
    for (const end of ends) end();
  };
}

/** Tells the page around that it is ready, and what becomes of the run. */
function tellChanges(lab: Lab): () => void {
  const { state } = lab;
  let isReady = false;
  let wasPlaying = false;
  return whenever(
    () => [state.embed.isBegun, state.shown.view, state.play.playing] as const,
    ([isBegun, , playing]) => {
      if (!isBegun) return;
      const event = !isReady
        ? "ready"
        : playing === wasPlaying
          ? "change"
          : playing
            ? "play"
            : "pause";
      isReady = true;
      wasPlaying = playing;
      tell({ event, state: told(lab) });
    },
  );
}
