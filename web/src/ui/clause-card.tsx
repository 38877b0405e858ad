/** A clause of Figure 2, opened: what it says, why it is there, where it acted, what is about it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EventView, FigureView } from "../engine/types";
import { lang, partyName as name } from "../i18n";
import { t } from "../i18n/later";
import type { Card } from "../lib/playbook";
import { formatInstant } from "../lib/time";
import { cardAt, loadLibrary, shortest } from "../state/library";
import { checkOf } from "./check-job";
import { ANSWERS, CompareWithout, KINDS } from "./clauses";
import { afterName } from "./events";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

/** So many of its events are listed: some before the instant on show, and some after it. */
const BEFORE = 3;
const LISTED = 6;

/** The clause that is open, in the narrator's place. */
export function OpenClause(): JSX.Element | null {
  const { clause } = useLab().state.viewState;
  return clause === undefined ? null : <ClauseCard id={clause} />;
}

export function ClauseCard(props: { readonly id: string }): JSX.Element | null {
  const { state, viewState, rules } = useLab();
  const { figure } = state.engine;
  const place = figure.findIndex(({ rule }) => rule.id === props.id);
  const clause = figure[place];
  if (!clause) return null;
  const { rule, reason } = clause;
  const isOff = state.shown.calmView?.without.includes(rule.id) ?? false;
  return (
    <section class="clause-card" aria-label={rule.id}>
      <header>
        <h2>
          <span class="rule">{rule.id}</span>{" "}
          <span class="dim">
            {rule.section} · {t(KINDS[rule.kind])}
          </span>
        </h2>
        <button
          type="button"
          class="quiet icon-only"
          title={t("close")}
          aria-label={t("close")}
          onClick={() => viewState.openClause(undefined)}
        >
          <Icon name="close" />
        </button>
        <p class={isOff ? "off" : ""}>{rule.text}</p>
      </header>
      <Here id={rule.id} />
      <h3>{t("whyThere")}</h3>
      <p>{reason}</p>
      <h3>{t("withoutIt")}</h3>
      {isOff ? (
        <button type="button" onClick={() => void rules.turn(rule.id)}>
          {t("putBack", { rule: rule.id })}
        </button>
      ) : (
        <CompareWithout rule={rule.id} label={t("compareWithout")} />
      )}
      <Checked rule={rule.id} />
      <Acted id={rule.id} place={place} />
      <About clause={clause} />
    </section>
  );
}

/** What the event on show asked by this clause, with the values. */
function Here(props: { readonly id: string }): JSX.Element | null {
  const { state } = useLab();
  const explained = state.shown.explanation;
  const asked = explained?.clauses.filter(
    ({ rule, answer }) => rule.id === props.id && answer !== "unreached",
  );
  if (!explained || !asked || asked.length === 0) return null;
  const { event } = explained;
  const who = event.server === undefined ? "" : `${name(event.server)} · `;
  return (
    <>
      <h3>
        {who}
        {t("eventAt", { number: event.number + 1 })}
      </h3>
      <ul class="clause-here">
        {asked.map(({ names, values, answer }, i) => (
          <li key={`${i} ${names}`} class={answer}>
            <span>
              {names} {values ? <b>{values}</b> : null}
            </span>
            <b>{t(ANSWERS[answer])}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The shortest run that breaks something without it, and the way to a search of one's own. */
function Checked(props: { readonly rule: string }): JSX.Element {
  const lab = useLab();
  const { rule } = props;
  useEffect(loadLibrary, []);
  const card = shortest.value.get(rule);
  const open = ({ path, text }: Card): void => {
    const at = Number.MAX_SAFE_INTEGER;
    void lab.opening.open(text, { from: { kind: "file", path }, at });
  };
  const search = (): void => {
    checkOf(lab).ask({ isFromHere: false, ablated: [rule] });
    lab.viewState.spread("check");
  };
  return (
    <ul>
      {card ? (
        <li>
          <button
            type="button"
            class="link-button"
            title={t("shortestHint")}
            data-shortest={rule}
            onClick={() => open(card)}
          >
            {card.title[lang.value]}
          </button>
        </li>
      ) : null}
      <li>
        <button
          type="button"
          class="link-button"
          title={t("checkEveryHint", { rule })}
          data-check={rule}
          onClick={search}
        >
          {t("checkEvery")}
        </button>
      </li>
    </ul>
  );
}

/** Where it acted: the events around the instant on show, and the way to the next and the previous. */
function Acted(props: { readonly id: string; readonly place: number }): JSX.Element {
  const { engine, session, state } = useLab();
  const { id, place } = props;
  const { soFar, all } = state.shown.uses;
  const before = soFar[place] ?? 0;
  const count = all[place] ?? 0;
  const view = state.shown.calmView;
  const [events, setEvents] = useState<readonly EventView[]>([]);
  useEffect(() => {
    let isStale = false;
    const first = Math.max(0, before - BEFORE);
    void engine.ask("usesOf", id, first, LISTED, lang.value).then((found) => {
      if (!isStale && found) setEvents(found);
    });
    return () => {
      isStale = true;
    };
  }, [id, before, count, view?.branch, state.run.current.id, lang.value]);
  const current = (view?.position ?? 0) - 1;
  const previous = events.findLast(({ number }) => number < current);
  const next = events.find(({ number }) => number > current);
  return (
    <>
      <h3>{t("actedSoFar", { soFar: before, all: count })}</h3>
      {count === 0 ? null : (
        <p class="clause-ways">
          <Way to={previous} icon="left" label={t("usePrevious", { rule: id })} />
          <Way to={next} icon="right" label={t("useNext", { rule: id })} />
        </p>
      )}
      <ul class="clause-events">
        {events.map((event) => (
          <li key={event.number}>
            <button
              type="button"
              aria-current={event.number === current ? "step" : undefined}
              onClick={() => session.goTo(event.number + 1)}
            >
              <time>{formatInstant(event.at)}</time>
              <b>{event.server === undefined ? "" : name(event.server)}</b>
              <span>{afterName(event)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Way(props: {
  readonly to: EventView | undefined;
  readonly icon: "left" | "right";
  readonly label: string;
}): JSX.Element {
  const { session } = useLab();
  const { to, icon, label } = props;
  return (
    <button
      type="button"
      class="icon-only"
      disabled={!to}
      title={label}
      aria-label={label}
      onClick={() => to && session.goTo(to.number + 1)}
    >
      <Icon name={icon} />
    </button>
  );
}

function About(props: { readonly clause: FigureView }): JSX.Element | null {
  const { opening } = useLab();
  useEffect(loadLibrary, []);
  const cards = props.clause.playbooks.flatMap((path) => cardAt(path) ?? []);
  if (cards.length === 0) return null;
  return (
    <>
      <h3>{t("playbooksAbout")}</h3>
      <ul>
        {cards.map((card) => (
          <li key={card.path}>
            <button
              type="button"
              class="link-button"
              data-about={card.path}
              onClick={() => void opening.openRun(card.text, "playbook", card.path)}
            >
              {card.title[lang.value]}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
