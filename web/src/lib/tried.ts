/** What fails in each lab test when one clause is ablated, as `docs/tried.tsv` has it. */

export interface Fault {
  readonly rule: string;
  /** After how many events it shows. */
  readonly event: number;
  /** The line of the playbook that fails; else an invariant does not hold. */
  readonly line: number | undefined;
  readonly invariant: { readonly en: string; readonly zh: string };
}

/**
 * The faults by the path of the playbook that they fail. First come the clauses without which few
 * others fail: whatever fails nearly every test says little about this one.
 */
export type Tried = ReadonlyMap<string, readonly Fault[]>;

export function triedOf(table: string): Tried {
  const tried = new Map<string, Fault[]>();
  for (const row of table.trimEnd().split("\n").slice(1)) {
    const [file, rule = "", event, line, en = "", zh = ""] = row.split("\t");
    const fault = { rule, event: Number(event), line: Number(line) || undefined };
    const faults = tried.get(`lab/${file}`) ?? [];
    faults.push({ ...fault, invariant: { en, zh } });
    tried.set(`lab/${file}`, faults);
  }
  const all = [...tried.values()].flat();
  const failing = (one: Fault): number => all.filter(({ rule }) => rule === one.rule).length;
  for (const faults of tried.values()) {
    faults.sort((one, other) => failing(one) - failing(other) || one.event - other.event);
  }
  return tried;
}
