/** A question before what it is about happens, and the bet beside what came of it. */
import type { JSX } from "preact";
import type { QuestionView } from "../engine/types";
import { t } from "../i18n/later";
import { questionAt } from "../lib/bets";
import { useLab } from "./use-lab";

export function Bet(): JSX.Element | null {
  const { state } = useLab();
  const { bets, shown } = state;
  const there = questionAt(bets.questions, shown.phases, shown.view?.position ?? 0);
  if (!there) return null;
  const { question, told } = there;
  return (
    <section class="bet" aria-label={t("bet")} aria-live="polite">
      {told === "asked" ? <Asked question={question} /> : null}
      {told === "open" ? <p class="dim">{yours(question, bets.placed[question.key])}</p> : null}
      {told === "revealed" ? <Revealed question={question} /> : null}
    </section>
  );
}

function Asked({ question }: { readonly question: QuestionView }): JSX.Element {
  const { bets, state } = useLab();
  const placed = state.bets.placed[question.key];
  return (
    <>
      <h2>{t("betAsk")}</h2>
      <p>{question.text}</p>
      <ol>
        {question.answers.map(({ text }, i) => (
          <li key={text}>
            <button
              type="button"
              aria-pressed={placed === i}
              aria-keyshortcuts={`${i + 1}`}
              title={`${t("betHint")} ( ${i + 1} )`}
              onClick={() => bets.place(i)}
            >
              <kbd>{i + 1}</kbd> <span>{text}</span>
            </button>
          </li>
        ))}
      </ol>
      <p class="dim">{t("betFree")}</p>
    </>
  );
}

function Revealed({ question }: { readonly question: QuestionView }): JSX.Element {
  const { bets, state } = useLab();
  const placed = state.bets.placed[question.key];
  const isRight = placed === question.right;
  const wrong = typeof placed === "number" && !isRight ? question.answers[placed] : undefined;
  return (
    <>
      <h2 class={wrong ? "wrong" : isRight ? "right" : ""}>
        {t(wrong ? "betWrong" : isRight ? "betRight" : "betPassed")}
      </h2>
      <p class="dim">{question.text}</p>
      {wrong ? (
        <p>
          {yours(question, placed)} {wrong.mistake ? <em>{wrong.mistake}</em> : null}
        </p>
      ) : null}
      <p>
        <b>{question.answers[question.right]?.text}</b> {question.why}
      </p>
      <button type="button" class="link-button" onClick={() => bets.askAgain(question.key)}>
        {t("betAgain")}
      </button>
    </>
  );
}

function yours({ answers }: QuestionView, placed: unknown): string {
  const answer = typeof placed === "number" ? answers[placed] : undefined;
  return answer ? t("betYours", { answer: answer.text }) : t("betNone");
}
