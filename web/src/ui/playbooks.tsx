/** The menu of playbooks that the page carries, and of the reader's own runs. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lang } from "../i18n";
import { type Key, t } from "../i18n/later";
import type { Folder } from "../lib/playbook";
import { cardAt, library, loadLibrary } from "../state/library";
import { Answers, Item } from "./answers";
import { Dialog } from "./dialog";
import { OwnRuns } from "./own-runs";
import { useLab } from "./use-lab";

const FOLDER_NAMES: Readonly<Record<string, Key>> = {
  course: "folderCourse",
  build: "folderBuild",
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

export function Playbooks(): JSX.Element {
  const lab = useLab();
  loadLibrary();
  const [wanted, want] = useState("");
  const folders = library.value;
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
          if (event.key !== "Enter" || !isSearch) return;
          lab.element.querySelector<HTMLElement>(".answers button")?.click();
        }}
      />
      {isSearch ? null : <OldBet />}
      <OwnRuns wanted={wanted} />
      {isSearch ? <Answers wanted={wanted} /> : <Folders folders={folders ?? []} />}
      <p class="dim">{t("dropFile")}</p>
    </Dialog>
  );
}

/** What was bet on another day can be asked again. */
function OldBet(): JSX.Element | null {
  const { bets, opening, viewState } = useLab();
  const old = bets.ofEarlierDays().find(({ path }) => cardAt(path));
  const card = cardAt(old?.path);
  if (!old || !card) return null;
  return (
    <section class="folder">
      <h3>{t("betOld", { on: old.on })}</h3>
      <button
        type="button"
        class="item"
        data-old-bet={old.path}
        onClick={() => {
          bets.forget(old.path);
          viewState.closeDialog();
          void opening.openRun(card.text, "playbook", card.path);
        }}
      >
        <span class="item-name">{card.title[lang.value]}</span>
      </button>
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
