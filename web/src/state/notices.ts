/** What went wrong, said without getting in the way. */
import { signal } from "@preact/signals";
import type { Problem, ViolationView } from "../engine/types";
import { inLanguage, t } from "../i18n";
import type { Broken } from "../lib/broken";

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notice {
  readonly id: number;
  readonly tone: "error" | "word";
  readonly title: string;
  /** Where it went wrong: a line of a file, the Action that was refused. */
  readonly place?: string | undefined;
  readonly cause?: string | undefined;
  /** More of the same, folded until it is asked for. */
  readonly more?: readonly string[] | undefined;
  /** The line in question, and where a caret points at it (counted from 1). */
  readonly excerpt?: string | undefined;
  readonly column?: number | undefined;
  readonly remedy?: string | undefined;
  /** A text to be copied from a field. */
  readonly text?: string | undefined;
  readonly actions?: readonly NoticeAction[] | undefined;
  /** Whether it stays though the reader goes on. */
  readonly lasting?: boolean | undefined;
  /** The branch that it tells of: on another one it is not true. */
  readonly branch?: number | undefined;
  /** The number of the event that it tells of: before it, it is not true yet. */
  readonly event?: number | undefined;
}

const KEPT = 3;
const WORD_STAYS_MS = 5000;
const OFFER_STAYS_MS = 20_000;

export class Notices {
  readonly all = signal<readonly Notice[]>([]);
  private lastId = 0;

  notify(notice: Omit<Notice, "id">): void {
    this.lastId += 1;
    const id = this.lastId;
    const others = this.all.peek().filter((shown) => shown.title !== notice.title);
    this.all.value = [...others, { ...notice, id }].slice(-KEPT);
    // What offers something to do waits for an answer.
    const stays = notice.lasting ? OFFER_STAYS_MS : WORD_STAYS_MS;
    const waits = notice.actions && !notice.lasting;
    if (notice.tone === "word" && !waits) setTimeout(() => this.dismiss(id), stays);
  }

  say(title: string, remedy?: string): void {
    this.notify({ tone: "word", title, remedy });
  }

  notifyProblem(
    title: string,
    problem: Problem,
    about: Pick<Notice, "place" | "actions" | "branch"> = {},
  ): void {
    this.notify({
      ...about,
      tone: "error",
      title,
      cause: inLanguage(problem.message, problem.messageZh),
      excerpt: problem.excerpt,
      column: problem.column,
      remedy: inLanguage(problem.remedy, problem.remedyZh),
    });
  }

  /** Tells of a broken invariant, and offers to go to the event that broke it. */
  notifyBroken(
    { first, more }: Broken<ViolationView>,
    goTo: (position: number) => void,
    branch?: number,
  ): void {
    const sentence = ({ text, textZh }: ViolationView): string => inLanguage(text, textZh);
    const { property, propertyZh, event } = first;
    this.notify({
      tone: "error",
      title: t("violation", { property: inLanguage(property, propertyZh) }),
      cause: sentence(first),
      more: more.map(sentence),
      remedy: t("violationRemedy"),
      branch,
      event: branch === undefined ? undefined : event,
      actions: [{ label: t("goToEvent", { number: event + 1 }), run: () => goTo(event + 1) }],
    });
  }

  dismiss(id: number): void {
    this.all.value = this.all.peek().filter((notice) => notice.id !== id);
  }

  /** What was said of other branches, or of what is still to come, is not said here. */
  forgetWhatIsNot(branch: number, position: number): void {
    const kept = this.all.peek().filter((notice) => {
      return (notice.branch ?? branch) === branch && (notice.event ?? -1) < position;
    });
    if (kept.length !== this.all.peek().length) this.all.value = kept;
  }

  /** The reader has gone on: what was only a word has been heard. */
  hush(): void {
    const kept = this.all.peek().filter((notice) => notice.tone !== "word" || notice.lasting);
    if (kept.length !== this.all.peek().length) this.all.value = kept;
  }

  /** Something has succeeded: complaints that only asked to be read are taken back. */
  settle(): void {
    const kept = this.all.peek().filter((notice) => notice.tone === "word" || notice.actions);
    if (kept.length !== this.all.peek().length) this.all.value = kept;
  }

  /** Another run: what was said of the one before is not said of it. */
  forgetAll(): void {
    this.all.value = [];
  }
}
