/** What there is to what somebody looks for or has pasted, by kinds, each with a line on why. */
import type { ComponentChildren, JSX } from "preact";
import { inLanguage, lang } from "../i18n";
import { t } from "../i18n/later";
import { type Pasted, pasted, termsOf } from "../lib/pasted";
import type { Card } from "../lib/playbook";
import { type Found, holdsAll, nearest, search, withPhrase } from "../lib/search";
import type { Symptom } from "../lib/symptoms";
import type { Fault } from "../lib/tried";
import { cardAt, library, tried } from "../state/library";
import { useLab } from "./use-lab";
import { WorkedLogs } from "./worked-logs";

/** What a refusal says of where the logs may agree. */
const HINT = /\bX(?:Term|Index|Len)\b/;

/** So many mistakes are told before "more". */
const MISTAKES_TOLD = 6;

export function Answers(props: { readonly wanted: string }): JSX.Element {
  const cards = (library.value ?? []).flatMap((folder) => folder.cards);
  const what = pasted(props.wanted);
  const found = foundFor(what, cards, props.wanted);
  const tests = found.filter(({ card }) => card.folder === "lab");
  const bugs = found.filter(({ card }) => card.folder === "bugs");
  const told = found.filter((one) => !tests.includes(one) && !bugs.includes(one));
  const isNothing = found.length === 0 && what.kind === "words";
  const near = isNothing ? nearest(cards, props.wanted) : [];
  return (
    <div class="answers" aria-live="polite">
      {isNothing && library.value ? (
        <p class="dim none-found">
          {t(near.length > 0 ? "answersNearOnly" : "playbooksFoundNone", {
            wanted: props.wanted.trim(),
          })}
        </p>
      ) : null}
      <Shelf title={t("answersNear")} found={near} />
      {what.kind === "test" ? (
        <p class="read-as">{t("readAsTest", { name: what.name, parts: what.parts })}</p>
      ) : null}
      {what.kind === "symptom" ? <Meaning symptom={what.symptom} /> : null}
      {what.kind === "logs" ? <WorkedLogs logs={what.logs} /> : null}
      <Shelf title={t("answersTold")} found={told} />
      <Shelf title={t("answersTests")} found={tests} />
      {what.kind === "test" ? <Slower found={found} /> : null}
      {what.kind === "test" && tests[0] ? <Mistakes card={tests[0].card} /> : null}
      <Shelf title={t("answersBugs")} found={bugs} />
      {what.kind === "words" ? <Clauses wanted={props.wanted} /> : null}
    </div>
  );
}

function foundFor(what: Pasted, cards: readonly Card[], wanted: string): readonly Found[] {
  switch (what.kind) {
    case "test":
      return search(cards, what.name, lang.value);
    case "logs": {
      // Who speaks of all of these logs.
      const each = what.logs.map((log) => withPhrase(cards, termsOf(log), lang.value));
      const [first = [], ...others] = each;
      return first.filter(({ card }) => {
        return others.every((more) => more.some((other) => other.card === card));
      });
    }
    case "symptom":
      return what.symptom.playbooks.flatMap((path) => {
        const card = cardAt(path);
        return card ? [{ card, line: "" }] : [];
      });
    case "words":
      return search(cards, wanted, lang.value);
  }
}

function Part(props: {
  readonly title: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="folder">
      <h3>{props.title}</h3>
      <div class="cards">{props.children}</div>
    </section>
  );
}

function Shelf(props: {
  readonly title: string;
  readonly found: readonly Found[];
}): JSX.Element | null {
  if (props.found.length === 0) return null;
  return (
    <Part title={props.title}>
      {props.found.map(({ card, line }) => (
        <Item key={card.path} card={card} line={line} />
      ))}
    </Part>
  );
}

export function Item(props: { readonly card: Card; readonly line: string }): JSX.Element {
  const { opening, state, viewState } = useLab();
  const { card, line } = props;
  const { steps } = card;
  return (
    <button
      type="button"
      class={`item${state.run.origin.path === card.path ? " on" : ""}`}
      data-playbook={card.path}
      onClick={() => {
        viewState.closeDialog();
        void opening.openRun(card.text, "playbook", card.path);
      }}
    >
      <span class="item-name">{card.title[lang.value]}</span>
      {steps > 0 ? <small class="dim">{t("steps", { count: steps })}</small> : null}
      {line ? <small class="item-line">{line}</small> : null}
    </button>
  );
}

function Meaning({ symptom }: { readonly symptom: Symptom }): JSX.Element {
  return (
    <>
      <p class="read-as">{inLanguage(symptom.en, symptom.zh)}</p>
      {symptom.rules.length > 0 ? (
        <Part title={t("answersClauses")}>
          {symptom.rules.map((rule) => (
            <Clause key={rule} rule={rule} />
          ))}
        </Part>
      ) : null}
    </>
  );
}

/** Which clauses, left out, make the test fail here, and what is seen of it first. */
function Mistakes({ card }: { readonly card: Card }): JSX.Element | null {
  const faults = tried.value?.get(card.path) ?? [];
  if (faults.length === 0) return null;
  const first = faults.slice(0, MISTAKES_TOLD);
  const others = faults.slice(MISTAKES_TOLD);
  return (
    <section class="folder">
      <h3>{t("answersMistakes")}</h3>
      <p class="dim">{t("answersMistakesHint")}</p>
      <div class="cards">
        {first.map((fault) => (
          <Mistake key={fault.rule} card={card} fault={fault} />
        ))}
      </div>
      {others.length > 0 ? (
        <details>
          <summary>{t("mistakesMore", { count: others.length })}</summary>
          <div class="cards">
            {others.map((fault) => (
              <Mistake key={fault.rule} card={card} fault={fault} />
            ))}
          </div>
        </details>
      ) : null}
    </section>
  );
}

function Mistake(props: { readonly card: Card; readonly fault: Fault }): JSX.Element {
  const { opening, state, viewState } = useLab();
  const { card, fault } = props;
  const { rule, event, invariant, line } = fault;
  const clause = state.engine.figure.find((one) => one.rule.id === rule)?.line;
  const broken = t("mistakeBreaks", { invariant: invariant[lang.value], event });
  const failing = card.text.split("\n")[(line ?? 0) - 1]?.trim() ?? "";
  return (
    <button
      type="button"
      class="item"
      data-mistake={rule}
      onClick={() => {
        viewState.closeDialog();
        const from = { kind: "file", path: `${card.title[lang.peek()]}, ${rule}` } as const;
        void opening.open(`ablate ${rule}\n${card.text}`, { from, at: event });
      }}
    >
      <span class="item-name">
        <b class="rule">{rule}</b> {clause}
      </span>
      <small class="item-line">
        {line === undefined ? broken : t("mistakeFails", { line: failing, event })}
      </small>
    </button>
  );
}

function Clauses({ wanted }: { readonly wanted: string }): JSX.Element | null {
  const { state } = useLab();
  const found = state.engine.figure.filter(({ rule, line }) =>
    holdsAll(`${rule.id} ${rule.text} ${line}`, wanted),
  );
  if (found.length === 0) return null;
  return (
    <Part title={t("answersClauses")}>
      {found.slice(0, MISTAKES_TOLD).map(({ rule }) => (
        <Clause key={rule.id} rule={rule.id} />
      ))}
      {found.length > MISTAKES_TOLD ? (
        <details>
          <summary>{t("mistakesMore", { count: found.length - MISTAKES_TOLD })}</summary>
          {found.slice(MISTAKES_TOLD).map(({ rule }) => (
            <Clause key={rule.id} rule={rule.id} />
          ))}
        </details>
      ) : null}
    </Part>
  );
}

/** A test that takes long: the clauses without which it passes here, and an implementation may not. */
function Slower(props: { readonly found: readonly Found[] }): JSX.Element | null {
  const { state } = useLab();
  const isBackingUp = props.found.some(({ card }) => HINT.test(card.text));
  const clauses = state.engine.figure.filter(
    ({ rule, line }) => rule.kind === "efficiency" && HINT.test(line),
  );
  if (!isBackingUp || clauses.length === 0) return null;
  return (
    <section class="folder">
      <h3>{t("answersSlower")}</h3>
      <p class="dim">{t("answersSlowerHint")}</p>
      <div class="cards">
        {clauses.map(({ rule }) => (
          <Clause key={rule.id} rule={rule.id} />
        ))}
      </div>
    </section>
  );
}

function Clause({ rule }: { readonly rule: string }): JSX.Element {
  const { state, viewState } = useLab();
  const line = state.engine.figure.find((one) => one.rule.id === rule)?.line;
  return (
    <button
      type="button"
      class="item"
      data-clause={rule}
      onClick={() => {
        viewState.closeDialog();
        viewState.showTab("figure");
        viewState.openClause(rule);
      }}
    >
      <span class="item-name">
        <b class="rule">{rule}</b> {line}
      </span>
    </button>
  );
}
