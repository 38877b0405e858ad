/** The command line: any Action as a line of text, with a memory. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { act } from "../state/session";
import { dialog } from "../state/ui";

const REMEMBERED = 50;

const draft = signal("");
const wrong = signal(false);
const history: string[] = [];
let recalled = 0;
let field: HTMLInputElement | null = null;

export function draftCommand(text: string): void {
  draft.value = text;
  wrong.value = false;
  field?.focus();
}

export function focusCommand(): void {
  field?.focus();
  // What was left there is replaced by what is typed, or kept by a movement.
  field?.select();
}

async function submit(): Promise<void> {
  const action = draft.peek().trim();
  if (action === "") return;
  if (action === "help") {
    draft.value = "";
    dialog.value = "help";
    return;
  }
  if (history[history.length - 1] !== action) history.push(action);
  if (history.length > REMEMBERED) history.shift();
  recalled = history.length;
  draft.value = "";
  const problem = await act(action);
  // What was refused comes back to be corrected, unless the reader has gone on.
  if (!problem || draft.peek() !== "") return;
  draft.value = action;
  wrong.value = true;
}

function recall(direction: 1 | -1): void {
  recalled = Math.max(0, Math.min(history.length, recalled + direction));
  draft.value = history[recalled] ?? "";
  wrong.value = false;
}

/** Whether `target` is the command line with nothing written in it. */
export function isEmptyCommand(target: Element): boolean {
  return target === field && draft.peek() === "";
}

export function CommandLine(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <form
      class={`command${wrong.value ? " wrong" : ""}`}
      title={`${t("command")} ( / )`}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <span aria-hidden="true">&gt;</span>
      <input
        ref={(element) => {
          input.current = element;
          field = element;
        }}
        type="text"
        name="action"
        aria-label={t("command")}
        aria-invalid={wrong.value}
        placeholder={t("commandHint")}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={draft.value}
        onInput={(event) => {
          draft.value = event.currentTarget.value;
          wrong.value = false;
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") recall(-1);
          else if (event.key === "ArrowDown") recall(1);
          else if (event.key === "Escape") event.currentTarget.blur();
          else return;
          event.preventDefault();
        }}
      />
    </form>
  );
}
