/** A new run: how many servers, and the seed of every draw. */
import { untracked } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FeatureView } from "../engine/types";
import { type Key, t } from "../i18n/later";
import { type Dials, linesOf, USUAL } from "../lib/dials";
import { freshSeed } from "../lib/seed";
import { logLines } from "../lib/typed-logs";
import { headerOf } from "../state/opening";
import { Dialog } from "./dialog";
import { Dials as Turn, Written } from "./dials";
import { Failovers } from "./failovers";
import { Form } from "./form";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

const SIZES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const FEATURES: readonly (readonly [string, Key, Key])[] = [
  ["pre-vote", "preVote", "preVoteHint"],
  ["check-quorum", "checkQuorum", "checkQuorumHint"],
  ["lease-reads", "leaseReads", "leaseReadsHint"],
  ["pipelining", "pipelining", "pipeliningHint"],
  ["no-op", "noOp", "noOpHint"],
  ["snapshot-chunks", "snapshotChunks", "snapshotChunksHint"],
];

/** One feature more, with what it needs, or one less, with what needs it. */
function toggled(
  features: readonly string[],
  feature: string,
  offered: readonly FeatureView[],
): readonly string[] {
  const needs = (one: string): string | undefined =>
    offered.find(({ name }) => name === one)?.needs;
  if (features.includes(feature)) {
    return features.filter((one) => one !== feature && needs(one) !== feature);
  }
  const need = needs(feature);
  const on = need === undefined ? [feature] : [need, feature];
  return [...features, ...on.filter((one) => !features.includes(one))];
}

export function NewRun(): JSX.Element {
  const { opening, state, viewState } = useLab();
  // As it was when this was opened, whatever happens meanwhile.
  const view = untracked(() => state.shown.view);
  const [servers, setServers] = useState(view?.servers.length ?? 5);
  const [waiting, setWaiting] = useState(0);
  const [clients, setClients] = useState(view?.clients.length ?? 0);
  const [seed, setSeed] = useState(String(freshSeed()));
  const [features, setFeatures] = useState<readonly string[]>([]);
  const [logs, setLogs] = useState("");
  const [dials, setDials] = useState<Dials>(USUAL);
  const [wrong, setWrong] = useState<Key>();
  const voters = servers - waiting;
  const start = (): void => {
    const number = Number(seed);
    if (seed.trim() === "" || !Number.isSafeInteger(number) || number < 0) setWrong("badSeed");
    else if (logs.trim() !== "" && !logLines(logs)) setWrong("badLogs");
    else {
      viewState.closeDialog();
      void opening.newRun({ servers, voters, clients, seed: number, features, dials, logs });
    }
  };
  return (
    <Dialog title={t("newRun")}>
      <Form class="new-run" send={start}>
        <div class="new-run-cluster">
          <Sizes
            size={servers}
            choose={(size) => {
              setServers(size);
              setWaiting(Math.min(waiting, size - 1));
            }}
          />
          <div class="new-run-row">
            <label class="seed" title={t("waitingHint")}>
              <span>{t("waiting")}</span>
              <select
                name="waiting"
                value={waiting}
                onChange={(event) => setWaiting(Number(event.currentTarget.value))}
              >
                {SIZES.filter((size) => size <= servers).map((size) => (
                  <option key={size} value={size - 1}>
                    {size - 1}
                  </option>
                ))}
              </select>
            </label>
            <label class="seed" title={t("clientsHint")}>
              <span>{t("clients")}</span>
              <select
                name="clients"
                value={clients}
                onChange={(event) => setClients(Number(event.currentTarget.value))}
              >
                {[0, ...SIZES].map((size) => (
                  <option key={size} value={size}>
                    {size}
                  </option>
                ))}
              </select>
            </label>
            <label class="seed">
              <span>{t("seed")}</span>
              <input
                type="text"
                inputMode="numeric"
                name="seed"
                value={seed}
                aria-invalid={wrong === "badSeed"}
                onInput={(event) => {
                  setSeed(event.currentTarget.value);
                  setWrong(undefined);
                }}
              />
              <button
                type="button"
                class="icon-only"
                title={t("seedFresh")}
                aria-label={t("seedFresh")}
                onClick={() => setSeed(String(freshSeed()))}
              >
                <Icon name="dice" />
              </button>
            </label>
          </div>
          <label class="seed" title={t("firstLogsHint")}>
            <span>{t("firstLogs")}</span>
            <textarea
              name="logs"
              rows={2}
              placeholder={"S1: 4 5 5\nS2: 4 6 6 6"}
              value={logs}
              aria-invalid={wrong === "badLogs"}
              onInput={(event) => {
                setLogs(event.currentTarget.value);
                setWrong(undefined);
              }}
            />
          </label>
          {wrong ? (
            <p class="broken" role="alert">
              {t(wrong)}
            </p>
          ) : null}
          <Turn dials={dials} turn={setDials} />
          <Features features={features} choose={setFeatures} />
          <Written
            lines={[
              headerOf({ servers, voters, clients, seed: Number(seed), features, dials }),
              ...linesOf(dials).actions,
            ]}
          />
        </div>
        <Failovers voters={voters} features={features} dials={dials} turn={setDials} />
        <p class="sheet-end">
          <button type="button" class="main" onClick={start}>
            {t("start")}
          </button>
        </p>
      </Form>
    </Dialog>
  );
}

function Sizes(props: {
  readonly size: number;
  readonly choose: (size: number) => void;
}): JSX.Element {
  return (
    <fieldset>
      <legend>{t("servers")}</legend>
      <div class="sizes">
        {SIZES.map((size) => (
          <label key={size} class={size === props.size ? "on" : ""}>
            <input
              type="radio"
              name="servers"
              value={size}
              checked={size === props.size}
              onChange={() => props.choose(size)}
            />
            {size}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Features(props: {
  readonly features: readonly string[];
  readonly choose: (features: readonly string[]) => void;
}): JSX.Element {
  const { state } = useLab();
  const { features, choose } = props;
  return (
    <fieldset>
      <legend>{t("features")}</legend>
      <div class="features">
        {FEATURES.map(([feature, key, hint]) => (
          <label key={feature} title={t(hint)}>
            <input
              type="checkbox"
              checked={features.includes(feature)}
              onChange={() => choose(toggled(features, feature, state.engine.features))}
            />
            {t(key)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
