/** Above the logs: what their marks mean, or why what is on a majority does not commit. */
import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { ViolationView } from "../engine/types";
import { inLanguage, type Key, lang, partyName as name, t } from "../i18n";
import { brokenAt } from "../lib/broken";
import { useSize } from "./hooks";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

/** Words of the legend that begin below this are in its second line. */
const LEGEND_LINE = 12;

export function Legend(props: { readonly onTail: () => void }): JSX.Element {
  const { state } = useLab();
  const keys: readonly (readonly [string, Key])[] = [
    ["committed", "keyCommitted"],
    ["pending", "keyPending"],
    ["applied", "keyApplied"],
    ["differs", "keyDiffers"],
    ["volatile", "keyVolatile"],
  ];
  // Of two leaders it is the one of the higher term whose view is drawn.
  const view = state.shown.calmView;
  const leader = view?.leader;
  const held = view?.servers.find(({ id }) => id === leader);
  const [lost] = brokenAt(view?.violations ?? []).values();
  const [unfolded, unfold] = useState(false);
  const [list, size] = useSize<HTMLUListElement>();
  const [fits, setFits] = useState(true);
  const words = `${lang.value} ${leader}`;
  useLayoutEffect(() => {
    const last = list.current?.lastElementChild;
    if (!(last instanceof HTMLElement) || unfolded) return;
    setFits(last.offsetTop < LEGEND_LINE);
  }, [size.width, words, unfolded]);
  return (
    <header class="bar">
      <h2>{t("logs")}</h2>
      {lost ? (
        <p class="held-back lost">◆ {brokenWords(lost)}</p>
      ) : held?.heldBack === undefined ? null : (
        <p class="held-back">
          {t("heldBack", { name: name(held.id), index: held.heldBack, term: held.currentTerm })}
        </p>
      )}
      <ul class={`legend${unfolded ? " whole" : ""}`} ref={list}>
        <li>
          <span class="mark next" />
          {leader === undefined ? t("keyNext") : t("keyNextOf", { name: name(leader) })}
        </li>
        <li>
          <span class="mark match" />
          {t("keyMatch")}
        </li>
        {keys.map(([kind, key]) => (
          <li key={kind}>
            <span class={`swatch ${kind}`} />
            {t(key)}
          </li>
        ))}
        <li>
          <i class="bracket asked" />
          {t("keyBracket")}
        </li>
        <li class="hint">{t("keyHint")}</li>
      </ul>
      {fits && !unfolded ? null : (
        <button
          type="button"
          class="quiet icon-only unfold"
          title={t("legend")}
          aria-label={t("legend")}
          aria-expanded={unfolded}
          onClick={() => unfold(!unfolded)}
        >
          <Icon name="help" />
        </button>
      )}
      <button
        type="button"
        class="quiet icon-only"
        title={t("toTail")}
        aria-label={t("toTail")}
        onClick={props.onTail}
      >
        <Icon name="tail" />
      </button>
    </header>
  );
}

/** Which invariant broke, and what was found. */
export function brokenWords({ property, propertyZh, text, textZh }: ViolationView): string {
  const title = t("violation", { property: inLanguage(property, propertyZh) });
  return `${title}${inLanguage(": ", "：")}${inLanguage(text, textZh)}`;
}
