/** The course: its lessons in their order, the next one, and a bet that is asked again. */
import type { JSX } from "preact";
import { lang } from "../i18n";
import { t } from "../i18n/later";
import { askedIn, type Card, lessonOf } from "../lib/playbook";
import { cardAt, library } from "../state/library";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function Course(): JSX.Element {
  const { state } = useLab();
  const lessons = library.value?.find(({ name }) => name === "course")?.cards ?? [];
  const { done } = state.course;
  const isDone = ({ path }: Card): boolean => done.includes(path);
  const minutes = (cards: readonly Card[]): number =>
    cards.reduce((sum, card) => sum + lessonOf(card).minutes, 0);
  const left = lessons.filter((card) => !isDone(card));
  const [next] = left;
  return (
    <>
      <h3>
        {t("folderCourse")}{" "}
        {lessons.length > 0 ? (
          <small class="dim">
            {t("courseCount", { count: lessons.length, minutes: minutes(lessons) })}
          </small>
        ) : null}
        {left.length < lessons.length ? (
          <small class="course-left">
            {t("courseLeft", { done: lessons.length - left.length, minutes: minutes(left) })}
          </small>
        ) : null}
      </h3>
      <OldBet />
      <ol class="lessons">
        {lessons.map((card, i) => (
          <LessonRow
            key={card.path}
            card={card}
            number={i + 1}
            isDone={isDone(card)}
            isNext={card === next}
          />
        ))}
      </ol>
    </>
  );
}

function LessonRow(props: {
  readonly card: Card;
  readonly number: number;
  readonly isDone: boolean;
  readonly isNext: boolean;
}): JSX.Element {
  const { opening, viewState } = useLab();
  const { card, number, isDone, isNext } = props;
  const { minutes, see } = lessonOf(card);
  // The name of a playbook stands before what it says.
  const seen = see.flatMap((path) => cardAt(path)?.title[lang.value].split(" · ")[0] ?? []);
  // Nobody reads a name twice: two that are about the same begin alike, and so may the lesson.
  const others = [...new Set(seen)].filter((one) => one !== card.title[lang.value]);
  return (
    <li class={isNext ? "next" : isDone ? "done" : ""}>
      <button
        type="button"
        class="item"
        data-playbook={card.path}
        onClick={() => {
          viewState.closeDialog();
          void opening.openRun(card.text, "playbook", card.path);
        }}
      >
        <span class="lesson-number">
          {isDone ? <Icon name="check" /> : null}
          <span class={isDone ? "unseen" : ""}>{number}</span>
        </span>
        <span class="item-name">{card.title[lang.value]}</span>
        {isNext ? (
          <span class="lesson-go">{t(number === 1 ? "start" : "goOn")}</span>
        ) : minutes > 0 ? (
          <small class="dim">{t("minutes", { minutes })}</small>
        ) : null}
        {isDone ? <span class="unseen">{t("lessonDone")}</span> : null}
        {others.length > 0 ? <small class="item-line">{others.join(" · ")}</small> : null}
      </button>
    </li>
  );
}

/** What was bet on another day can be asked again. */
function OldBet(): JSX.Element | null {
  const { bets, opening, viewState } = useLab();
  const old = bets.ofEarlierDays().find(({ path }) => cardAt(path));
  const card = cardAt(old?.path);
  if (!old || !card) return null;
  const asked = askedIn(card.text, old.asked)[lang.value];
  return (
    <button
      type="button"
      class="item old-bet"
      data-old-bet={old.path}
      onClick={() => {
        bets.forget(old.path);
        viewState.closeDialog();
        void opening.openRun(card.text, "playbook", card.path);
      }}
    >
      <b>{t("betOld", { on: old.on })}</b>
      <span class="item-name">{card.title[lang.value]}</span>
      {asked ? <span class="item-line">{asked}</span> : null}
    </button>
  );
}
