/** Branches in the header: undo, redo, and one menu of what can be done to branches and beside them. */
import type { JSX } from "preact";
import type { BranchView } from "../engine/types";
import { t } from "../i18n";
import type { Lab } from "../state/lab";
import type { MenuChoice, MenuItem, Offer } from "../state/state";
import { letGo, letsGo } from "./hooks";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

/** What can be compared at a click. */
const FEATURES = ["pre-vote", "check-quorum"] as const;

/** What a feature is called; others than these by the word of the header. */
export function featureName(feature: string): string {
  if (feature === "pre-vote") return t("preVote");
  return feature === "check-quorum" ? t("checkQuorum") : feature;
}

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
  const choicesOf = (branch: BranchView): MenuChoice[] => [
    ...(branch.current
      ? []
      : [
          { label: t("openBranch"), run: () => void session.switchBranch(branch.id) },
          { label: t("compare"), run: () => void compare.open(branch.id) },
        ]),
    { label: t("renameBranch"), run: () => openNaming(lab, branch) },
    ...(branch.id === 0
      ? []
      : [
          {
            label: t("removeBranch"),
            run: () => void session.removeBranch(branch.id, branchWords(branch)),
          },
        ]),
  ];
  const all = state.shown.branches;
  const now = all.find((branch) => branch.current);
  const view = state.shown.view;
  const items: MenuItem[] = [];
  const listed = now ? [now, ...othersOf(all).slice(0, LISTED_MAX)] : [];
  for (const branch of listed)
    items.push({ label: branchWords(branch), choices: choicesOf(branch) });
  if (view) {
    const seed = view.seed + 1;
    const name = t("compareSeed", { seed });
    items.push({ label: name, run: () => void compare.beside({ seed }, name) });
    for (const feature of FEATURES) {
      const has = view.features.includes(feature);
      const named = { feature: featureName(feature) };
      const label = t(has ? "compareNoFeature" : "compareFeature", named);
      items.push({ label, run: () => void compare.beside({ feature }, label) });
    }
    const { undoable, redoable } = view;
    if (undoable !== undefined)
      items.push({ label: t("undoThis", { act: undoable }), run: () => void session.undo() });
    if (redoable !== undefined)
      items.push({ label: t("redoThis", { act: redoable }), run: () => void session.redo() });
  }
  return { title: t("branches"), items };
}

/** Asks for the name of a branch, where the menu of branches was. */
function openNaming(lab: Lab, branch: BranchView): void {
  const opener = lab.element.querySelector("[data-branches]");
  const submit = async (text: string): Promise<boolean> => {
    await lab.session.nameBranch(branch.id, text);
    return true;
  };
  const field = { value: branch.name, hint: branchWords({ ...branch, name: "" }), submit };
  if (opener)
    lab.menu.openOn(opener, {
      title: t("renameBranch"),
      items: [{ label: t("nameBranch"), field }],
    });
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
