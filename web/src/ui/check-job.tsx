/** One search: how far it is while it goes on, and then its verdict, in words that claim no more. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { CheckBroken, CheckProgress, CheckReport } from "../../pkg-check/raft_check_wasm";
import { inLanguage, lang } from "../i18n";
import { type Key, t } from "../i18n/later";
import { type CheckForm, type CheckJob, expectedLevels, readable, roughly } from "../lib/check";
import { Check as Checking } from "../state/check";
import type { Lab } from "../state/lab";
import { Icon, type IconName } from "./icons";
import { useLab } from "./use-lab";

/** How the laboratory's runs are searched. */
export function checkOf({ checkBy }: Lab): Checking {
  return checkBy(Checking);
}

export function CheckJobCard(props: { readonly job: CheckJob }): JSX.Element {
  const { job } = props;
  const { end } = job;
  switch (end?.kind) {
    case undefined:
      return <Going job={job} />;
    case "refused": {
      const { message, messageZh, remedy, remedyZh } = end.refusal;
      return (
        <Card job={job} kind="broken" icon="close" title={t("checkRefused")}>
          <p>{inLanguage(message, messageZh)}</p>
          <p class="dim">{inLanguage(remedy, remedyZh)}</p>
        </Card>
      );
    }
    case "failed":
      return (
        <Card job={job} kind="broken" icon="close" title={t("checkFailed", { words: end.words })} />
      );
    case "stopped":
      return (
        <Card job={job} kind="" icon="close" title={t("checkStopped")}>
          <Figures job={job} />
          <SoFar job={job} />
        </Card>
      );
    case "over":
      return <Over job={job} report={end.report} />;
  }
}

function Over(props: { readonly job: CheckJob; readonly report: CheckReport }): JSX.Element {
  const { job, report } = props;
  if (report.broken) return <Broken job={job} found={report.broken} />;
  if (report.verdict === "outOfMemory")
    return (
      <Card job={job} kind="" icon="close" title={t("checkFull")}>
        <Figures job={job} />
        <SoFar job={job} />
        <p class="dim">{t("checkFullRemedy", { command: commandOf(job) })}</p>
      </Card>
    );
  const { states, levels } = report.progress;
  const words = {
    states: readable(states),
    depth: levels.length - 1,
    seconds: secondsOf(job),
    odds: powerOfTen(report.oneIn),
  };
  const symmetry = job.from ? "" : ` ${t("checkSymmetry")}`;
  return (
    <Card job={job} kind="clean" icon="check" title={t("checkNothing")}>
      <p>
        {t("checkNothingFound", words)}
        {symmetry}
      </p>
      <p class="dim">{t("checkSaysNot")}</p>
      <Copy words={`${inWords(job)}: ${t("checkNothing")}. ${t("checkNothingFound", words)}`} />
    </Card>
  );
}

function Broken(props: { readonly job: CheckJob; readonly found: CheckBroken }): JSX.Element {
  const lab = useLab();
  const check = checkOf(lab);
  const { job, found } = props;
  const all = lang.value === "zh" ? found.stepsZh : found.steps;
  const uncounted = all.length - found.depth;
  const words = { name: inLanguage(found.name, found.nameZh), steps: found.depth };
  const title = t("checkBreaks", words);
  return (
    <Card job={job} kind="broken" icon="broken" title={title}>
      <ol class="check-steps" aria-label={t("checkSteps")}>
        {all.map((step, i) => (
          <li key={`${i} ${step}`}>
            <code>{step}</code>
          </li>
        ))}
      </ol>
      <p>
        {inLanguage(found.found, found.foundZh)} {t("checkShortest")}{" "}
        {uncounted > 0 ? `${t("checkUncounted", { count: uncounted })} ` : ""}
        <span class="dim">
          {readable(job.progress?.states ?? 0)} {t("checkStates")} · {secondsOf(job)} s
        </span>
      </p>
      <div class="check-deeds">
        <button type="button" class="check-start" onClick={() => void check.open(job)}>
          {t("checkOpen")}
        </button>
        {job.form.ablated.length > 0 && !job.from ? (
          <button type="button" onClick={() => void check.openBeside(job)}>
            {t("checkBeside")}
          </button>
        ) : null}
      </div>
      <Copy words={`${inWords(job)}: ${title}. ${all.join("; ")}`} />
    </Card>
  );
}

function Going(props: { readonly job: CheckJob }): JSX.Element {
  const check = checkOf(useLab());
  const { job } = props;
  return (
    <Card
      job={job}
      kind="going"
      icon="tick"
      title={inWords(job)}
      deed={
        <button type="button" onClick={() => check.stop(job.id)}>
          {t("checkStop")}
        </button>
      }
    >
      <Figures job={job} />
      <SoFar job={job} />
    </Card>
  );
}

/** A search with its heading; what it says of itself once it is over stands below. */
function Card(props: {
  readonly job: CheckJob;
  readonly kind: "going" | "clean" | "broken" | "";
  readonly icon: IconName;
  readonly title: string;
  readonly deed?: JSX.Element;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const check = checkOf(useLab());
  const { job, kind, icon, title, deed, children } = props;
  const { ablated } = job.form;
  return (
    <article class={`check-job of-${kind || "end"}`} aria-label={title}>
      <header>
        <Icon name={icon} />
        <h3>{title}</h3>
        {ablated.length > 0 && !job.from ? (
          <span class="modified">{t("modified", { rules: ablated.join(" ") })}</span>
        ) : null}
        {deed ?? (
          <button
            type="button"
            class="quiet icon-only"
            title={t("checkForget")}
            aria-label={t("checkForget")}
            onClick={() => check.forget(job.id)}
          >
            <Icon name="close" />
          </button>
        )}
      </header>
      {kind === "going" ? null : <p class="dim">{inWords(job)}</p>}
      {children}
    </article>
  );
}

function Figures(props: { readonly job: CheckJob }): JSX.Element | null {
  const { job } = props;
  const { progress } = job;
  if (!progress) return null;
  const seconds = (job.nowMs - job.beganMs) / 1000;
  const expected = job.end ? [] : expectedLevels(progress.levels);
  const all = progress.states + expected.reduce((sum, states) => sum + states, 0);
  const figures: readonly (readonly [Key, string])[] = [
    ["checkStates", readable(progress.states)],
    ["checkRate", readable(progress.states / Math.max(seconds, 0.001))],
    ["checkDepth", String(progress.depth)],
    ["checkWaiting", readable(progress.waiting)],
    ["checkMemory", t("checkMB", { count: Math.ceil(progress.bytes / 1e6) })],
    ["checkExpected", expected.length > 0 ? roughly(all) : "–"],
  ];
  return (
    <div class="check-figures">
      <dl>
        {figures.map(([key, figure]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>{figure}</dd>
          </div>
        ))}
      </dl>
      <Levels levels={progress.levels} expected={expected} />
    </div>
  );
}

/** How high the tallest bar is, how wide each is, and how far one is from the next. */
const HEIGHT = 64;
const BAR = 8;
const PITCH = 10;

/** A bar for each depth, as high as there are states at it. */
function Levels(props: {
  readonly levels: readonly number[];
  readonly expected: readonly number[];
}): JSX.Element {
  const { levels, expected } = props;
  const all = [...levels, ...expected];
  const most = Math.max(1, ...all);
  return (
    <svg
      class="check-levels"
      role="img"
      aria-label={t("checkLevels")}
      viewBox={`0 0 ${Math.max(12, all.length) * PITCH} ${HEIGHT + 14}`}
    >
      <title>{t("checkLevels")}</title>
      {all.map((states, depth) => {
        const height = Math.max(1, (states / most) * HEIGHT);
        const bar = { x: depth * PITCH, y: HEIGHT - height, width: BAR, height };
        return <rect key={depth} class={depth < levels.length ? "" : "expected"} {...bar} />;
      })}
      <text x={0} y={HEIGHT + 12}>
        {`${t("checkDepth")} 0`}
      </text>
      <text class="last" x={(levels.length - 1) * PITCH + BAR / 2} y={HEIGHT + 12}>
        {levels.length > 8 ? levels.length - 1 : ""}
      </text>
    </svg>
  );
}

function SoFar(props: { readonly job: CheckJob }): JSX.Element | null {
  const { job } = props;
  const { progress } = job;
  if (!progress) return null;
  const left = job.end ? undefined : secondsLeft(job, progress);
  return (
    <p>
      {t("checkSoFar", { depth: progress.depth })}{" "}
      {left === undefined ? null : t("checkAbout", { seconds: left })}
    </p>
  );
}

/** The same as a line of text, for whoever keeps notes. */
function Copy(props: { readonly words: string }): JSX.Element {
  const [isCopied, copied] = useState(false);
  const copy = async (): Promise<void> => {
    // A browser may refuse its clipboard: the words stand there to be read.
    await navigator.clipboard.writeText(props.words).then(
      () => copied(true),
      () => undefined,
    );
  };
  return (
    <button type="button" class="link-button" onClick={() => void copy()}>
      {t(isCopied ? "checkCopied" : "checkCopy")}
    </button>
  );
}

function secondsOf({ beganMs, nowMs }: CheckJob): string {
  const seconds = (nowMs - beganMs) / 1000;
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A large number by its size: `5 × 10¹⁰`. */
function powerOfTen(number: number): string {
  const [digit = "", power = "0"] = number.toExponential(0).split("e+");
  const raised = [...power].map((one) => SUPERSCRIPTS[Number(one)]).join("");
  return `${digit} × 10${raised}`;
}

/** How long the levels will take that are expected, at the rate so far. */
function secondsLeft(job: CheckJob, progress: CheckProgress): number | undefined {
  const expected = expectedLevels(progress.levels);
  if (expected.length === 0) return undefined;
  const states = expected.reduce((sum, one) => sum + one, 0) + progress.waiting;
  const done = progress.states - progress.waiting;
  return Math.ceil((states / Math.max(1, done)) * ((job.nowMs - job.beganMs) / 1000));
}

function commandOf(job: CheckJob): string {
  return `raftlab check ${job.flags} --memory 8000`;
}

const BOUNDS: readonly (readonly [keyof CheckForm, Key])[] = [
  ["terms", "checkTerms"],
  ["commands", "checkCommands"],
  ["crashes", "checkCrashes"],
  ["snapshots", "checkSnapshots"],
  ["reads", "checkReads"],
  ["transfers", "checkTransfers"],
  ["changes", "checkChanges"],
];

/** What is searched: `3 servers, 2 terms, 1 command`. */
function inWords({ form, from }: CheckJob): string {
  const counted = BOUNDS.filter(([bound]) => form[bound] !== 0);
  const words = counted.map(([bound, key]) => t(key, { count: Number(form[bound]) }));
  if (form.copies === undefined) words.push(t("checkCopiesAny"));
  else if (form.copies > 0) words.push(t("checkCopies", { count: form.copies }));
  const first = from
    ? t("checkFromEvent", { event: from.events })
    : t("checkServers", { count: form.servers });
  const kind = from ? [] : form.features;
  const paper = !from && form.ablated.length === 0 && kind.length === 0 ? [t("asInPaper")] : kind;
  const comma = lang.value === "zh" ? "，" : ", ";
  return [[first, ...words].join(comma), ...paper].join(" · ");
}
