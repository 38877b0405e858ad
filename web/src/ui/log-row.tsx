/** One server's log: its name, its entries, and what the leader believes of it. */
import type { JSX } from "preact";
import type { ProgressView, ServerView } from "../engine/types";
import { partyName as name, t } from "../i18n";
import { upTo } from "../lib/window";
import { termClass } from "./hooks";
import { keyed } from "./keyed";
import { Cell, Gap } from "./log-cell";
import { logMenu } from "./log-menu";
import { roleWord } from "./stage-below";
import { useLab } from "./use-lab";

interface RowProps {
  readonly server: ServerView;
  /** The columns in sight. */
  readonly first: number;
  readonly last: number;
  readonly cell: number;
  readonly names: number;
  readonly progress: ProgressView | undefined;
  /** From which to which entry the last event changed it. */
  readonly changed: readonly (readonly [number, number])[];
  /** Where an invariant is broken in its log, and what is said of it. */
  readonly lost: readonly (readonly [number, string])[];
}

export const Row = keyed(DrawnRow);

function DrawnRow(props: RowProps): JSX.Element {
  const lab = useLab();
  const { menu, state, viewState } = lab;
  const { server, first, last, cell, names, progress, changed, lost } = props;
  const entries = new Map(server.log.map((entry) => [entry.index, entry]));
  const left = (index: number): number => Math.round(names + (index - 1) * cell);
  const width = Math.floor(cell) - 4;
  return (
    <div class={`log-row ${server.state} ${termClass(server.currentTerm)}`}>
      <div class={`log-name${state.viewState.chosen === server.id ? " chosen" : ""}`}>
        <button
          type="button"
          onClick={(event) => {
            viewState.pin(server.id);
            viewState.showTab("server");
            menu.openOn(event.currentTarget, logMenu(lab, server));
          }}
        >
          <b>{name(server.id)}</b>
          <small>
            {server.role === "follower" && server.state === "up" ? "" : roleWord(server)}
          </small>
        </button>
      </div>
      <Prefix server={server} cell={cell} names={names} />
      {upTo(first, last).map((index) => {
        if (index <= server.snapshotIndex) return null;
        const entry = entries.get(index);
        return entry ? (
          <Cell
            key={index}
            server={server.id}
            {...entry}
            left={left(index)}
            width={width}
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
            width={width}
          />
        );
      })}
      {progress ? (
        <Marks
          server={server.id}
          nextIndex={progress.nextIndex}
          matchIndex={progress.matchIndex}
          cell={cell}
          names={names}
        />
      ) : null}
    </div>
  );
}

/** Entries that a snapshot has taken the place of. */
function Prefix(props: {
  readonly server: ServerView;
  readonly cell: number;
  readonly names: number;
}): JSX.Element | null {
  const { server, cell, names } = props;
  if (server.snapshotIndex === 0) return null;
  const words = t("snapshotUntil", {
    index: server.snapshotIndex,
    term: server.snapshotTerm,
  });
  return (
    <div
      class={`log-snapshot ${termClass(server.snapshotTerm)}`}
      title={words}
      style={{ left: `${names}px`, width: `${server.snapshotIndex * cell - 4}px` }}
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
  readonly cell: number;
  readonly names: number;
}): JSX.Element {
  const { server, nextIndex, matchIndex, cell, names } = props;
  const s = name(server);
  const middle = (index: number): number => names + (index - 0.5) * cell - 2;
  return (
    <>
      {matchIndex > 0 ? (
        <span
          class="mark match"
          style={{ left: `${middle(matchIndex)}px` }}
          title={t("matchOf", { name: s, index: matchIndex })}
        />
      ) : null}
      <span
        class="mark next"
        style={{ left: `${middle(nextIndex)}px` }}
        title={t("nextOf", { name: s, index: nextIndex })}
      />
    </>
  );
}
