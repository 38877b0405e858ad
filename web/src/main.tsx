/** Starts the page: a laboratory in each element of the class `lab`, of which the first owns it. */
import "./styles/index.css";
import "virtual:shared";
import { showLanguage } from "./i18n";
import { createLab } from "./lab";
import { showTheme } from "./state/page";

async function start(): Promise<void> {
  showTheme();
  showLanguage();
  const elements = [...document.querySelectorAll<HTMLElement>(".lab")];
  const labs = elements.map((element, place) => createLab(element, { ownsPage: place === 0 }));
  const areReady = await Promise.all(labs);
  if (!areReady.every(Boolean)) return;
  performance.mark("ready");
  document.documentElement.setAttribute("data-ready", "true");
}

void start();
