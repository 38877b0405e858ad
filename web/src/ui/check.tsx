/** Searches through every run: what is asked for, and what came of each that was begun. */
import type { JSX } from "preact";
import { type Key, t } from "../i18n/later";
import { CHECKED_FEATURES, COUNTS, type Count } from "../lib/check";
import { CheckJobCard, checkOf } from "./check-job";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function Check(): JSX.Element {
  const lab = useLab();
  return (
    <section class="check" aria-label={t("checkTitle")}>
      <header class="check-bar">
        <h2>{t("checkTitle")}</h2>
        <span class="dim">{t("checkHint")}</span>
        <button
          type="button"
          class="quiet icon-only"
          title={`${t("close")} ( Esc )`}
          aria-label={t("close")}
          onClick={() => lab.viewState.spread(undefined)}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="check-body">
        <Asked />
        <div class="check-jobs" aria-live="polite">
          {lab.state.check.jobs.map((job) => (
            <CheckJobCard key={job.id} job={job} />
          ))}
        </div>
      </div>
    </section>
  );
}

function Asked(): JSX.Element {
  const lab = useLab();
  const check = checkOf(lab);
  const { form } = check;
  const events = lab.state.shown.calmView?.position ?? 0;
  return (
    <form
      class="check-form"
      onSubmit={(event) => {
        event.preventDefault();
        void check.begin();
      }}
    >
      <h3>{t("checkFrom")}</h3>
      <div class="segmented">
        {([false, true] as const).map((isHere) => (
          <button
            key={String(isHere)}
            type="button"
            aria-pressed={form.isFromHere === isHere}
            onClick={() => check.ask({ isFromHere: isHere })}
          >
            {t(isHere ? "checkHere" : "checkEmpty")}
          </button>
        ))}
      </div>
      {form.isFromHere ? <p class="dim">{t("checkHereHint", { event: events })}</p> : null}
      <h3>{t("checkWithin")}</h3>
      <div class="check-counts">
        {COUNTS.filter(([count]) => !(form.isFromHere && count === "servers")).map(([count]) => (
          <Counter key={count} count={count} />
        ))}
      </div>
      <p class="dim">{t("checkNetwork")}</p>
      {form.isFromHere ? null : <Kind />}
      <div class="check-go">
        <button type="submit" class="check-start">
          <Icon name="play" />
          {t("checkStart")}
        </button>
      </div>
    </form>
  );
}

/** How much of something there may be, turned up and down. */
function Counter(props: { readonly count: Count }): JSX.Element {
  const check = checkOf(useLab());
  const { count } = props;
  const [word, hint] = COUNT_KEYS[count];
  const now = check.form[count];
  const words = t(word);
  const [, least, most] = COUNTS.find(([one]) => one === count) ?? [count, 0, 0];
  const isMost = count === "copies" ? now === undefined : now === most;
  return (
    <div class="check-count" role="group" aria-label={words} title={t(hint)}>
      <span>{words}</span>
      <button
        type="button"
        class="icon-only"
        aria-label={t("checkLess", { name: words })}
        aria-disabled={now === least}
        onClick={() => check.turn(count, -1)}
      >
        −
      </button>
      <output>{now ?? t("checkAny")}</output>
      <button
        type="button"
        class="icon-only"
        aria-label={t("checkMore", { name: words })}
        aria-disabled={isMost}
        onClick={() => check.turn(count, 1)}
      >
        +
      </button>
    </div>
  );
}

/** Which Raft it is: what it can do besides the paper's, and which of its rules it ignores. */
function Kind(): JSX.Element {
  const lab = useLab();
  const check = checkOf(lab);
  const { features, ablated } = check.form;
  const rules = lab.state.engine.figure
    .map(({ rule }) => rule.id)
    .filter((id) => !ablated.includes(id));
  return (
    <>
      <h3>{t("checkFeatures")}</h3>
      <div class="check-features">
        {CHECKED_FEATURES.map((feature) => (
          <label key={feature}>
            <input
              type="checkbox"
              name={feature}
              checked={features.includes(feature)}
              onChange={() => check.ask({ features: other(features, feature) })}
            />
            {t(FEATURE_KEYS[feature])}
          </label>
        ))}
      </div>
      <h3>{t("checkWithout")}</h3>
      <div class="check-without">
        {ablated.map((id) => (
          <button
            key={id}
            type="button"
            class="modified"
            title={t("checkKeep", { rule: id })}
            aria-label={t("checkKeep", { rule: id })}
            onClick={() => check.ask({ ablated: other(ablated, id) })}
          >
            {id} ×
          </button>
        ))}
        <select
          name="without"
          aria-label={t("checkWithout")}
          value=""
          onChange={(event) => check.ask({ ablated: other(ablated, event.currentTarget.value) })}
        >
          <option value="">{t("checkAnother")}</option>
          {rules.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </div>
    </>
  );
}

/** What each is called, and what it means. */
const COUNT_KEYS: Readonly<Record<Count, readonly [Key, Key]>> = {
  servers: ["checkOfServers", "checkHintServers"],
  terms: ["checkOfTerms", "checkHintTerms"],
  commands: ["checkOfCommands", "checkHintCommands"],
  crashes: ["checkOfCrashes", "checkHintCrashes"],
  copies: ["checkOfCopies", "checkHintCopies"],
  snapshots: ["checkOfSnapshots", "checkHintSnapshots"],
  reads: ["checkOfReads", "checkHintReads"],
  transfers: ["checkOfTransfers", "checkHintTransfers"],
  changes: ["checkOfChanges", "checkHintChanges"],
};

const FEATURE_KEYS = {
  "pre-vote": "preVote",
  pipelining: "pipelining",
  "no-op": "noOp",
  "snapshot-chunks": "snapshotChunks",
} as const;

/** The list without this one, or with it. */
function other(all: readonly string[], one: string): readonly string[] {
  return all.includes(one) ? all.filter((each) => each !== one) : [...all, one];
}
