/** Starts the page: the engine is unpacked while the first picture is already up. */
import { render } from "preact";
import "./styles/index.css";
import { lang, showLanguage, t } from "./i18n";
import { begin } from "./state/address";
import { connectEngine, look, startEngine } from "./state/engine";
import { readFeatures } from "./state/features";
import { acceptDroppedFiles } from "./state/files";
import { followEvents } from "./state/follow";
import { readJournal } from "./state/journal";
import { keepRuns } from "./state/keeping";
import { notify } from "./state/notices";
import { tellStopped } from "./state/opening";
import { land, pause } from "./state/play";
import { lookAt } from "./state/shown";
import { isFramed, showTheme } from "./state/ui";
import { exposeForTests } from "./testing";
import { App } from "./ui/app";
import { onKey } from "./ui/keys";

async function start(): Promise<void> {
  showTheme();
  showLanguage();
  const root = document.getElementById("app");
  if (!root) return;
  root.replaceChildren();
  render(<App />, root);
  document.addEventListener("keydown", onKey);
  acceptDroppedFiles();
  restUnseen(root);
  connectEngine(tellStopped, land, lookAt);
  lang.subscribe(() => void look());
  followEvents();
  try {
    await startEngine();
  } catch (error) {
    const isForbidden = forbidsEngine();
    notify({
      tone: "error",
      title: t("noEngine"),
      cause: isForbidden ? t("engineForbidden") : String(error),
      remedy: t(isForbidden ? "engineForbiddenRemedy" : "noEngineRemedy"),
    });
    return;
  }
  exposeForTests();
  void readFeatures();
  readJournal();
  keepRuns();
  await begin();
  performance.mark("ready");
  document.documentElement.setAttribute("data-ready", "true");
}

/** Nobody watches a tab that is put away, or a slide that is left: time stands still there. */
function restUnseen(root: HTMLElement): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") pause();
  });
  if (!isFramed) return;
  new IntersectionObserver((seen) => {
    if (seen.at(-1)?.isIntersecting === false) pause();
  }).observe(root);
}

/** Whether the host's policy keeps even the smallest module from being compiled. */
function forbidsEngine(): boolean {
  if (typeof WebAssembly === "undefined") return false;
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return false;
  } catch {
    return true;
  }
}

void start();
