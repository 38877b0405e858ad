/** Starts the page: a laboratory in each element of the class `lab`, of which the first owns it. */
import "./styles/index.css";
import { version } from "virtual:version";
import "virtual:shared";
import { beginLanguage } from "./i18n";
import { createLab } from "./lab";
import { outdated } from "./lib/script";
import { installLater } from "./state/install";
import { showTheme } from "./state/page";

async function start(): Promise<void> {
  // In a page that is one single file the later parts stand below.
  if (document.readyState === "loading")
    await new Promise((read) => document.addEventListener("DOMContentLoaded", read));
  const { version: named } = document.documentElement.dataset;
  outdated.value = named !== undefined && named !== version;
  showTheme();
  await beginLanguage();
  const elements = [...document.querySelectorAll<HTMLElement>(".lab")];
  const labs = elements.map((element, place) => createLab(element, { ownsPage: place === 0 }));
  const areReady = await Promise.all(labs);
  if (!areReady.every(Boolean)) return;
  performance.mark("ready");
  document.documentElement.setAttribute("data-ready", "true");
  if (named !== undefined) installLater();
}

void start();
