/** What the diagram shows: its axis, its messages, what is looked for, and what the tones mean. */
import type { JSX } from "preact";
import { partyName as name } from "../i18n";
import { t } from "../i18n/later";
import { coveredFrom } from "../lib/bets";
import type { Kinds } from "../lib/diagram/sight";
import { Find, neighbour } from "./events";
import { letGo, letsGo } from "./hooks";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

const KINDS = [
  ["all", "diagramAll"],
  ["elections", "diagramElections"],
  ["replication", "diagramReplication"],
] as const;

export function Tools(): JSX.Element {
  const lab = useLab();
  const { diagram, session, state } = lab;
  const hits = state.sought.found?.hits;
  const goBy = (to: 1 | -1): void => {
    const current = (state.shown.view?.position ?? 0) - 1;
    if (hits) session.goTo(neighbour(hits, current, to));
  };
  const { isCausal, isUnfolded, kinds, hidden } = state.diagram;
  return (
    <div class="diagram-tools">
      <h2>{t("diagramTitle")}</h2>
      <fieldset class="diagram-axis" aria-label={t("diagramAxis")}>
        <button
          type="button"
          aria-pressed={!isCausal}
          title={t("diagramPhysicalHint")}
          onClick={() => diagram.setCausal(false)}
        >
          {t("diagramPhysical")}
        </button>
        <button
          type="button"
          aria-pressed={isCausal}
          title={t("diagramCausalHint")}
          onClick={() => diagram.setCausal(true)}
        >
          {t("diagramCausal")}
        </button>
      </fieldset>
      <Find hits={hits} goBy={goBy} />
      <select
        {...letsGo}
        aria-label={t("diagramKinds")}
        title={t("diagramKinds")}
        value={kinds}
        onChange={(event) => {
          diagram.showKinds(event.currentTarget.value as Kinds);
          letGo(lab, event.currentTarget);
        }}
      >
        {KINDS.map(([kind, key]) => (
          <option key={kind} value={kind}>
            {t(key)}
          </option>
        ))}
      </select>
      <label title={t("diagramUnfoldHint")}>
        <input
          type="checkbox"
          checked={isUnfolded}
          onChange={(event) => diagram.unfold(event.currentTarget.checked)}
        />
        {t("diagramUnfold")}
      </label>
      {hidden.map((id) => (
        <button
          key={id}
          type="button"
          title={t("diagramShow", { name: name(id) })}
          onClick={() => diagram.toggleServer(id)}
        >
          + {name(id)}
        </button>
      ))}
      {coveredFrom(state) ? <span class="dim">{t("betCovered")}</span> : null}
      <span class="diagram-legend led">{t("diagramLed")}</span>
      <span class="diagram-legend came">{t("diagramCame")}</span>
      <button
        type="button"
        class="quiet icon-only"
        title={`${t("diagramClose")} ( h )`}
        aria-label={t("diagramClose")}
        onClick={() => diagram.toggle()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
