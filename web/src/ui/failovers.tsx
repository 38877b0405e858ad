/**
 * How long a cluster with these dials is without a leader: some hundreds of elections, played in the
 * worker while the dials turn, as a chart, as figures, and as one sentence of warning.
 */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n/later";
import {
  after,
  andMore,
  type Dials,
  FIGURE_16,
  type Found,
  isSameRange,
  linesOf,
  NOTHING_FOUND,
  oneInOf,
  playedOf,
  RECOMMENDED,
  STOPS,
  type Verdict,
  verdictOf,
} from "../lib/dials";
import type { Lab } from "../state/lab";

import { Chart } from "./failover-chart";
import { Icon } from "./icons";
import { useLab } from "./use-lab";

const TRIALS = 400;
/** So many are played between two looks at whether a dial has been turned. */
const SLICE = 20;
/** A dial that is being turned passes many values: none is tried before it rests so long. */
const REST_MS = 120;

interface Props {
  readonly voters: number;
  readonly features: readonly string[];
  readonly dials: Dials;
  readonly turn: (dials: Dials) => void;
}

/** All that a trial says of its cluster. */
function clusterOf({ voters, features }: Props, dials: Dials): string {
  const { header, actions } = linesOf(dials);
  const uses = features.length > 0 ? [`use ${features.join(" ")}`] : [];
  return [`servers ${voters}`, ...uses, ...header, ...actions].join("\n");
}

/** What has been found of a cluster so far; more comes in as it is played. */
function useTrials(cluster: string | undefined): Found {
  const lab = useLab();
  const known = useRef(new Map<string, Found>());
  const [, draw] = useState(0);
  useEffect(() => {
    if (cluster === undefined) return undefined;
    let isOver = false;
    const tell = (found: Found): void => {
      known.current.set(cluster, found);
      draw((count) => count + 1);
    };
    const rest = setTimeout(
      () => void play(lab, cluster, known.current.get(cluster), tell, () => isOver),
      REST_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(rest);
    };
  }, [cluster]);
  return (cluster !== undefined && known.current.get(cluster)) || NOTHING_FOUND;
}

async function play(
  lab: Lab,
  cluster: string,
  known: Found | undefined,
  tell: (found: Found) => void,
  isOver: () => boolean,
): Promise<void> {
  let found = known ?? NOTHING_FOUND;
  while (playedOf(found) < TRIALS && !isOver()) {
    const trials = await lab.engine.askFailovers(cluster, playedOf(found) + 1, SLICE);
    if (!trials) return;
    found = andMore(found, trials.leaderless, trials.split);
    tell(found);
  }
}

export function Failovers(props: Props): JSX.Element {
  const { voters, dials, turn } = props;
  const others = { ...dials, election: RECOMMENDED };
  const isRecommended = isSameRange(dials.election, RECOMMENDED);
  const canFollow = voters >= 3;
  const mine = useTrials(canFollow ? clusterOf(props, dials) : undefined);
  const isDone = playedOf(mine) >= TRIALS;
  // The comparison comes once the question itself is answered.
  const other = useTrials(
    canFollow && isDone && !isRecommended ? clusterOf(props, others) : undefined,
  );
  const paper = FIGURE_16.find(({ election }) => isSameRange(election, dials.election));
  if (!canFollow) return <p class="dim">{t("tooFewVoters")}</p>;
  return (
    <div class="failovers">
      <Warning {...{ dials, mine, other, turn, isRecommended }} cluster={clusterOf(props, dials)} />
      <h3>
        {t("leaderless")}
        <small>{t("electionsPlayed", { count: mine.count })}</small>
      </h3>
      <Chart mine={mine} other={other} paper={paper?.ms} />
      <p class="dim chart-axis">{t("leaderlessAxis")}</p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t("half")}</th>
            <th scope="col">90 %</th>
            <th scope="col">99 %</th>
            <th scope="col">{t("splitFirst")}</th>
          </tr>
        </thead>
        <tbody>
          <Figures mark="mine" name={t("theseDials")} found={mine} />
          {isRecommended ? null : (
            <Figures mark="other" name={rangeWords(RECOMMENDED)} found={other} />
          )}
          {paper ? (
            <tr>
              <th scope="row">
                <i class="paper" /> {t("figure16")}
              </th>
              {paper.ms.slice(1).map((ms) => (
                <td key={ms}>{ms}</td>
              ))}
              <td>–</td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {paper ? <p class="dim">{t("figure16Hint")}</p> : null}
    </div>
  );
}

export function rangeWords([from, to]: readonly [number, number]): string {
  return from === to ? `${from} ms` : `${from}–${to} ms`;
}

function Figures(props: {
  readonly mark: string;
  readonly name: string;
  readonly found: Found;
}): JSX.Element {
  const { mark, name, found } = props;
  const at = (share: number): string => {
    if (found.count === 0) return "…";
    const ms = after(found, share);
    return ms === undefined ? t("neverEnds") : ms.toFixed(0);
  };
  return (
    <tr>
      <th scope="row">
        <i class={mark} /> {name}
      </th>
      <td>{at(0.5)}</td>
      <td>{at(0.9)}</td>
      <td>{at(0.99)}</td>
      <td>{found.count === 0 ? "…" : t("ofAll", { count: found.split, all: found.count })}</td>
    </tr>
  );
}

interface WarningProps {
  readonly dials: Dials;
  readonly mine: Found;
  readonly other: Found;
  readonly isRecommended: boolean;
  readonly cluster: string;
  readonly turn: (dials: Dials) => void;
}

/** One sentence on these dials, and what mends them. */
function Warning(props: WarningProps): JSX.Element {
  const { dials, mine, other, isRecommended, turn, cluster } = props;
  const { engine, opening, viewState } = useLab();
  const verdict = verdictOf(dials, mine);
  const { title, why } = wordsOf(verdict, dials, mine);
  const beat = beatFor(dials);
  const watch = async (): Promise<void> => {
    const text = await engine.askFailoverText(cluster, mine.splitSeed);
    if (text === undefined) return;
    viewState.closeDialog();
    if (!(await opening.openRun(text, "file", t("splitVote")))) return;
    // There the second of those who stand is told that the vote is given.
    await engine.move("toNext", ["crash"]);
    await engine.move("toNext", ["refusal"]);
  };
  const isBad = playedOf(mine) > 0 && verdict.kind !== "fine";
  return (
    <div class={isBad ? "dial-verdict bad" : "dial-verdict"} role="status">
      <Icon name={isBad ? "broken" : "check"} />
      <div>
        <b>{title}</b>
        <p>{why}</p>
        {isBad ? (
          <p class="dial-remedies">
            {verdict.kind === "deposes" ? (
              <button type="button" onClick={() => turn({ ...dials, heartbeat: beat })}>
                {t("heartbeatRemedy", { ms: beat })}
              </button>
            ) : null}
            {isRecommended || verdict.kind === "deposes" ? null : (
              <button
                type="button"
                onClick={() => turn({ ...dials, election: RECOMMENDED })}
                title={t("recommended")}
              >
                {rangeWords(RECOMMENDED)}
                {other.count > 0 ? `: ${oneInWords(oneInOf(other))}` : ""}
              </button>
            )}
            {mine.splitSeed > 0 ? (
              <button type="button" class="quiet" onClick={() => void watch()}>
                {t("watchSplit")}
              </button>
            ) : null}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** Two heartbeats in the shortest timeout, as the paper has it. */
function beatFor({ election, latency }: Dials): number {
  const most = Math.min(election[0] / 2, election[0] - latency[1] - 1);
  return [...STOPS.heartbeat].reverse().find((stop) => stop <= most) ?? STOPS.heartbeat[0];
}

function oneInWords(oneIn: number): string {
  return Number.isFinite(oneIn) ? t("oneIn", { count: oneIn }) : t("noneSplit");
}

function wordsOf(verdict: Verdict, { election, latency }: Dials, found: Found) {
  switch (verdict.kind) {
    case "deposes":
      return { title: t("deposes"), why: t("deposesWhy") };
    case "endless":
      return {
        title: t("endless", { count: verdict.endless, all: verdict.count }),
        why: t("endlessWhy"),
      };
    case "splits":
      return {
        title: t("splitsTitle", { count: verdict.oneIn }),
        why: t("splitsWhy", {
          ms: (latency[0] + latency[1]) / 2,
          chance: election[1] - election[0],
        }),
      };
    case "fine": {
      const half = after(found, 0.5);
      if (half === undefined) return { title: t("trying"), why: t("tryingWhy") };
      return {
        title: t("fine", { ms: half.toFixed(0) }),
        why: t("fineWhy", { split: oneInWords(oneInOf(found)) }),
      };
    }
  }
}
