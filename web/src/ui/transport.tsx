/** Moving through time: by events, by milliseconds, by play, by hand. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { formatSpeed, SPEEDS } from "../lib/pace";
import { CommandLine, draftCommand } from "./command";
import { letGo, letsGo } from "./hooks";
import { Icon, type IconName } from "./icons";
import { Strands } from "./strands";
import { Clock, Tape } from "./tape";
import { useLab } from "./use-lab";

export function Transport(): JSX.Element {
  const { diagram, session, state } = useLab();
  return (
    <section class="transport" aria-label={t("transport")}>
      <Tape />
      <Strands />
      <div class="buttons">
        <Steps />
        <button
          type="button"
          class="tick"
          title={`${t("tick")} ( t )`}
          onClick={() => void session.tick()}
        >
          +1 ms
        </button>
        <button
          type="button"
          class="icon-only"
          title={`${t("diagramHint")} ( h )`}
          aria-label={t("diagram")}
          aria-keyshortcuts="h"
          aria-expanded={state.diagram.isOpen}
          disabled={state.compare.other !== undefined}
          onClick={() => diagram.toggle()}
        >
          <Icon name="diagram" />
        </button>
      </div>
      <Speed />
      <Clock />
      <ToNext />
      <CommandLine />
    </section>
  );
}

/** The five that go through time by events. */
export function Steps(): JSX.Element {
  const { session } = useLab();
  return (
    <>
      <Press
        icon="notePrevious"
        label={t("notePrevious")}
        shortcut="N"
        run={() => session.previousOfNote()}
      />
      <Press icon="stepBack" label={t("stepBack")} shortcut="←" run={() => session.stepBack()} />
      <PlayButton />
      <Press icon="step" label={t("step")} shortcut="→" run={() => void session.step()} />
      <Press icon="noteNext" label={t("noteNext")} shortcut="n" run={() => session.nextOfNote()} />
    </>
  );
}

function Press(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly shortcut: string;
  readonly run: () => void;
}): JSX.Element {
  const { icon, label, shortcut, run } = props;
  return (
    <button
      type="button"
      class="icon-only"
      title={`${label} ( ${shortcut} )`}
      aria-label={label}
      aria-keyshortcuts={
        shortcut === "→"
          ? "ArrowRight"
          : shortcut === "←"
            ? "ArrowLeft"
            : shortcut.replace("N", "Shift+N")
      }
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}

export function PlayButton(): JSX.Element {
  const { play, state } = useLab();
  const plays = state.play.playing;
  const label = t(plays ? "pausePlay" : "play");
  return (
    <button
      type="button"
      class="icon-only play"
      data-play={plays ? "playing" : "paused"}
      title={`${label} ( ${t("keySpace")} )`}
      aria-label={label}
      onClick={() => play.toggle()}
    >
      <Icon name={plays ? "pause" : "play"} />
    </button>
  );
}

const AIMS = ["leader", "commit", "refusal", "conflict", "crash", "broken"] as const;

const AIM_KEYS = {
  leader: "toNextLeader",
  commit: "toNextCommit",
  refusal: "toNextRefusal",
  conflict: "toNextConflict",
  crash: "toNextCrash",
  broken: "toNextBroken",
} as const;

/** Goes on to the next event of a kind, or in which a clause acts: those of this event come first. */
function ToNext(): JSX.Element {
  const lab = useLab();
  const { session, state } = lab;
  const rules = state.shown.explanation?.event.rules ?? [];
  const all = state.engine.figure.map(({ rule }) => rule.id);
  const others = all.filter((id) => !rules.includes(id));
  const go = (aim: string): void => {
    const kind = AIMS.find((one) => one === aim);
    if (aim === "failure") session.toNextFailure();
    else if (aim === "condition") draftCommand(lab, "wait 10s until ");
    else session.toNext(aim, () => (kind ? t(AIM_KEYS[kind]) : aim));
  };
  return (
    <select
      class="to-next"
      {...letsGo}
      title={t("toNextHint")}
      aria-label={t("toNext")}
      value=""
      onChange={(event) => {
        const list = event.currentTarget;
        const aim = list.value;
        list.value = "";
        letGo(lab, list);
        go(aim);
      }}
    >
      <option value="">{t("toNext")}</option>
      {AIMS.map((aim) => (
        <option key={aim} value={aim}>
          {t(AIM_KEYS[aim])}
        </option>
      ))}
      <option value="failure">{t("toNextFailure")}</option>
      <option value="condition">{t("toNextCondition")}</option>
      {[rules, others].map((ids, place) => (
        <optgroup key={place} label={t(place === 0 ? "toNextSame" : "toNextRule")}>
          {ids.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function Speed(): JSX.Element {
  const lab = useLab();
  const { play, state } = lab;
  return (
    <select
      class="speed"
      {...letsGo}
      title={`${t("speedHint")} ( - + )`}
      aria-label={t("speed")}
      value={String(state.play.speed)}
      onChange={(event) => {
        play.setSpeed(Number(event.currentTarget.value));
        letGo(lab, event.currentTarget);
      }}
    >
      {SPEEDS.map((one) => (
        <option key={one} value={String(one)}>
          {one === 0 ? t("speedAuto") : formatSpeed(one)}
        </option>
      ))}
    </select>
  );
}
