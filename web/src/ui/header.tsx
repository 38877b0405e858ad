/** Which run this is, whether it is sound, and the page's own settings. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { lang, t } from "../i18n";
import { grouped } from "../lib/broken";
import { nextTheme, theme } from "../state/page";
import { BranchTools } from "./branches";
import { Icon } from "./icons";
import { turnLanguage } from "./later";
import { Modified } from "./modified";
import { useLab } from "./use-lab";

/** So many failing expectations are told at once. */
const FAILURES_TOLD = 3;
const THEME_WORDS = { auto: "themeAuto", light: "themeLight", dark: "themeDark" } as const;

export function Header(): JSX.Element {
  const { run, viewState } = useLab();
  return (
    <header class="top">
      <h1>{t("title")}</h1>
      <button
        type="button"
        class="run-name"
        title={`${t("playbooks")} ( l )`}
        aria-haspopup="dialog"
        onClick={() => {
          viewState.open("playbooks");
        }}
      >
        <Icon name="book" />
        <span>{run.name() || t("playbooks")}</span>
      </button>
      <button
        type="button"
        class="quiet settings"
        title={`${t("newRunHint")} ( r )`}
        aria-haspopup="dialog"
        onClick={() => {
          viewState.open("newRun");
        }}
      >
        <Icon name="plus" />
        <span>{run.clusterWords()}</span>
      </button>
      <BranchTools />
      <Modified />
      <span class="spring" />
      <Failing />
      <Soundness />
      <Tools />
    </header>
  );
}

/** How much is not as the playbook expects; it opens the first of it. */
function Failing(): JSX.Element | null {
  const { opening, state } = useLab();
  const all = state.shown.failures;
  const count = all.length;
  if (count === 0) return null;
  return (
    <button
      type="button"
      class="sound unsound failing"
      title={t("expectationsHint")}
      onClick={() => {
        for (const failure of all.slice(0, FAILURES_TOLD)) opening.tellFailure(failure);
      }}
    >
      <Icon name="close" />
      <span>{t("expectationsFail", { count })}</span>
    </button>
  );
}

/** Whether the invariants hold; what broke opens its text. */
function Soundness(): JSX.Element | null {
  const { notices, session, state } = useLab();
  const view = state.shown.calmView;
  if (!view) return null;
  const { violations } = view;
  if (violations.length === 0) {
    return (
      <span class="sound" title={t("invariantsHint")}>
        <Icon name="check" />
        <span>{t("invariantsHold")}</span>
      </span>
    );
  }
  const broken = grouped(violations);
  const tell = (): void => {
    for (const group of broken.slice(-3))
      notices.notifyBroken(group, (position) => session.goTo(position));
  };
  return (
    <button type="button" class="sound unsound" title={t("invariantsHint")} onClick={tell}>
      <Icon name="close" />
      <span>{t("invariantsBroken", { count: broken.length })}</span>
    </button>
  );
}

function Tools(): JSX.Element {
  const { files, notices, state, viewState } = useLab();
  const { presenting } = state.viewState;
  const file = useRef<HTMLInputElement>(null);
  const now = theme.value;
  return (
    <div class="tools">
      <Tool icon="save" label={`${t("save")} ( s )`} run={() => void files.save()} />
      <Tool icon="link" label={`${t("shareAll")} ( K )`} run={() => viewState.open("share")} />
      <Tool
        icon="open"
        label={`${t("open")} ( o )`}
        run={() => file.current?.click()}
        name="open-run"
      />
      <input
        ref={file}
        class="unseen"
        type="file"
        accept=".raft,.txt,.svg,.png,text/plain"
        tabIndex={-1}
        aria-label={t("open")}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen) void files.openFile(chosen);
        }}
      />
      <button
        type="button"
        class="quiet language"
        title={`${t("language")} ( g )`}
        onClick={() => turnLanguage(notices)}
      >
        {lang.value === "en" ? "中文" : "EN"}
      </button>
      <Tool
        icon={now}
        label={`${t("theme", { now: t(THEME_WORDS[now]) })} ( d )`}
        run={nextTheme}
      />
      <button
        type="button"
        class={`quiet present${presenting ? "" : " icon-only"}`}
        title={`${t("present")} ( p )`}
        aria-label={presenting ? undefined : t("present")}
        aria-pressed={presenting}
        onClick={() => viewState.present(!presenting)}
      >
        {presenting ? <kbd>p</kbd> : <Icon name="present" />}
        {presenting ? ` ${t("presentLeave")}` : null}
      </button>
      <Tool
        icon="help"
        label={`${t("help")} ( ? )`}
        run={() => {
          viewState.open("help");
        }}
      />
    </div>
  );
}

function Tool(props: {
  readonly icon: "save" | "link" | "open" | "auto" | "light" | "dark" | "help";
  readonly label: string;
  readonly run: () => void;
  readonly name?: string;
}): JSX.Element {
  const { icon, label, run, name } = props;
  return (
    <button
      type="button"
      name={name}
      class="quiet icon-only"
      title={label}
      aria-label={label}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}
