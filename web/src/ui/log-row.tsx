/** One server's log: its name, its entries, and what the leader believes of it. */
import type { JSX } from "preact";
import type { BracketView, EntryView, ProgressView, ServerView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import { type Axis, startOf, widthAt } from "../lib/log-axis";
import { upTo } from "../lib/window";
import { termClass } from "./hooks";
import { keyed } from "./keyed";
import { Brackets } from "./log-brackets";
import { Cell, Gap } from "./log-cell";
import { Stretches } from "./log-stretches";
import { logMenu } from "./offers";
import { roleWord } from "./stage-below";
import { useLab } from "./use-lab";

interface RowProps {
  readonly server: ServerView;
  /** The columns in sight. */
  readonly first: number;
  readonly last: number;
  readonly axis: Axis;
  readonly names: number;
  readonly progress: ProgressView | undefined;
  readonly brackets: readonly BracketView[];
  /** From which to which entry the last event changed it. */
  readonly changed: readonly (readonly [number, number])[];
  /** Where an invariant is broken in its log, and what is said of it. */
  readonly lost: readonly (readonly [number, string])[];
}

export const Row = keyed(DrawnRow);

function DrawnRow(props: RowProps): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { server, first, last, axis, names, progress, brackets, changed, lost } = props;
  const entries = new Map(server.log.map((entry) => [entry.index, entry]));
  const inSight = server.log.filter(({ index }) => index >= first && index <= last);
  const rushes = axis.isFolded && state.play.playing;
  const left = (index: number): number => Math.round(names + startOf(axis, index));
  const width = (index: number): number =>
    Math.floor(widthAt(axis, index)) - (axis.isFolded ? 2 : 4);
  const isFolded = (index: number): boolean => axis.isFolded && index !== axis.open;
  const isPlain = ({ index }: EntryView): boolean =>
    isFolded(index) && !lost.some(([at]) => at === index);
  return (
    <div class={`log-row ${server.state} ${termClass(server.currentTerm)}`}>
      <div
        class={`log-name${state.viewState.chosen === server.id ? " chosen" : ""}`}
        data-of={name(server.id)}
      >
        <button
          type="button"
          onClick={(event) => {
            viewState.pin(server.id);
            viewState.showTab("server");
            menu.openOn(event.currentTarget, logMenu(lab, server));
          }}
        >
          <b>
            {name(server.id)}
            {server.label ? <span class="log-label"> {server.label}</span> : null}
          </b>
          <small>
            {server.role === "follower" && server.state === "up" ? "" : roleWord(server)}
          </small>
        </button>
      </div>
      <Prefix server={server} axis={axis} names={names} />
      {rushes ? <Stretches entries={inSight.filter(isPlain)} axis={axis} names={names} /> : null}
      {upTo(first, last).map((index) => {
        if (index <= server.snapshotIndex) return null;
        const entry = entries.get(index);
        if (rushes && (entry ? isPlain(entry) : index > server.lastIndex + 1)) return null;
        return entry ? (
          <Cell
            key={index}
            server={server.id}
            {...entry}
            left={left(index)}
            width={width(index)}
            isFolded={isFolded(index)}
            lost={lost.find(([at]) => at === index)?.[1]}
            fresh={changed.some(([from, to]) => index >= from && index <= to)}
            heldUntil={index <= (server.heldBack ?? 0) ? server.currentTerm : undefined}
          />
        ) : (
          <Gap
            key={index}
            server={server.id}
            index={index}
            next={index === server.lastIndex + 1}
            left={left(index)}
            width={width(index)}
          />
        );
      })}
      <Brackets brackets={brackets} axis={axis} names={names} lastIndex={server.lastIndex} />
      {progress ? (
        <Marks
          server={server.id}
          nextIndex={progress.nextIndex}
          matchIndex={progress.matchIndex}
          axis={axis}
          names={names}
        />
      ) : null}
    </div>
  );
}

/** Entries that a snapshot has taken the place of. */
function Prefix(props: {
  readonly server: ServerView;
  readonly axis: Axis;
  readonly names: number;
}): JSX.Element | null {
  const { server, axis, names } = props;
  if (server.snapshotIndex === 0) return null;
  const words = t("snapshotUntil", {
    index: server.snapshotIndex,
    term: server.snapshotTerm,
  });
  return (
    <div
      class={`log-snapshot ${termClass(server.snapshotTerm)}`}
      title={words}
      style={{ left: `${names}px`, width: `${startOf(axis, server.snapshotIndex + 1) - 4}px` }}
    >
      <span>{t("snapshotShort", { index: server.snapshotIndex })}</span>
    </div>
  );
}

/** What the leader believes of this follower: where it sends next, what it knows to match. */
function Marks(props: {
  readonly server: number;
  readonly nextIndex: number;
  readonly matchIndex: number;
  readonly axis: Axis;
  readonly names: number;
}): JSX.Element {
  const { server, nextIndex, matchIndex, axis, names } = props;
  const s = name(server);
  const middle = (index: number): string =>
    `${Math.round(names + startOf(axis, index) + widthAt(axis, index) / 2 - 2)}px`;
  return (
    <>
      {matchIndex > 0 ? (
        <span
          key="match"
          class="mark match"
          data-of={`${s} matchIndex`}
          style={{ translate: middle(matchIndex) }}
          title={t("matchOf", { name: s, index: matchIndex })}
        />
      ) : null}
      <span
        key="next"
        class="mark next"
        data-of={`${s} nextIndex`}
        style={{ translate: middle(nextIndex) }}
        title={t("nextOf", { name: s, index: nextIndex })}
      />
    </>
  );
}
