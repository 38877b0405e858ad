/** The shelves of the library: the folders of playbooks, each opened by its name. */
import type { JSX } from "preact";
import { type Key, t } from "../i18n/later";
import type { Folder } from "../lib/playbook";
import { library } from "../state/library";
import { Item } from "./answers";
import { Icon, type IconName } from "./icons";
import { useLab } from "./use-lab";

interface Label {
  readonly icon: IconName;
  readonly name: Key;
  readonly hint: Key;
}

const LABELS: Readonly<Record<string, Label>> = {
  seeds: { icon: "book", name: "folderSeeds", hint: "folderSeedsHint" },
  lab: { icon: "check", name: "folderLab", hint: "folderLabHint" },
  paper: { icon: "present", name: "folderPaper", hint: "folderPaperHint" },
  bugs: { icon: "broken", name: "folderBugs", hint: "folderBugsHint" },
  build: { icon: "branch", name: "folderBuild", hint: "folderBuildHint" },
};

export function Shelves(): JSX.Element {
  const folders = (library.value ?? []).filter(({ name }) => name !== "course");
  const count = folders.reduce((sum, { cards }) => sum + cards.length, 0);
  return (
    <>
      <h3>
        {t("shelves")} <small class="dim">{t("shelvesCount", { count })}</small>
      </h3>
      {folders.map((folder) => (
        <Shelf key={folder.name} folder={folder} />
      ))}
    </>
  );
}

function Shelf({ folder }: { readonly folder: Folder }): JSX.Element {
  const { state } = useLab();
  const { name, cards } = folder;
  const label = LABELS[name];
  const { done } = state.course;
  const built = cards.filter(({ path }) => done.includes(path)).length;
  return (
    <details class="folder shelf" data-shelf={name}>
      <summary>
        <Icon name={label?.icon ?? "book"} />
        <b>{label ? t(label.name) : name}</b>
        <span class="shelf-count">
          {built > 0 ? t("builtOf", { done: built, all: cards.length }) : cards.length}
        </span>
        <Icon name="right" />
        {label ? <small class="dim">{t(label.hint)}</small> : null}
      </summary>
      <div class="cards">
        {cards.map((card) => (
          <Item
            key={card.path}
            card={card}
            line={done.includes(card.path) ? t("lessonDone") : ""}
          />
        ))}
      </div>
    </details>
  );
}
