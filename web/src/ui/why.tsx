/** The last event in words: its rules, its cause, what it changed. */
import type { JSX } from "preact";
import type { ChangeView, EventView, Explanation, RuleView, ViolationView } from "../engine/types";
import { in_language, type Key, lang, party_name as name, t } from "../i18n";
import { type Broken, grouped } from "../lib/broken";
import { format_instant } from "../lib/time";
import { with_lab } from "../state/engine";
import { toggle_rule } from "../state/rules";
import { go_to } from "../state/session";
import { calm_view } from "../state/shown";
import { field_words, value_words } from "./fields";
import { More } from "./more";

/** What is taken away from the servers of this run, each to be put back. */
function Missing(): JSX.Element | null {
  const missing = calm_view.value?.without ?? [];
  if (missing.length === 0) return null;
  return (
    <p class="missing">
      {missing.map((rule) => (
        <button type="button" key={rule} data-put-back={rule} onClick={() => toggle_rule(rule)}>
          {t("put_back", { rule })}
        </button>
      ))}
    </p>
  );
}

export function Why(): JSX.Element {
  const view = calm_view.value;
  const last = view ? view.position - 1 : -1;
  const explained = last >= 0 ? with_lab((lab) => lab.explain(last, lang.value)) : undefined;
  if (!explained) {
    return (
      <div class="why">
        <header class="why-head">
          <h2>{t("events_none")}</h2>
        </header>
        <Missing />
        <p class="dim">{t("events_empty")}</p>
      </div>
    );
  }
  return <Told explained={explained} />;
}

/** What kind of event it is that no server and no rule has a part in. */
function kind_of(event: EventView): Key {
  if (event.kind === "lost") return "kind_lost";
  return event.external ? "kind_acted" : "kind_client";
}

function Told(props: { readonly explained: Explanation }): JSX.Element {
  const { event, rules, changes, cause, violations } = props.explained;
  return (
    <div class="why">
      <header class="why-head">
        <h2>
          {event.server === undefined ? "" : name(event.server)}
          {event.server !== undefined && event.rules.length > 0 ? " · " : ""}
          {event.rules.join(" ")}
          {event.server === undefined && event.rules.length === 0 ? t(kind_of(event)) : ""}
        </h2>
        <span class="dim">
          {t("event_at", { number: event.number + 1 })} · {format_instant(event.at)}
        </span>
      </header>
      <Missing />
      <p class="told">{event.text}</p>
      <Cause event={event} cause={cause} />
      {grouped(violations).map((broken) => (
        <BrokenOne key={broken.first.property} broken={broken} />
      ))}
      {rules.length > 0 ? (
        <ul class="clauses">
          {rules.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </ul>
      ) : null}
      {event.server === undefined ? null : <Changes changes={changes} />}
    </div>
  );
}

function Cause(props: {
  readonly event: EventView;
  readonly cause: EventView | undefined;
}): JSX.Element | null {
  const { event, cause } = props;
  if (!cause) return event.external ? <p class="dim">{t("by_hand")}</p> : null;
  return (
    <p class="cause">
      <span class="dim">{t("cause")} </span>
      <button type="button" class="link-button" onClick={() => go_to(cause.number + 1)}>
        {cause.text} · {format_instant(cause.at)}
      </button>
    </p>
  );
}

function BrokenOne(props: { readonly broken: Broken<ViolationView> }): JSX.Element {
  const { first, more } = props.broken;
  const sentence = ({ text, text_zh }: ViolationView): string => in_language(text, text_zh);
  return (
    <div class="broken">
      <b>
        {t("violation", { property: in_language(first.property, first.property_zh) })}
        {in_language(".", "。")}
      </b>{" "}
      {sentence(first)}
      <More sentences={more.map(sentence)} />
    </div>
  );
}

const KINDS: Readonly<Record<RuleView["kind"], Key>> = {
  safety: "kind_safety",
  liveness: "kind_liveness",
  efficiency: "kind_efficiency",
};

function Rule(props: { readonly rule: RuleView }): JSX.Element {
  const { rule } = props;
  return (
    <li class="clause">
      <span class="rule">{rule.id}</span>
      <p>
        {rule.text}{" "}
        <span class="dim">
          {rule.section} · {t(KINDS[rule.kind])} ·{" "}
        </span>
        <button
          type="button"
          class="link-button"
          title={t("take_away_hint", { rule: rule.id })}
          data-take-away={rule.id}
          onClick={() => toggle_rule(rule.id)}
        >
          {t("take_away")}
        </button>
      </p>
    </li>
  );
}

/** A rewritten log changes many entries; the first ones tell enough. */
const CHANGES_SHOWN = 12;

function Changes(props: { readonly changes: readonly ChangeView[] }): JSX.Element {
  const { changes } = props;
  if (changes.length === 0) return <p class="dim">{t("changed_none")}</p>;
  return (
    <table class="changes">
      <caption>{t("changed")}</caption>
      <tbody>
        {changes.slice(0, CHANGES_SHOWN).map((change) => (
          <tr key={`${change.server} ${change.field}`}>
            <th scope="row">
              {name(change.server)} {field_words(change.field)}
            </th>
            <td>
              <del>{value_words(change.field, change.before)}</del>
            </td>
            <td>{value_words(change.field, change.after)}</td>
          </tr>
        ))}
        {changes.length > CHANGES_SHOWN ? (
          <tr>
            <td class="dim" colSpan={3}>
              {t("changed_more", { count: changes.length - CHANGES_SHOWN })}
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
