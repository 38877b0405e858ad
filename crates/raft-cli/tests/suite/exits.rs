//! A failure is reported with its place and a remedy, and the exit code distinguishes a failure from
//! bad input.

use std::fs;

use crate::{done, golden, raftlab, root, scratch, specimen, typed};

#[test]
fn what_passes_exits_with_0() {
    let passed = typed("test playbooks/paper/01-split-vote.raft");
    assert_eq!(
        (passed.code, passed.out.as_str()),
        (Some(0), "1 passed, 0 failed\n")
    );
    assert_eq!(passed.err, "");
}

#[test]
fn an_expectation_that_does_not_hold_exits_with_1_and_shows_the_line() {
    let failed = typed(&format!("test {}", specimen("expects-too-much")));
    assert_eq!(failed.code, Some(1));
    golden("expects-too-much", &failed.out);
}

#[test]
fn a_violation_exits_with_1_and_shows_the_line_that_brings_it_about() {
    let failed = typed(&format!("test {}", specimen("two-leaders")));
    assert_eq!(failed.code, Some(1));
    golden("two-leaders", &failed.out);
}

#[test]
fn a_line_that_cannot_be_done_exits_with_1() {
    let failed = typed(&format!("test {}", specimen("drops-nothing")));
    assert_eq!(failed.code, Some(1));
    golden("drops-nothing", &failed.out);
}

#[test]
fn a_line_that_cannot_be_read_is_bad_input_and_keeps_no_other_playbook_from_being_tested() {
    let tested = typed(&format!(
        "test {} playbooks/paper/01-split-vote.raft",
        specimen("misspelt")
    ));
    assert_eq!(tested.code, Some(2));
    assert!(tested.out.starts_with("FAIL crates/"), "{}", tested.out);
    assert!(
        tested.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        tested.out
    );
    for command in ["run", "play", "digest", "shrink", "sweep --seeds 1..2"] {
        let bad = typed(&format!("{command} {}", specimen("misspelt")));
        assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""), "{command}");
        golden("misspelt", &bad.err);
    }
}

#[test]
fn a_file_that_is_no_text_keeps_no_other_playbook_from_being_tested() {
    let folder = scratch("no-text");
    fs::write(folder.join("a.raft"), b"servers 3\ntitle \xff\n").expect("it can be written");
    fs::write(folder.join("b.raft"), "servers 3\nrun 10ms\n").expect("it can be written");
    let tested = typed(&format!("test {}", folder.display()));
    assert_eq!(tested.code, Some(2), "{}", tested.err);
    assert!(tested.out.contains("a.raft:2: this line is not UTF-8"));
    assert!(
        tested.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        tested.out
    );
    assert_eq!(tested.err, "");
}

#[test]
fn a_playbook_in_which_nothing_is_done_passes_with_a_warning() {
    let file = scratch("nothing").join("nothing.raft");
    fs::write(&file, "servers 3\ncaption Soon.\n").expect("it can be written");
    let tested = typed(&format!("test {}", file.display()));
    assert_eq!(tested.code, Some(0));
    assert!(tested.err.starts_with("warning: "), "{}", tested.err);
    assert!(
        tested
            .err
            .contains("nothing.raft: this playbook does nothing")
    );
}

/// The suggested commands can be typed, whatever the name of the file.
#[test]
fn a_name_with_blanks_is_quoted_where_it_is_to_be_typed() {
    let file = scratch("blanks").join("it's two words.raft");
    fs::write(&file, "servers 3\nexpect leaders = 1\n").expect("it can be written");
    let failed = done(raftlab().arg("test").arg(&file).output().expect("it runs"));
    let hint = failed
        .out
        .lines()
        .find(|line| line.contains("raftlab play"));
    let hint = hint.expect("a hint");
    assert!(hint.contains("it'\\''s two words.raft' --seed 1"), "{hint}");
}

/// Those that begin with a title are complete, and their expectations hold.
#[test]
fn the_whole_playbooks_of_the_reference_pass() {
    let reference = fs::read_to_string(root().join("docs/playbooks.md")).expect("it is there");
    let folder = scratch("reference");
    let blocks = reference.split("```raft\n").skip(1);
    let texts = blocks.filter_map(|block| block.split("```").next());
    let mut whole = 0;
    for text in texts.filter(|text| text.starts_with("title")) {
        whole += 1;
        let file = folder.join(format!("{whole}.raft"));
        fs::write(file, text).expect("it can be written");
    }
    let tested = typed(&format!("test {}", folder.display()));
    let verdict = format!("{whole} passed, 0 failed\n");
    assert_eq!(tested.out, verdict);
    assert!(whole >= 3, "only {whole} were found");
}

#[test]
fn bad_arguments_exit_with_2() {
    for words in [
        "",
        "test",
        "test nowhere",
        "test docs",
        "run nowhere.raft",
        "run playbooks/paper/01-split-vote.raft --at 999999",
        "sweep chaos --seeds 5..1",
        "sweep chaos --seeds 1..2 --ablate L99",
        "sweep chaos --seeds 1..2 --shard 2/2",
        "merge docs/scale.md",
        "shrink playbooks/paper/01-split-vote.raft",
    ] {
        let bad = typed(words);
        assert_eq!(bad.code, Some(2), "{words}");
        assert!(bad.err.lines().count() >= 1, "{words}");
        assert!(!bad.err.contains("panicked"), "{words}: {}", bad.err);
    }
}

/// A file contains no escape sequences of colours.
#[test]
fn nothing_is_coloured_without_a_terminal() {
    for words in ["rules", "run playbooks/paper/01-split-vote.raft", "--help"] {
        let plain = typed(words);
        assert_eq!(plain.code, Some(0), "{words}");
        assert!(!plain.out.contains('\u{1b}'), "{words}");
    }
}
