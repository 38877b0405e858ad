/** Branches in the header: undo, redo, which one is on show, and the door to their menu. */
import type { JSX } from "preact";
import type { BranchView } from "../engine/types";
import { t } from "../i18n";
import { letGo, letsGo } from "./hooks";
import { Icon } from "./icons";
import { branchMenu } from "./offers";
import { useLab } from "./use-lab";

export function branchWords({ id, name: given, parent, forkedAt, without }: BranchView): string {
  const own = parent === undefined ? t("branchMain") : t("branchName", { id, at: forkedAt });
  const name = given || own;
  if (without.length === 0) return name;
  return t("branchWithout", { name, rules: without.join(" ") });
}

/** The other branches: those that this one left or that left it first, then the latest. */
export function othersOf(all: readonly BranchView[]): readonly BranchView[] {
  const now = all.find((branch) => branch.current);
  const isNear = (one: BranchView): boolean => one.id === now?.parent || one.parent === now?.id;
  return all
    .filter((branch) => !branch.current)
    .sort((one, other) => Number(isNear(other)) - Number(isNear(one)) || other.id - one.id);
}

export function BranchTools(): JSX.Element {
  const lab = useLab();
  const { menu, session, state } = lab;
  const { undoable, redoable } = state.shown.calmView ?? {};
  return (
    <>
      <Turn
        icon="undo"
        label={undoable === undefined ? t("undoHint") : t("undoThis", { act: undoable })}
        keys="Ctrl+Z"
        isOff={undoable === undefined}
        run={() => void session.undo()}
      />
      <Turn
        icon="redo"
        label={redoable === undefined ? t("redoHint") : t("redoThis", { act: redoable })}
        keys="Ctrl+Y"
        isOff={redoable === undefined}
        run={() => void session.redo()}
      />
      <button
        type="button"
        class="quiet icon-only"
        data-branches
        title={`${t("branches")} ( b )`}
        aria-label={t("branches")}
        aria-haspopup="dialog"
        onClick={(event) => menu.openOn(event.currentTarget, branchMenu(lab))}
      >
        <Icon name="branch" />
      </button>
      <Branches />
    </>
  );
}

function Branches(): JSX.Element | null {
  const lab = useLab();
  const { session, state } = lab;
  const all = state.shown.branches;
  const now = all.find((branch) => branch.current);
  if (all.length < 2) return null;
  return (
    <label class="branches" title={now ? branchWords(now) : t("branch")}>
      <select
        aria-label={t("branch")}
        value={String(now?.id ?? 0)}
        {...letsGo}
        onChange={(event) => {
          void session.switchBranch(Number(event.currentTarget.value));
          letGo(lab, event.currentTarget);
        }}
      >
        {all.map((branch) => (
          <option key={branch.id} value={String(branch.id)}>
            {branchWords(branch)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Turn(props: {
  readonly icon: "undo" | "redo";
  readonly label: string;
  readonly keys: string;
  readonly isOff: boolean;
  readonly run: () => void;
}): JSX.Element {
  const { icon, label, keys, isOff, run } = props;
  return (
    <button
      type="button"
      class="quiet icon-only turn"
      data-turn={icon}
      title={`${label} ( ${keys} )`}
      aria-label={label}
      aria-keyshortcuts={keys.replace("Ctrl", "Control")}
      aria-disabled={isOff}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  );
}
