/** The doors that the page begins with: each leads into something that is worth a first look. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { FREE } from "../lib/address";
import { outdated } from "../lib/script";
import type { Lab } from "../state/lab";
import { cardAt, withLibrary } from "../state/library";
import { nameOf } from "../state/run";
import { Icon, type IconName } from "./icons";
import { useLab } from "./use-lab";

/** Where L4-term keeps an entry of an earlier term from being committed by counting (Figure 8). */
const FIGURE_8 = { path: "seeds/08-figure8-2c.raft", at: 120 };
const ELECTION = "#/seeds/05-first-election";

export function Welcome(): JSX.Element {
  const lab = useLab();
  const { opening, session, state, viewState } = lab;
  const [last] = state.journal.entries;
  return (
    <section class="welcome" aria-label={t("welcome")}>
      <header>
        <h2>{t("welcome")}</h2>
        <button
          type="button"
          class="icon-only quiet"
          title={`${t("welcomeClose")} ( Esc )`}
          aria-label={t("welcomeClose")}
          aria-keyshortcuts="Escape"
          onClick={() => viewState.enter()}
        >
          <Icon name="close" />
        </button>
      </header>
      {last ? (
        <Door
          sign="play"
          title={t("welcomeLast")}
          hint={nameOf(last)}
          onOpen={() => opening.restore(last)}
        />
      ) : null}
      <Door
        sign="broken"
        title={t("doorBreak")}
        hint={t("doorBreakHint")}
        onOpen={() => breakRaft(lab)}
      />
      <Door sign="crown" title={t("doorElection")} hint={t("doorElectionHint")} href={ELECTION} />
      <Door
        sign="find"
        title={t("doorFails")}
        hint={t("doorFailsHint")}
        onOpen={() => viewState.open("playbooks")}
      />
      <Door
        sign="spread"
        title={t("doorFigure")}
        hint={t("doorFigureHint")}
        onOpen={() => {
          viewState.enter();
          viewState.spread("figure");
          // The vote that comes next is counted by a clause.
          void session.step();
        }}
      />
      <Door sign="plus" title={t("doorFree")} hint={t("doorFreeHint")} href={FREE} />
    </section>
  );
}

/** Shows Figure 8 beside itself without the clause that it is about. */
function breakRaft({ notices, opening, rules, state }: Lab): void {
  const { id } = state.run.current;
  withLibrary(async () => {
    // Whoever has opened something else meanwhile has moved on.
    if (state.run.current.id !== id) return;
    const card = cardAt(FIGURE_8.path);
    if (!card) {
      if (!outdated.peek())
        notices.notify(() => ({
          tone: "error",
          title: t("noPlaybook"),
          remedy: t("partMissingRemedy"),
        }));
      return;
    }
    const from = { kind: "playbook", path: card.path } as const;
    if (await opening.open(card.text, { from, at: FIGURE_8.at }))
      await rules.compareWithout("L4-term");
  });
}

/** A link where the door leads to another run, which Back leads out of again. */
function Door(props: {
  readonly sign: IconName;
  readonly title: string;
  readonly hint: string;
  readonly href?: string;
  readonly onOpen?: () => void;
}): JSX.Element {
  const { sign, title, hint, href, onOpen } = props;
  const words = (
    <>
      <Icon name={sign} />
      <b>{title}</b>
      <span>{hint}</span>
    </>
  );
  if (href === undefined) {
    return (
      <button type="button" class="door" title={hint} onClick={onOpen}>
        {words}
      </button>
    );
  }
  return (
    <a class="door" title={hint} href={href} onClick={onOpen}>
      {words}
    </a>
  );
}
