/** What takes long says how far it is, and can be stopped. */
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../i18n";
import { format_instant } from "../lib/time";
import { stop, under_way } from "../state/under_way";

function stop_by_key(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  stop();
}

export function UnderWay(): JSX.Element | null {
  const far = under_way.value;
  const is_there = far !== undefined;
  useSignalEffect(() => {
    if (under_way.value === undefined) return undefined;
    // Before whatever else would hear it: what is under way comes first.
    addEventListener("keydown", stop_by_key, { capture: true });
    return () => removeEventListener("keydown", stop_by_key, { capture: true });
  });
  if (!is_there) return null;
  const { name, events, us } = far;
  return (
    <div class="under-way">
      <progress aria-label={t("under_way", { name })} />
      <p>
        {t("under_way", { name })}
        <span class="dim">
          {t("under_way_so_far", { events: events.toLocaleString("en"), time: format_instant(us) })}
        </span>
      </p>
      <button type="button" onClick={stop}>
        {t("stop")} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
