/**
 * The page's language, chosen by the browser and remembered. English is in the page; Chinese is a script
 * of its own, which is loaded for those who read it.
 */
import { signal } from "@preact/signals";
import type { Lang } from "../engine/types";
import { EMBED } from "../lib/embed";
import { recall, remember } from "../lib/memory";
import { loadScript } from "../lib/script";
import { en } from "./en";

export type Key = keyof typeof en;

function firstLanguage(): Lang {
  const kept = EMBED?.lang ?? recall("language");
  if (kept === "en" || kept === "zh") return kept;
  return globalThis.navigator?.language?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const lang = signal<Lang>(firstLanguage());

/** Speaks another language, once its words are there; an error says that they cannot be had. */
export async function setLanguage(next: Lang): Promise<void> {
  if (next === "zh") await loadScript("dist/chinese.js");
  lang.value = next;
  remember("language", next);
  showLanguage();
}

/** Has the words of the language that the page begins in; without them it begins in English. */
export async function beginLanguage(): Promise<void> {
  if (lang.peek() === "zh")
    await loadScript("dist/chinese.js").catch(() => {
      lang.value = "en";
    });
  showLanguage();
}

/** Tells the browser which language it is, for hyphens, fonts and voices. */
function showLanguage(): void {
  const next = lang.peek();
  document.documentElement.lang = next === "zh" ? "zh-Hans" : "en";
}

export type Words = Readonly<Record<string, string | number>>;

/** The sentence of a key in the chosen language. */
export function t(key: Key, words?: Words): string {
  return sentence(en[key], globalThis.raftChinese?.[key], words);
}

/**
 * The one of two sentences that is in the chosen language, its `{names}` filled in. Of
 * `{name|one|many}` the first word stands for a single one.
 */
export function sentence(english: string, chinese: string | undefined, words?: Words): string {
  const sentence = (lang.value === "zh" && chinese) || english;
  if (!words) return sentence;
  const gap = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g;
  return sentence.replace(gap, (whole, name: string, one?: string, many?: string) => {
    const word = words[name];
    if (word === undefined) return whole;
    if (one === undefined || many === undefined) return String(word);
    return String(word) === "1" ? one : many;
  });
}

/** A server by its number, a client by its number below zero. */
export function partyName(id: number): string {
  return id < 0 ? `C${-id}` : `S${id}`;
}

/** One of two texts that the engine gives side by side. */
export function inLanguage(english: string, chinese: string): string {
  return lang.value === "zh" && chinese !== "" ? chinese : english;
}
