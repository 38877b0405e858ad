/** Moving through time: by events, by milliseconds, by play, by hand. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { format_speed, SPEEDS } from "../lib/pace";
import { format_instant } from "../lib/time";
import { speed, toggle_play } from "../state/play";
import {
  go_to_time,
  next_of_note,
  previous_of_note,
  step,
  step_back,
  tick,
} from "../state/session";
import { calm_view, failures, notes, now_us, phases, playing } from "../state/shown";
import { CommandLine } from "./command";
import { let_go, lets_go, use_mover, use_size } from "./hooks";
import { Icon, type IconName } from "./icons";

export function Transport(): JSX.Element {
  return (
    <section class="transport" aria-label={t("transport")}>
      <div class="buttons">
        <Press
          icon="note_previous"
          label={t("note_previous")}
          shortcut="p"
          run={previous_of_note}
        />
        <Press icon="step_back" label={t("step_back")} shortcut="←" run={step_back} />
        <PlayButton />
        <Press icon="step" label={t("step")} shortcut="→" run={step} />
        <Press icon="note_next" label={t("note_next")} shortcut="n" run={next_of_note} />
        <button type="button" class="tick" title={`${t("tick")} ( t )`} onClick={tick}>
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
  const plays = playing.value;
  const label = t(plays ? "pause_play" : "play");
  return (
    <button
      type="button"
      class="icon-only play"
      data-play={plays ? "playing" : "paused"}
      title={`${label} ( ${t("key_space")} )`}
      aria-label={label}
      onClick={toggle_play}
    >
      <Icon name={plays ? "pause" : "play"} />
    </button>
  );
}

function Speed(): JSX.Element {
  return (
    <select
      class="speed"
      {...lets_go}
      title={`${t("speed_hint")} ( - + )`}
      aria-label={t("speed")}
      value={String(speed.value)}
      onChange={(event) => {
        speed.value = Number(event.currentTarget.value);
        let_go(event.currentTarget);
      }}
    >
      {SPEEDS.map((one) => (
        <option key={one} value={String(one)}>
          {one === 0 ? t("speed_auto") : format_speed(one)}
        </option>
      ))}
    </select>
  );
}

/** A slider over the whole run, with marks where something of note happened. */
function Timeline(): JSX.Element {
  const shown = calm_view.value;
  const end = Math.max(1, shown?.end_at ?? 1);
  const [ref, size] = use_size<HTMLDivElement>();
  const input = useRef<HTMLInputElement>(null);
  const clock = useRef<HTMLOutputElement>(null);
  const told = useRef({ place: "", words: "" });
  use_mover((now) => {
    const at = Math.min(now, end);
    // A thumb that would not move by a quarter of a pixel is left alone: setting it is dear.
    const place = `${Math.round((at / end) * size.width * 4)} ${end} ${at === end}`;
    if (input.current && place !== told.current.place) input.current.value = String(at);
    const words = format_instant(now);
    if (clock.current && words !== told.current.words) clock.current.textContent = words;
    told.current = { place, words };
  });
  const now = shown ? now_us() : 0;
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
          aria-valuetext={t("time_of", { now: format_instant(now), end: format_instant(end) })}
          onInput={(event) => go_to_time(Number(event.currentTarget.value))}
        />
      </div>
      <output class="clock" ref={clock} />
    </div>
  );
}

/** From one column of marks to the next: closer together they would be one bar. */
const COLUMN = 4;

function Marks(props: { readonly end: number; readonly width: number }): JSX.Element {
  const { end, width } = props;
  // The thumb's centre travels from half its width to half its width before the end.
  const thumb = 14;
  const x = (at: number): number =>
    Math.round(thumb / 2 + (Math.min(at, end) / end) * Math.max(0, width - thumb));
  // Many events of note fall into one column: the more, the higher it is.
  const columns = new Map<number, number>();
  for (const { at } of notes.value) {
    const column = Math.floor(x(at) / COLUMN) * COLUMN;
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  const marks = [...columns]
    .map(([column, count]) => `M${column}.5 8v${-Math.min(7, 2 + Math.log2(count))}`)
    .join("");
  const starts = phases.value.map((phase) => `M${x(phase.at)}.5 17v5`).join("");
  const fails = failures.value.map(({ at }) => `M${x(at)}.5 2v8`).join("");
  return (
    <svg class="marks" aria-hidden="true">
      <path class="note" d={marks} />
      <path class="phase" d={starts} />
      <path class="fails" d={fails} />
    </svg>
  );
}
