/** Everything that happened, newest in sight; choosing an event goes to its instant. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { EventView, FailureView, View } from "../engine/types";
import { inLanguage, lang, partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { coveredFrom } from "../lib/bets";
import { search } from "../lib/search";
import { formatColumn } from "../lib/time";
import { scrollToShow, visibleSpan } from "../lib/window";
import { library, loadLibrary } from "../state/library";
import { Failures, failuresOf } from "./failures";
import { useSize } from "./hooks";
import { keyed } from "./keyed";
import { idIn, useLab } from "./use-lab";

const ROW = 26;
const SPARE = 6;

interface Numbered {
  readonly number: number;
}

interface Toggle {
  readonly count: number;
  readonly isOn: boolean;
  readonly toggle: () => void;
}

export function Events(): JSX.Element | null {
  const lab = useLab();
  const view = lab.state.shown.calmView;
  const [isOn, turn] = useState(false);
  if (!view) return null;
  const failed = failuresOf(lab);
  const failures = { count: failed.length, isOn, toggle: () => turn(!isOn) };
  if (isOn && failed.length > 0) {
    return (
      <>
        <Heads hits={undefined} goBy={() => undefined} failures={failures} />
        <Failures all={failed} />
      </>
    );
  }
  if (view.length === 0 && failed.length === 0) return <p class="empty">{t("eventsEmpty")}</p>;
  return <List view={view} failures={failures} />;
}

function List(props: { readonly view: View; readonly failures: Toggle }): JSX.Element {
  const lab = useLab();
  const { events, session, state } = lab;
  const { view, failures } = props;
  const [ref, size] = useSize<HTMLDivElement>();
  const [scrolled, setScrolled] = useState(0);
  const onlyOfNote = state.viewState.onlyOfNote;
  // What is asked about is not told here before it is.
  const end = coveredFrom(state)?.position ?? view.length;
  const found = state.sought.found?.hits.filter(({ number }) => number < end);
  const hits = onlyOfNote ? found?.filter(({ ofNote }) => ofNote) : found;
  const notes = onlyOfNote ? state.shown.notes.filter(({ number }) => number < end) : undefined;
  const noted = hits ?? notes;
  const goBy = (to: number): void => {
    session.goTo(noted ? neighbour(noted, current, to) : view.position + to);
  };
  const count = noted ? noted.length : Math.min(end, view.length);
  const span = visibleSpan(scrolled, size.height, ROW, count, SPARE);
  const numbers = noted
    ? noted.slice(span.from, span.to).map(({ number }) => number)
    : Array.from({ length: span.to - span.from }, (_, i) => span.from + i);
  const rows = events.numbered(view, numbers);
  const current = view.position - 1;
  const place = noted ? noted.findLastIndex(({ number }) => number <= current) : current;
  const seen = useRef("");
  useLayoutEffect(() => {
    const box = ref.current;
    const now = `${current} ${noted !== undefined} ${state.sought.words} ${size.height}`;
    if (!box || size.height === 0 || seen.current === now) return;
    seen.current = now;
    const top = scrollToShow(box.scrollTop, size.height, ROW, Math.max(0, place));
    // No row is cut in half at the top.
    box.scrollTop = Math.ceil(top / ROW) * ROW;
  }, [current, noted !== undefined, state.sought.words, size.height]);
  return (
    <>
      <Heads hits={hits} goBy={goBy} failures={failures} />
      <div
        class="events"
        ref={ref}
        role="listbox"
        tabIndex={0}
        aria-label={t("tabEvents")}
        aria-activedescendant={
          rows.some((event) => event?.number === current)
            ? idIn(lab, `event-${current}`)
            : undefined
        }
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onKeyDown={(event) => {
          const to = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (to === 0) return;
          goBy(to);
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {hits?.length === 0 ? <Elsewhere /> : null}
        <div class="events-all" style={{ height: `${count * ROW}px` }}>
          {rows.map((event, i) =>
            event ? (
              <Row
                key={event.number}
                event={event}
                top={(span.from + i) * ROW}
                place={Math.sign(event.number - current)}
                fails={failsAfter(event.number, state.shown.failures)}
              />
            ) : null,
          )}
        </div>
        {end < view.length ? <p class="dim covered">{t("betCovered")}</p> : null}
      </div>
    </>
  );
}

/** What no event says may be what a playbook is about. */
function Elsewhere(): JSX.Element {
  const { opening, state } = useLab();
  const words = state.sought.words.trim();
  loadLibrary();
  const cards = (library.value ?? []).flatMap((folder) => folder.cards);
  const card = search(cards, words)[0]?.card;
  return (
    <p class="empty">
      {t("eventsFoundNone", { words })}{" "}
      {card ? (
        <button
          type="button"
          class="link-button"
          onClick={() => void opening.openRun(card.text, "playbook", card.path)}
        >
          {t("playbookOf", { title: card.title[lang.value] })}
        </button>
      ) : null}
    </p>
  );
}

/** The position after the next event of note, or the one before. */
export function neighbour(noted: readonly Numbered[], current: number, to: number): number {
  const found =
    to > 0
      ? noted.find(({ number }) => number > current)
      : noted.findLast(({ number }) => number < current);
  return (found?.number ?? current) + 1;
}

/** What the list holds: events of note, or those that say some words. Enter goes to the next one. */
function Heads(props: {
  readonly hits: readonly Numbered[] | undefined;
  readonly goBy: (to: number) => void;
  readonly failures: Toggle;
}): JSX.Element {
  const { state, viewState } = useLab();
  const { hits, goBy, failures } = props;
  return (
    <div class="events-heads">
      <span title={t("eventsTime")}>ms</span>
      <Find goBy={goBy} hits={hits} />
      {failures.count > 0 ? (
        <button
          type="button"
          class="quiet failures-toggle"
          aria-pressed={failures.isOn}
          title={t("failuresHint")}
          onClick={failures.toggle}
        >
          {t("failures", { count: failures.count })}
        </button>
      ) : null}
      <label>
        <input
          type="checkbox"
          checked={state.viewState.onlyOfNote}
          onChange={(event) => {
            viewState.listOnlyOfNote(event.currentTarget.checked);
          }}
        />
        {t("onlyOfNote")}
      </label>
    </div>
  );
}

/** Looks through the events: Enter goes to the next one that is found, with shift to the one before. */
export function Find(props: {
  readonly hits: readonly Numbered[] | undefined;
  readonly goBy: (to: 1 | -1) => void;
}): JSX.Element {
  const { sought, state } = useLab();
  const { hits, goBy } = props;
  return (
    <>
      <input
        type="search"
        placeholder={t("eventsFind")}
        aria-label={t("eventsFind")}
        title={t("eventsFindHint")}
        value={state.sought.words}
        onInput={(event) => sought.lookFor(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") goBy(event.shiftKey ? -1 : 1);
          if (event.key !== "Escape" || state.sought.words === "") return;
          // It clears the field first, and only then closes what the field is in.
          event.stopPropagation();
          sought.lookFor("");
        }}
      />
      <output>{hits === undefined ? "" : foundWords(hits, state.shown.view?.position ?? 0)}</output>
    </>
  );
}

/** Which of them the present event is, so that a key at the last one is not without an answer. */
function foundWords(hits: readonly Numbered[], position: number): string {
  const count = hits.length;
  const place = hits.findIndex(({ number }) => number === position - 1) + 1;
  if (place === 0) return t("eventsFound", { count });
  return t(place === count ? "eventsFoundLast" : "eventsFoundAt", { place, count });
}

/** What the playbook expects in vain right after an event. */
function failsAfter(number: number, failures: readonly FailureView[]): string {
  const found = failures.filter(({ position }) => position === number + 1);
  return found.map(({ problem }) => inLanguage(problem.message, problem.messageZh)).join(" ");
}

interface RowProps {
  readonly event: EventView;
  /** Before the present event, or after it, or itself. */
  readonly place: number;
  readonly fails: string;
  readonly top: number;
}

const Row = keyed(DrawnRow);

function DrawnRow(props: RowProps): JSX.Element {
  const lab = useLab();
  const { session } = lab;
  const { event, place, fails, top } = props;
  const { number, server, at, text, rules } = event;
  const classes = [
    "event",
    place === 0 ? "current" : "",
    place > 0 ? "ahead" : "",
    event.ofNote ? "of-note" : "",
    event.external ? "external" : "",
  ];
  return (
    <div
      id={idIn(lab, `event-${number}`)}
      class={classes.join(" ")}
      role="option"
      aria-selected={place === 0}
      tabIndex={-1}
      style={{ top: `${top}px` }}
      title={fails ? `${text} ${fails}` : text}
      onClick={() => session.goTo(number + 1)}
      onKeyDown={() => undefined}
    >
      <time>{formatColumn(at)}</time>
      <b>{server === undefined ? "" : name(server)}</b>
      <span class="event-text">{afterName(event)}</span>
      {fails ? <span class="fails">✗ {fails}</span> : null}
      {rules.map((rule) => (
        <span key={rule} class="rule">
          {rule}
        </span>
      ))}
    </div>
  );
}

/** The sentence without the server's name, which stands before it. */
export function afterName(event: EventView): string {
  const { server, text } = event;
  if (server === undefined) return text;
  const start = name(server);
  if (!text.startsWith(start)) return text;
  return text.slice(start.length).replace(/^[:：]?\s*/, "");
}
