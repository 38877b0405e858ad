/** Sentences that say the same of other servers, folded behind their number. */
import type { JSX } from "preact";
import { t } from "../i18n";

export function More(props: { readonly sentences: readonly string[] }): JSX.Element | null {
  const { sentences } = props;
  if (sentences.length === 0) return null;
  return (
    <details class="more-of-it">
      <summary>{t("changedMore", { count: sentences.length })}</summary>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
