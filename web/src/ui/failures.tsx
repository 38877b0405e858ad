/** Failures of every kind in one list, each with its place: what broke, what was not as expected, what was refused. */
import type { JSX } from "preact";
import { inLanguage } from "../i18n";
import { t } from "../i18n/later";
import { grouped } from "../lib/broken";
import { formatInstant } from "../lib/time";
import type { Lab } from "../state/lab";
import { draftCommand } from "./command";

interface Failed {
  readonly key: string;
  readonly title: string;
  readonly cause: string;
  readonly place: string;
  /** Where one goes for it, and how. */
  readonly go?: { readonly label: string; readonly run: () => void } | undefined;
}

export function failuresOf(lab: Lab): readonly Failed[] {
  const { session, state } = lab;
  const broken = grouped(state.shown.calmView?.violations ?? []).map(({ first }) => ({
    key: `broken ${first.event} ${first.property}`,
    title: t("violation", { property: inLanguage(first.property, first.propertyZh) }),
    cause: inLanguage(first.text, first.textZh),
    place: t("eventAt", { number: first.event + 1 }),
    go: { label: t("failureGo"), run: () => session.goTo(first.event + 1) },
  }));
  const unmet = state.shown.failures.map(({ problem, position, at }, i) => {
    const { line, column, message, messageZh } = problem;
    return {
      key: `unmet ${i}`,
      title: t(line > 0 ? "playbookFails" : "doesNotHold"),
      cause: inLanguage(message, messageZh),
      place: [line > 0 ? t("atLine", { line, column }) : "", formatInstant(at)].join(" "),
      go: { label: t("failureGo"), run: () => void session.goToPlace({ position, at }) },
    };
  });
  const refused = state.notices.refused.map(({ id, told }) => {
    const { title, cause = "", place = "", excerpt } = told();
    return {
      key: `refused ${id}`,
      title,
      cause,
      place,
      // A line that was typed can be typed again.
      go:
        place !== "" && excerpt?.startsWith(place)
          ? { label: t("failureCorrect"), run: () => draftCommand(lab, place) }
          : undefined,
    };
  });
  return [...broken, ...unmet, ...refused];
}

export function Failures({ all }: { readonly all: readonly Failed[] }): JSX.Element {
  return (
    <ul class="events failures" aria-label={t("failuresHint")}>
      {all.map(({ key, title, cause, place, go }) => (
        <li key={key}>
          <b>{title}</b> <span class="dim">{place}</span>
          {go ? (
            <button type="button" class="link-button" onClick={go.run}>
              {go.label}
            </button>
          ) : null}
          <p>{cause}</p>
        </li>
      ))}
    </ul>
  );
}
