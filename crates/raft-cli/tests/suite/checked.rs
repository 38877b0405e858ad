//! `raftlab check` looks at every run of a small cluster.

use serde_json::Value;

use crate::{scratch, typed};

#[test]
fn a_cluster_in_which_nothing_breaks_passes() {
    let done = typed("check --terms 1 --commands 1 --workers 2");
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    let expected = "Nothing breaks: raftlab check --servers 3 --terms 1 --commands 1 \
                    --copies any\n543 states, 2007 steps, depth 12. ";
    assert!(done.out.starts_with(expected), "{}", done.out);
    let alone = typed("check --terms 1 --commands 1 --workers 1");
    assert_eq!(done.out, alone.out, "whatever the number of workers");
}

#[test]
fn what_breaks_is_a_playbook_that_passes() {
    let file = scratch("checked").join("shortest.raft");
    let name = file.display();
    let done = typed(&format!("check --ablate RV2-log --output {name}"));
    assert_eq!(done.code, Some(1), "{}", done.err);
    let says = "leader-completeness breaks after 9 steps: ";
    assert!(done.err.starts_with(says), "{}", done.err);
    let tested = typed(&format!("test {name}"));
    assert_eq!(tested.code, Some(0), "{}", tested.out);
    let printed = typed("check --ablate RV2-log");
    let written = std::fs::read_to_string(&file).expect("it was written");
    assert_eq!(printed.out, written, "the same run, printed");
}

/// What can still happen from an instant of a run on is the run up to there and what may follow.
#[test]
fn a_search_goes_on_from_an_instant_of_a_playbook() {
    let folder = scratch("checked-from");
    let [from, to] = ["from.raft", "to.raft"].map(|name| folder.join(name));
    std::fs::write(&from, "servers 3\ntimeout S1\nrun 1ms\n").expect("it can be written");
    let (from, to) = (from.display(), to.display());
    let words = format!("check {from} --from 1 --ablate RV2-vote --output {to}");
    let done = typed(&words);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    let says = "one-vote-a-term breaks after 2 steps: ";
    assert!(done.err.starts_with(says), "{}", done.err);
    let tested = typed(&format!("test {to}"));
    assert_eq!(tested.code, Some(0), "{}", tested.out);
    let late = typed(&format!("check {from} --from 99"));
    assert_eq!(late.code, Some(2));
    assert!(late.err.contains("--from 1."), "{}", late.err);
}

#[test]
fn other_programs_read_a_line() {
    let done = typed("check --ablate C2 --json");
    assert_eq!(done.code, Some(1), "{}", done.err);
    let line: Value = serde_json::from_str(&done.out).expect("one line of JSON");
    assert_eq!(line["verdict"], "broken");
    assert_eq!(line["invariant"], "election-safety");
    assert_eq!(line["depth"], 2);
    let playbook = line["playbook"].as_str().expect("a playbook");
    assert!(playbook.contains("\nablate C2\n"), "{playbook}");
    let address = line["link"].as_str().expect("a link");
    assert!(address.contains("#run="), "{address}");
    let done = typed("check --terms 1 --commands 0 --json");
    let line: Value = serde_json::from_str(&done.out).expect("one line of JSON");
    assert_eq!(
        (done.code, &line["verdict"]),
        (Some(0), &"exhausted".into())
    );
}

#[test]
fn a_search_without_enough_memory_says_that_it_was_not_exhaustive() {
    let done = typed("check --memory 1 --commands 2");
    assert_eq!(done.code, Some(1), "{}", done.err);
    assert!(done.out.starts_with("Not exhaustive: "), "{}", done.out);
    assert!(done.out.contains("--memory"), "{}", done.out);
}

#[test]
fn what_cannot_be_searched_is_refused_with_what_can() {
    for (words, remedy) in [
        ("--servers 6", "Write --servers 1 to 5."),
        ("--use check-quorum", "Leave it out of --use."),
        ("--use lease", "Write one of: pre-vote, "),
        ("--copies some", "Write `any`, or a number up to 15."),
        ("--ablate XY9", "raftlab rules"),
        ("--reads 16", "Write 15 at most"),
        ("--voters 4", "Write --servers 1 to 5."),
    ] {
        let done = typed(&format!("check {words}"));
        assert_eq!(done.code, Some(2), "{words}: {}", done.out);
        assert!(done.err.contains(remedy), "{words}: {}", done.err);
    }
}
