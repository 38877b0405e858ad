/** What takes long says how far it is, and can be stopped. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../i18n";
import { formatInstant } from "../lib/time";
import { listenToKeys } from "./keys";
import { useLab } from "./use-lab";

export function UnderWay(): JSX.Element | null {
  const lab = useLab();
  const { engine, state } = lab;
  const far = state.engine.underWay;
  const isThere = far !== undefined;
  const stopByKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    void engine.stop();
  };
  useSignalEffect(() => {
    if (state.engine.underWay === undefined) return undefined;
    // Before whatever else would hear it: what is under way comes first.
    return listenToKeys(lab, stopByKey, true);
  });
  if (!isThere) return null;
  const { name, events, us } = far;
  return (
    <div class="under-way">
      <progress aria-label={t("underWay", { name })} />
      <p>
        {t("underWay", { name })}
        <span class="dim">
          {t("underWaySoFar", { events: events.toLocaleString("en"), time: formatInstant(us) })}
        </span>
      </p>
      <button type="button" onClick={() => void engine.stop()}>
        {t("stop")} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
