/** How to read the page, and every key. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PhraseView } from "../engine/types";
import { lang } from "../i18n";
import { type Key, t } from "../i18n/later";
import { Dialog } from "./dialog";
import { Meaning } from "./meaning";
import { useLab } from "./use-lab";

const KEYS: readonly (readonly [string, Key])[] = [
  ["space", "play"],
  ["→", "step"],
  ["←", "stepBack"],
  ["n", "noteNext"],
  ["N", "notePrevious"],
  ["t", "tick"],
  ["Home End", "helpEnds"],
  ["- +", "helpSpeed"],
  ["[ ]", "helpPhases"],
  ["1 … 9", "helpChoose"],
  ["0", "followHint"],
  ["m", "helpMenu"],
  ["↓ ↑", "helpLinks"],
  ["c", "helpCrash"],
  ["z", "helpPause"],
  ["e", "helpTimeout"],
  ["a", "arrowsHint"],
  ["h", "diagramHint"],
  ["w s a d", "helpDiagram"],
  ["[ ] , .", "helpDiagramAlong"],
  ["j", "recordHint"],
  ["u i v w y", "helpTabs"],
  ["f", "figureSpread"],
  ["q", "checkRuns"],
  ["/ >", "helpCommand"],
  ["p", "present"],
  ["ctrl+z ctrl+y", "helpUndo"],
  ["b", "branches"],
  ["x", "nextDifference"],
  ["l", "playbooks"],
  ["r", "newRun"],
  ["s o", "helpSaveOpen"],
  ["Y", "copyTestHint"],
  ["k", "helpShare"],
  ["K", "shareAll"],
  ["g", "helpLanguage"],
  ["d", "helpTheme"],
  ["?", "help"],
];

export function Help(): JSX.Element {
  return (
    <Dialog title={t("helpTitle")}>
      <div class="help">
        <p>{t("helpIntro")}</p>
        <p>{t("helpStage")}</p>
        <p>{t("helpLogs")}</p>
        <h3>{t("helpKeys")}</h3>
        <dl class="keys">
          {KEYS.map(([keys, key]) => (
            <div key={keys}>
              <dt>
                {keys.split(" ").map((one) => (
                  <kbd key={one}>{one === "space" ? t("keySpace") : one}</kbd>
                ))}
              </dt>
              <dd>{t(key)}</dd>
            </div>
          ))}
        </dl>
        <h3>{t("helpActions")}</h3>
        <p class="dim">{t("helpActionsIntro")}</p>
        <Language />
      </div>
    </Dialog>
  );
}

/** Every line that can be typed, as the engine that reads them lists them. */
function Language(): JSX.Element {
  const { engine } = useLab();
  const [phrases, setPhrases] = useState<readonly PhraseView[]>([]);
  const language = lang.value;
  useEffect(() => void engine.askVocabulary(language).then(setPhrases), [language]);
  return (
    <dl class="language-lines">
      {phrases.map(({ forms, meaning }) => (
        <div key={forms[0]}>
          <dt>
            {forms.map((form) => (
              <code key={form}>{form}</code>
            ))}
          </dt>
          <dd>
            <Meaning of={meaning} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
