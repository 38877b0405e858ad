/** What went wrong, said without getting in the way. */
import { signal } from "@preact/signals";
import type { Problem } from "../engine/types";
import { in_language } from "../i18n";

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
  /** The line in question, and where a caret points at it (counted from 1). */
  readonly excerpt?: string | undefined;
  readonly column?: number | undefined;
  readonly remedy?: string | undefined;
  readonly actions?: readonly NoticeAction[] | undefined;
  /** The branch that it tells of: on another one it is not true. */
  readonly branch?: number | undefined;
}

const KEPT = 3;
const WORD_STAYS_MS = 5000;

export const notices = signal<readonly Notice[]>([]);

let last_id = 0;

export function notify(notice: Omit<Notice, "id">): void {
  last_id += 1;
  const id = last_id;
  const others = notices.value.filter((shown) => shown.title !== notice.title);
  notices.value = [...others, { ...notice, id }].slice(-KEPT);
  if (notice.tone === "word") setTimeout(() => dismiss(id), WORD_STAYS_MS);
}

export function notify_problem(title: string, problem: Problem, place?: string): void {
  notify({
    tone: "error",
    title,
    place,
    cause: in_language(problem.message, problem.message_zh),
    excerpt: problem.excerpt,
    column: problem.column,
    remedy: in_language(problem.remedy, problem.remedy_zh),
  });
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** What was said of other branches is not said on this one. */
export function forget_other_branches(branch: number): void {
  const kept = notices.peek().filter((notice) => (notice.branch ?? branch) === branch);
  if (kept.length !== notices.peek().length) notices.value = kept;
}

/** Something has succeeded: complaints that only asked to be read are taken back. */
export function settle(): void {
  const kept = notices.value.filter((notice) => notice.tone === "word" || notice.actions);
  if (kept.length !== notices.value.length) notices.value = kept;
}
