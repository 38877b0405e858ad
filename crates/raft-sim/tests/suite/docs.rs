//! The reference of the playbook language promises that its examples work.

use raft_sim::Run;

#[test]
fn every_example_of_the_reference_plays() {
    let reference = include_str!("../../../../docs/playbooks.md");
    let mut played = 0;
    for block in reference.split("```raft\n").skip(1) {
        let text = block.split("```").next().unwrap_or_default();
        // Examples show single Actions; what they need to be possible, such
        // as entries to delete, stands before them here.
        let text = if text.starts_with("title") {
            text.to_owned()
        } else {
            format!("timeout S1\nrun 100ms\npropose S1 a b c\nrun 500ms\n{text}")
        };
        if text.contains("drop M1") {
            let own = text.split("run 500ms\n").nth(1).unwrap_or_default();
            Run::open(own).expect("the block on messages plays by itself");
        } else {
            let opened = Run::open(&text);
            assert!(opened.is_ok(), "{}\nin\n{text}", opened.unwrap_err());
        }
        played += 1;
    }
    assert!(played >= 7, "only {played} examples were found");
}
