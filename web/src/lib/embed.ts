/**
 * How the page is embedded in another: what stands behind `?embed` in its address. What is no such
 * word, or has no such value, is as if it were not there: an old link never breaks a newer page.
 */
import { count } from "./link";

export interface Embed {
  /** Else the reader's own. */
  readonly lang: "en" | "zh" | undefined;
  /** Else the reader's own, or the system's. */
  readonly theme: "light" | "dark" | undefined;
  readonly controls: "all" | "play" | "none";
  /** Whether it plays by itself once it is seen. */
  readonly autoplay: boolean;
  /** After how many events it is shown first; else where the link says. */
  readonly start: number | undefined;
  /** After how many events it ends; else with its playbook. */
  readonly end: number | undefined;
  /** Whether it begins anew at its end. */
  readonly loop: boolean;
  /** Whether the questions of a playbook are asked. */
  readonly ask: boolean;
  /** Whether the engine is started by the first click, and not at once. */
  readonly waits: boolean;
}

/** What the query of an address asks for; undefined where the page stands alone. */
export function embedOf(query: string): Embed | undefined {
  const fields = new URLSearchParams(query);
  if (!isOn(fields, "embed")) return undefined;
  const numbered = (name: string): number | undefined =>
    fields.has(name) ? count(fields.get(name)) : undefined;
  return {
    lang: oneOf(["en", "zh"], fields.get("lang")),
    theme: oneOf(["light", "dark"], fields.get("theme")),
    controls: oneOf(["all", "play", "none"], fields.get("controls")) ?? "all",
    autoplay: isOn(fields, "autoplay"),
    start: numbered("start"),
    end: numbered("end"),
    loop: isOn(fields, "loop"),
    ask: fields.get("ask") !== "no",
    waits: fields.get("load") === "click",
  };
}

/** A word that is there says yes, unless it says no. */
function isOn(fields: URLSearchParams, name: string): boolean {
  return fields.has(name) && fields.get(name) !== "no";
}

function oneOf<T extends string>(all: readonly T[], word: string | null): T | undefined {
  return all.find((one) => one === word);
}

/** How this page is embedded, if it is. */
export const EMBED = embedOf(globalThis.location?.search ?? "");
