//! The reference of the playbook language promises that its examples work.

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
        let text = match text.split_once("run 500ms\n") {
            // The numbers of messages are those of a block that plays by itself.
            Some((_, own)) if own.contains("drop M1") => own.to_owned(),
            _ => text,
        };
        let (_, failure) =
            raft_play::play(&text).unwrap_or_else(|error| panic!("{error}\nin\n{text}"));
        let failure = failure.map(|failure| failure.error.to_string());
        assert_eq!(failure, None, "in\n{text}");
        played += 1;
    }
    assert!(played >= 7, "only {played} examples were found");
}
