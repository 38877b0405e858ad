/**
 * What was promised: under the logs, all that was ever committed, and who was the first to hold it so.
 * No log shows an entry that was committed and is gone.
 */
import type { JSX } from "preact";
import type { CommittedView, View } from "../engine/types";
import { inLanguage, partyName as name, t } from "../i18n";
import { type Axis, lengthOf, startOf, widthAt } from "../lib/log-axis";
import { formatInstant } from "../lib/time";
import { presentedScale } from "../state/view-state";
import { termClass } from "./hooks";
import { keyed } from "./keyed";
import { Stretches } from "./log-stretches";
import { textWidth } from "./measure";
import { useLab } from "./use-lab";

/** A cell has to be so wide for words to stand below it. */
const NOTED = 56;
/** So much larger are those words where they are presented. */
const PRESENTED = 14 / 9;
/** What the sentence about the last one needs. */
const SENTENCE = 200;

/** How an entry looks of which no more is said than that it was committed. */
const PROMISED = { committed: true, applied: false, durable: true, differs: false };

export function Ever(props: {
  readonly view: View;
  readonly first: number;
  readonly last: number;
  readonly axis: Axis;
  readonly names: number;
}): JSX.Element {
  const { view, first, last, axis, names } = props;
  const { lastCommitted } = view;
  const behind = lastCommitted ? startOf(axis, lastCommitted.index + 1) : 0;
  const left = lengthOf(axis) - behind;
  const inSight = view.committed.filter(({ index }) => index >= first && index <= last);
  const rushes = axis.isFolded && useLab().state.play.playing;
  const isPlain = ({ index, against }: CommittedView): boolean => index !== axis.open && !against;
  return (
    <div class="log-row ever">
      <div class="log-name">
        <span>{t("everDone", { done: doneTo(view) })}</span>
      </div>
      {rushes ? (
        <Stretches
          entries={inSight.filter(isPlain).map((entry) => ({ ...entry, ...PROMISED }))}
          axis={axis}
          names={names}
        />
      ) : null}
      {inSight
        .filter((entry) => !rushes || !isPlain(entry))
        .map((entry) => (
          <Entry
            key={entry.index}
            entry={entry}
            done={doneTo(view)}
            isFolded={axis.isFolded && entry.index !== axis.open}
            left={Math.round(names + startOf(axis, entry.index))}
            width={Math.floor(widthAt(axis, entry.index)) - (axis.isFolded ? 2 : 4)}
          />
        ))}
      {axis.isFolded && lastCommitted && left > SENTENCE ? (
        <div class="ever-said" style={{ left: `${names + behind}px`, width: `${left}px` }}>
          <span>{t("everBySoon", byOf(lastCommitted))}</span>
        </div>
      ) : null}
    </div>
  );
}

function byOf({ by, byTerm, at, event }: CommittedView) {
  return { name: name(by), term: byTerm, at: formatInstant(at), event: event + 1 };
}

/** What was done to an entry: without A1 it is applied, and nobody waits for it to be committed. */
function doneTo({ without }: View): string {
  return without.includes("A1") ? inLanguage("applied", "应用") : inLanguage("committed", "提交");
}

interface EntryProps {
  readonly entry: CommittedView;
  readonly done: string;
  readonly isFolded: boolean;
  readonly left: number;
  readonly width: number;
}

const Entry = keyed(DrawnEntry);

/** A click goes to the event in which it was first held committed. */
function DrawnEntry(props: EntryProps): JSX.Element {
  const { session, side, state } = useLab();
  const { done, entry, isFolded, left, width } = props;
  const { index, term, text, short, event, at, against } = entry;
  const said = [
    t("everBy", { ...byOf(entry), done }),
    ...(against ? [t("everAgainst", { entry: against, done })] : []),
  ];
  const words = t("everAria", { index, term, command: text, by: said.join(". "), done });
  const scale = presentedScale(state) > 1 ? PRESENTED : 1;
  const [otherTerm = "", ...other] = (against ?? "").split(":");
  const seen = isFolded ? `${term}` : [term, short ?? text, other.join(":")].join(" ").trim();
  return (
    <>
      <button
        type="button"
        class={`cell committed ${termClass(term)}${isFolded ? " folded" : ""}${against ? " twice" : ""}`}
        style={{ left: `${left}px`, width: `${width}px` }}
        title={words}
        aria-label={`${seen} · ${words}`}
        data-ever={index}
        // Beside another branch events have other numbers, and time is the same.
        onClick={() => (side === "" ? session.goTo(event + 1) : session.goToTime(at))}
      >
        <span class="cell-term">{term}</span>
        {isFolded ? null : <span class="cell-command"> {short ?? text}</span>}
        {against ? (
          <span class={`against ${termClass(Number(otherTerm))}`}>
            {isFolded ? "" : ` ${other.join(":")}`}
          </span>
        ) : null}
      </button>
      {width >= NOTED ? (
        <small
          class="ever-by"
          aria-hidden="true"
          style={{ left: `${left}px`, width: `${width}px` }}
        >
          {shortOf(entry).find((words) => textWidth(words, "ever") * scale <= width)}
        </small>
      ) : null}
    </>
  );
}

/** Who was the first, and when: in as many words as there is room for. */
function shortOf({ by, byTerm, term, at }: CommittedView): readonly string[] {
  const who = name(by);
  const whole = byTerm === term ? who : `${who} T${byTerm}`;
  return [`${whole} · ${formatInstant(at)}`, `${who} · ${formatInstant(at)}`, whole, who];
}
