/** The reader's own runs, from the journal: to go on with, or to forget. */
import type { JSX } from "preact";
import { lang, t } from "../i18n";
import { type Entry, entries, forget, forgetAll } from "../state/journal";
import { restore } from "../state/keeping";
import { current } from "../state/opening";
import { dialog } from "../state/ui";
import { Icon } from "./icons";

export function OwnRuns(props: { readonly wanted: string }): JSX.Element | null {
  const wanted = props.wanted.trim().toLowerCase();
  const all = entries.value.filter((entry) => entry.name.toLowerCase().includes(wanted));
  if (all.length === 0) return null;
  return (
    <section class="folder own-runs">
      <h3>
        {t("ownRuns")}
        <button type="button" class="link-button" onClick={forgetAll}>
          {t("forgetAll")}
        </button>
      </h3>
      <ul>
        {all.map((entry) => (
          <li key={entry.id}>
            <button
              type="button"
              class={`item${entry.id === current.value.id ? " on" : ""}`}
              data-own-run={entry.id}
              onClick={() => {
                dialog.value = undefined;
                if (entry.id !== current.peek().id) void restore(entry);
              }}
            >
              <span class="item-name">{entry.name}</span>
              <small class="dim">{described(entry)}</small>
            </button>
            <button
              type="button"
              class="quiet icon-only"
              aria-label={`${t("forget")}: ${entry.name}`}
              title={t("forget")}
              onClick={() => forget(entry.id)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <p class="dim">{t("ownRunsHint")}</p>
    </section>
  );
}

function described(entry: Entry): string {
  const format = new Intl.DateTimeFormat(lang.value === "zh" ? "zh-CN" : "en", {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const when = format.format(entry.when);
  const { position: events, branches } = entry;
  return branches.length > 1
    ? t("ownRunBranches", { events, branches: branches.length, when })
    : t("ownRun", { events, when });
}
