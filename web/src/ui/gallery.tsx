/** The mistake gallery: from the sentence that people say to the clause that mends it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lang } from "../i18n";
import { t } from "../i18n/later";
import { type Mistake, mistakeOf, tells } from "../lib/gallery";
import { header } from "../lib/playbook";
import { library } from "../state/library";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

export function Gallery({ leave }: { readonly leave: () => void }): JSX.Element {
  const [wanted, want] = useState("");
  const cards = library.value?.find(({ name }) => name === "bugs")?.cards ?? [];
  const all = cards.flatMap((card) => mistakeOf(card) ?? []);
  const found = all.filter((one) => tells(one, wanted.trim()));
  return (
    <section class="gallery" aria-label={t("gallery")}>
      <header>
        <button type="button" onClick={leave}>
          <Icon name="left" /> {t("galleryBack")}
        </button>
        <h3>
          {t("gallery")} <small class="dim">{t("galleryHint")}</small>
        </h3>
        <input
          type="search"
          aria-label={t("galleryFind")}
          placeholder={t("galleryFind")}
          value={wanted}
          onInput={(event) => want(event.currentTarget.value)}
        />
      </header>
      <ol>
        {found.map((one) => (
          <Row key={one.card.path} mistake={one} />
        ))}
      </ol>
      {found.length === 0 ? <p class="dim">{t("playbooksFoundNone", { wanted })}</p> : null}
    </section>
  );
}

function Row({ mistake }: { readonly mistake: Mistake }): JSX.Element {
  const { opening, state, viewState } = useLab();
  const { breaks, card, code, rule, said } = mistake;
  const clause = state.engine.figure.find((one) => one.rule.id === rule);
  return (
    <li data-mistake={rule}>
      <p class="gallery-said">{said[lang.value]}</p>
      <div>
        <h4>{t("galleryCode")}</h4>
        <code>{code}</code>
      </div>
      <div>
        <h4>{t("galleryShows")}</h4>
        <button
          type="button"
          class="link-button"
          data-playbook={card.path}
          onClick={() => {
            viewState.closeDialog();
            void opening.openRun(card.text, "playbook", card.path);
          }}
        >
          {card.title[lang.value]}
        </button>
      </div>
      <div>
        <h4>{t("galleryFalls")}</h4>
        {breaks.length === 0 ? (
          <p>{t("galleryStops")}</p>
        ) : (
          <ul>
            {breaks.map((one) => (
              <li key={one.en}>{one[lang.value]}</li>
            ))}
          </ul>
        )}
      </div>
      <div>
        <h4>{t("galleryMends")}</h4>
        {rule === undefined ? (
          <p>{header(card.text, "source")}</p>
        ) : (
          <button
            type="button"
            class="link-button"
            data-clause={rule}
            onClick={() => {
              viewState.closeDialog();
              viewState.showTab("figure");
              viewState.openClause(rule);
            }}
          >
            <b class="rule">{rule}</b> {clause?.line}
          </button>
        )}
      </div>
    </li>
  );
}
