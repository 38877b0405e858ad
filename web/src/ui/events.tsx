/** Everything that happened, newest in sight; choosing an event goes to its instant. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { EventView, View } from "../engine/types";
import { inLanguage, partyName as name, t } from "../i18n";
import { formatColumn } from "../lib/time";
import { scrollToShow, visibleSpan } from "../lib/window";
import { eventsNumbered } from "../state/events";
import { goTo } from "../state/session";
import { calmView, explanation, failures, notes, playing } from "../state/shown";
import { useSize } from "./hooks";
import { keyed, sameValues } from "./keyed";

const ROW = 26;
const SPARE = 6;

export function Events(): JSX.Element | null {
  const view = calmView.value;
  if (!view) return null;
  if (view.length === 0) return <p class="empty">{t("eventsEmpty")}</p>;
  return <List view={view} />;
}

/** Whether only events of note are listed: most others are heartbeats. */
const onlyOfNote = signal(false);

function List(props: { readonly view: View }): JSX.Element {
  const { view } = props;
  const [ref, size] = useSize<HTMLDivElement>();
  const [scrolled, setScrolled] = useState(0);
  const noted = onlyOfNote.value ? notes.value : undefined;
  const count = noted ? noted.length : view.length;
  const span = visibleSpan(scrolled, size.height, ROW, count, SPARE);
  const numbers = noted
    ? noted.slice(span.from, span.to).map(({ number }) => number)
    : Array.from({ length: span.to - span.from }, (_, i) => span.from + i);
  const rows = eventsNumbered(view, numbers);
  const current = view.position - 1;
  const place = noted ? noted.findLastIndex(({ number }) => number <= current) : current;
  const seen = useRef("");
  useLayoutEffect(() => {
    const box = ref.current;
    const now = `${current} ${noted !== undefined}`;
    if (!box || size.height === 0 || seen.current === now) return;
    seen.current = now;
    const top = scrollToShow(box.scrollTop, size.height, ROW, Math.max(0, place));
    // No row is cut in half at the top.
    box.scrollTop = Math.ceil(top / ROW) * ROW;
  }, [current, noted !== undefined, size.height]);
  return (
    <>
      <Heads />
      <div
        class="events"
        ref={ref}
        role="listbox"
        tabIndex={0}
        aria-label={t("tabEvents")}
        aria-activedescendant={
          rows.some((event) => event?.number === current) ? `event-${current}` : undefined
        }
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onKeyDown={(event) => {
          const to = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (to === 0) return;
          goTo(noted ? neighbour(noted, current, to) : view.position + to);
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="events-all" style={{ height: `${count * ROW}px` }}>
          {rows.map((event, i) =>
            event ? (
              <Row
                key={event.number}
                event={event}
                top={(span.from + i) * ROW}
                place={Math.sign(event.number - current)}
                fails={failsAfter(event.number)}
              />
            ) : null,
          )}
        </div>
      </div>
    </>
  );
}

/** The position after the next event of note, or the one before. */
function neighbour(
  noted: readonly { readonly number: number }[],
  current: number,
  to: number,
): number {
  const found =
    to > 0
      ? noted.find(({ number }) => number > current)
      : noted.findLast(({ number }) => number < current);
  return (found?.number ?? current) + 1;
}

function Heads(): JSX.Element {
  return (
    <div class="events-heads">
      <span>ms</span>
      <label>
        <input
          type="checkbox"
          checked={onlyOfNote.value}
          onChange={(event) => {
            onlyOfNote.value = event.currentTarget.checked;
          }}
        />
        {t("onlyOfNote")}
      </label>
    </div>
  );
}

/** What the playbook expects in vain right after an event. */
function failsAfter(number: number): string {
  const found = failures.value.filter(({ position }) => position === number + 1);
  return found.map(({ problem }) => inLanguage(problem.message, problem.messageZh)).join(" ");
}

interface RowProps {
  readonly event: EventView;
  /** Before the present event, or after it, or itself. */
  readonly place: number;
  readonly fails: string;
  readonly top: number;
}

/** An event never changes, but its sentence depends on the language. */
const Row = keyed(
  DrawnRow,
  (before: RowProps, after: RowProps) =>
    before.place === after.place &&
    before.fails === after.fails &&
    before.top === after.top &&
    sameValues(before.event, after.event, ["rules"]),
);

function DrawnRow(props: RowProps): JSX.Element {
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
      id={`event-${number}`}
      class={classes.join(" ")}
      role="option"
      aria-selected={place === 0}
      tabIndex={-1}
      style={{ top: `${top}px` }}
      title={fails ? `${text} ${fails}` : text}
      onClick={() => goTo(number + 1)}
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

/** The last event, said aloud by a screen reader when it came by a step and not by playing. */
export function LastEvent(): JSX.Element {
  const event = playing.value ? undefined : explanation.value?.event;
  return (
    <p class="unseen" aria-live="polite">
      {event?.text ?? ""}
    </p>
  );
}
