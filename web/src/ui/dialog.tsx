/**
 * A sheet over the laboratory, closed by Escape, by its button, or by a click beside it. It is not
 * modal for the browser, which would keep the rest of the page from being used as well: another
 * laboratory, or whatever else stands there. The laboratory below it is inert instead.
 */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/later";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function Dialog(props: {
  readonly title: string;
  /** Whether it takes all the room that there is. */
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { viewState } = useLab();
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // Before anything else can be typed: a quick hand must not press a key of the page.
    const sheet = ref.current;
    if (sheet && !sheet.open) sheet.show();
    // What a reader came for is not the button that closes: it is the search, or the first choice.
    const first = sheet?.querySelector<HTMLElement>("input[type=search]");
    (first ?? sheet?.querySelector<HTMLElement>("input:checked"))?.focus();
    return () => sheet?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="shade"
      aria-label={props.title}
      aria-modal="true"
      onClick={(event) => {
        if (event.target === event.currentTarget) viewState.closeDialog();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") event.stopPropagation();
      }}
    >
      <div class={props.isWide ? "sheet wide" : "sheet"}>
        <header class="bar">
          <h2>{props.title}</h2>
          <button
            type="button"
            class="quiet icon-only"
            aria-label={t("close")}
            title={t("close")}
            onClick={() => viewState.closeDialog()}
          >
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}
