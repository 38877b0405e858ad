/** Other branches as strands below the tape: each from where it leaves, with its name. */
import type { JSX } from "preact";
import { t } from "../i18n";
import { branchWords, othersOf } from "./branches";
import { useLab } from "./use-lab";

/** More strands than these would take the room that the run needs; the menu has them all. */
const STRANDS_MAX = 2;

export function Strands(): JSX.Element | null {
  const { session, state } = useLab();
  const all = state.shown.branches;
  if (all.length < 2 || state.compare.other !== undefined) return null;
  const end = Math.max(1, state.shown.calmView?.endAt ?? 1);
  const now = all.find((branch) => branch.current);
  const share = (at: number): number => Math.min(1, at / end) * 100;
  const others = othersOf(all);
  const more = others.length - STRANDS_MAX;
  return (
    <div class="strands">
      {others.slice(0, STRANDS_MAX).map((branch) => {
        // What this one left parts from it where this one begins.
        const isParent = branch.id === now?.parent;
        const from = share(isParent ? (now?.leftAt ?? 0) : branch.leftAt);
        const name = branchWords(branch);
        return (
          <button
            type="button"
            key={branch.id}
            class="strand"
            data-strand={branch.id}
            title={t("strandHint", { name })}
            style={{
              "--from": `${from}%`,
              "--to": `${100 - Math.max(from, share(branch.endAt))}%`,
            }}
            onClick={() => void session.switchBranch(branch.id)}
          >
            <i aria-hidden="true" />
            <span>{name}</span>
          </button>
        );
      })}
      {more > 0 ? <span class="dim more-strands">{t("strandsMore", { count: more })}</span> : null}
    </div>
  );
}
