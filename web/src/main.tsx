/** Starts the page: the engine is unpacked while the first picture is already up. */
import { render } from "preact";
import "./styles/index.css";
import { load_engine } from "./engine/load";
import { lang, show_language, t } from "./i18n";
import { begin } from "./state/address";
import { accept_dropped_files } from "./state/files";
import { follow_events } from "./state/follow";
import { read_journal } from "./state/journal";
import { keep_runs } from "./state/keeping";
import { notify } from "./state/notices";
import { pause } from "./state/play";
import { language_changed } from "./state/shown";
import { is_framed, show_theme } from "./state/ui";
import { expose_for_tests } from "./testing";
import { App } from "./ui/app";
import { on_key } from "./ui/keys";

async function start(): Promise<void> {
  show_theme();
  show_language();
  const root = document.getElementById("app");
  if (!root) return;
  root.replaceChildren();
  render(<App />, root);
  document.addEventListener("keydown", on_key);
  accept_dropped_files();
  rest_unseen(root);
  lang.subscribe(language_changed);
  follow_events();
  try {
    await load_engine();
  } catch (error) {
    const is_forbidden = forbids_engine();
    notify({
      tone: "error",
      title: t("no_engine"),
      cause: is_forbidden ? t("engine_forbidden") : String(error),
      remedy: t(is_forbidden ? "engine_forbidden_remedy" : "no_engine_remedy"),
    });
    return;
  }
  expose_for_tests();
  read_journal();
  keep_runs();
  await begin();
  performance.mark("ready");
  document.documentElement.setAttribute("data-ready", "true");
}

/** Nobody watches a tab that is put away, or a slide that is left: time stands still there. */
function rest_unseen(root: HTMLElement): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") pause();
  });
  if (!is_framed) return;
  new IntersectionObserver((seen) => {
    if (seen.at(-1)?.isIntersecting === false) pause();
  }).observe(root);
}

/** Whether the host's policy keeps even the smallest module from being compiled. */
function forbids_engine(): boolean {
  if (typeof WebAssembly === "undefined") return false;
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return false;
  } catch {
    return true;
  }
}

void start();
