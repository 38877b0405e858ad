/** What takes long says how far it is, and can be stopped. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../i18n";
import { formatInstant } from "../lib/time";
import { stop } from "../state/engine";
import { underWay } from "../state/under-way";

function stopByKey(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  void stop();
}

export function UnderWay(): JSX.Element | null {
  const far = underWay.value;
  const isThere = far !== undefined;
  useSignalEffect(() => {
    if (underWay.value === undefined) return undefined;
    // Before whatever else would hear it: what is under way comes first.
    addEventListener("keydown", stopByKey, { capture: true });
    return () => removeEventListener("keydown", stopByKey, { capture: true });
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
      <button type="button" onClick={() => void stop()}>
        {t("stop")} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
