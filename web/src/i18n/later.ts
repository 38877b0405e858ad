/** The words of what is loaded later: the page's own, and those that nothing else says. */
import { t as ofPage, type Key as PageKey, sentence, type Words } from ".";
import { en } from "./en-later";
import { zh } from "./zh-later";

export type Key = PageKey | keyof typeof en;

export function t(key: Key, words?: Words): string {
  return isLater(key) ? sentence(en[key], zh[key], words) : ofPage(key, words);
}

function isLater(key: Key): key is keyof typeof en {
  return key in en;
}
