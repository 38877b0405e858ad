/**
 * The library, over the run that waits behind it: the course, one field that takes what people have at hand,
 * and the shelves with the reader's own runs.
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/later";
import { outdated } from "../lib/script";
import { library, loadLibrary } from "../state/library";
import { Answers } from "./answers";
import { Course } from "./course";
import { Dialog } from "./dialog";
import { Gallery } from "./gallery";
import { OwnRuns } from "./own-runs";
import { Shelves } from "./shelves";
import { useLab } from "./use-lab";

/** What the field takes, by an example of each kind. */
const UNDERSTOOD: readonly string[] = [
  "--- FAIL: TestBackup3B (19.85s)",
  "4 5 5 / 4 6 6 6",
  "apply error: commit index=4",
  "split brain",
  "leader keeps changing",
  "AE2",
  "脑裂",
];

export function Playbooks(): JSX.Element {
  // Once for each time that this is opened: a host that is away is not asked on and on.
  useEffect(loadLibrary, []);
  const [wanted, want] = useState("");
  const [isGallery, showGallery] = useState(false);
  if (isGallery)
    return (
      <Dialog title={t("playbooks")} isWide>
        <Gallery leave={() => showGallery(false)} />
      </Dialog>
    );
  return (
    <Dialog title={t("playbooks")} isWide>
      <div class="library">
        <section class="library-ask" aria-label={t("doorFails")}>
          <Ask wanted={wanted} want={want} />
          <p>
            <button
              type="button"
              class="to-gallery"
              title={t("galleryHint")}
              onClick={() => showGallery(true)}
            >
              {t("gallery")}
            </button>
          </p>
        </section>
        <section class="library-course" aria-label={t("folderCourse")}>
          <Course />
        </section>
        <section class="library-shelves" aria-label={t("shelves")}>
          <Shelves />
          <OwnRuns wanted={wanted} />
          <p class="dim">{t("dropFile")}</p>
        </section>
      </div>
    </Dialog>
  );
}

function Ask(props: {
  readonly wanted: string;
  readonly want: (words: string) => void;
}): JSX.Element {
  const lab = useLab();
  const { wanted, want } = props;
  const isSearch = wanted.trim() !== "";
  return (
    <>
      <h3>
        {t("doorFails")} <small class="dim">{t("orSearch")}</small>
      </h3>
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
      {library.value?.length === 0 ? (
        <p class="dim">{t(outdated.value ? "outdatedReload" : "playbooksNone")}</p>
      ) : null}
      {isSearch ? <Answers wanted={wanted} /> : null}
      <p class="understood">
        <span class="dim">{t("alsoUnderstood")}</span>
        {UNDERSTOOD.map((words) => (
          <button type="button" key={words} class="link-button" onClick={() => want(words)}>
            {words}
          </button>
        ))}
      </p>
    </>
  );
}
