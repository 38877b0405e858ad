/** The laboratory as a part of another page: stage, caption, tape, five buttons, and one way out. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/later";
import { connectAround } from "../state/around";
import { isFramed } from "../state/page";
import { Bet } from "./bet";
import { Caption } from "./caption";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { Modified } from "./modified";
import { Notices } from "./notices";
import { Stage } from "./stage";
import { Clock, Tape } from "./tape";
import { PlayButton, Steps } from "./transport";
import { useLab } from "./use-lab";

export function Embedded(): JSX.Element {
  const lab = useLab();
  const { embed } = lab.state;
  useEffect(() => connectAround(lab), []);
  useEffect(() => void learnEnd(), [embed.isBegun]);
  /** Where it ends is an instant, which the run knows by the number of its events. */
  async function learnEnd(): Promise<void> {
    const position = embed.asked?.end;
    if (!embed.isBegun || position === undefined) return;
    const part = await lab.engine.askHistory(position - 1, 1);
    const at = part?.columns.at[0];
    if (at !== undefined) lab.embed.endAt({ position, at });
  }
  if (!embed.isWanted) return <Poster />;
  const controls = embed.asked?.controls ?? "all";
  return (
    <div class="embed">
      <main>
        <Stage />
        <section class="embed-words" aria-label={t("phaseWords")}>
          <h1 class="embed-name">
            <span>{lab.run.name() || lab.run.clusterWords()}</span> <Modified />
          </h1>
          <Caption />
          <Bet />
          <LastWords />
        </section>
      </main>
      <Notices />
      {controls === "none" ? null : (
        <section class="transport" aria-label={t("transport")}>
          {controls === "all" ? <Tape /> : null}
          <div class="buttons">{controls === "all" ? <Steps /> : <PlayButton />}</div>
          <Clock />
          <Keys />
          <WayOut />
        </section>
      )}
      <Menu />
    </div>
  );
}

/** Until it is clicked, nothing of the engine is loaded. */
function Poster(): JSX.Element {
  const { embed } = useLab();
  return (
    <button type="button" class="embed-poster" onClick={() => embed.wake()}>
      <svg viewBox="0 0 120 110" width="120" height="110" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((i) => {
          const turn = (2 * Math.PI * i) / 5;
          return (
            <circle key={i} cx={60 + 42 * Math.sin(turn)} cy={58 - 42 * Math.cos(turn)} r="11" />
          );
        })}
        <path d="M50 42v32l26-16z" />
      </svg>
      <b>{t("title")}</b>
      <span>{t("embedLoad")}</span>
    </button>
  );
}

/** Where no playbook tells anything, the last event speaks for itself. */
function LastWords(): JSX.Element | null {
  const { state } = useLab();
  const isTold = state.shown.phases.some(({ caption }) => caption !== "");
  const event = state.shown.explanation?.event;
  return isTold || !event ? null : <p class="embed-event">{event.text}</p>;
}

/** Whose the keys are, once that is not the same as before. */
function Keys(): JSX.Element {
  const { keys } = useLab().state.embed;
  return (
    <span class="embed-keys" role="status">
      {keys === "ours" ? (isFramed ? t("embedKeysOurs") : "") : null}
      {keys === "given back" ? t("embedKeysTheirs") : null}
    </span>
  );
}

/** The same instant in a laboratory of its own. */
function WayOut(): JSX.Element {
  const { links, notices, state } = useLab();
  const [hash, setHash] = useState("");
  const view = state.shown.view;
  const isResting = !state.play.playing;
  useEffect(() => {
    let isLatest = true;
    if (isResting)
      void links.hashOf(Number.POSITIVE_INFINITY).then((found) => {
        if (isLatest) setHash(found ?? "");
      });
    return () => {
      isLatest = false;
    };
  }, [view, isResting]);
  const link = new URL(`${location.pathname}${hash}`, location.href).href;
  return (
    <a
      class="embed-out"
      href={link}
      target="_blank"
      rel="noopener"
      title={t("embedOutHint")}
      onClick={() => {
        // A frame without an origin may be refused a new tab, and nobody tells the page.
        if (globalThis.origin !== "null" || !isFramed) return;
        notices.notify(() => ({ tone: "word", title: t("linkHere"), text: link, lasting: true }));
      }}
    >
      <span>{t("embedOut")}</span> <Icon name="open" />
    </a>
  );
}
