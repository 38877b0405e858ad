/** A lesson: the runs that its playbook compares with itself. */
import type { Beginning } from "../engine/protocol";
import type { ContrastView } from "../engine/types";
import { lang, t } from "../i18n";
import type { Compare } from "./compare";
import type { Engine } from "./engine";
import type { Session } from "./session";
import { type Owning, whenever } from "./state";

export class Lesson {
  private of = "";

  constructor(
    private readonly state: Owning<"lesson">,
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly compare: Compare,
  ) {
    whenever(
      () => this.here(),
      (here) => {
        // A step within a branch changes none.
        if (here !== this.of) void this.read(here);
      },
    );
    whenever(
      () => state.compare.other,
      (other) => {
        if (other === undefined) state.lesson.open = undefined;
      },
    );
  }

  /** Looks at the other run beside this one: what is the same is asked first, the principle comes last. */
  async contrast(contrast: ContrastView): Promise<void> {
    if (contrast.action !== undefined) await this.session.goToPlace(contrast);
    // What is asked stands there from the first look on.
    this.state.lesson.open = contrast;
    const differs = await this.compare.beside(beginningOf(contrast), nameOf(contrast));
    if (!differs) this.state.lesson.open = undefined;
  }

  private here(): string {
    const { run, shown } = this.state;
    return `${run.current.id} ${shown.calmView?.branch} ${shown.calmView?.turn} ${lang.value}`;
  }

  private async read(here: string): Promise<void> {
    this.of = here;
    const contrasts = await this.engine.ask("contrasts", lang.peek());
    if (here !== this.of) return;
    const { lesson } = this.state;
    // Beside a branch of its own the contrast is still that of the playbook.
    const line = lesson.open?.line;
    lesson.contrasts = contrasts ?? [];
    if (line !== undefined)
      lesson.open = lesson.contrasts.find((one) => one.line === line) ?? lesson.open;
  }
}

function beginningOf({ without, feature, seed, action }: ContrastView): Beginning {
  if (feature !== undefined) return { feature };
  if (seed !== undefined) return { seed };
  return action === undefined ? { without } : { action };
}

/** What the branch is called. */
function nameOf({ without, feature, seed, action }: ContrastView): string {
  if (feature !== undefined) return t("compareFeature", { feature });
  if (seed !== undefined) return t("compareSeed", { seed });
  return action ?? t("without", { rules: without.join(" ") });
}
