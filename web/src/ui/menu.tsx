/** The small menu at the thing it belongs to. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/later";
import type { MenuChoice, MenuField, MenuItem, OpenMenu, Place } from "../state/state";
import { Form } from "./form";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

const EDGE = 8;

/** From a menu to what it belongs to. */
const GAP = 6;

interface Corner {
  readonly left: string;
  readonly top: string;
  readonly maxHeight?: string;
}

/**
 * Below its place, or above, or beside it; where it is too high for all, it is scrolled. It stays in
 * the laboratory, as far as that is in the window, and is placed in it.
 */
function corner(lab: Element, opener: Place, width: number, height: number): Corner {
  const box = lab.getBoundingClientRect();
  const place = { ...opener, x: opener.x - box.left, y: opener.y - box.top };
  const [firstX, firstY] = [Math.max(0, -box.left) + EDGE, Math.max(0, -box.top) + EDGE];
  const endX = Math.min(box.width, globalThis.innerWidth - box.left) - EDGE;
  const endY = Math.min(box.height, globalThis.innerHeight - box.top) - EDGE;
  const [lastX, lastY] = [endX - width, endY - height];
  const at = (x: number, y: number, room?: number): Corner => ({
    left: `${Math.max(firstX, Math.min(x, lastX))}px`,
    top: `${room === undefined ? Math.max(firstY, Math.min(y, lastY)) : y}px`,
    ...(room === undefined ? {} : { maxHeight: `${room}px` }),
  });
  const below = place.y + place.height + GAP;
  const above = place.y - GAP - height;
  if (below <= lastY) return at(place.x, below);
  if (above >= firstY) return at(place.x, above);
  const after = place.x + place.width + GAP;
  const before = place.x - GAP - width;
  if (after <= lastX) return at(after, place.y);
  if (before >= firstX) return at(before, place.y);
  const [under, over] = [endY - below, place.y - GAP - firstY];
  return under >= over ? at(place.x, below, under) : at(place.x, firstY, over);
}

export function Menu(): JSX.Element | null {
  const { open } = useLab().state.menu;
  return open ? <MenuOf key={open.title} open={open} /> : null;
}

function MenuOf(props: { readonly open: OpenMenu }): JSX.Element {
  const { element, menu } = useLab();
  const { open } = props;
  const ref = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Corner>({ left: "0px", top: "0px" });
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    setAt(corner(element, open.place, box.offsetWidth, box.offsetHeight));
    box.querySelector<HTMLElement>("input, button.item")?.focus();
    const field = box.querySelector("input");
    if (field && open.items[0]?.field) field.select();
  }, [open]);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) menu.close(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, []);
  return (
    <div
      class="menu"
      role="dialog"
      aria-label={open.title}
      ref={ref}
      style={{ ...at }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") menu.close(true);
        else if (event.key === "ArrowDown") moveFocus(ref.current, 1);
        else if (event.key === "ArrowUp") moveFocus(ref.current, -1);
        else return;
        event.preventDefault();
      }}
    >
      <h3>{open.title}</h3>
      {open.note ? <p class="menu-note">{open.note}</p> : null}
      {open.rows && open.rows.length > 0 ? (
        <dl class="menu-rows">
          {open.rows.map((row) => (
            <div key={row.name}>
              <dt>{row.name}</dt>
              <dd>{row.value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {open.items.map((item) => (
        <Item key={item.label} item={item} />
      ))}
    </div>
  );
}

function moveFocus(box: HTMLElement | null, direction: 1 | -1): void {
  const stops = [...(box?.querySelectorAll<HTMLElement>("input, button.item") ?? [])];
  const now = stops.findIndex((stop) => stop.contains(document.activeElement));
  stops[(now + direction + stops.length) % stops.length]?.focus();
}

function Item(props: { readonly item: MenuItem }): JSX.Element {
  const { menu, session } = useLab();
  const { item } = props;
  if (item.field) return <Field label={item.label} field={item.field} />;
  if (item.choices) return <Choices label={item.label} choices={item.choices} />;
  const choose = (): void => {
    menu.close(true);
    if (item.action) void session.act(item.action);
    item.run?.();
  };
  return (
    <button type="button" class={`item${item.grave ? " grave" : ""}`} onClick={choose}>
      <span>{item.label}</span>
      {item.action ? <code>{item.action}</code> : null}
    </button>
  );
}

function Choices(props: {
  readonly label: string;
  readonly choices: readonly MenuChoice[];
}): JSX.Element {
  const { menu } = useLab();
  const { label, choices } = props;
  return (
    <div class="menu-choices">
      <span>{label}</span>
      {choices.map((choice) => (
        <button
          type="button"
          key={choice.label}
          class="item"
          aria-label={`${label} ${choice.label}`}
          onClick={() => {
            menu.close(true);
            choice.run();
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

function Field(props: { readonly label: string; readonly field: MenuField }): JSX.Element {
  const { menu } = useLab();
  const { label, field } = props;
  const [text, setText] = useState(field.value);
  const [wrong, setWrong] = useState(false);
  const send = async (): Promise<void> => {
    if (await field.submit(text)) menu.close(true);
    else setWrong(true);
  };
  return (
    <Form class="menu-field" send={send}>
      <label>
        <span>{label}</span>
        <input
          type="text"
          value={text}
          placeholder={field.hint}
          title={field.hint}
          aria-invalid={wrong}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setWrong(false);
          }}
        />
      </label>
      <button
        type="button"
        class="icon-only"
        aria-label={`${label}: ${t("rewriteKeep")}`}
        onClick={send}
      >
        <Icon name="check" />
      </button>
    </Form>
  );
}
