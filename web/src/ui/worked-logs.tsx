/** Logs that were typed or pasted: what they say is worked out, and what becomes of them can be played. */
import type { JSX } from "preact";
import { t } from "../i18n/later";
import { playbookOfLogs, termsOf, wordsOfLogs } from "../lib/pasted";
import { type TypedLog, termOf } from "../lib/typed-logs";
import { agreeUpTo, backUp, mayVote, type Refusal, type Terms } from "../lib/worked-logs";
import { termClass } from "./hooks";
import { useLab } from "./use-lab";

export function WorkedLogs({ logs }: { readonly logs: readonly TypedLog[] }): JSX.Element {
  const { opening, viewState } = useLab();
  const all = logs.map(({ server, entries }) => ({
    name: `S${server}`,
    terms: entries.map(termOf),
  }));
  const [one, other] = all;
  return (
    <section class="folder">
      <p class="read-as">{t("readAsLogs", { count: logs.length })}</p>
      <div class="typed-logs">
        {all.map(({ name, terms }) => (
          <p key={name}>
            <b>{name}</b>
            {terms.map((term, i) => (
              <span key={`${i}:${term}`} class={`typed-term ${termClass(term)}`}>
                {term}
              </span>
            ))}
          </p>
        ))}
      </div>
      {one && other && all.length === 2 ? <Said one={one} other={other} /> : null}
      <p class="answer-ways">
        {logs.map((log) => (
          <button
            type="button"
            key={log.server}
            onClick={() => {
              const { text, at } = playbookOfLogs(logs, log.server);
              const path = wordsOfLogs(logs);
              viewState.closeDialog();
              void opening.open(text, { from: { kind: "file", path }, at });
            }}
          >
            {t("playLogs", { name: `S${log.server}`, terms: termsOf(log) })}
          </button>
        ))}
      </p>
    </section>
  );
}

interface Named {
  readonly name: string;
  readonly terms: Terms;
}

/** Where two logs agree, who votes for whom, and what a leader of the one is told by the other. */
function Said({ one, other }: { readonly one: Named; readonly other: Named }): JSX.Element {
  const index = agreeUpTo(one.terms, other.terms);
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  return (
    <ul class="logs-said">
      <li>{index > 0 ? t("logsAgree", { index }) : t("logsAgreeNowhere")}</li>
      {pairs.map(([voter, candidate]) => (
        <li key={voter.name}>
          {t(mayVote(voter.terms, candidate.terms) ? "logsVote" : "logsNoVote", {
            voter: voter.name,
            candidate: candidate.name,
          })}
        </li>
      ))}
      {pairs
        .filter(([follower, leader]) => mayVote(follower.terms, leader.terms))
        .map(([follower, leader]) => {
          const { refusals, from } = backUp(leader.terms, follower.terms);
          const told = refusals.map((refusal) => `${refusalWords(refusal)}; `).join("");
          return (
            <li key={leader.name}>
              {t("logsLead", { leader: leader.name, follower: follower.name })} {told}
              {t("logsSent", { from })}
            </li>
          );
        })}
    </ul>
  );
}

function refusalWords(refusal: Refusal): string {
  const says =
    "length" in refusal
      ? `XLen ${refusal.length}`
      : `XTerm ${refusal.term}, XIndex ${refusal.index}`;
  return t("logsRefused", { at: refusal.at, says });
}
