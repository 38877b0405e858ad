/** A run as a test that others can keep: in Rust, with the playbook in it. */

/** The test; it is called after the name of the run, which can have any letters. */
export function asTest(name: string, playbook: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const called = `plays_${words.length > 0 ? words.join("_") : "a_playbook"}`;
  // A quotation mark and as many signs behind it would end the text.
  const longest = Math.max(0, ...[...playbook.matchAll(/"#*/g)].map(([found]) => found.length));
  const fence = "#".repeat(longest);
  return `// In Cargo.toml, below [dev-dependencies]: raft-play
#[test]
fn ${called}() {
    let playbook = r${fence}"${playbook}"${fence};
    raft_play::test(playbook).unwrap_or_else(|wrong| panic!("{wrong}"));
}
`;
}
