/**
 * What a room is shown of an event: what happened, and the clause that decided, with its values; while
 * something is asked, only that.
 */
import type { JSX } from "preact";
import { t } from "../i18n";
import { questionAt } from "../lib/bets";
import { Later } from "./later";
import { useLab } from "./use-lab";
import { Title } from "./why";

export function Deciding(): JSX.Element {
  const { state } = useLab();
  const { bets, shown } = state;
  const explained = shown.explanation;
  const asked = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what does not fit is scrolled to, by keyboard too.
    <section class="deciding" aria-label={t("tabWhy")} tabIndex={0}>
      {asked ? (
        <Later part="bet" leave={() => undefined} />
      ) : explained ? (
        <div class="decision">
          <Title explained={explained} />
          <Decided />
        </div>
      ) : null}
    </section>
  );
}

function Decided(): JSX.Element | null {
  const { state } = useLab();
  const { clauses = [], deed, event } = state.shown.explanation ?? {};
  const decided = clauses.find(({ rule, answer }) => rule.id === deed?.rule && answer === "acted");
  if (!decided) return event?.external ? null : <p>{event?.text}</p>;
  const { names, values, rule } = decided;
  return (
    <>
      <p class={names === undefined ? "" : "names"}>{names ?? rule.text}</p>
      {values === undefined ? null : <p class="values">{values}</p>}
    </>
  );
}
