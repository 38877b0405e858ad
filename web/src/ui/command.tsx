/** The command line: any Action as a line of text, with a memory. */
import type { JSX } from "preact";
import { t } from "../i18n";
import type { Lab } from "../state/lab";
import { Form } from "./form";
import { giveBackKeys } from "./hooks";
import { useLab } from "./use-lab";

function fieldOf({ element }: Lab): HTMLInputElement | null {
  return element.querySelector<HTMLInputElement>(".command input");
}

export function draftCommand(lab: Lab, text: string): void {
  lab.command.write(text);
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
  return target === fieldOf(lab) && lab.command.draft.peek() === "";
}

export function CommandLine(): JSX.Element {
  const lab = useLab();
  const { command } = lab;
  return (
    <Form
      class={`command${command.wrong.value ? " wrong" : ""}`}
      title={`${t("command")} ( / )`}
      send={() => void command.submit()}
    >
      <span aria-hidden="true">&gt;</span>
      <input
        type="text"
        name="action"
        aria-label={t("command")}
        aria-invalid={command.wrong.value}
        placeholder={t("commandHint")}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={command.draft.value}
        onInput={(event) => command.write(event.currentTarget.value)}
        onPaste={(event) => {
          // A field of one line would join the lines.
          const text = event.clipboardData?.getData("text/plain").trim() ?? "";
          if (!text.includes("\n") || command.draft.peek() !== "") return;
          event.preventDefault();
          void command.paste(text);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowUp") command.recall(-1);
          else if (event.key === "ArrowDown") command.recall(1);
          else if (event.key === "Escape") giveBackKeys(lab, event.currentTarget);
          else return;
          event.preventDefault();
        }}
      />
    </Form>
  );
}
