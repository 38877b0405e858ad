/** A new run: how many servers, and the seed of every draw. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fresh_seed } from "../../pkg/raft_wasm";
import { type Key, t } from "../i18n";
import { new_run } from "../state/opening";
import { view } from "../state/shown";
import { close_dialog, Dialog } from "./dialog";
import { Icon } from "./icons";

const SIZES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const FEATURES: readonly (readonly [string, Key, Key])[] = [
  ["pre-vote", "pre_vote", "pre_vote_hint"],
  ["check-quorum", "check_quorum", "check_quorum_hint"],
  ["lease-reads", "lease_reads", "lease_reads_hint"],
  ["pipelining", "pipelining", "pipelining_hint"],
  ["no-op", "no_op", "no_op_hint"],
  ["snapshot-chunks", "snapshot_chunks", "snapshot_chunks_hint"],
];

/** One feature more or less; a lease needs the check of the quorum. */
function toggled(features: readonly string[], feature: string): readonly string[] {
  const off = feature === "check-quorum" ? [feature, "lease-reads"] : [feature];
  if (features.includes(feature)) return features.filter((one) => !off.includes(one));
  const on = feature === "lease-reads" ? ["check-quorum", feature] : [feature];
  return [...features, ...on.filter((one) => !features.includes(one))];
}

export function NewRun(): JSX.Element {
  const [servers, set_servers] = useState(view.peek()?.servers.length ?? 5);
  const [waiting, set_waiting] = useState(0);
  const [clients, set_clients] = useState(view.peek()?.clients.length ?? 0);
  const [seed, set_seed] = useState(String(fresh_seed()));
  const [features, set_features] = useState<readonly string[]>([]);
  const [wrong, set_wrong] = useState(false);
  const start = (): void => {
    const number = Number(seed);
    if (seed.trim() === "" || !Number.isSafeInteger(number) || number < 0) set_wrong(true);
    else if (new_run({ servers, voters: servers - waiting, clients, seed: number, features }))
      close_dialog();
  };
  return (
    <Dialog title={t("new_run")}>
      <form
        class="new-run"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <fieldset>
          <legend>{t("servers")}</legend>
          <div class="sizes">
            {SIZES.map((size) => (
              <label key={size} class={size === servers ? "on" : ""}>
                <input
                  type="radio"
                  name="servers"
                  value={size}
                  checked={size === servers}
                  onChange={() => {
                    set_servers(size);
                    set_waiting(Math.min(waiting, size - 1));
                  }}
                />
                {size}
              </label>
            ))}
          </div>
        </fieldset>
        <label class="seed" title={t("waiting_hint")}>
          <span>{t("waiting")}</span>
          <select
            name="waiting"
            value={waiting}
            onChange={(event) => set_waiting(Number(event.currentTarget.value))}
          >
            {SIZES.filter((size) => size <= servers).map((size) => (
              <option key={size} value={size - 1}>
                {size - 1}
              </option>
            ))}
          </select>
        </label>
        <label class="seed" title={t("clients_hint")}>
          <span>{t("clients")}</span>
          <select
            name="clients"
            value={clients}
            onChange={(event) => set_clients(Number(event.currentTarget.value))}
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
            aria-invalid={wrong}
            onInput={(event) => {
              set_seed(event.currentTarget.value);
              set_wrong(false);
            }}
          />
          <button
            type="button"
            class="icon-only"
            title={t("seed_fresh")}
            aria-label={t("seed_fresh")}
            onClick={() => set_seed(String(fresh_seed()))}
          >
            <Icon name="dice" />
          </button>
        </label>
        {wrong ? (
          <p class="broken" role="alert">
            {t("bad_seed")}
          </p>
        ) : null}
        <fieldset>
          <legend>{t("features")}</legend>
          <div class="features">
            {FEATURES.map(([feature, key, hint]) => (
              <label key={feature} title={t(hint)}>
                <input
                  type="checkbox"
                  checked={features.includes(feature)}
                  onChange={() => set_features(toggled(features, feature))}
                />
                {t(key)}
              </label>
            ))}
          </div>
        </fieldset>
        <p class="sheet-end">
          <button type="submit" class="main">
            {t("start")}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
