/** The words of fields and their values, as the lists of changes and the panels show them. */
import { type Key, t } from "../i18n";

/** The fields that have no name in Figure 2, and their values. */
const FIELD_WORDS: Readonly<Record<string, Key>> = { state: "field_state", role: "field_role" };
const VALUE_WORDS: Readonly<Record<string, Key>> = {
  up: "state_up",
  paused: "paused",
  crashed: "crashed",
  follower: "follower",
  "pre-candidate": "pre_candidate",
  candidate: "candidate",
  leader: "leader",
  granted: "vote_granted",
  refused: "vote_refused",
};

const NAMES: readonly string[] = ["votedFor", "leader"];

/** A value in the reader's language, where it is a word of ours and not somebody's command. */
export function value_words(field: string, value: string): string {
  // Nobody, for a field that holds somebody; nothing, for one that is not there.
  if (value === "–" && NAMES.includes(field)) return t("none");
  const key = field in FIELD_WORDS || field.startsWith("vote[") ? VALUE_WORDS[value] : undefined;
  return key ? t(key) : value;
}

export function field_words(field: string): string {
  const key = FIELD_WORDS[field];
  return key ? t(key) : field;
}
