/** What the run is called: in the header, on the tab, in the journal. */
import { inLanguage, lang, t } from "../i18n";
import { cardAt } from "./library";
import { origin } from "./opening";
import { calmView } from "./shown";

/** Nothing for a run that is nothing but a cluster. */
export function runName(): string {
  const { kind, path } = origin.value;
  if (kind === "free") return "";
  const card = kind === "playbook" ? cardAt(path) : undefined;
  if (card) return card.title[lang.value];
  const shown = calmView.value;
  const name = shown && inLanguage(shown.title, shown.titleZh);
  return name || path || (kind === "link" ? t("fromLink") : "");
}

export function clusterWords(): string {
  const shown = calmView.value;
  if (!shown) return "";
  const { seed, features, without } = shown;
  const servers = shown.servers.length;
  const words = t("serversSeed", { servers, seed });
  const all = [words, ...features].join(" · ");
  return without.length > 0 ? `${all} · ${t("without", { rules: without.join(" ") })}` : all;
}
