/** What the run is called: in the header, on the tab, in the journal. */
import { in_language, lang, t } from "../i18n";
import { card_at } from "./library";
import { origin } from "./opening";
import { calm_view } from "./shown";

/** Nothing for a run that is nothing but a cluster. */
export function run_name(): string {
  const { kind, path } = origin.value;
  if (kind === "free") return "";
  const card = kind === "playbook" ? card_at(path) : undefined;
  if (card) return card.title[lang.value];
  const shown = calm_view.value;
  const name = shown && in_language(shown.title, shown.title_zh);
  return name || path || (kind === "link" ? t("from_link") : "");
}

export function cluster_words(): string {
  const shown = calm_view.value;
  if (!shown) return "";
  const { seed, features, without } = shown;
  const servers = shown.servers.length;
  const words = servers === 1 ? t("server_seed", { seed }) : t("servers_seed", { servers, seed });
  const all = [words, ...features].join(" · ");
  return without.length > 0 ? `${all} · ${t("without", { rules: without.join(" ") })}` : all;
}
