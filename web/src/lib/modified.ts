/** A saved run of servers that do not keep to all of Raft says so in its first line. */

const MARK = "# Modified Raft: without ";

/** The text under a remark that names the rules taken away, and no other such remark. */
export function marked(text: string, without: readonly string[]): string {
  const plain = text.startsWith(MARK) ? text.slice(text.indexOf("\n") + 1) : text;
  return without.length > 0 ? `${MARK}${without.join(" ")}\n${plain}` : plain;
}
