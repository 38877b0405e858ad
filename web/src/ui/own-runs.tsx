/** The reader's own runs, from the journal: to go on with, or to forget. */
import type { JSX } from "preact";
import { lang } from "../i18n";
import { t } from "../i18n/later";
import { alike } from "../lib/alike";
import { nameOf } from "../state/run";
import type { Entry } from "../state/state";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function OwnRuns(props: { readonly wanted: string }): JSX.Element | null {
  const { journal, opening, state, viewState } = useLab();
  const wanted = props.wanted.trim().toLowerCase();
  const all = state.journal.entries.filter((entry) => nameOf(entry).toLowerCase().includes(wanted));
  if (all.length === 0) return null;
  const runs = alike(all).map((copies) => {
    const open = copies.find(({ id }) => id === state.run.current.id);
    return { entry: open ?? copies[0], copies, isOpen: open !== undefined };
  });
  return (
    <section class="folder own-runs">
      <h3>
        {t("ownRuns")}
        <button type="button" class="link-button" onClick={() => journal.forgetAll()}>
          {t("forgetAll")}
        </button>
      </h3>
      <ul>
        {runs.map(({ entry, copies, isOpen }) => (
          <li key={entry.id}>
            <button
              type="button"
              class={`item${isOpen ? " on" : ""}`}
              data-own-run={entry.id}
              onClick={() => {
                viewState.closeDialog();
                if (!isOpen) void opening.restore(entry);
              }}
            >
              <span class="item-name">{nameOf(entry)}</span>
              {isOpen ? <small class="pill">{t("runOpen")}</small> : null}
              {isModified(entry) ? <small class="pill bad">{t("runModified")}</small> : null}
              <small class="item-line">{described(entry)}</small>
            </button>
            <button
              type="button"
              class="quiet icon-only"
              aria-label={`${t("forget")}: ${nameOf(entry)}`}
              title={t("forget")}
              onClick={() => {
                for (const { id } of copies) journal.forget(id);
              }}
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

/** Whether the branch that was on show is of servers without a clause. */
function isModified({ branches, current }: Entry): boolean {
  return /^ablate /m.test(branches[current]?.text ?? "");
}
