/** Figure 2 in the place of stage and logs: its State is a table of all servers as they are now. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ChangeView, ServerView, View } from "../engine/types";
import { partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { Figure, isMeant } from "./figure";
import { termClass } from "./hooks";
import { Icon } from "./icons";
import { Modified } from "./modified";
import { roleWord } from "./stage-below";
import { useLab } from "./use-lab";

/** So many entries of each log are shown: its end. */
const ENTRIES_SHOWN = 4;

export function FigureSpread(): JSX.Element {
  const { state, viewState } = useLab();
  const view = state.shown.calmView;
  const [words, want] = useState("");
  const wanted = words.trim();
  const found = wanted === "" ? [] : state.engine.figure.filter((one) => isMeant(one, wanted));
  return (
    <section class="figure-spread" aria-label={t("tabFigure")}>
      <header class="figure-bar">
        <h2>{t("tabFigure")}</h2>
        <Modified />
        <input
          type="search"
          class="figure-find"
          placeholder={t("figureFind")}
          aria-label={t("figureFind")}
          title={`${t("figureFindHint")} ( / )`}
          value={words}
          onInput={(event) => want(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === "Enter" && first) viewState.openClause(first.rule.id);
            if (event.key !== "Escape" || words === "") return;
            // It clears the field first, and only then closes what the field is in.
            event.stopPropagation();
            want("");
          }}
        />
        <output class="dim" aria-live="polite">
          {t(wanted === "" ? "usesHint" : "figureFound", { count: found.length })}
        </output>
        <button
          type="button"
          class="quiet icon-only"
          title={`${t("close")} ( Esc )`}
          aria-label={t("close")}
          onClick={() => viewState.spread(undefined)}
        >
          <Icon name="close" />
        </button>
      </header>
      <Figure table={view ? <StateTable view={view} /> : null} wanted={wanted} />
    </section>
  );
}

function StateTable(props: { readonly view: View }): JSX.Element {
  const { view } = props;
  const leaders = view.servers.filter(({ progress }) => progress.length > 0);
  return (
    <div class="state-table">
      <table>
        <caption>{t("stateBox")}</caption>
        <thead>
          <tr>
            <td />
            {view.servers.map((server) => (
              <Head key={server.id} server={server} />
            ))}
          </tr>
        </thead>
        <tbody>
          <StateRow view={view} field="currentTerm" of={({ currentTerm }) => currentTerm} />
          <StateRow
            view={view}
            field="votedFor"
            of={({ votedFor }) => (votedFor === undefined ? "–" : name(votedFor))}
          />
          <tr>
            <th scope="row">log[]</th>
            {view.servers.map((server) => (
              <Log key={server.id} server={server} changes={view.changes} />
            ))}
          </tr>
          <StateRow view={view} field="commitIndex" of={volatile("commitIndex")} />
          <StateRow view={view} field="lastApplied" of={volatile("lastApplied")} />
          {leaders.flatMap((leader) =>
            (["nextIndex", "matchIndex"] as const).map((field) => (
              <Progress key={`${leader.id} ${field}`} view={view} leader={leader} field={field} />
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Head(props: { readonly server: ServerView }): JSX.Element {
  const { state, viewState } = useLab();
  const { server } = props;
  return (
    <th scope="col" class={`${termClass(server.currentTerm)} ${server.state}`}>
      <button
        type="button"
        aria-pressed={server.id === state.viewState.chosen}
        title={`${roleWord(server)} ( ${server.id} )`}
        onClick={() => viewState.pin(server.id)}
      >
        {name(server.id)}
        {server.role === "leader" ? <Icon name="crown" /> : null}
        <span class="unseen"> {roleWord(server)}</span>
      </button>
    </th>
  );
}

/** A server that is down has nothing that is volatile. */
function volatile(field: "commitIndex" | "lastApplied"): (server: ServerView) => string | number {
  return (server) => (server.state === "crashed" ? "–" : server[field]);
}

function StateRow(props: {
  readonly view: View;
  readonly field: string;
  readonly of: (server: ServerView) => string | number;
}): JSX.Element {
  const { view, field, of } = props;
  return (
    <tr>
      <th scope="row">{field}</th>
      {view.servers.map((server) => (
        <Cell key={server.id} change={changeOf(view.changes, server.id, field)}>
          {of(server)}
        </Cell>
      ))}
    </tr>
  );
}

function Progress(props: {
  readonly view: View;
  readonly leader: ServerView;
  readonly field: "nextIndex" | "matchIndex";
}): JSX.Element {
  const { view, leader, field } = props;
  return (
    <tr>
      <th scope="row">
        {field}[] <small>{name(leader.id)}</small>
      </th>
      {view.servers.map(({ id }) => (
        <Cell key={id} change={changeOf(view.changes, leader.id, `${field}[${name(id)}]`)}>
          {leader.progress.find(({ peer }) => peer === id)?.[field] ?? "·"}
        </Cell>
      ))}
    </tr>
  );
}

function changeOf(
  changes: readonly ChangeView[],
  server: number,
  field: string,
): ChangeView | undefined {
  return changes.find((change) => change.server === server && change.field === field);
}

function Cell(props: {
  readonly change: ChangeView | undefined;
  readonly children: string | number;
}): JSX.Element {
  const { change, children } = props;
  return (
    <td class={change ? "lit" : ""}>
      {change ? <del>{change.before === "" ? "–" : change.before}</del> : null}
      {children}
    </td>
  );
}

/** The terms at the end of a log; filled is committed. */
function Log(props: {
  readonly server: ServerView;
  readonly changes: readonly ChangeView[];
}): JSX.Element {
  const { server, changes } = props;
  const isLit = changes.some((change) => change.server === server.id && change.entries);
  const last = server.log.filter(({ index }) => index > server.lastIndex - ENTRIES_SHOWN);
  const hidden = server.lastIndex - last.length;
  return (
    <td class={isLit ? "lit" : ""} title={t("entries", { count: server.lastIndex })}>
      {server.lastIndex === 0 ? "–" : null}
      {hidden > 0 ? <small class="dim">{hidden} + </small> : null}
      {last.map(({ index, term }) => (
        <span
          key={index}
          class={`term-cell ${termClass(term)}${index <= server.commitIndex ? " committed" : ""}`}
        >
          {term}
        </span>
      ))}
    </td>
  );
}
