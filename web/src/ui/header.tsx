/** Which run this is, whether it is sound, and the page's own settings. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { BranchView } from "../engine/types";
import { lang, set_language, t } from "../i18n";
import { grouped } from "../lib/broken";
import { open_file, save } from "../state/files";
import { share } from "../state/links";
import { cluster_words, run_name } from "../state/name";
import { notify_broken } from "../state/notices";
import { tell_failure } from "../state/opening";
import { go_to, switch_branch } from "../state/session";
import { branches, calm_view, failures } from "../state/shown";
import { dialog, next_theme, theme } from "../state/ui";
import { let_go, lets_go } from "./hooks";
import { Icon } from "./icons";

/** So many failing expectations are told at once. */
const FAILURES_TOLD = 3;

export function Header(): JSX.Element {
  return (
    <header class="top">
      <h1>{t("title")}</h1>
      <button
        type="button"
        class="run-name"
        title={`${t("playbooks")} ( l )`}
        aria-haspopup="dialog"
        onClick={() => {
          dialog.value = "playbooks";
        }}
      >
        <Icon name="book" />
        <span>{run_name() || t("playbooks")}</span>
      </button>
      <button
        type="button"
        class="quiet settings"
        title={`${t("new_run_hint")} ( r )`}
        aria-haspopup="dialog"
        onClick={() => {
          dialog.value = "new_run";
        }}
      >
        <Icon name="plus" />
        <span>{cluster_words()}</span>
      </button>
      <Branches />
      <span class="spring" />
      <Failing />
      <Soundness />
      <Tools />
    </header>
  );
}

function branch_words({ id, parent, forked_at, without }: BranchView): string {
  const name = parent === undefined ? t("branch_main") : t("branch_name", { id, at: forked_at });
  if (without.length === 0) return name;
  return t("branch_without", { name, rules: without.join(" ") });
}

function Branches(): JSX.Element | null {
  const all = branches.value;
  if (all.length < 2) return null;
  const now = all.find((branch) => branch.current);
  return (
    <label class="branches" title={t("branch")}>
      <Icon name="branch" />
      <select
        aria-label={t("branch")}
        value={String(now?.id ?? 0)}
        {...lets_go}
        onChange={(event) => {
          switch_branch(Number(event.currentTarget.value));
          let_go(event.currentTarget);
        }}
      >
        {all.map((branch) => (
          <option key={branch.id} value={String(branch.id)}>
            {branch_words(branch)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How much is not as the playbook expects; it opens the first of it. */
function Failing(): JSX.Element | null {
  const all = failures.value;
  const count = all.length;
  if (count === 0) return null;
  return (
    <button
      type="button"
      class="sound unsound failing"
      title={t("expectations_hint")}
      onClick={() => {
        for (const failure of all.slice(0, FAILURES_TOLD)) tell_failure(failure);
      }}
    >
      <Icon name="close" />
      <span>{count === 1 ? t("expectation_fails") : t("expectations_fail", { count })}</span>
    </button>
  );
}

/** Whether the invariants hold; what broke opens its text. */
function Soundness(): JSX.Element | null {
  const shown = calm_view.value;
  if (!shown) return null;
  const { violations } = shown;
  if (violations.length === 0) {
    return (
      <span class="sound" title={t("invariants_hint")}>
        <Icon name="check" />
        <span>{t("invariants_hold")}</span>
      </span>
    );
  }
  const broken = grouped(violations);
  const tell = (): void => {
    for (const group of broken.slice(-3)) notify_broken(group, go_to);
  };
  return (
    <button type="button" class="sound unsound" title={t("invariants_hint")} onClick={tell}>
      <Icon name="close" />
      <span>{t("invariants_broken", { count: broken.length })}</span>
    </button>
  );
}

function Tools(): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const now = theme.value;
  return (
    <div class="tools">
      <Tool icon="save" label={`${t("save")} ( s )`} run={save} />
      <Tool icon="link" label={`${t("share")} ( k )`} run={() => void share()} />
      <Tool
        icon="open"
        label={`${t("open")} ( o )`}
        run={() => file.current?.click()}
        id="open-run"
      />
      <input
        ref={file}
        class="unseen"
        type="file"
        accept=".raft,.txt,text/plain"
        tabIndex={-1}
        aria-label={t("open")}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen) void open_file(chosen);
        }}
      />
      <button
        type="button"
        class="quiet language"
        title={`${t("language")} ( g )`}
        onClick={() => set_language(lang.peek() === "en" ? "zh" : "en")}
      >
        {lang.value === "en" ? "中文" : "EN"}
      </button>
      <Tool icon={now} label={`${t("theme", { now: t(`theme_${now}`) })} ( d )`} run={next_theme} />
      <Tool
        icon="help"
        label={`${t("help")} ( ? )`}
        run={() => {
          dialog.value = "help";
        }}
      />
    </div>
  );
}

function Tool(props: {
  readonly icon: "save" | "link" | "open" | "auto" | "light" | "dark" | "help";
  readonly label: string;
  readonly run: () => void;
  readonly id?: string;
}): JSX.Element {
  const { icon, label, run, id } = props;
  return (
    <button
      type="button"
      id={id}
      class="quiet icon-only"
      title={label}
      aria-label={label}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}
