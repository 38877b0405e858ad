/** A run to build: what is asked for with its live state, the hints, and what it teaches once it is done. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BuildView } from "../engine/types";
import { lang } from "../i18n";
import { t } from "../i18n/later";
import { lessonOf } from "../lib/playbook";
import { formatInstant } from "../lib/time";
import { cardAt, library } from "../state/library";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function Build(): JSX.Element | null {
  const { state } = useLab();
  const { said, view } = state.build;
  if (!view) return null;
  const isDone = view.donePosition !== undefined;
  const isRefuted = said?.isRight === true;
  return (
    <section class="build" aria-label={t("build")}>
      <Head view={view} />
      {isDone ? <Done why={view.why} rules={view.rules} used={view.used} /> : null}
      {isRefuted ? <Done why={said.why} rules={said.rules} used={undefined} /> : null}
      <Goals view={view} />
      {isDone || isRefuted ? <Line /> : null}
      {isDone || isRefuted ? <Next /> : <Hints view={view} />}
      {isDone || isRefuted ? null : <Cannot />}
    </section>
  );
}

/** The runs to build, in their order, and which one this is. */
function useShelf() {
  const { state } = useLab();
  const cards = library.value?.find(({ name }) => name === "build")?.cards ?? [];
  const place = cards.findIndex(({ path }) => path === state.run.origin.path);
  return { cards, place };
}

function Head({ view }: { readonly view: BuildView }): JSX.Element {
  const { cards, place } = useShelf();
  return (
    <header class="build-head">
      <b>{t("build")}</b>{" "}
      {place >= 0 ? (
        <span class="dim">{t("builtOf", { done: place + 1, all: cards.length })}</span>
      ) : null}
      <p>{view.text}</p>
    </header>
  );
}

/** What is to come about, one after the other, and how many Actions that has taken. */
function Goals({ view }: { readonly view: BuildView }): JSX.Element {
  const { session } = useLab();
  const { goals, always, used, bound, isCutShort, modified, violations, verbs } = view;
  const next = goals.findIndex(({ position }) => position === undefined);
  return (
    <div class="goals" role="status">
      <p class="used">
        <span>{t("helpActions")}</span>
        <meter min={0} max={bound} value={Math.min(used, bound)} aria-label={t("helpActions")} />
        <b class={used > bound ? "bad" : ""}>{t("builtOf", { done: used, all: bound })}</b>
      </p>
      {verbs.length > 0 ? <p class="dim">{t("buildVerbs", { verbs: verbs.join(", ") })}</p> : null}
      <ol>
        {goals.map(({ text, position, at = 0, found }, i) => (
          <li key={text} class={position !== undefined ? "met" : i === next ? "now" : ""}>
            <Sign isMet={position !== undefined} />
            <span>{text}</span>
            {position === undefined ? (
              <small>{i === next ? found : t("notYet")}</small>
            ) : (
              <button
                type="button"
                class="link-button"
                onClick={() => void session.goToPlace({ position, at })}
              >
                {formatInstant(at)}
              </button>
            )}
          </li>
        ))}
        {always.map(({ text, position, found }) => (
          <li key={text} class={position === undefined ? "met" : "unmet"}>
            <Sign isMet={position === undefined} />
            <span>{text}</span>
            <small>{found}</small>
          </li>
        ))}
        <li class={violations === 0 ? "met" : "unmet"}>
          <Sign isMet={violations === 0} />
          <span>{t("buildSound")}</span>
          {violations === 0 ? null : <small>{t("invariantsBroken", { count: violations })}</small>}
        </li>
      </ol>
      {used > bound ? <p class="bad">{t("buildSpent")}</p> : null}
      {modified.length > 0 ? (
        <p class="bad">{t("buildModified", { rules: modified.join(" ") })}</p>
      ) : null}
      {isCutShort ? <p class="bad">{t("buildCutShort")}</p> : null}
      <p class="dim">{t("buildMarked")}</p>
    </div>
  );
}

function Sign({ isMet }: { readonly isMet: boolean }): JSX.Element {
  return <i class="sign">{isMet ? <Icon name="check" /> : null}</i>;
}

/** Hints one at a time; the last of them is the way, or that there is none. */
function Hints({ view }: { readonly view: BuildView }): JSX.Element {
  const { build, state } = useLab();
  const { hints } = state.build;
  const isLast = hints.length === view.hints - 1;
  return (
    <div class="hints">
      <h2>{t("hints")}</h2>
      <ol aria-live="polite">
        {hints.map(({ text, way, isImpossible, why }, i) => (
          <li key={`${i + 1}`}>
            {text ? <p>{text}</p> : null}
            {isImpossible ? <p>{t("buildImpossible")}</p> : null}
            {way.length > 0 ? <pre>{way.join("\n")}</pre> : null}
            {text ? null : <p>{why}</p>}
          </li>
        ))}
      </ol>
      {hints.length < view.hints ? (
        <button type="button" title={t("hintHint")} onClick={() => void build.hint()}>
          {t(isLast ? "hintWay" : "hintNext", { at: hints.length + 1, all: view.hints })}
        </button>
      ) : null}
    </div>
  );
}

/** Some cannot be built: who says so names the clause that forbids it. */
function Cannot(): JSX.Element {
  const { build, state } = useLab();
  const [isOpen, open] = useState(false);
  const { said } = state.build;
  return (
    <div class="cannot">
      <h2>{t("cannotAsk")}</h2>
      <p class="dim">{t("cannotHint")}</p>
      {isOpen ? (
        <select
          aria-label={t("cannotWhich")}
          value=""
          onChange={(event) => void build.say(event.currentTarget.value)}
        >
          <option value="" disabled>
            {t("cannotWhich")}
          </option>
          {state.engine.figure.map(({ rule, line }) => (
            <option key={rule.id} value={rule.id}>
              {rule.id} · {line}
            </option>
          ))}
        </select>
      ) : (
        <button type="button" onClick={() => open(true)}>
          {t("cannotSay")}
        </button>
      )}
      {said && !said.isRight ? <p role="status">{t("cannotWrong")}</p> : null}
    </div>
  );
}

/** What it teaches, and the clauses that allow it or forbid it. */
function Done(props: {
  readonly why: string;
  readonly rules: readonly string[];
  readonly used: number | undefined;
}): JSX.Element {
  const { state, viewState } = useLab();
  const { why, rules, used } = props;
  const clauses = state.engine.figure.filter(({ rule }) => rules.includes(rule.id));
  return (
    <div class="built" role="status">
      <h2>
        <Icon name="check" />
        {used === undefined ? t("buildRefuted") : t("buildDone", { used })}
      </h2>
      <p>{why}</p>
      <h3>{t(used === undefined ? "buildForbidden" : "buildAllowed")}</h3>
      <ul>
        {clauses.map(({ rule, line }) => (
          <li key={rule.id}>
            <button type="button" class="link-button" onClick={() => viewState.openClause(rule.id)}>
              <span class="rule">{rule.id}</span> {line}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the reader takes away from it, in a line: kept in the browser, and marked by nobody. */
function Line(): JSX.Element | null {
  const { course, state } = useLab();
  const { kind, path } = state.run.origin;
  if (kind !== "playbook" || path === undefined) return null;
  return (
    <div class="build-line">
      <label>
        {t("buildLine")}
        <input
          type="text"
          maxLength={200}
          placeholder={t("buildLineHint")}
          value={state.course.lines[path] ?? ""}
          onChange={(event) => course.say(path, event.currentTarget.value)}
        />
      </label>
    </div>
  );
}

/** A harder one, the lesson after the one that ends with this run, and the next run to build. */
function Next(): JSX.Element | null {
  const { opening, state, viewState } = useLab();
  const { cards, place } = useShelf();
  const lessons = library.value?.find(({ name }) => name === "course")?.cards ?? [];
  const path = cards[place]?.path;
  const lesson = lessons.findIndex((card) => path !== undefined && lessonOf(card).build === path);
  const here = cards[place];
  const harder = here && cardAt(lessonOf(here).build);
  const offered = [
    { card: harder, key: "buildHarder", class: "main" },
    {
      card: lesson < 0 ? undefined : lessons[lesson + 1],
      key: "lessonOn",
      class: harder ? "" : "main",
    },
    {
      card: place < 0 || cards[place + 1] === harder ? undefined : cards[place + 1],
      key: "buildNext",
      class: "",
    },
  ] as const;
  return (
    <p class="build-next">
      {offered.map(({ card, key, class: look }) =>
        card ? (
          <button
            type="button"
            key={key}
            class={look}
            onClick={() => void opening.openRun(card.text, "playbook", card.path)}
          >
            {t(key, { title: card.title[lang.value] })}
          </button>
        ) : null,
      )}
      {state.build.view?.donePosition === undefined ? null : (
        <button
          type="button"
          title={`${t("buildShareHint")} ( K )`}
          onClick={() => viewState.open("share")}
        >
          {t("buildShare")}
        </button>
      )}
    </p>
  );
}

/** What has been done so far, each line with what came of it, and the goals as the run reads them. */
export function Actions(): JSX.Element | null {
  const { build, session, state } = useLab();
  const { view } = state.build;
  if (!view) return null;
  const { actions, bound, goals, always } = view;
  const left = Math.max(0, bound - actions.length);
  return (
    <div class="build-actions">
      <p class="dim">
        {t("actionsHint")} <kbd>→</kbd> <kbd>{t("keySpace")}</kbd> · <kbd>Ctrl+Z</kbd>
      </p>
      <ol>
        {actions.map(({ line, position, at, came, isAllowed }) => (
          <li key={`${position} ${line}`}>
            <button
              type="button"
              class="link-button"
              title={t("goToEvent", { number: position + 1 })}
              onClick={() => session.goTo(position + 1)}
            >
              <code>{line}</code>
            </button>
            <span class="dim">{isAllowed ? came : t("actionNotAllowed")}</span>
            <time>{formatInstant(at)}</time>
          </li>
        ))}
        {Array.from({ length: left }, (_, i) => (
          <li key={`left ${i + 1}`} class="open" />
        ))}
      </ol>
      <p class="build-ways">
        <button
          type="button"
          title={`${t("undoHint")} ( Ctrl+Z )`}
          disabled={actions.length === 0}
          onClick={() => void session.undo()}
        >
          <Icon name="undo" /> {t("undoLast")}
        </button>
        <button
          type="button"
          disabled={actions.length === 0}
          title={t("beginAnewHint")}
          onClick={() => void build.beginAnew()}
        >
          {t("beginAnew")}
        </button>
      </p>
      <h3>{t("asRead")}</h3>
      <ul>
        {[...goals, ...always].map(({ when, found }) => (
          <li key={when}>
            <code>{when}</code> <span class="dim">{found}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
