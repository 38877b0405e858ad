/** Branches in the header: undo, redo, and one menu of what can be done to branches and beside them. */
import type { JSX } from "preact";
import type { BranchView } from "../engine/types";
import { t } from "../i18n";
import type { Lab } from "../state/lab";
import type { MenuItem, Offer } from "../state/state";
import { letGo, letsGo } from "./hooks";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

/** What can be compared at a click. */
const FEATURES = ["pre-vote", "check-quorum"] as const;
/** So many other branches are listed to be gone to or compared with. */
const LISTED_MAX = 8;

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

export function branchMenu(lab: Lab): Offer {
  const { compare, session, state } = lab;
  const all = state.shown.branches;
  const now = all.find((branch) => branch.current);
  const view = state.shown.view;
  const items: MenuItem[] = [];
  for (const other of othersOf(all).slice(0, LISTED_MAX)) {
    const name = branchWords(other);
    items.push({
      label: name,
      choices: [
        { label: t("compare"), run: () => void compare.open(other.id) },
        { label: "→", run: () => void session.switchBranch(other.id) },
      ],
    });
  }
  if (view) {
    const seed = view.seed + 1;
    const name = t("compareSeed", { seed });
    items.push({ label: name, run: () => void compare.beside({ seed }, name) });
    for (const feature of FEATURES) {
      const has = view.features.includes(feature);
      const label = t(has ? "compareNoFeature" : "compareFeature", { feature });
      items.push({ label, run: () => void compare.beside({ feature }, label) });
    }
    if (view.undoable > 0) items.push({ label: t("undo"), run: () => void session.undo() });
    if (view.redoable > 0) items.push({ label: t("redoHint"), run: () => void session.redo() });
  }
  if (now) {
    const submit = async (text: string): Promise<boolean> => {
      await session.nameBranch(now.id, text);
      return true;
    };
    items.push({
      label: t("nameBranch"),
      field: { value: now.name, hint: branchWords({ ...now, name: "" }), submit },
    });
    if (now.id > 0) {
      const run = (): void => void session.removeBranch(now.id);
      items.push({ label: t("removeBranch"), grave: true, run });
    }
  }
  return { title: t("branches"), items };
}

export function BranchTools(): JSX.Element {
  const lab = useLab();
  const { menu, session, state } = lab;
  const { undoable = 0, redoable = 0 } = state.shown.calmView ?? {};
  return (
    <>
      <Turn
        icon="undo"
        label={t("undoHint")}
        keys="Ctrl+Z"
        isOff={undoable === 0}
        run={() => void session.undo()}
      />
      <Turn
        icon="redo"
        label={t("redoHint")}
        keys="Ctrl+Y"
        isOff={redoable === 0}
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
