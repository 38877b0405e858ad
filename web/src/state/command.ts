/** What is written in the command line, and what was written there before. */
import { signal } from "@preact/signals";
import type { Session } from "./session";
import type { ViewState } from "./view-state";

const REMEMBERED = 50;

export class Command {
  readonly draft = signal("");
  readonly wrong = signal(false);
  private readonly history: string[] = [];
  private recalled = 0;

  constructor(
    private readonly session: Session,
    private readonly viewState: ViewState,
  ) {}

  write(text: string): void {
    this.draft.value = text;
    this.wrong.value = false;
  }

  async submit(): Promise<void> {
    const action = this.draft.peek().trim();
    if (action === "") return;
    if (action === "help") {
      this.draft.value = "";
      this.viewState.open("help");
      return;
    }
    if (this.history[this.history.length - 1] !== action) this.history.push(action);
    if (this.history.length > REMEMBERED) this.history.shift();
    this.recalled = this.history.length;
    this.draft.value = "";
    await this.does(action);
  }

  /** Does lines that were pasted, one after the other, up to the first that is refused. */
  async paste(text: string): Promise<void> {
    for (const line of text.split("\n").map((one) => one.trim())) {
      if (line !== "" && !line.startsWith("#") && !(await this.does(line))) return;
    }
  }

  private async does(action: string): Promise<boolean> {
    const problem = await this.session.act(action);
    // What was refused comes back to be corrected, unless the reader has gone on.
    if (problem && this.draft.peek() === "") {
      this.draft.value = action;
      this.wrong.value = true;
    }
    return !problem;
  }

  recall(direction: 1 | -1): void {
    this.recalled = Math.max(0, Math.min(this.history.length, this.recalled + direction));
    this.write(this.history[this.recalled] ?? "");
  }
}
