/** The course: what of it has been done, kept in the browser only. */
import { recall, remember } from "../lib/memory";
import { type Owning, whenever } from "./state";

const KEY = "course";
const LINES = "course.lines";

export class Course {
  /** It lasts for the next visit where the laboratory owns the page. */
  constructor(
    private readonly state: Owning<"course">,
    private readonly isLasting: boolean,
  ) {
    if (isLasting) {
      state.course.done = pathsOf(recall(KEY) ?? "[]");
      state.course.lines = linesOf(recall(LINES) ?? "{}");
    }
    whenever(
      () => this.ended(),
      (path) => {
        if (path !== undefined) this.note(path);
      },
    );
  }

  /** A lesson or a run to build has been done. */
  note(path: string): void {
    const { course } = this.state;
    if (course.done.includes(path)) return;
    course.done = [...course.done, path];
    if (this.isLasting) remember(KEY, JSON.stringify(course.done));
  }

  /** What the reader says of it in a line: for the reader alone. */
  say(path: string, line: string): void {
    const { course } = this.state;
    course.lines = { ...course.lines, [path]: line };
    if (this.isLasting) remember(LINES, JSON.stringify(course.lines));
  }

  /** The lesson whose end is on show: whoever leaves it for another branch has not come to that. */
  private ended(): string | undefined {
    const { run, shown, viewState } = this.state;
    const { kind, path } = run.origin;
    if (viewState.touring || kind !== "playbook" || !path?.startsWith("course/")) return undefined;
    const here = shown.branches.find((branch) => branch.current);
    const end = shown.calmView?.toldUntil;
    const isThere = end && (shown.calmView?.position ?? 0) >= end.position;
    return isThere && here?.parent === undefined ? path : undefined;
  }
}

function pathsOf(text: string): readonly string[] {
  try {
    const paths: unknown = JSON.parse(text);
    return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}

function linesOf(text: string): Readonly<Record<string, string>> {
  try {
    const lines: unknown = Object.entries(JSON.parse(text) ?? {});
    const isLine = (one: unknown): boolean => Array.isArray(one) && typeof one[1] === "string";
    return Array.isArray(lines) ? Object.fromEntries(lines.filter(isLine)) : {};
  } catch {
    return {};
  }
}
