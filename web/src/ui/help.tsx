/** How to read the page, and every key. */
import type { JSX } from "preact";
import { type Key, t } from "../i18n";
import { Dialog } from "./dialog";

const KEYS: readonly (readonly [string, Key])[] = [
  ["space", "play"],
  ["→", "step"],
  ["←", "stepBack"],
  ["n", "noteNext"],
  ["p", "notePrevious"],
  ["t", "tick"],
  ["Home End", "helpEnds"],
  ["- +", "helpSpeed"],
  ["[ ]", "helpPhases"],
  ["1 … 9", "helpChoose"],
  ["f", "followHint"],
  ["m", "helpMenu"],
  ["↓ ↑", "helpLinks"],
  ["c", "helpCrash"],
  ["z", "helpPause"],
  ["e", "helpTimeout"],
  ["i v", "helpTabs"],
  ["/", "helpCommand"],
  ["l", "playbooks"],
  ["r", "newRun"],
  ["s o", "helpSaveOpen"],
  ["k", "helpShare"],
  ["g", "helpLanguage"],
  ["d", "helpTheme"],
  ["?", "help"],
];

const ACTIONS: readonly string[] = [
  "propose S1 x1 x2 y1..y9",
  "crash S1 · restart S1 · pause S1 · resume S1",
  "cut S1 S2 · cut S1 -> S2 · heal",
  "partition S1 S2 | S3 S4 S5",
  "disconnect S1 · connect S1",
  "drop M12 · duplicate M12 · deliver M12 · delay M12 5ms",
  "drop next AppendEntries S1 -> S3 · drop AppendEntries S1 -> S3 · drop next answer C1",
  "timeout S1 · fire S1 heartbeat · snapshot S1 · read S1 · transfer S1 S2",
  "rewrite S1 log 1:x1 1:x2 2:y1 · rewrite S1 log 1 1 2",
  "rewrite S1 entry 3 2:y1 · … delete 3 · … truncate 3",
  "rewrite S1 term 5 · … votedFor S2 · … commit 3",
  "rewrite S1 snapshot 1:x1 1:x2 · … configuration voters S1 S2",
  "crash S1 torn · restart S1 empty · clock S1 110% · clock S1 +500ms",
  "clog S1 S2 · unclog · partition halves · … isolate S1 · … ring · … random",
  "put C1 x 3 · append C1 x 4 · get C1 x · get C1 x by read-index",
  "work clients keys 3 every 10ms..50ms · … reads only by read-index · rest clients",
  "expect leader = S1 and not role S2 = leader · wait 5s until applied index 3 = 5",
  "expect next_index S1 -> S2 = 4 · … voted_for S1 = S2 · … refused propose S2 x1",
  "latency 1ms..5ms · … normal 10ms 2ms · exponential 10ms · pareto 5ms 1.5",
  "loss 10% · duplication 2% · reordering 5% 200ms..2s · loss AppendEntries S1 -> S3 100%",
  "bandwidth S1 -> S2 64KiB/s · network labrpc unreliable long-reordering · network plain",
  "disk S1 1ms..2ms · disk unordered · stall S1 · unstall S1",
  "disk S1 unsynced · disk S1 failing · … working · backup S1 · restart S1 backup",
  "step 10 · run 250ms",
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
        <pre>{ACTIONS.join("\n")}</pre>
      </div>
    </Dialog>
  );
}
