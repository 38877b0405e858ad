/** A new run: how many servers, and the seed of every draw. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fresh_seed } from "../../pkg/raft_wasm";
import { t } from "../i18n";
import { new_run, view } from "../state/session";
import { close_dialog, Dialog } from "./dialog";
import { Icon } from "./icons";

const SIZES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export function NewRun(): JSX.Element {
  const [servers, set_servers] = useState(view.peek()?.servers.length ?? 5);
  const [seed, set_seed] = useState(String(fresh_seed()));
  const [wrong, set_wrong] = useState(false);
  const start = (): void => {
    const number = Number(seed);
    if (seed.trim() === "" || !Number.isSafeInteger(number) || number < 0) set_wrong(true);
    else if (new_run(servers, number)) close_dialog();
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
                  onChange={() => set_servers(size)}
                />
                {size}
              </label>
            ))}
          </div>
        </fieldset>
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
        <p class="sheet-end">
          <button type="submit" class="main">
            {t("start")}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
