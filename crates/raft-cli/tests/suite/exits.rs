//! What fails is said with its place and its remedy, and the exit code tells failure from bad
//! input.

use crate::{golden, specimen, typed};

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
fn a_line_that_cannot_be_read_fails_its_test_and_is_bad_input_elsewhere() {
    let failed = typed(&format!(
        "test {} playbooks/paper/01-split-vote.raft",
        specimen("misspelt")
    ));
    assert_eq!(failed.code, Some(1));
    assert!(
        failed.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        failed.out
    );
    for command in ["run", "play", "digest", "shrink", "sweep --seeds 1..2"] {
        let bad = typed(&format!("{command} {}", specimen("misspelt")));
        assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""), "{command}");
        golden("misspelt", &bad.err);
    }
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

/// Nobody wants to see the escapes of colours in a file.
#[test]
fn nothing_is_coloured_without_a_terminal() {
    for words in ["rules", "run playbooks/paper/01-split-vote.raft", "--help"] {
        let plain = typed(words);
        assert_eq!(plain.code, Some(0), "{words}");
        assert!(!plain.out.contains('\u{1b}'), "{words}");
    }
}
