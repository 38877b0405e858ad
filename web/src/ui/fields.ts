/** The words of fields and their values, as the lists of changes and the panels show them. */
import { type Key, t } from "../i18n";

/** The fields that have no name in Figure 2, and their values. */
const FIELD_WORDS: Readonly<Record<string, Key>> = { state: "fieldState", role: "fieldRole" };
const VALUE_WORDS: Readonly<Record<string, Key>> = {
  up: "stateUp",
  paused: "paused",
  crashed: "crashed",
  follower: "follower",
  "pre-candidate": "preCandidate",
  candidate: "candidate",
  leader: "leader",
  granted: "voteGranted",
  refused: "voteRefused",
};

const NAMES: readonly string[] = ["votedFor", "leader"];

/** A value in the reader's language, where it is a word of ours and not somebody's command. */
export function valueWords(field: string, value: string): string {
  // Nobody, for a field that holds somebody; nothing, for one that is not there.
  if (value === "–" && NAMES.includes(field)) return t("none");
  const key = field in FIELD_WORDS || field.startsWith("vote[") ? VALUE_WORDS[value] : undefined;
  return key ? t(key) : value;
}

export function fieldWords(field: string): string {
  const key = FIELD_WORDS[field];
  return key ? t(key) : field;
}
