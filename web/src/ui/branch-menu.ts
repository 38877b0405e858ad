/** What can be done to branches, and beside them. */
import type { BranchView } from "../engine/types";
import { t } from "../i18n/later";
import type { Lab } from "../state/lab";
import type { MenuChoice, MenuItem, Offer } from "../state/state";
import { branchWords, othersOf } from "./branches";

/** What can be compared at a click. */
const FEATURES = ["pre-vote", "check-quorum"] as const;

/** What a feature is called; others than these by the word of the header. */
export function featureName(feature: string): string {
  if (feature === "pre-vote") return t("preVote");
  return feature === "check-quorum" ? t("checkQuorum") : feature;
}

/** So many other branches are listed to be gone to or compared with. */
const LISTED_MAX = 8;

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
