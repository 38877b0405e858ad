/** One panel at a time under tabs; with room enough the lesson and the explanation stand beside it. */
import type { JSX } from "preact";
import { type Key, partyName as name, t } from "../i18n";
import { questionAt } from "../lib/bets";
import type { Tab } from "../state/state";
import { shownTab } from "../state/view-state";
import { Caption } from "./caption";
import { Icon } from "./icons";
import { Inspector } from "./inspector";
import { Later } from "./later";
import { idIn, useLab } from "./use-lab";
import { Welcome } from "./welcome";
import { Why } from "./why";

interface TabView {
  readonly id: Tab;
  readonly key: Key;
}

const TABS: readonly TabView[] = [
  { id: "why", key: "tabWhy" },
  { id: "actions", key: "tabActions" },
  { id: "figure", key: "tabFigure" },
  { id: "server", key: "tabServer" },
  { id: "events", key: "tabEvents" },
  { id: "text", key: "tabText" },
];

export function Panels(): JSX.Element {
  const lab = useLab();
  const { state, viewState } = lab;
  const { spread } = state.viewState;
  const { hasNarrator } = state.viewState.shape;
  if (spread === "check") return <Later part="check" leave={() => viewState.spread(undefined)} />;
  const now = shownTab(state);
  const hidden: readonly Tab[] = [
    ...(hasNarrator ? (["why"] as const) : []),
    ...(state.build.view ? [] : (["actions"] as const)),
  ];
  const tabs = TABS.filter(({ id }) => !hidden.includes(id));
  return (
    <>
      {spread ? (
        <Later part="figureSpread" leave={() => viewState.spread(undefined)} />
      ) : (
        <section class="panel" aria-label={t("panels")}>
          <div class="tabs">
            <div class="tab-list" role="tablist">
              {tabs.map((one) => (
                <TabButton key={one.id} one={one} now={now} tabs={tabs} />
              ))}
            </div>
            <button
              type="button"
              class="quiet icon-only spread-check"
              title={`${t("checkRuns")} ( q )`}
              aria-label={t("checkRuns")}
              aria-keyshortcuts="q"
              onClick={() => viewState.spread("check")}
            >
              <Icon name="check" />
            </button>
            <button
              type="button"
              class="quiet icon-only spread-figure"
              title={`${t("figureSpread")} ( f )`}
              aria-label={t("figureSpread")}
              aria-keyshortcuts="f"
              onClick={() => viewState.spread("figure")}
            >
              <Icon name="spread" />
            </button>
          </div>
          <div class="panel-body" role="tabpanel" aria-labelledby={idIn(lab, `tab-${now}`)}>
            <Instrument tab={now} />
          </div>
        </section>
      )}
      {hasNarrator ? (
        <section class="aside" aria-label={t("tabWhy")}>
          <Told />
          <Narrated />
        </section>
      ) : null}
    </>
  );
}

/** The lesson with its question; or what is to be built, which is told in its place. */
export function Told(): JSX.Element {
  const { bets, build, shown } = useLab().state;
  const asked = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
  if (build.view) return <Later part="build" leave={() => undefined} />;
  return (
    <>
      <Caption />
      {asked ? <Later part="bet" leave={() => undefined} /> : null}
      <Course />
    </>
  );
}

/** Which lesson of the course this is, and what it leads to. */
export function Course(): JSX.Element | null {
  const { run } = useLab().state;
  if (!run.origin.path?.startsWith("course/")) return null;
  return <Later part="lesson" leave={() => undefined} />;
}

/** What stands below the lesson: the doors at first, a clause that was opened, or what happened. */
function Narrated(): JSX.Element {
  const { state, viewState } = useLab();
  const { clause, welcoming } = state.viewState;
  if (welcoming) return <Welcome />;
  return clause === undefined ? (
    <Why />
  ) : (
    <Later part="clause" leave={() => viewState.openClause(undefined)} />
  );
}

function Instrument(props: { readonly tab: Tab }): JSX.Element {
  const { viewState } = useLab();
  const leave = (): void => viewState.showTab("server");
  switch (props.tab) {
    case "figure":
      return <Later part="figure" leave={leave} />;
    case "server":
      return <Inspector />;
    case "events":
      return <Later part="events" leave={leave} />;
    case "text":
      return <Later part="text" leave={leave} />;
    case "actions":
      return <Later part="actions" leave={leave} />;
    case "why":
      return <Why />;
  }
}

function TabButton(props: {
  readonly one: TabView;
  readonly now: Tab;
  readonly tabs: readonly TabView[];
}): JSX.Element {
  const lab = useLab();
  const { state, viewState } = lab;
  const { one, now, tabs } = props;
  const length = state.shown.calmView?.length ?? 0;
  const built = state.build.view;
  const move = (direction: 1 | -1): void => {
    const at = tabs.findIndex((other) => other.id === one.id);
    const next = tabs[(at + direction + tabs.length) % tabs.length];
    if (!next) return;
    viewState.showTab(next.id);
    const tab = CSS.escape(idIn(lab, `tab-${next.id}`));
    lab.element.querySelector<HTMLElement>(`#${tab}`)?.focus();
  };
  return (
    <button
      type="button"
      role="tab"
      id={idIn(lab, `tab-${one.id}`)}
      aria-selected={now === one.id}
      tabIndex={now === one.id ? 0 : -1}
      onClick={() => {
        viewState.showTab(one.id);
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowRight") move(1);
        else if (event.key === "ArrowLeft") move(-1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {t(one.key, { name: name(state.viewState.chosen) })}
      {one.id === "events" && length > 0 ? <span class="count">{length}</span> : null}
      {one.id === "text" && state.text.recording ? (
        <span class="count recorded" title={t("recordingNow")}>
          ●<span class="unseen">{t("recordingNow")}</span>
        </span>
      ) : null}
      {one.id === "actions" && built ? (
        <span class="count">{t("builtOf", { done: built.used, all: built.bound })}</span>
      ) : null}
    </button>
  );
}
