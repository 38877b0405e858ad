/** The clauses of an event in the order in which its server came to them, with what each compared. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ClauseView, Explanation, RuleView } from "../engine/types";
import { type Key, partyName as name, t } from "../i18n";
import { Spoken } from "./spoken";
import { useLab } from "./use-lab";

/** Neighbours that say no more than that they were not reached, or that time and disk are minded. */
type Row =
  | { readonly kind: "one"; readonly key: string; readonly clause: ClauseView }
  | { readonly kind: "unreached" | "quiet"; readonly key: string; readonly clauses: ClauseView[] };

export function rowsOf(clauses: readonly ClauseView[]): Row[] {
  const rows: Row[] = [];
  const quiet = clauses.filter((clause) => clause.quiet && clause.answer === "acted");
  for (const [place, clause] of clauses.entries()) {
    if (clause.quiet) continue;
    const last = rows.at(-1);
    if (clause.answer !== "unreached") rows.push({ kind: "one", key: `${place}`, clause });
    else if (last?.kind === "unreached") last.clauses.push(clause);
    else rows.push({ kind: "unreached", key: "unreached", clauses: [clause] });
  }
  if (quiet.length > 0) rows.push({ kind: "quiet", key: "quiet", clauses: quiet });
  return rows;
}

export function Clauses(props: { readonly explained: Explanation }): JSX.Element | null {
  const { clauses, deed, event } = props.explained;
  // What decided is open until the reader opens another.
  const decided = clauses.findIndex(
    (clause) => clause.rule.id === deed?.rule && clause.answer === "acted",
  );
  const [opened, open] = useState({ event: event.number, key: `${decided}` });
  const key = opened.event === event.number ? opened.key : `${decided}`;
  const rows = rowsOf(clauses);
  if (rows.length === 0) return null;
  return (
    <section class="clauses">
      <h3>{t("clausesAsked")}</h3>
      <ol>
        {rows.map((row) =>
          row.kind === "one" ? (
            <Clause
              key={row.key}
              clause={row.clause}
              server={event.server === undefined ? undefined : name(event.server)}
              decided={row.key === `${decided}`}
              open={row.key === key}
              toggle={() => open({ event: event.number, key: row.key === key ? "" : row.key })}
            />
          ) : (
            <li key={row.key} class={`clause ${row.kind}`}>
              <span class="rule">{row.clauses.map((clause) => clause.rule.id).join(" ")}</span>
              <span class="answer">
                {t(row.kind === "quiet" ? "clausesQuiet" : "clauseUnreached")}
              </span>
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

export const ANSWERS: Readonly<Record<ClauseView["answer"], Key>> = {
  no: "clauseNo",
  yes: "clauseYes",
  acted: "clauseActed",
  ablated: "clauseAblated",
  unreached: "clauseUnreached",
};

function Clause(props: {
  readonly clause: ClauseView;
  /** On which it acts. */
  readonly server: string | undefined;
  readonly decided: boolean;
  readonly open: boolean;
  readonly toggle: () => void;
}): JSX.Element {
  const { clause, server, decided, open, toggle } = props;
  const { rule, names, values, answer } = clause;
  return (
    <li class={`clause ${answer}${decided ? " decided" : ""}`} data-clause={rule.id}>
      <button type="button" class="clause-line" aria-expanded={open} onClick={toggle}>
        <span class="rule">{rule.id}</span>
        <span class="compared">
          <span class="names">
            <Spoken text={names ?? rule.text} values={values} server={server} />
          </span>{" "}
          {values === undefined ? null : <span class="values">{values}</span>}
        </span>
        <span class="answer">{t(ANSWERS[answer])}</span>
      </button>
      {open ? <Sentence rule={rule} told={names === undefined} /> : null}
    </li>
  );
}

export const KINDS: Readonly<Record<RuleView["kind"], Key>> = {
  safety: "kindSafety",
  liveness: "kindLiveness",
  efficiency: "kindEfficiency",
};

/** Plays the run again without a clause, from wherever one is told of. */
export function CompareWithout(props: {
  readonly rule: string;
  readonly label: string;
}): JSX.Element {
  const { rules } = useLab();
  const { rule, label } = props;
  return (
    <button
      type="button"
      class="link-button"
      title={t("takeAwayHint", { rule })}
      data-take-away={rule}
      onClick={() => void rules.compareWithout(rule)}
    >
      {label}
    </button>
  );
}

function Sentence(props: { readonly rule: RuleView; readonly told: boolean }): JSX.Element {
  const { rule, told } = props;
  return (
    <p class="clause-sentence">
      {told ? null : `${rule.text} `}
      <span class="dim">
        {rule.section} · {t(KINDS[rule.kind])} ·{" "}
      </span>
      <CompareWithout rule={rule.id} label={t("takeAway")} />
    </p>
  );
}
