/**
 * The mistake gallery, read from the playbooks that show the mistakes: how each is said, what it looks like in
 * code, the invariants that fall, and the clause that mends it.
 */
import { type Card, header } from "./playbook";

/** A sentence in both languages. */
export interface Said {
  readonly en: string;
  readonly zh: string;
}

export interface Mistake {
  /** The run that shows it. */
  readonly card: Card;
  readonly said: Said;
  readonly code: string;
  /** What falls, as the run itself expects; nothing where the cluster only stops. */
  readonly breaks: readonly Said[];
  /** The id of the clause that mends it; none where it is no clause of a server, but what a client does. */
  readonly rule: string | undefined;
}

/** The invariants by the words of the language; a test compares them with those of the engine. */
export const INVARIANTS: Readonly<Record<string, Said>> = {
  "election-safety": { en: "Election Safety", zh: "选举安全性" },
  "leader-append-only": { en: "Leader Append-Only", zh: "领导者只附加" },
  "log-matching": { en: "Log Matching", zh: "日志匹配" },
  "leader-completeness": { en: "Leader Completeness", zh: "领导者完整性" },
  "state-machine-safety": { en: "State Machine Safety", zh: "状态机安全性" },
  "term-monotone": { en: "Term never decreases", zh: "任期不后退" },
  "one-vote-a-term": { en: "One vote per term", zh: "每任期一票" },
  "commit-monotone": { en: "Commit index never decreases", zh: "提交索引不后退" },
  "applied-in-order": { en: "Applied in order", zh: "按顺序应用" },
  "linearizable-read": { en: "Linearizable read", zh: "线性一致读" },
  "exactly-once": { en: "Exactly once", zh: "恰好一次" },
};

/** The mistake that a playbook shows, if it says one above its title. */
export function mistakeOf(card: Card): Mistake | undefined {
  const note = (name: string): string | undefined =>
    new RegExp(`^# ${name}(?:: |：)(.+)$`, "m").exec(card.text)?.[1];
  const [en, zh, code] = [note("The mistake"), note("错误"), note("In code")];
  if (en === undefined || code === undefined) return undefined;
  const expected = [...card.text.matchAll(/^expect .*$/gm)].flatMap(([line]) => [
    ...line.matchAll(/\bbroken ([a-z-]+)/g),
  ]);
  const ids = new Set(expected.map(([, id = ""]) => id));
  const breaks = [...ids].flatMap((id) => INVARIANTS[id] ?? []);
  const [name, story] = card.title.en.split(" · ");
  const named = story === undefined ? undefined : name;
  const rule = header(card.text, "ablate")?.split(/\s+/)[0] ?? named;
  return { card, said: { en, zh: zh ?? en }, code, breaks, rule };
}

/** Whether all the words stand somewhere in what is told of a mistake. */
export function tells(mistake: Mistake, wanted: string): boolean {
  const { card, said, code, rule } = mistake;
  const all =
    `${said.en} ${said.zh} ${code} ${card.title.en} ${card.title.zh} ${rule ?? ""}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
