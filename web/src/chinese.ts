/** A script of its own, dist/chinese.js: the page's sentences for those who read Chinese. */
import { zh } from "./i18n/zh";

globalThis.raftChinese = zh;
