/** The last event in words: its rules, its cause, what it changed. */
import type { JSX } from "preact";
import type { ChangeView, EventView, Explanation, ViolationView } from "../engine/types";
import { inLanguage, type Key, partyName as name, t } from "../i18n";
import { coveredFrom } from "../lib/bets";
import { type Broken, grouped } from "../lib/broken";
import { formatInstant } from "../lib/time";
import { wordsOf } from "../lib/words-of";
import { Clauses } from "./clauses";
import { fieldWords, valueWords } from "./fields";
import { More } from "./more";
import { Spoken } from "./spoken";
import { useLab } from "./use-lab";

/** What is taken away from the servers of this run, each to be put back. */
function Missing(): JSX.Element | null {
  const { rules, state } = useLab();
  const missing = state.shown.calmView?.without ?? [];
  if (missing.length === 0) return null;
  return (
    <p class="missing">
      {missing.map((rule) => (
        <button
          type="button"
          key={rule}
          data-put-back={rule}
          onClick={() => void rules.compareWithout(rule)}
        >
          {t("putBack", { rule })}
        </button>
      ))}
    </p>
  );
}

export function Why(): JSX.Element {
  const { state } = useLab();
  const explained = state.shown.explanation;
  if (!explained) {
    return (
      <div class="why">
        <header class="why-head">
          <h2>{t("eventsNone")}</h2>
        </header>
        <Missing />
        <p class="dim">{t("eventsEmpty")}</p>
      </div>
    );
  }
  return <Told explained={explained} />;
}

/** What kind of event it is that no server and no rule has a part in. */
function kindOf(event: EventView): Key {
  if (event.kind === "lost") return "kindLost";
  return event.external ? "kindActed" : "kindClient";
}

/** What somebody did from outside is said by its line, which no second one need repeat. */
function titleOf(event: EventView): string {
  if (event.external) return event.text;
  return event.server === undefined ? t(kindOf(event)) : name(event.server);
}

/** What happened, in as few words as there are: who did what, by which clause. */
export function Title({ explained }: { readonly explained: Explanation }): JSX.Element {
  const { event, deed } = explained;
  return (
    <h2>
      {deed && event.server !== undefined ? `${name(event.server)} ${deed.text} ` : titleOf(event)}
      {deed ? <span class="rule">{deed.rule}</span> : null}
    </h2>
  );
}

function Told(props: { readonly explained: Explanation }): JSX.Element {
  const { event, deed, changes, cause, ledTo, violations } = props.explained;
  const { state } = useLab();
  // What it led to would be the answer to what is asked.
  const isAsked = coveredFrom(state)?.position === state.shown.view?.position;
  const title = titleOf(event);
  return (
    <div class="why">
      <header class="why-head">
        <Title explained={props.explained} />
        <span class="dim">
          {t("eventAt", { number: event.number + 1 })} · {formatInstant(event.at)}
        </span>
      </header>
      <Missing />
      {title === event.text && !deed ? null : (
        <p class="told">
          <Spoken text={event.text} />
        </p>
      )}
      <Cause event={event} cause={cause} />
      {isAsked ? null : <LedTo effects={ledTo} />}
      {grouped(violations).map((broken) => (
        <BrokenOne key={broken.first.property} broken={broken} />
      ))}
      <Clauses explained={props.explained} />
      {event.server === undefined ? null : <Changes changes={changes} />}
    </div>
  );
}

function Cause(props: {
  readonly event: EventView;
  readonly cause: EventView | undefined;
}): JSX.Element | null {
  const { session } = useLab();
  const { event, cause } = props;
  if (!cause) return event.external ? <p class="dim">{t("byHand")}</p> : null;
  return (
    <p class="cause">
      <span class="dim">{t("cause")} </span>
      <button type="button" class="link-button" onClick={() => session.goTo(cause.number + 1)}>
        {cause.text} · {formatInstant(cause.at)}
      </button>
    </p>
  );
}

/** What came of it at once, to be gone to. */
function LedTo({ effects }: { readonly effects: readonly EventView[] }): JSX.Element | null {
  const { session } = useLab();
  if (effects.length === 0) return null;
  return (
    <p class="cause led-to">
      <span class="dim">{t("ledTo")} </span>
      {effects.map(({ number, text, at }) => (
        <button
          type="button"
          key={number}
          class="link-button"
          onClick={() => session.goTo(number + 1)}
        >
          {text} · {formatInstant(at)}
        </button>
      ))}
    </p>
  );
}

function BrokenOne(props: { readonly broken: Broken<ViolationView> }): JSX.Element {
  const { first, more } = props.broken;
  const sentence = ({ text, textZh }: ViolationView): string => inLanguage(text, textZh);
  return (
    <div class="broken">
      <b>
        {t("violation", { property: inLanguage(first.property, first.propertyZh) })}
        {inLanguage(".", "。")}
      </b>{" "}
      {sentence(first)}
      <More sentences={more.map(sentence)} />
    </div>
  );
}

/** A rewritten log changes many entries; the first ones tell enough. */
const CHANGES_SHOWN = 12;

function Changes(props: { readonly changes: readonly ChangeView[] }): JSX.Element {
  const { changes } = props;
  if (changes.length === 0) return <p class="dim">{t("changedNone")}</p>;
  return (
    <table class="changes">
      <caption>{t("changed")}</caption>
      <tbody>
        {changes.slice(0, CHANGES_SHOWN).map((change) => (
          <tr
            key={`${change.server} ${change.field}`}
            data-of={wordsOf(`${name(change.server)} ${change.field}`, change.after).join(" ")}
          >
            <th scope="row">
              {name(change.server)} {fieldWords(change.field)}
            </th>
            <td>
              <del>{valueWords(change.field, change.before)}</del>
            </td>
            <td>{valueWords(change.field, change.after)}</td>
          </tr>
        ))}
        {changes.length > CHANGES_SHOWN ? (
          <tr>
            <td class="dim" colSpan={3}>
              {t("changedMore", { count: changes.length - CHANGES_SHOWN })}
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
