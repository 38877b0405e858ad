/** Which lesson this is, the run to be looked at beside it, and what it ends with. */
import type { JSX } from "preact";
import type { ContrastView } from "../engine/types";
import { lang } from "../i18n";
import { t } from "../i18n/later";
import { type Card, lessonOf } from "../lib/playbook";
import { cardAt, library, loadLibrary } from "../state/library";
import { featureName } from "./branch-menu";
import { useLab } from "./use-lab";

export function LessonEnd(): JSX.Element | null {
  const { lesson, opening, state } = useLab();
  loadLibrary();
  const lessons = library.value?.find(({ name }) => name === "course")?.cards ?? [];
  const place = lessons.findIndex(({ path }) => path === state.run.origin.path);
  const card = lessons[place];
  if (!card) return null;
  const { minutes, build } = lessonOf(card);
  const toBuild = cardAt(build);
  const position = state.shown.view?.position ?? 0;
  const contrasts = state.lesson.contrasts.filter((one) => position >= one.position);
  const isOver = position >= (state.shown.view?.toldUntil?.position ?? Number.POSITIVE_INFINITY);
  const open = ({ path, text }: Card): void => void opening.openRun(text, "playbook", path);
  const next = lessons[place + 1];
  return (
    <section class="lesson-end" aria-label={t("lesson")}>
      <p class="dim">
        {t("lessonOf", { at: place + 1, all: lessons.length })}
        {minutes > 0 ? ` · ${t("minutes", { minutes })}` : ""}
      </p>
      {contrasts.map((contrast) => (
        <button
          type="button"
          key={contrast.line}
          data-contrast={contrast.line}
          title={t("contrastHint")}
          onClick={() => void lesson.contrast(contrast)}
        >
          {contrastWords(contrast)}
        </button>
      ))}
      {isOver && toBuild ? (
        <button type="button" class="main" onClick={() => open(toBuild)}>
          {t("lessonBuild", { title: toBuild.title[lang.value] })}
        </button>
      ) : null}
      {isOver && next ? (
        <button type="button" onClick={() => open(next)}>
          {t("lessonNext", { title: next.title[lang.value] })}
        </button>
      ) : null}
    </section>
  );
}

/** In what the other run differs. */
function contrastWords({ without, feature, seed, action }: ContrastView): string {
  if (feature !== undefined) return t("compareFeature", { feature: featureName(feature) });
  if (seed !== undefined) return t("compareSeed", { seed });
  if (action !== undefined) return t("contrastAction", { action });
  return t("compareNoFeature", { feature: without.join(" ") });
}
