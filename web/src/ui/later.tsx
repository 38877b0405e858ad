/** A part of the page that is loaded when it is first shown, and until then takes no room. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { lang, setLanguage, t } from "../i18n";
import { loadScript, loadStyle, outdated } from "../lib/script";
import type { Notices } from "../state/notices";
import { useLab } from "./use-lab";

type Parts = typeof import("./parts").parts;

const parts = signal<Parts | undefined>(undefined);
let asked: Promise<void> | undefined;

/** Shows the part; where it cannot be loaded, says so and calls `leave`, which puts it away. */
export function Later(props: {
  readonly part: keyof Parts;
  readonly leave: () => void;
}): JSX.Element | null {
  const { notices } = useLab();
  useEffect(() => {
    let isHere = true;
    loadParts().catch(() => {
      // Whoever has left it meanwhile is not led away from what came after.
      if (!isHere) return;
      props.leave();
      tellPartMissing(notices);
    });
    return () => {
      isHere = false;
    };
  }, []);
  const Part = parts.value?.[props.part];
  return Part ? <Part /> : null;
}

/** What is of another version has been told for the whole page. */
export function tellPartMissing(notices: Notices): void {
  if (outdated.peek()) return;
  notices.notify(() => ({
    tone: "error",
    title: t("partMissing"),
    remedy: t("partMissingRemedy"),
  }));
}

/** From one language to the other. */
export function turnLanguage(notices: Notices): void {
  setLanguage(lang.peek() === "en" ? "zh" : "en").catch(() => tellPartMissing(notices));
}

export function loadParts(): Promise<void> {
  asked ??= Promise.all([loadStyle("dist/parts.css"), loadScript("dist/parts.js")])
    .then(() => {
      parts.value = globalThis.raftParts;
    })
    .catch((error) => {
      asked = undefined;
      throw error;
    });
  return asked;
}
