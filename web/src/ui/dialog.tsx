/** A sheet over the page, closed by Escape, by its button, or by a click beside it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { dialog } from "../state/ui";
import { Icon } from "./icons";

export function close_dialog(): void {
  dialog.value = undefined;
}

export function Dialog(props: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const sheet = ref.current;
    if (sheet && !sheet.open) sheet.showModal();
    // The first choice, not the button that closes, is what a reader came for.
    sheet?.querySelector<HTMLElement>(".item, input:checked")?.focus();
    return () => sheet?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="sheet"
      aria-label={props.title}
      onClose={close_dialog}
      onKeyDown={(event) => {
        if (event.key !== "Escape") event.stopPropagation();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) close_dialog();
      }}
    >
      <div class="sheet-body">
        <header class="bar">
          <h2>{props.title}</h2>
          <button
            type="button"
            class="quiet icon-only"
            aria-label={t("close")}
            title={t("close")}
            onClick={close_dialog}
          >
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
