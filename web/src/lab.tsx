/** Makes laboratories: each in an element of the page, with its own engine and its own state. */
import { render } from "preact";
import { lang, t } from "./i18n";
import { freshKey } from "./lib/memory";
import { outdated } from "./lib/script";
import { type Lab, newLab } from "./state/lab";
import { calmMotion, isFramed } from "./state/page";
import { whenever } from "./state/state";
import { App } from "./ui/app";
import { connectKeys } from "./ui/keys";
import { connectLights } from "./ui/lights";
import { measureAs } from "./ui/measure";
import { LabContext } from "./ui/use-lab";

export interface LabOptions {
  /**
   * Whether the page is this laboratory's: it has the address, the title and the journal in the
   * browser, and hears the keys that are pressed while nothing has the focus. Of all laboratories
   * of a page one may.
   */
  readonly ownsPage?: boolean;
}

/**
 * Makes a laboratory inside of `element`, which it draws at once, while the engine is unpacked.
 * Answers whether it is ready: without an engine it says so in its own place.
 */
export async function createLab(
  element: HTMLElement,
  { ownsPage = false }: LabOptions = {},
): Promise<boolean> {
  // Ids inside of it begin with its own.
  element.id ||= freshKey();
  element.classList.add("lab");
  measureAs(element);
  const lab = newLab(element, ownsPage);
  const { embed, engine, files, journal, address, opening } = lab;
  element.replaceChildren();
  const fit = (): void => lab.viewState.fit(element.clientWidth, element.clientHeight);
  fit();
  new ResizeObserver(fit).observe(element);
  render(
    <LabContext.Provider value={lab}>
      <App />
    </LabContext.Provider>,
    element,
  );
  // Whoever clicks beside the buttons means this laboratory by the next key.
  if (!ownsPage) element.tabIndex = -1;
  connectKeys(lab);
  connectLights(lab);
  files.acceptDropsOn(element);
  restUnseen(lab);
  lang.subscribe(() => void engine.look());
  // Where it is embedded the engine may have to wait for a click.
  await once(() => lab.state.embed.isWanted);
  try {
    await engine.start();
  } catch (error) {
    tellNoEngine(lab, error);
    return false;
  }
  if (address && embed.asked) {
    await address.beginEmbedded(embed.asked.start);
    embed.begin();
  } else {
    journal.read();
    if (address) await address.begin();
    else await opening.firstRun(freshKey());
  }
  whenever(
    () => outdated.value,
    (is) => {
      if (is) tellOutdated(lab);
    },
  );
  if (lab.state.viewState.welcoming && !embed.asked && !calmMotion.value) lab.play.toggle();
  return true;
}

/** Comes true once what `holds` reads does. */
function once(holds: () => boolean): Promise<void> {
  return new Promise((done) => whenever(holds, (now) => now && done()));
}

/** Nobody watches a tab that is put away, or a slide that is left: time stands still there. */
function restUnseen({ embed, play, element }: Lab): void {
  // What is embedded goes on by itself when it is seen again (state/around.ts).
  if (embed.asked) return;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") play.pause();
  });
  if (!isFramed) return;
  new IntersectionObserver((seen) => {
    if (seen.at(-1)?.isIntersecting === false) play.pause();
  }).observe(element);
}

function tellOutdated({ notices }: Lab): void {
  notices.notify(() => ({
    tone: "error",
    title: t("outdated"),
    remedy: t("outdatedRemedy"),
    lasting: true,
    actions: [{ label: t("reload"), run: () => location.reload() }],
  }));
}

function tellNoEngine({ notices }: Lab, error: unknown): void {
  const isForbidden = forbidsEngine();
  notices.notify(() => ({
    tone: "error",
    title: t("noEngine"),
    cause: isForbidden ? t("engineForbidden") : String(error),
    remedy: t(isForbidden ? "engineForbiddenRemedy" : "noEngineRemedy"),
  }));
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
