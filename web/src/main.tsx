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
import { language_changed } from "./state/shown";
import { show_theme } from "./state/ui";
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
  lang.subscribe(language_changed);
  follow_events();
  try {
    await load_engine();
  } catch (error) {
    notify({
      tone: "error",
      title: t("no_engine"),
      cause: String(error),
      remedy: t("no_engine_remedy"),
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

void start();
