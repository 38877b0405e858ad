/** Figure 2: each clause in a line, how often it has acted, and a switch. What has just acted is lit. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Explanation, FigureView } from "../engine/types";
import { partyName as name } from "../i18n";
import { type Key, t } from "../i18n/later";
import { holdsAll } from "../lib/search";
import { BEYOND, type Box, boxesOf, GROUPS, type Line, type Part } from "./boxes";
import { ClauseCard } from "./clause-card";
import { useKeptPlace } from "./kept-place";
import { useLab } from "./use-lab";

const TITLES: Readonly<Record<Part, Key>> = {
  requestVote: "partRequestVote",
  appendEntries: "partAppendEntries",
  allServers: "partAllServers",
  followers: "partFollowers",
  candidates: "partCandidates",
  leaders: "partLeaders",
  installSnapshot: "partInstallSnapshot",
  snapshots: "partSnapshots",
  preVote: "partPreVote",
  transfer: "partTransfer",
  reads: "partReads",
  membership: "partMembership",
};

/** What the event on show did by which clauses. */
interface Acting {
  readonly event: number;
  readonly server: number | undefined;
  readonly rules: readonly string[];
  /** The one that the event is called by. */
  readonly deed: string | undefined;
  /** Those that are not about timers and disks only. */
  readonly loud: readonly string[];
}

const AT_REST: Acting = { event: -1, server: undefined, rules: [], deed: undefined, loud: [] };

function actingIn(explained: Explanation | undefined): Acting {
  if (!explained) return AT_REST;
  const { event, deed, clauses } = explained;
  const acted = clauses.filter((clause) => clause.answer === "acted");
  const loud = acted.filter((clause) => !clause.quiet).map((clause) => clause.rule.id);
  return {
    event: event.number,
    server: event.server,
    rules: event.rules,
    deed: deed?.rule,
    loud: loud.length > 0 ? loud : event.rules.slice(0, 1),
  };
}

/** What the reader has opened or folded by hand; what an event opens is folded for that event only. */
interface ByHand {
  readonly opened: readonly Part[];
  readonly folded: readonly Part[];
  readonly event: number;
}

const without = (parts: readonly Part[], part: Part): Part[] => parts.filter((one) => one !== part);

/** Whether a clause is meant by these words: its id, its sentence, or a name of a field in it. */
export function isMeant({ rule, line, reason }: FigureView, words: string): boolean {
  return holdsAll(`${rule.id} ${line} ${rule.text} ${reason}`, words);
}

/**
 * All boxes one below the other; spread over the page, where they begin with the table of all state,
 * and show only the clauses that are `wanted`.
 */
export function Figure(props: {
  readonly table?: JSX.Element | null;
  readonly wanted?: string;
}): JSX.Element {
  const { table, wanted = "" } = props;
  const spread = table !== undefined;
  const { state } = useLab();
  const { figure } = state.engine;
  const acting = actingIn(state.shown.explanation);
  const [byHand, setByHand] = useState<ByHand>({ opened: [], folded: [], event: -1 });
  const box = useRef<HTMLDivElement>(null);
  // While time flies nothing opens and nothing folds: nobody could read it.
  const still = useRef(acting);
  if (!state.play.playing) still.current = acting;
  const { loud, event } = still.current;
  const groups = groupsOf(figure, wanted);
  const opensItself = ({ part, lines }: Box): boolean => {
    if (lines.some(({ rule }) => loud.includes(rule.id))) return true;
    if (!spread) return false;
    return !BEYOND.includes(part) || lines.some(({ place }) => state.shown.uses.all[place]);
  };
  const isOpen = (one: Box, by: ByHand): boolean => {
    if (wanted !== "" || by.opened.includes(one.part)) return true;
    const isFolded = by.folded.includes(one.part) && (spread || by.event === event);
    return opensItself(one) && !isFolded;
  };
  const toggle = (one: Box): void =>
    setByHand((by) => {
      const opened = without(by.opened, one.part);
      const folded = without(by.event === event || spread ? by.folded : [], one.part);
      if (isOpen(one, by)) return { opened, folded: [...folded, one.part], event };
      return { opened: [...opened, one.part], folded, event };
    });
  const shown = groups
    .flat()
    .filter((one) => isOpen(one, byHand))
    .flatMap(({ lines }) => lines);
  const kept = useKeptPlace();
  const turn = (one: Box, row: HTMLElement): void => {
    kept.hold(row);
    setByHand((by) => ({ ...by, opened: [...without(by.opened, one.part), one.part] }));
  };
  const [held, hold] = useState("");
  const ids = shown.map(({ rule }) => rule.id);
  const current = [held, still.current.deed, ids[0]].find((id) => id && ids.includes(id));
  useLayoutEffect(() => {
    const figure = box.current;
    if (figure && !kept.keep(figure) && !state.play.playing) showDeed(figure, acting.deed);
  }, [acting.event, acting.deed, state.play.playing, state.shown.calmView?.branch, figure]);
  return (
    <div
      class={`figure${spread ? " spread" : ""}`}
      ref={box}
      role="group"
      aria-label={t("tabFigure")}
      onKeyDown={(key) => {
        if (key.key !== "ArrowDown" && key.key !== "ArrowUp") return;
        moveFocus(key.currentTarget, key.key === "ArrowDown" ? 1 : -1);
        key.preventDefault();
        key.stopPropagation();
      }}
    >
      {groups.map((boxes, i) => (
        <div key={GROUPS[i]?.[0]} class={`figure-group of-${GROUPS[i]?.[0]}`}>
          {i === 0 && wanted === "" ? table : null}
          {boxes.map((one) => (
            <BoxOf
              key={one.part}
              box={one}
              acting={acting}
              open={isOpen(one, byHand)}
              toggle={() => toggle(one)}
              turn={(row) => turn(one, row)}
              current={current}
              hold={hold}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** The boxes in their groups, with the clauses that are wanted: all of them, or those that are meant. */
function groupsOf(figure: readonly FigureView[], wanted: string): Box[][] {
  const found = (box: Box): Box => ({
    ...box,
    lines: wanted === "" ? box.lines : box.lines.filter((line) => isMeant(line, wanted)),
  });
  return GROUPS.map((parts) =>
    boxesOf(figure, parts)
      .map(found)
      .filter(({ lines }) => lines.length > 0),
  );
}

/** Heads and clauses are one list for the arrow keys. */
function moveFocus(figure: HTMLElement, by: number): void {
  const all = [...figure.querySelectorAll<HTMLElement>(".figure-head, .figure-clause")];
  const from = document.activeElement?.closest(".figure-row, .figure-head");
  const at = all.findIndex((one) => one === from || one.closest(".figure-row") === from);
  all[at + by]?.focus();
}

/** Scrolls the clause that decided into sight, in its own box alone: the page stays where it is. */
function showDeed(figure: HTMLElement, deed: string | undefined): void {
  const row = deed === undefined ? null : figure.querySelector(`[data-rule="${deed}"]`);
  const scroller = figure.closest(".panel-body, .figure-spread");
  if (!row || !scroller || getComputedStyle(scroller).overflowY === "visible") return;
  const place = row.getBoundingClientRect();
  const bar = scroller.querySelector(".figure-bar")?.getBoundingClientRect().height ?? 0;
  const { top: above, bottom } = scroller.getBoundingClientRect();
  const room = { top: above + bar, bottom, height: bottom - above - bar };
  const head = row.closest(".figure-box")?.getBoundingClientRect().top ?? place.top;
  // With its head, where both find room.
  const top = place.bottom - head < room.height ? head : place.top;
  if (top < room.top) scroller.scrollTop += top - room.top;
  else if (place.bottom > room.bottom)
    scroller.scrollTop += Math.min(top - room.top, place.bottom - room.bottom + room.height / 4);
}

function BoxOf(props: {
  readonly box: Box;
  readonly acting: Acting;
  readonly open: boolean;
  readonly toggle: () => void;
  readonly turn: (row: HTMLElement) => void;
  readonly current: string | undefined;
  readonly hold: (id: string) => void;
}): JSX.Element {
  const { state } = useLab();
  const { box, acting, open, toggle, turn, current, hold } = props;
  const { soFar } = state.shown.uses;
  const count = box.lines.reduce((sum, { place }) => sum + (soFar[place] ?? 0), 0);
  const acted = box.lines.filter(({ rule }) => acting.rules.includes(rule.id));
  return (
    <section class="figure-box" data-part={box.part}>
      <h3>
        <button type="button" class="figure-head" aria-expanded={open} onClick={toggle}>
          <span class="figure-title">{t(TITLES[box.part])}</span>
          {open ? null : (
            <span class="figure-acted">{acted.map(({ rule }) => rule.id).join(" ")}</span>
          )}
          <span class="uses" title={t("usesHint")}>
            {open || count === 0 ? "" : count}
          </span>
        </button>
      </h3>
      {open ? (
        <ul>
          {box.lines.map((line) => (
            <Row
              key={line.rule.id}
              line={line}
              acting={acting}
              isCurrent={line.rule.id === current}
              hold={hold}
              turn={turn}
            />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Row(props: {
  readonly line: Line;
  readonly acting: Acting;
  readonly isCurrent: boolean;
  readonly hold: (id: string) => void;
  readonly turn: (row: HTMLElement) => void;
}): JSX.Element {
  const { rules, state, viewState } = useLab();
  const { line, acting, isCurrent, hold, turn } = props;
  const { id } = line.rule;
  const count = state.shown.uses.soFar[line.place] ?? 0;
  const isOff = state.shown.calmView?.without.includes(id) ?? false;
  const isOpen = state.viewState.clause === id;
  const acted = acting.rules.includes(id);
  const classes = ["figure-row", acted ? "acted" : "", id === acting.deed ? "deed" : ""];
  classes.push(isOff ? "off" : "", isOpen ? "open" : "", count === 0 ? "unused" : "");
  return (
    <li class={classes.filter(Boolean).join(" ")} data-rule={id}>
      <button
        type="button"
        class="figure-clause"
        aria-expanded={isOpen}
        tabIndex={isCurrent ? 0 : -1}
        title={line.rule.text}
        onFocus={() => hold(id)}
        onClick={() => viewState.openClause(isOpen ? undefined : id)}
      >
        <span class="rule">{id}</span>
        <span class="figure-line">{line.line}</span>
        {acted && acting.server !== undefined ? <b class="who">{name(acting.server)}</b> : null}
        <span class="uses" title={t("usesHint")}>
          {count === 0 ? "" : count}
        </span>
      </button>
      <button
        type="button"
        class="toggle"
        role="switch"
        aria-checked={!isOff}
        aria-label={t("ruleSwitch", { rule: id })}
        title={isOff ? t("putBack", { rule: id }) : t("takeAwayHint", { rule: id })}
        tabIndex={isCurrent ? 0 : -1}
        onFocus={() => hold(id)}
        onClick={({ currentTarget }) => {
          const row = currentTarget.closest<HTMLElement>("[data-rule]");
          if (row) turn(row);
          void rules.turn(id);
        }}
      />
      {isOpen && !state.viewState.shape.hasNarrator ? <ClauseCard id={id} /> : null}
    </li>
  );
}
