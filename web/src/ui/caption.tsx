/** What the lesson says of what has just happened. */
import type { JSX } from "preact";
import { type Key, t } from "../i18n";
import { landing, toldNow } from "../lib/phases";
import { goToPlace, nextPhase, previousPhase } from "../state/session";
import { branches, nowUs, phases, playing, view } from "../state/shown";
import { Icon } from "./icons";

/** Longest start of a caption that is its name: `005 · The new leader…`. */
const HEAD_LETTERS = 24;

/** More phases than this are counted; a reader could not tell their dots apart. */
const DOTS_MAX = 120;

/** A caption's name and its sentence. */
function headed(caption: string): [string, string] {
  const at = caption.indexOf(" · ");
  if (at <= 0 || at > HEAD_LETTERS) return ["", caption];
  return [caption.slice(0, at), caption.slice(at + 3)];
}

/** Why no caption stands here. */
function silence(position: number, told: number | undefined): Key {
  if (told === undefined || position <= told) return "captionBegin";
  const here = branches.value.find((branch) => branch.current);
  return here?.parent === undefined ? "captionEnded" : "captionLeft";
}

export function Caption(): JSX.Element | null {
  const all = phases.value;
  const shown = view.value;
  const told = all.flatMap((phase, number) => (phase.caption === "" ? [] : [{ phase, number }]));
  if (told.length === 0 || !shown) return null;
  const place = { position: shown.position, at: nowUs() };
  const number = toldNow(all, shown.phase, place, playing.value);
  const now = told.findIndex((one) => one.number === number);
  const last = landing(all, told[told.length - 1]?.number ?? -1, shown.toldUntil);
  const past = last !== undefined && shown.position > last.position;
  const [head, text] = headed(told[now]?.phase.caption ?? "");
  return (
    <section
      class={`caption${now < 0 ? " silent" : ""}`}
      aria-label={t("phase", { at: now + 1, all: told.length })}
    >
      <button
        type="button"
        class="icon-only"
        title={`${t("phasePrevious")} ( [ )`}
        aria-label={t("phasePrevious")}
        disabled={shown.position === 0}
        onClick={previousPhase}
      >
        <Icon name="left" />
      </button>
      <p>
        {head ? <b>{head}. </b> : null}
        {now < 0 ? t(silence(shown.position, last?.position), { count: told.length }) : text}
      </p>
      <ol class="dots">
        {told.length > DOTS_MAX ? <li class="dim">{`${now + 1} / ${told.length}`}</li> : null}
        {(told.length > DOTS_MAX ? [] : told).map(({ phase, number: one }, i) => (
          <li key={one}>
            <button
              type="button"
              class={i === now ? "now" : i < now || (now < 0 && past) ? "past" : ""}
              aria-label={t("phase", { at: i + 1, all: told.length })}
              aria-current={i === now ? "step" : undefined}
              title={phase.caption}
              onClick={() => {
                const there = landing(all, one, shown.toldUntil);
                if (there) void goToPlace(there);
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
        disabled={past && shown.position >= shown.length}
        onClick={nextPhase}
      >
        <Icon name="right" />
      </button>
    </section>
  );
}
