/** Moving through time: by events, by milliseconds, by play, by hand. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { formatSpeed, SPEEDS } from "../lib/pace";
import { formatInstant } from "../lib/time";
import { CommandLine } from "./command";
import { letGo, letsGo, useMover, useSize } from "./hooks";
import { Icon, type IconName } from "./icons";
import { useLab } from "./use-lab";

export function Transport(): JSX.Element {
  const { session } = useLab();
  return (
    <section class="transport" aria-label={t("transport")}>
      <div class="buttons">
        <Press
          icon="notePrevious"
          label={t("notePrevious")}
          shortcut="p"
          run={() => session.previousOfNote()}
        />
        <Press icon="stepBack" label={t("stepBack")} shortcut="←" run={() => session.stepBack()} />
        <PlayButton />
        <Press icon="step" label={t("step")} shortcut="→" run={() => void session.step()} />
        <Press
          icon="noteNext"
          label={t("noteNext")}
          shortcut="n"
          run={() => session.nextOfNote()}
        />
        <button
          type="button"
          class="tick"
          title={`${t("tick")} ( t )`}
          onClick={() => void session.tick()}
        >
          +1 ms
        </button>
      </div>
      <Speed />
      <Timeline />
      <CommandLine />
    </section>
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
        shortcut === "→" ? "ArrowRight" : shortcut === "←" ? "ArrowLeft" : shortcut
      }
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}

function PlayButton(): JSX.Element {
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

/** A slider over the whole run, with marks where something of note happened. */
function Timeline(): JSX.Element {
  const { session, shown, state } = useLab();
  const view = state.shown.calmView;
  const end = Math.max(1, view?.endAt ?? 1);
  const [ref, size] = useSize<HTMLDivElement>();
  const input = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLOutputElement>(null);
  const told = useRef({ place: "", words: "" });
  useMover((now) => {
    const at = Math.min(now, end);
    // A thumb that would not move by a quarter of a pixel is left alone: setting it is dear.
    const place = `${Math.round((at / end) * size.width * 4)} ${end} ${at === end}`;
    if (input.current && place !== told.current.place) input.current.value = String(at);
    const words = formatInstant(now);
    if (clock.current && words !== told.current.words) clock.current.textContent = words;
    told.current = { place, words };
  });
  const now = view ? shown.nowUs() : 0;
  return (
    <div class="timeline">
      <div class="slider" ref={ref}>
        <Marks end={end} width={size.width} />
        <input
          type="range"
          ref={input}
          min={0}
          max={end}
          step={1}
          aria-label={t("slider")}
          aria-valuetext={t("timeOf", { now: formatInstant(now), end: formatInstant(end) })}
          onInput={(event) => session.goToTime(Number(event.currentTarget.value))}
        />
      </div>
      <output class="clock" ref={clock} />
    </div>
  );
}

/** From one column of marks to the next: closer together they would be one bar. */
const COLUMN = 4;

function Marks(props: { readonly end: number; readonly width: number }): JSX.Element {
  const { state } = useLab();
  const { end, width } = props;
  // The thumb's centre travels from half its width to half its width before the end.
  const thumb = 14;
  const x = (at: number): number =>
    Math.round(thumb / 2 + (Math.min(at, end) / end) * Math.max(0, width - thumb));
  // Many events of note fall into one column: the more, the higher it is.
  const columns = new Map<number, number>();
  for (const { at } of state.shown.notes) {
    const column = Math.floor(x(at) / COLUMN) * COLUMN;
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const marks = [...columns]
    .map(([column, count]) => `M${column}.5 8v${-Math.min(7, 2 + Math.log2(count))}`)
    .join("");
  const starts = state.shown.phases.map((phase) => `M${x(phase.at)}.5 17v5`).join("");
  const fails = state.shown.failures.map(({ at }) => `M${x(at)}.5 2v8`).join("");
  return (
    <svg class="marks" aria-hidden="true">
      <path class="note" d={marks} />
      <path class="phase" d={starts} />
      <path class="fails" d={fails} />
    </svg>
  );
}
