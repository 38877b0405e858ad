/** The dials of a new run: each a slider over values that are told apart at sight, or two of them for a range. */
import type { JSX } from "preact";
import { type Key, t } from "../i18n/later";
import { isSameRange, PRESETS, type Range, STOPS, type Dials as Values } from "../lib/dials";
import { rangeWords } from "./failovers";

interface Props {
  readonly dials: Values;
  readonly turn: (dials: Values) => void;
}

export function Dials({ dials, turn }: Props): JSX.Element {
  const { election, heartbeat, latency, loss } = dials;
  const beats = Math.floor(election[0] / heartbeat);
  return (
    <fieldset class="dials">
      <legend>{t("dials")}</legend>
      <p class="presets">
        {PRESETS.map(({ id, dials: preset }) => (
          <button
            key={id}
            type="button"
            aria-pressed={isSame(dials, preset)}
            title={t(`${id}PresetHint`)}
            onClick={() => turn(preset)}
          >
            {t(`${id}Preset`)}
          </button>
        ))}
      </p>
      <RangeDial
        name="election"
        value={election}
        stops={STOPS.election}
        note={t("ofChance", { ms: election[1] - election[0] })}
        turn={(election) => turn({ ...dials, election })}
      />
      <Dial
        name="heartbeat"
        stops={STOPS.heartbeat}
        value={heartbeat}
        shown={`${heartbeat} ms`}
        note={t("beatsInTimeout", { count: beats })}
        turn={(heartbeat) => turn({ ...dials, heartbeat })}
      />
      <RangeDial
        name="latency"
        value={latency}
        stops={STOPS.latency}
        note={t("thereAndBack", { ms: latency[0] + latency[1] })}
        turn={(latency) => turn({ ...dials, latency })}
      />
      <Dial
        name="loss"
        stops={STOPS.loss}
        value={loss}
        shown={`${loss} %`}
        note={loss > 0 ? t("lossNote", { percent: loss }) : t("noLoss")}
        turn={(loss) => turn({ ...dials, loss })}
      />
    </fieldset>
  );
}

function isSame(one: Values, other: Values): boolean {
  return (
    isSameRange(one.election, other.election) &&
    isSameRange(one.latency, other.latency) &&
    one.heartbeat === other.heartbeat &&
    one.loss === other.loss
  );
}

type Name = "election" | "heartbeat" | "latency" | "loss";
const TITLES: Readonly<Record<Name, Key>> = {
  election: "electionDial",
  heartbeat: "heartbeatDial",
  latency: "latencyDial",
  loss: "lossDial",
};

function Dial(props: {
  readonly name: Name;
  readonly stops: readonly number[];
  readonly value: number;
  readonly shown: string;
  readonly note: string;
  readonly turn: (value: number) => void;
}): JSX.Element {
  const { name, shown, note } = props;
  return (
    <div class="dial">
      <span class="dial-name">{t(TITLES[name])}</span>
      <span class="dial-sliders">
        <Slider {...props} label={t(TITLES[name])} />
      </span>
      <output>{shown}</output>
      <small>{note}</small>
    </div>
  );
}

/** Neither end passes the other: it takes that along. */
function RangeDial(props: {
  readonly name: Name;
  readonly stops: readonly number[];
  readonly value: Range;
  readonly note: string;
  readonly turn: (value: Range) => void;
}): JSX.Element {
  const { name, stops, value, note, turn } = props;
  const [from, to] = value;
  const title = t(TITLES[name]);
  return (
    <div class="dial">
      <span class="dial-name">{title}</span>
      <span class="dial-sliders">
        <Slider
          name={`${name}-from`}
          label={t("dialFrom", { name: title })}
          stops={stops}
          value={from}
          turn={(next) => turn([next, Math.max(next, to)])}
        />
        <Slider
          name={`${name}-to`}
          label={t("dialTo", { name: title })}
          stops={stops}
          value={to}
          turn={(next) => turn([Math.min(from, next), next])}
        />
      </span>
      <output>{rangeWords(value)}</output>
      <small>{note}</small>
    </div>
  );
}

function Slider(props: {
  readonly name: string;
  readonly label: string;
  readonly stops: readonly number[];
  readonly value: number;
  readonly turn: (value: number) => void;
}): JSX.Element {
  const { name, label, stops, value, turn } = props;
  const unit = name === "loss" ? "%" : "ms";
  return (
    <input
      type="range"
      name={name}
      min={0}
      max={stops.length - 1}
      step={1}
      value={stops.indexOf(value)}
      aria-label={label}
      aria-valuetext={`${value} ${unit}`}
      title={`${label}: ${value} ${unit}`}
      onInput={(event) => turn(stops[Number(event.currentTarget.value)] ?? value)}
    />
  );
}

/** What a playbook would say for these dials. */
export function Written({ lines }: { readonly lines: readonly string[] }): JSX.Element {
  return (
    <div class="written">
      <h3>{t("writtenAs")}</h3>
      <pre>{lines.join("\n")}</pre>
    </div>
  );
}
