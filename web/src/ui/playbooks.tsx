/** The menu of playbooks that the page carries, and of the reader's own runs. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lang } from "../i18n";
import { type Key, t } from "../i18n/later";
import type { Card, Folder } from "../lib/playbook";
import { type Found, search } from "../lib/search";
import type { Lab } from "../state/lab";
import { cardAt, library, loadLibrary } from "../state/library";
import { Dialog } from "./dialog";
import { OwnRuns } from "./own-runs";
import { useLab } from "./use-lab";

const FOLDER_NAMES: Readonly<Record<string, Key>> = {
  seeds: "folderSeeds",
  lab: "folderLab",
  paper: "folderPaper",
  bugs: "folderBugs",
  extensions: "folderExtensions",
};

/** The first lessons, for whoever does not know what to look for. */
const FIRST: readonly string[] = [
  "seeds/05-first-election.raft",
  "seeds/02-ae1-first-entry.raft",
  "seeds/06-test-backup.raft",
  "seeds/08-figure8-2c.raft",
];

function open({ viewState, opening }: Lab, card: Card): void {
  viewState.closeDialog();
  void opening.openRun(card.text, "playbook", card.path);
}

export function Playbooks(): JSX.Element {
  const lab = useLab();
  loadLibrary();
  const [wanted, want] = useState("");
  const folders = library.value;
  const cards = (folders ?? []).flatMap((folder) => folder.cards);
  const found = search(cards, wanted);
  const isSearch = wanted.trim() !== "";
  return (
    <Dialog title={t("playbooks")}>
      {folders?.length === 0 ? <p class="dim">{t("playbooksNone")}</p> : null}
      <input
        type="search"
        class="wanted"
        aria-label={t("playbooksFind")}
        placeholder={t("playbooksFind")}
        value={wanted}
        onInput={(event) => want(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key === "Enter" && isSearch && first) open(lab, first.card);
        }}
      />
      <OwnRuns wanted={wanted} />
      {isSearch ? <Results found={found} wanted={wanted} /> : <Folders folders={folders ?? []} />}
      <p class="dim">{t("dropFile")}</p>
    </Dialog>
  );
}

function Results(props: {
  readonly found: readonly Found[];
  readonly wanted: string;
}): JSX.Element {
  const { found, wanted } = props;
  // Whoever cannot see the list is told how long it is, or that it is empty.
  return (
    <section class="folder" aria-live="polite">
      {found.length === 0 && library.value ? (
        <p class="dim none-found">{t("playbooksFoundNone", { wanted: wanted.trim() })}</p>
      ) : null}
      <div class="cards">
        {found.map(({ card, line }) => (
          <Item key={card.path} card={card} line={line} />
        ))}
      </div>
    </section>
  );
}

function Folders(props: { readonly folders: readonly Folder[] }): JSX.Element {
  const first = FIRST.flatMap((path) => cardAt(path) ?? []);
  const begin =
    first.length > 0 ? [{ name: "first", title: t("playbooksStart"), cards: first }] : [];
  const others = props.folders.map(({ name, cards }) => {
    const key = FOLDER_NAMES[name];
    return { name, title: key ? t(key) : name, cards };
  });
  return (
    <>
      {[...begin, ...others].map(({ name, title, cards }) => (
        <section key={name} class="folder">
          <h3>{title}</h3>
          <div class="cards">
            {cards.map((card) => (
              <Item key={card.path} card={card} line="" />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

function Item(props: { readonly card: Card; readonly line: string }): JSX.Element {
  const lab = useLab();
  const { card, line } = props;
  const { steps } = card;
  return (
    <button
      type="button"
      class={`item${lab.state.run.origin.path === card.path ? " on" : ""}`}
      data-playbook={card.path}
      onClick={() => open(lab, card)}
    >
      <span class="item-name">{card.title[lang.value]}</span>
      {steps > 0 ? <small class="dim">{t("steps", { count: steps })}</small> : null}
      {line ? <small class="item-line">{line}</small> : null}
    </button>
  );
}
