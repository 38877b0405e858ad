/** The command line: any Action as a line of text, with a memory. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import type { Lab } from "../state/lab";
import { Form } from "./form";
import { giveBackKeys } from "./hooks";
import { Meaning } from "./meaning";
import { idIn, useLab } from "./use-lab";

function fieldOf({ element }: Lab): HTMLInputElement | null {
  return element.querySelector<HTMLInputElement>(".command input");
}

/** Begins a line, and offers what may come after that. */
export function draftCommand(lab: Lab, text: string): void {
  void lab.command.type(text);
  fieldOf(lab)?.focus();
}

export function focusCommand(lab: Lab): void {
  const field = fieldOf(lab);
  field?.focus();
  // What was left there is replaced by what is typed, or kept by a movement.
  field?.select();
}

/** Whether `target` is the command line with nothing written in it. */
export function isEmptyCommand(lab: Lab, target: Element): boolean {
  return target === fieldOf(lab) && lab.state.command.draft === "";
}

export function CommandLine(): JSX.Element {
  const lab = useLab();
  const { command, state } = lab;
  const offers = state.command.offers;
  const picked = state.command.picked;
  return (
    <Form
      class={`command${state.command.wrong ? " wrong" : ""}`}
      title={`${t("command")} ( / )`}
      send={() => {
        if (picked === undefined) void command.submit();
        else command.accept(picked);
      }}
    >
      <span aria-hidden="true">&gt;</span>
      <Offers />
      <input
        type="text"
        name="action"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={offers.length > 0}
        aria-controls={idIn(lab, "offers")}
        aria-activedescendant={picked === undefined ? undefined : idIn(lab, `offer-${picked}`)}
        aria-label={t("command")}
        aria-invalid={state.command.wrong}
        placeholder={t("commandHint")}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={state.command.draft}
        onInput={(event) => void command.type(event.currentTarget.value)}
        onFocus={() => void command.learn()}
        onBlur={() => command.offerNothing()}
        onPaste={(event) => {
          // A field of one line would join the lines.
          const text = event.clipboardData?.getData("text/plain").trim() ?? "";
          if (!text.includes("\n") || state.command.draft !== "") return;
          event.preventDefault();
          void command.paste(text);
        }}
        onKeyDown={(event) => {
          const direction = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
          const isOffered = offers.length > 0;
          if (direction !== 0) isOffered ? command.pick(direction) : command.recall(direction);
          else if (event.key === "Tab" && isOffered && !event.shiftKey) command.accept(picked ?? 0);
          else if (event.key !== "Escape") return;
          else if (isOffered) command.offerNothing();
          else giveBackKeys(lab, event.currentTarget);
          event.preventDefault();
        }}
      />
    </Form>
  );
}

/** What is being typed, as whole lines, each with its meaning. */
function Offers(): JSX.Element | null {
  const lab = useLab();
  const { command, state } = lab;
  const picked = state.command.picked;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  if (state.command.offers.length === 0) return null;
  return (
    <div class="offers" role="listbox" id={idIn(lab, "offers")} aria-label={t("offers")} ref={list}>
      {state.command.offers.map(({ line, meaning }, place) => (
        <div
          key={line}
          id={idIn(lab, `offer-${place}`)}
          role="option"
          tabIndex={-1}
          aria-selected={place === picked}
          onPointerDown={(event) => {
            // The line keeps the focus.
            event.preventDefault();
            command.accept(place);
          }}
        >
          <code>{line}</code> <Meaning of={meaning} />
        </div>
      ))}
    </div>
  );
}
