/** Everything that happened, newest in sight; choosing an event goes to its instant. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { EventView, View } from "../engine/types";
import { in_language, lang, party_name as name, t } from "../i18n";
import { format_column } from "../lib/time";
import { scroll_to_show, visible_span } from "../lib/window";
import { with_lab } from "../state/engine";
import { go_to } from "../state/session";
import { calm_view, failures, notes, playing } from "../state/shown";
import { use_size } from "./hooks";
import { keyed, same_values } from "./keyed";

const ROW = 26;
const SPARE = 6;

export function Events(): JSX.Element | null {
  const view = calm_view.value;
  if (!view) return null;
  if (view.length === 0) return <p class="empty">{t("events_empty")}</p>;
  return <List view={view} />;
}

/** Whether only events of note are listed: most others are heartbeats. */
const only_of_note = signal(false);

function List(props: { readonly view: View }): JSX.Element {
  const { view } = props;
  const [ref, size] = use_size<HTMLDivElement>();
  const [scrolled, set_scrolled] = useState(0);
  const noted = only_of_note.value ? notes.value : undefined;
  const count = noted ? noted.length : view.length;
  const span = visible_span(scrolled, size.height, ROW, count, SPARE);
  const rows = noted
    ? noted.slice(span.from, span.to).flatMap(({ number }) => events_at(number, number + 1))
    : events_at(span.from, span.to);
  const current = view.position - 1;
  const place = noted ? noted.findLastIndex(({ number }) => number <= current) : current;
  const seen = useRef("");
  useLayoutEffect(() => {
    const box = ref.current;
    const now = `${current} ${noted !== undefined}`;
    if (!box || size.height === 0 || seen.current === now) return;
    seen.current = now;
    const top = scroll_to_show(box.scrollTop, size.height, ROW, Math.max(0, place));
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
        aria-label={t("tab_events")}
        aria-activedescendant={
          rows.some(({ number }) => number === current) ? `event-${current}` : undefined
        }
        onScroll={(event) => set_scrolled(event.currentTarget.scrollTop)}
        onKeyDown={(event) => {
          const to = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (to === 0) return;
          go_to(noted ? neighbour(noted, current, to) : view.position + to);
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <div class="events-all" style={{ height: `${count * ROW}px` }}>
          {rows.map((event, i) => (
            <Row
              key={event.number}
              event={event}
              top={(span.from + i) * ROW}
              place={Math.sign(event.number - current)}
              fails={fails_after(event.number)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

function events_at(from: number, to: number): readonly EventView[] {
  return with_lab((lab) => lab.events(from, to, lang.value)) ?? [];
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
          checked={only_of_note.value}
          onChange={(event) => {
            only_of_note.value = event.currentTarget.checked;
          }}
        />
        {t("only_of_note")}
      </label>
    </div>
  );
}

/** What the playbook expects in vain right after an event. */
function fails_after(number: number): string {
  const found = failures.value.filter(({ position }) => position === number + 1);
  return found.map(({ problem }) => in_language(problem.message, problem.message_zh)).join(" ");
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
    same_values(before.event, after.event, ["rules"]),
);

function DrawnRow(props: RowProps): JSX.Element {
  const { event, place, fails, top } = props;
  const { number, server, at, text, rules } = event;
  const classes = [
    "event",
    place === 0 ? "current" : "",
    place > 0 ? "ahead" : "",
    event.of_note ? "of-note" : "",
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
      onClick={() => go_to(number + 1)}
      onKeyDown={() => undefined}
    >
      <time>{format_column(at)}</time>
      <b>{server === undefined ? "" : name(server)}</b>
      <span class="event-text">{after_name(event)}</span>
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
export function after_name(event: EventView): string {
  const { server, text } = event;
  if (server === undefined) return text;
  const start = name(server);
  if (!text.startsWith(start)) return text;
  return text.slice(start.length).replace(/^[:：]?\s*/, "");
}

/** The last event, said aloud by a screen reader when it came by a step and not by playing. */
export function LastEvent(): JSX.Element {
  const view = calm_view.value;
  const last = view && !playing.value ? view.position - 1 : -1;
  const event =
    last >= 0 ? with_lab((lab) => lab.events(last, last + 1, lang.value))?.[0] : undefined;
  return (
    <p class="unseen" aria-live="polite">
      {event?.text ?? ""}
    </p>
  );
}
