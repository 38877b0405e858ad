/** Two branches as two bands, A over B: stages by place, logs by index, and in words what differs. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { BranchView, Explanation, View } from "../engine/types";
import { inLanguage, lang, partyName as name } from "../i18n";
import { type Key, t } from "../i18n/later";
import { formatInstant } from "../lib/time";
import type { Lab } from "../state/lab";
import { Menu } from "../state/menu";
import { featureName } from "./branch-menu";
import { branchWords } from "./branches";
import { fieldWords, valueWords } from "./fields";
import { Icon } from "./icons";
import { Logs } from "./logs";
import { Stage } from "./stage";
import { LabContext, useLab } from "./use-lab";

type Side = "A" | "B";
/** Which of the bands is shown where there is room for one, or what is said of both. */
type Tab = Side | "why";

/** In the other branch nothing is done before it is the one in which one acts. */
class MenuBeside extends Menu {
  constructor({ state, play, menu, compare }: Lab) {
    super(state, play);
    const swap = { label: t("swap"), run: () => void compare.swap() };
    this.openOn = (opener) => menu.openOn(opener, { title: "B", items: [swap] });
    this.openAt = (opener, x, y) => menu.openAt(opener, x, y, { title: "B", items: [swap] });
  }
}

/** The laboratory as it is drawn from in the other branch: the same, with that one on show. */
function labBeside(lab: Lab): Lab {
  const { state } = lab;
  const shown = Object.create(state.shown, {
    view: { get: () => state.shown.beside?.view },
    calmView: { get: () => state.shown.beside?.view },
    explanation: { get: () => state.shown.beside?.explanation },
  });
  return { ...lab, side: " B", state: { ...state, shown }, menu: new MenuBeside(lab) };
}

export function Compare(): JSX.Element {
  const lab = useLab();
  const beside = useMemo(() => labBeside(lab), [lab]);
  const [tab, show] = useState<Tab>("A");
  return (
    <main class="compare" data-tab={tab}>
      <Tabs tab={tab} show={show} />
      <Band side="A" />
      <LabContext.Provider value={beside}>
        <Band side="B" />
      </LabContext.Provider>
      <Narrator />
    </main>
  );
}

/** Where there is room for one band only, what stands in the heads of both is said by their tabs. */
function Tabs(props: { readonly tab: Tab; readonly show: (tab: Tab) => void }): JSX.Element {
  const lab = useLab();
  const { beside, view } = lab.state.shown;
  const { tab, show } = props;
  const pair = pairOf(lab);
  const tabs: readonly (readonly [Tab, View | undefined])[] = [
    ["A", view],
    ["B", beside?.view],
    ["why", undefined],
  ];
  return (
    <div class="compare-tabs" role="tablist">
      {tabs.map(([one, of], place) => {
        const without = pair[place]?.without ?? [];
        return (
          <button
            type="button"
            key={one}
            role="tab"
            aria-selected={tab === one}
            data-side={one}
            onClick={() => show(one)}
          >
            {of ? (
              <>
                <b class="side">{one}</b>
                <span>
                  {without.length > 0
                    ? t("without", { rules: without.join(" ") })
                    : nameOf(pair[place])}
                </span>
                <i class={of.violations.length > 0 ? "breaks" : "holds"}>
                  <Icon name={of.violations.length > 0 ? "close" : "check"} />
                </i>
              </>
            ) : (
              t(lab.state.compare.isTold ? "differs" : "sameAskShort")
            )}
          </button>
        );
      })}
    </div>
  );
}

function nameOf(branch: BranchView | undefined): string {
  return branch ? branchWords(branch) : "";
}

/** The branches that are looked at, A and B. */
function pairOf({ state }: Lab): readonly (BranchView | undefined)[] {
  const all = state.shown.branches;
  return [all.find((one) => one.current), all.find((one) => one.id === state.compare.other)];
}

function Band(props: { readonly side: Side }): JSX.Element {
  const lab = useLab();
  const { side } = props;
  const branch = pairOf(lab)[side === "A" ? 0 : 1];
  const view = lab.state.shown.view;
  const properties = (view?.violations ?? []).map((found) =>
    inLanguage(found.property, found.propertyZh),
  );
  const broken = [...new Set(properties)];
  const without = branch?.without ?? [];
  return (
    <section class="band" data-band={side} aria-label={side}>
      <header class="band-head">
        <b class="side">{side}</b>
        <span class="band-name">{nameOf(branch)}</span>
        {side === "B" && lab.state.shown.beside?.isBehind ? (
          <span class="dim">
            {formatInstant(view?.now ?? 0)} · {t("besideEnds")}
          </span>
        ) : null}
        <span class="spring" />
        {without.length > 0 ? (
          <span class="modified">{t("modified", { rules: without.join(" ") })}</span>
        ) : null}
        {broken.length === 0 ? (
          <span class="sound">{t("invariantsHold")}</span>
        ) : (
          <span class="sound unsound">
            <Icon name="close" />
            {broken.join(" · ")}
          </span>
        )}
      </header>
      <Stage />
      <div class="band-logs">
        <Logs />
      </div>
    </section>
  );
}

/** In what the two are not the same to begin with. */
function contrast(one: BranchView, other: BranchView): string {
  const rules = (mine: BranchView, theirs: BranchView): string =>
    theirs.without.filter((rule) => !mine.without.includes(rule)).join(" ");
  const [inB, inA] = [rules(one, other), rules(other, one)];
  const words = (features: readonly string[]): string =>
    features.map(featureName).join(", ") || t("plainRaft");
  const [a, b] = [words(one.features), words(other.features)];
  const said: string[] = [];
  if (inB) said.push(t("otherRules", { rules: inB }));
  if (inA) said.push(t("otherRulesOfA", { rules: inA }));
  if (a !== b) said.push(t("otherFeatures", { a, b }));
  if (one.seed !== other.seed) said.push(t("otherSeed", { seed: other.seed }));
  if (said.length > 0) return t("sameCluster") + said.join(" ");
  const at = other.parent === one.id ? other.forkedAt : one.forkedAt;
  return t("otherWay", { at });
}

function Narrator(): JSX.Element {
  const lab = useLab();
  const { compare, state } = lab;
  const { isTold } = state.compare;
  const [one, other] = pairOf(lab);
  const { beside, explanation } = state.shown;
  return (
    <section class="aside compare-why" aria-label={t("compare")}>
      <header class="contrast">
        <p>{one && other ? contrast(one, other) : ""}</p>
        <button
          type="button"
          class="quiet icon-only"
          title={`${t("leaveCompare")} ( Esc )`}
          aria-label={t("leaveCompare")}
          onClick={() => void compare.leave()}
        >
          <Icon name="close" />
        </button>
      </header>
      <Alike />
      {isTold ? <Found /> : null}
      <div class="compare-buttons">
        <button
          type="button"
          class="primary"
          title={`${t(isTold ? "nextDifference" : "sameShow")} ( x )`}
          onClick={() => void compare.goOn()}
        >
          {t(isTold ? "nextDifference" : "sameShow")}
        </button>
        {isTold ? (
          <button type="button" onClick={() => void compare.seek(true)}>
            {t("firstDifference")}
          </button>
        ) : null}
        <button type="button" onClick={() => void compare.swap()}>
          {t("swap")}
        </button>
      </div>
      {isTold ? (
        <>
          <Principle />
          <Happened side="A" explained={explanation} />
          <Happened side="B" explained={beside?.explanation} />
        </>
      ) : (
        <p class="after">{t("sameAfter")}</p>
      )}
    </section>
  );
}

/** What is the same: asked first, and then told as the engine finds it. */
function Alike(): JSX.Element | null {
  const { state } = useLab();
  const { beside, view } = state.shown;
  if (!beside) return null;
  if (!state.compare.isTold)
    return (
      <div class="alike">
        <h2>{state.lesson.open?.same || t("sameAsk")}</h2>
        <p class="dim">{t("sameAskHint")}</p>
      </div>
    );
  const said = state.lesson.open?.alike;
  const { events, terms, logs } = beside.same;
  const of = (ids: readonly number[]): string => {
    if (ids.length === view?.servers.length) return t("sameAll");
    return ids.length === 0 ? t("sameNone") : t("sameOf", { names: ids.map(name).join(" ") });
  };
  return (
    <div class="alike" role="status">
      <h2>{state.lesson.open?.same || t("sameIs")}</h2>
      {said ? <p>{said}</p> : null}
      <ul>
        <li>{events > 0 ? t("sameEvents", { count: events }) : t("sameEventsNone")}</li>
        <li>{t("sameTerms", { of: of(terms) })}</li>
        <li>{t("sameLogs", { of: of(logs) })}</li>
      </ul>
    </div>
  );
}

/** What differs, in words: which server, which field, and its value in both. */
function Found(): JSX.Element {
  const { state } = useLab();
  const { found, isOver } = state.compare;
  const now = state.shown.view?.now ?? 0;
  if (!found) return <p class="found">{t(isOver ? "sameThroughout" : "sameSoFar")}</p>;
  if (now < found.at) return <p class="found">{t("sameSoFar")}</p>;
  const broken = lang.value === "en" ? found.broken : found.brokenZh;
  return (
    <div class="found" role="status">
      <h2>
        {t("eventAt", { number: found.position })} · {formatInstant(found.at)}
      </h2>
      {(["A", "B"] as const).map((side, place) => {
        const names = broken[place] ?? [];
        if (names.length === 0) return null;
        return (
          <p class="broken" key={side}>
            {t("breaksIn", { side, names: names.join(", ") })}
          </p>
        );
      })}
      <table class="changes" hidden={found.values.length === 0}>
        <thead>
          <tr>
            <td />
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {found.values.map(({ server, field, before, after }) => (
            <tr key={`${server} ${field}`}>
              <th scope="row">
                {name(server)} {fieldWords(field)}
              </th>
              <td>{valueWords(field, before)}</td>
              <td>{valueWords(field, after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOver ? <p class="dim">{t("sameToEnd")}</p> : null}
    </div>
  );
}

/** Each clause that only one of them keeps to: its sentence, and why it is in the algorithm. */
function Principle(): JSX.Element | null {
  const lab = useLab();
  const [one, other] = pairOf(lab).map((branch) => branch?.without ?? []);
  const apart = [...(one ?? []), ...(other ?? [])].filter(
    (rule) => !(one?.includes(rule) && other?.includes(rule)),
  );
  const clauses = lab.state.engine.figure.filter(({ rule }) => apart.includes(rule.id));
  const said = lab.state.lesson.open?.principle ?? "";
  if (clauses.length === 0 && said === "") return null;
  return (
    <div class="principle">
      <h2>{t("principle")}</h2>
      {clauses.map(({ rule, reason }) => (
        <p key={rule.id}>
          <span class="rule">{rule.id}</span> {rule.text} <b>{reason}</b>
        </p>
      ))}
      {said ? <p>{said}</p> : null}
    </div>
  );
}

const ANSWERS: Readonly<Record<string, Key>> = {
  no: "clauseNo",
  yes: "clauseYes",
  acted: "clauseActed",
  ablated: "clauseAblated",
};

function Happened(props: {
  readonly side: Side;
  readonly explained: Explanation | undefined;
}): JSX.Element | null {
  const { side, explained } = props;
  if (!explained) return null;
  const { event, clauses, changes } = explained;
  // What was asked and was not so decided nothing; a clause that is away stays in sight.
  const shown = clauses.filter(
    ({ quiet, answer }) => !quiet && answer !== "unreached" && answer !== "no",
  );
  return (
    <div class="happened">
      <h3>
        <b class="side">{side}</b> {event.server === undefined ? "" : name(event.server)}{" "}
        {explained.deed?.text ?? ""}
        <small class="dim">
          {t("eventAt", { number: event.number + 1 })} · {formatInstant(event.at)}
        </small>
      </h3>
      <p>{event.text}</p>
      <ul>
        {shown.map(({ rule, names, values, answer }) => (
          <li key={rule.id} class={`decided-by ${answer}`}>
            <span class="rule">{rule.id}</span>{" "}
            <span class="values">{names ? `${names} ${values ?? ""}` : ""}</span>{" "}
            <b>{t(ANSWERS[answer] ?? "clauseActed")}</b>
          </li>
        ))}
        {changes.map(({ server, field, before, after }) => (
          <li key={`${server} ${field}`}>
            {name(server)} {fieldWords(field)} <del>{valueWords(field, before)}</del>{" "}
            {valueWords(field, after)}
          </li>
        ))}
      </ul>
    </div>
  );
}
