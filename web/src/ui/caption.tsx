/** What the lesson says of what has just happened. */
import type { JSX } from "preact";
import type { BranchView } from "../engine/types";
import { type Key, t } from "../i18n";
import { questionAt } from "../lib/bets";
import { landing } from "../lib/phases";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

/** Longest start of a caption that is its name: `005 · The new leader…`. */
const HEAD_LETTERS = 24;

/** More phases than this are counted; a reader could not tell their dots apart. */
const DOTS_MAX = 20;

/** A caption's name and its sentence. */
function headed(caption: string): [string, string] {
  const at = caption.indexOf(" · ");
  if (at <= 0 || at > HEAD_LETTERS) return ["", caption];
  return [caption.slice(0, at), caption.slice(at + 3)];
}

/** Why no caption stands here. */
function silence(
  position: number,
  isAsked: boolean,
  isUnderWay: boolean,
  told: number | undefined,
  all: readonly BranchView[],
): Key {
  if (isAsked && !isUnderWay) return "captionAskedFirst";
  if (isUnderWay) return isAsked ? "captionAsked" : "captionUnderWay";
  if (told === undefined || position <= told) return "captionBegin";
  const here = all.find((branch) => branch.current);
  return here?.parent === undefined ? "captionEnded" : "captionLeft";
}

export function Caption(): JSX.Element | null {
  const { play, session, state } = useLab();
  const all = state.shown.phases;
  const view = state.shown.view;
  const told = all.flatMap((phase, number) => (phase.caption === "" ? [] : [{ phase, number }]));
  if (told.length === 0 || !view) return null;
  const number = play.told();
  const now = told.findIndex((one) => one.number === number);
  // A step whose caption has not come true yet.
  const begun = now < 0 ? told.findIndex((one) => one.number === view.phase) : -1;
  const isAsked = questionAt(state.bets.questions, all, view.position)?.told === "asked";
  const last = landing(all, told[told.length - 1]?.number ?? -1, view.toldUntil);
  const past = last !== undefined && view.position > last.position;
  const [head, text] = headed(told[now]?.phase.caption ?? "");
  return (
    <section
      class={`caption${now < 0 ? " silent" : ""}`}
      aria-label={t("phase", { at: Math.max(now, begun) + 1, all: told.length })}
    >
      <button
        type="button"
        class="icon-only"
        title={`${t("phasePrevious")} ( [ )`}
        aria-label={t("phasePrevious")}
        disabled={view.position === 0}
        onClick={() => session.previousPhase()}
      >
        <Icon name="left" />
      </button>
      <p>
        {head ? <b>{head}. </b> : null}
        {now < 0
          ? t(silence(view.position, isAsked, begun >= 0, last?.position, state.shown.branches), {
              count: told.length,
              at: begun + 1,
            })
          : text}
      </p>
      <ol class="dots">
        {told.length > DOTS_MAX ? <li class="dim">{`${now + 1} / ${told.length}`}</li> : null}
        {(told.length > DOTS_MAX ? [] : told).map(({ phase, number: one }, i) => (
          <li key={one}>
            <button
              type="button"
              class={
                i === now ? "now" : i < Math.max(now, begun) || (now < 0 && past) ? "past" : ""
              }
              aria-label={t("phase", { at: i + 1, all: told.length })}
              aria-current={i === now ? "step" : undefined}
              title={i <= Math.max(now, begun) || past ? phase.caption : undefined}
              onClick={() => {
                const there = landing(all, one, view.toldUntil);
                if (there) void session.goToPlace(there);
              }}
            />
          </li>
        ))}
      </ol>
      <button
        type="button"
        class="icon-only"
        title={`${t("phaseNext")} ( ] )`}
        aria-label={t("phaseNext")}
        disabled={past && view.position >= view.length}
        onClick={() => session.nextPhase()}
      >
        <Icon name="right" />
      </button>
    </section>
  );
}
