/** The menu of playbooks that the page carries. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Key, lang, t } from "../i18n";
import type { Card } from "../lib/playbook";
import { library, load_library } from "../state/library";
import { open_run, origin } from "../state/opening";
import { dialog } from "../state/ui";
import { Dialog } from "./dialog";

const FOLDER_NAMES: Readonly<Record<string, Key>> = {
  seeds: "folder_seeds",
  lab: "folder_lab",
  paper: "folder_paper",
  bugs: "folder_bugs",
  extensions: "folder_extensions",
};

/** Whether each of the words stands in one of the card's titles or in its path. */
function is_about(card: Card, wanted: string): boolean {
  const text = `${card.title.en} ${card.title.zh} ${card.path}`.toLowerCase();
  const words = wanted.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

export function Playbooks(): JSX.Element {
  const open = (card: Card): void => {
    if (open_run(card.text, "playbook", card.path)) dialog.value = undefined;
  };
  load_library();
  const [wanted, want] = useState("");
  const folders = library.value;
  const found = (folders ?? []).map(({ name, cards }) => ({
    name,
    cards: cards.filter((card) => is_about(card, wanted)),
  }));
  return (
    <Dialog title={t("playbooks")}>
      {folders?.length === 0 ? <p class="dim">{t("playbooks_none")}</p> : null}
      <input
        type="search"
        class="wanted"
        aria-label={t("playbooks_find")}
        placeholder={t("playbooks_find")}
        value={wanted}
        onInput={(event) => want(event.currentTarget.value)}
      />
      {found.map((folder) => {
        const key = FOLDER_NAMES[folder.name];
        return folder.cards.length === 0 ? null : (
          <section key={folder.name} class="folder">
            <h3>{key ? t(key) : folder.name}</h3>
            <div class="cards">
              {folder.cards.map((card) => (
                <button
                  type="button"
                  key={card.path}
                  class={`item${origin.value.path === card.path ? " on" : ""}`}
                  data-playbook={card.path}
                  onClick={() => open(card)}
                >
                  {card.title[lang.value]}
                </button>
              ))}
            </div>
          </section>
        );
      })}
      <p class="dim">{t("drop_file")}</p>
    </Dialog>
  );
}
