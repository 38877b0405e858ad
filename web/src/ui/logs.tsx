/** All logs over one index axis, as much of them as is in sight. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { EntryView, ServerView, View } from "../engine/types";
import { type Key, party_name as name, t } from "../i18n";
import { at_tail, scroll_to_show, visible_span } from "../lib/window";
import { open_menu } from "../state/menu";
import { calm_view, log_window, refresh, view } from "../state/shown";
import { chosen, narrow, pin, tab } from "../state/ui";
import { term_class, use_size } from "./hooks";
import { Icon } from "./icons";
import { keyed, same_list, same_values } from "./keyed";
import { entry_menu, log_menu } from "./log_menu";
import { role_word } from "./stage_below";

const CELL_WIDE = 64;
const CELL_NARROW = 56;
const NAMES_WIDE = 98;
const NAMES_NARROW = 88;
/** Columns drawn beyond what is in sight, so that a quick scroll meets no gap. */
const SPARE = 3;
/** The axis grows, and the window moves, by so many columns at a time. */
const STRIDE = 4;

/** What happens, and else the tail, is followed until the reader scrolls away. */
let following = true;

export function Logs(): JSX.Element {
  const shown = view.value;
  const cell = narrow.value ? CELL_NARROW : CELL_WIDE;
  const names = narrow.value ? NAMES_NARROW : NAMES_WIDE;
  const [ref, size] = use_size<HTMLDivElement>();
  // Asking the box where it is scrolled to would lay the page out once more at every event.
  const scrolled = useRef(0);
  const columns = shown
    ? Math.max(up_to_stride(shown.last_index_max + 1), Math.floor((size.width - names) / cell))
    : 0;
  // The end of the scroll falls on a column's edge, so that no cell is cut in half there.
  const room = Math.max(0, size.width - names);
  const spare = columns * cell > room ? room % cell : 0;
  const whole = names + columns * cell + spare;
  const show_window = (): void => {
    const span = visible_span(scrolled.current, room, cell, columns, SPARE);
    const from = span.from - (span.from % STRIDE);
    const next = { first: from + 1, columns: Math.max(1, up_to_stride(span.to - from)) };
    const old = log_window.peek();
    if (old.first === next.first && old.columns === next.columns) return;
    log_window.value = next;
    refresh();
  };
  const scroll_to = (wanted: number): void => {
    const box = ref.current;
    const place = Math.max(0, Math.min(wanted, whole - size.width));
    if (box && place !== scrolled.current) {
      scrolled.current = place;
      box.scrollLeft = place;
    }
    show_window();
  };
  const touched = shown ? touched_index(shown) : undefined;
  const position = shown?.position;
  useLayoutEffect(() => {
    if (!following || touched === undefined) return;
    scroll_to(scroll_to_show(scrolled.current, room, cell, touched - 1));
  }, [position, touched]);
  useLayoutEffect(() => {
    if (following && touched === undefined) scroll_to(whole - size.width);
    else show_window();
  }, [columns, size.width, cell]);
  useEffect(() => {
    following = true;
  }, []);
  return (
    <section class="logs" aria-label={t("logs")}>
      <Legend
        on_tail={() => {
          following = true;
          scroll_to(whole - size.width);
        }}
      />
      <div
        class="log-scroll"
        ref={ref}
        onScroll={(event) => {
          const place = event.currentTarget.scrollLeft;
          if (Math.abs(place - scrolled.current) > 2) {
            following = at_tail(place, size.width, whole);
            scrolled.current = place;
          }
          show_window();
        }}
      >
        {shown ? (
          <Grid view={shown} cell={cell} names={names} columns={columns} whole={whole} />
        ) : null}
      </div>
    </section>
  );
}

function up_to_stride(columns: number): number {
  return Math.ceil(columns / STRIDE) * STRIDE;
}

/** A changed entry, or a row of them: `log[3]`, `log[2..51]`. */
const ENTRY_FIELD = /^log\[(\d+)(?:\.\.(\d+))?\]$/;

function is_changed(changed: readonly string[], index: number): boolean {
  return changed.some((field) => {
    const entry = ENTRY_FIELD.exec(field);
    return entry && index >= Number(entry[1]) && index <= Number(entry[2] ?? entry[1]);
  });
}

/** The first index that the last event was about: an entry it changed, or a nextIndex it set. */
function touched_index(view: View): number | undefined {
  const entries: number[] = [];
  const next: number[] = [];
  for (const { field, after } of view.changes) {
    const entry = ENTRY_FIELD.exec(field);
    if (entry) entries.push(Number(entry[1]));
    else if (field.startsWith("nextIndex[")) next.push(Number(after));
  }
  const all = entries.length > 0 ? entries : next;
  if (all.length > 0) return Math.min(...all);
  // Nothing was changed, but something was asked or answered.
  return view.concerns && view.concerns > 0 ? view.concerns : undefined;
}

function Legend(props: { readonly on_tail: () => void }): JSX.Element {
  const keys: readonly (readonly [string, Key])[] = [
    ["committed", "key_committed"],
    ["pending", "key_pending"],
    ["applied", "key_applied"],
    ["differs", "key_differs"],
    ["volatile", "key_volatile"],
  ];
  // Of two leaders it is the one of the higher term whose view is drawn.
  const leader = calm_view.value?.leader;
  return (
    <header class="bar">
      <h2>{t("logs")}</h2>
      <ul class="legend">
        <li>
          <span class="mark next" />
          {leader === undefined ? t("key_next") : t("key_next_of", { name: name(leader) })}
        </li>
        <li>
          <span class="mark match" />
          {t("key_match")}
        </li>
        {keys.map(([kind, key]) => (
          <li key={kind}>
            <span class={`swatch ${kind}`} />
            {t(key)}
          </li>
        ))}
        <li class="hint">{t("key_hint")}</li>
      </ul>
      <button
        type="button"
        class="quiet icon-only"
        title={t("to_tail")}
        aria-label={t("to_tail")}
        onClick={props.on_tail}
      >
        <Icon name="tail" />
      </button>
    </header>
  );
}

interface GridProps {
  readonly view: View;
  readonly cell: number;
  readonly names: number;
  readonly columns: number;
  readonly whole: number;
}

function Grid(props: GridProps): JSX.Element {
  const { view, cell, names, columns, whole } = props;
  const { first, columns: count } = log_window.value;
  const last = Math.min(columns, first + count - 1);
  const indices: number[] = [];
  for (let index = first; index <= last; index++) indices.push(index);
  const leader = view.servers.find((server) => server.id === view.leader);
  return (
    <div
      class={`log-grid${view.servers.length > 6 ? " dense" : ""}`}
      style={{ width: `${whole}px` }}
    >
      <div class="log-axis">
        <span class="log-corner" aria-hidden="true" />
        {indices.map((index) => (
          <span
            key={index}
            class="log-index"
            style={{ left: `${names + (index - 1) * cell}px`, width: `${cell}px` }}
          >
            {index}
          </span>
        ))}
      </div>
      {view.servers.map((server) => (
        <Row
          key={server.id}
          server={server}
          indices={indices}
          cell={cell}
          names={names}
          progress={leader?.progress.find((one) => one.peer === server.id)}
          changed={view.changes
            .filter((change) => change.server === server.id)
            .map((change) => change.field)}
        />
      ))}
    </div>
  );
}

interface RowProps {
  readonly server: ServerView;
  readonly indices: readonly number[];
  readonly cell: number;
  readonly names: number;
  readonly progress: { readonly next_index: number; readonly match_index: number } | undefined;
  readonly changed: readonly string[];
}

function same_row(before: RowProps, after: RowProps): boolean {
  return (
    same_values(before, after, ["server", "indices", "progress", "changed"]) &&
    OF_SERVER.every((field) => before.server[field] === after.server[field]) &&
    same_list(before.server.log, after.server.log) &&
    before.indices[0] === after.indices[0] &&
    before.indices.length === after.indices.length &&
    before.progress?.next_index === after.progress?.next_index &&
    before.progress?.match_index === after.progress?.match_index &&
    same_list(before.changed, after.changed)
  );
}

/** What a row shows of its server besides the entries. */
const OF_SERVER = [
  "id",
  "state",
  "role",
  "current_term",
  "last_index",
  "snapshot_index",
  "snapshot_term",
] as const satisfies readonly (keyof ServerView)[];

const Row = keyed(DrawnRow, same_row);

function DrawnRow(props: RowProps): JSX.Element {
  const { server, indices, cell, names, progress, changed } = props;
  const entries = new Map(server.log.map((entry) => [entry.index, entry]));
  const left = (index: number): number => names + (index - 1) * cell;
  return (
    <div class={`log-row ${server.state} ${term_class(server.current_term)}`}>
      <div class={`log-name${chosen.value === server.id ? " chosen" : ""}`}>
        <button
          type="button"
          onClick={(event) => {
            pin(server.id);
            tab.value = "server";
            open_menu(event.currentTarget, log_menu(server));
          }}
        >
          <b>{name(server.id)}</b>
          <small>
            {server.role === "follower" && server.state === "up" ? "" : role_word(server)}
          </small>
        </button>
      </div>
      <Prefix server={server} cell={cell} names={names} />
      {indices.map((index) => {
        if (index <= server.snapshot_index) return null;
        const entry = entries.get(index);
        return entry ? (
          <Cell
            key={index}
            server={server.id}
            {...entry}
            left={left(index)}
            width={cell - 4}
            fresh={is_changed(changed, index)}
          />
        ) : (
          <Gap
            key={index}
            server={server.id}
            index={index}
            next={index === server.last_index + 1}
            left={left(index)}
            width={cell - 4}
          />
        );
      })}
      {progress ? (
        <Marks
          server={server.id}
          next_index={progress.next_index}
          match_index={progress.match_index}
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
  if (server.snapshot_index === 0) return null;
  const words = t("snapshot_until", {
    index: server.snapshot_index,
    term: server.snapshot_term,
  });
  return (
    <div
      class={`log-snapshot ${term_class(server.snapshot_term)}`}
      title={words}
      style={{ left: `${names}px`, width: `${server.snapshot_index * cell - 4}px` }}
    >
      <span>{t("snapshot_short", { index: server.snapshot_index })}</span>
    </div>
  );
}

/** Opens the cell's menu with the log as it is now. */
function open_cell(target: Element, id: number, index: number): void {
  const server = view.peek()?.servers.find((one) => one.id === id);
  if (!server) return;
  const entry = server.log.find((one) => one.index === index);
  open_menu(target, entry_menu(server, index, entry));
}

interface PlaceProps {
  readonly server: number;
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

interface CellProps extends PlaceProps, Readonly<EntryView> {
  readonly fresh: boolean;
}

/** Plain values as properties: a cell that did not change is not drawn again. */
const Cell = keyed(DrawnCell);

function DrawnCell(props: CellProps): JSX.Element {
  const { server, index, term, text, kind, committed, applied, durable, differs } = props;
  const { fresh, left, width } = props;
  const classes = [
    "cell",
    term_class(term),
    committed ? "committed" : "pending",
    applied ? "applied" : "",
    differs ? "differs" : "",
    durable ? "" : "volatile",
    fresh ? "fresh" : "",
  ];
  const states = [t(committed ? "state_committed" : "state_pending")];
  if (applied) states.push(t("key_applied"));
  if (differs) states.push(t("state_differs"));
  if (!durable) states.push(t("key_volatile"));
  const words = t("cell_aria", {
    name: name(server),
    index,
    term,
    command: text,
    state: states.join(", "),
  });
  return (
    <button
      type="button"
      class={classes.join(" ")}
      style={{ left: `${left}px`, width: `${width}px` }}
      title={words}
      aria-label={words}
      data-cell={`${server}-${index}`}
      onClick={(event) => open_cell(event.currentTarget, server, index)}
    >
      <span class="cell-term">{term}</span>
      <span class={kind === "command" ? "cell-command" : "cell-command meta"}>
        {kind === "configuration" ? counted_members(text) : text}
      </span>
    </button>
  );
}

/** A configuration as short as a cell is wide: `C3→3+1` for three voters of each, and a learner. */
function counted_members(text: string): string {
  const lists = text.slice(1, -1).split(/( → | \+ )/);
  const counts = lists.map((part, i) => (i % 2 ? part.trim() : part.split(" ").length));
  return `C${counts.join("")}`;
}

interface GapProps extends PlaceProps {
  readonly next: boolean;
}

/** No entry: the first such place can be written to, the rest only keeps the axis. */
const Gap = keyed(DrawnGap);

function DrawnGap(props: GapProps): JSX.Element {
  const { server, index, next, left, width } = props;
  const words = t("cell_empty_aria", { name: name(server), index });
  const place = { left: `${left}px`, width: `${width}px` };
  if (!next) return <span class="cell gap" style={place} />;
  return (
    <button
      type="button"
      class="cell gap next"
      style={place}
      title={words}
      aria-label={words}
      data-cell={`${server}-${index}`}
      onClick={(event) => open_cell(event.currentTarget, server, index)}
    >
      +
    </button>
  );
}

/** What the leader believes of this follower: where it sends next, what it knows to match. */
function Marks(props: {
  readonly server: number;
  readonly next_index: number;
  readonly match_index: number;
  readonly cell: number;
  readonly names: number;
}): JSX.Element {
  const { server, next_index, match_index, cell, names } = props;
  const s = name(server);
  const middle = (index: number): number => names + (index - 0.5) * cell - 2;
  return (
    <>
      {match_index > 0 ? (
        <span
          class="mark match"
          style={{ left: `${middle(match_index)}px` }}
          title={t("match_of", { name: s, index: match_index })}
        />
      ) : null}
      <span
        class="mark next"
        style={{ left: `${middle(next_index)}px` }}
        title={t("next_of", { name: s, index: next_index })}
      />
    </>
  );
}
