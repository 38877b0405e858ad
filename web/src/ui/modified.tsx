/** That what is seen is not Raft: a clause is off. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { useLab } from "./use-lab";

export function Modified(): JSX.Element | null {
  // Of two branches side by side each says it of itself.
  const without = useLab().state.shown.calmView?.without ?? [];
  if (without.length === 0) return null;
  return <span class="modified">{t("modified", { rules: without.join(" ") })}</span>;
}
