//! What is said of a condition that does not hold, or cannot be read.

use crate::text::TextError;

/// Of a playbook that fails at its end, what is wrong and whether that is what it expects.
#[track_caller]
fn failed(condition: &str) -> (TextError, bool) {
    let text = format!(
        "servers 3\nclients 2\nheartbeat 50ms\ntimeout S1\nrun 100ms\nlet before = term S1\n\
         put C1 x 3\nrun 20ms\nexpect {condition}"
    );
    let (_, failure) = crate::play(&text).expect("it can be read");
    let failure = failure.expect("it fails");
    (failure.error, failure.is_unexpected)
}

#[track_caller]
fn unreadable(line: &str) -> TextError {
    let found = crate::play(&format!("servers 3\n{line}"));
    found.expect_err("it cannot be read")
}

#[test]
fn what_is_so_is_said_in_the_words_of_the_question() {
    for (condition, found) in [
        ("pending = 0", "pending = 1"),
        ("0 = pending", "pending = 1"),
        ("2 = 3", "2 = 2"),
        ("term S1 > before", "term S1 = 1, before = 1"),
        ("last S1 - 1 = 4", "last S1 - 1 = 0"),
        (
            "leaders = 1 and commit S1 = 9",
            "leaders = 1, commit S1 = 0",
        ),
        ("term leader+1 = 9", "term leader+1 = 1"),
        ("log S1 = 1:y", "log S1 = 1:C1.1:x=3"),
        ("log S2 = 1:y", "log S2 = “”"),
        ("log S1 = 2", "log S1 = 1:C1.1:x=3"),
        ("leader = S2 or leader = S3", "leader = S1"),
        ("leader != S1", "leader = S1"),
        ("role S1 S2 = leader", "role S1 S2 = leader, follower"),
        (
            "role all != leader",
            "role all = leader, follower, follower",
        ),
        ("voted_for S2 = none", "voted_for S2 = S1"),
        ("voters S1 = S1 S2", "voters S1 = S1 S2 S3"),
        ("learners S1 = S3", "learners S1 = none"),
        ("joint S1", "outgoing S1 = none"),
        ("next_index S1 -> S2 = 9", "next_index S1 -> S2 = 1"),
        ("match_index S2 -> S1 > 0", "match_index S2 -> S1 = 0"),
        ("not leaders = 1", "leaders = 1"),
        (
            "not (leaders = 1 and pending = 1)",
            "leaders = 1, pending = 1",
        ),
        (
            "(leaders = 2 or running = 2) and connected = 3",
            "leaders = 1, running = 3, connected = 3",
        ),
        ("answer C1 = 3", "answer C1 = “”"),
        ("value S1 x = 3", "value S1 x = “”"),
        ("broken log-matching", "violations = 0"),
    ] {
        let (error, is_unexpected) = failed(condition);
        assert!(is_unexpected, "{condition}");
        assert_eq!(error.message, format!("Expected {condition}; got {found}."));
        assert_eq!(
            error.chinese.message,
            format!("期望 {condition}；实际为 {found}。")
        );
    }
}

#[test]
fn a_client_that_there_is_not_is_named() {
    for (condition, named) in [("answer C9 = 3", "C9"), ("answer C3 =", "C3")] {
        let (error, is_unexpected) = failed(condition);
        assert!(!is_unexpected, "{condition}");
        assert_eq!(
            error.message,
            format!("{named} is not a client of this cluster.")
        );
    }
    let (_, failure) = crate::play("servers 3\nexpect answer C1 =").expect("it can be read");
    let message = failure.expect("it fails").error.message;
    assert_eq!(message, "This cluster has no clients.");
}

#[test]
fn the_form_that_is_shown_is_that_of_the_line() {
    for (line, remedy) in [
        ("expect answer C1 < 1", "Write: expect answer C1 = 3."),
        ("expect value S1 x > 1", "Write: expect value S1 x = 3."),
        (
            "expect log S1 < 1:x",
            "Write: expect log S1 = 1:x1 2:y1, or expect log S1 = 1 2.",
        ),
        (
            "expect leader < S1",
            "Write: expect leader = S1, or expect leader = none.",
        ),
        (
            "expect leader = nobody",
            "Write: expect leader = S1, or expect leader = none.",
        ),
        ("expect role S1", "Write: expect role S1 = follower."),
        ("expect role S1 = folower", "Did you mean “follower”?"),
        (
            "expect votedFor S1 = S2",
            "Write: expect voted_for S1 = S2.",
        ),
        (
            "expect next_index S1 S2 = 4",
            "Write: expect next_index S1 -> S2 = 4.",
        ),
        (
            "expect match_index S1 -> S2",
            "Write: expect match_index S1 -> S2 = 3.",
        ),
        ("expect joint", "Write: expect joint S1."),
        ("expect (leaders = 1", "Close it with ) on this line."),
        (
            "expect leaders = 1 or",
            "Write: expect leaders reachable = 1 and terms = 1.",
        ),
        ("expect pending C1 = 0", "Write: expect pending = 0."),
        ("expect answered C1 = 0", "Write: expect answered > 20."),
        ("expect broken", "Write: expect broken log-matching."),
        (
            "expect leaders are 1",
            "Write: expect leaders reachable = 1 and terms = 1.",
        ),
        ("expect valu S1 x = 3", "Did you mean “value”?"),
    ] {
        assert_eq!(unreadable(line).remedy, remedy, "{line}");
    }
}

#[test]
fn whoever_writes_another_word_is_told_of_all_of_them() {
    let remedy = unreadable("expect history").remedy;
    let words: Vec<&str> = remedy.trim_start_matches("One of: ").split(", ").collect();
    for word in [
        "leader",
        "role",
        "voted_for",
        "voters",
        "outgoing",
        "learners",
        "joint",
        "not",
        "next_index",
        "match_index",
        "refused",
        "leaders",
        "term",
        "rpcs",
        "log",
        "value",
        "answer",
        "broken",
        "pending",
        "answered",
    ] {
        assert!(words.contains(&word), "{word} in {remedy}");
    }
    // A number is no log.
    let remedy = unreadable("let before = history").remedy;
    assert!(
        !remedy.contains("log") && remedy.contains("pending"),
        "{remedy}"
    );
}

/// Of a playbook that has a leader, S1, whether this holds at its end.
#[track_caller]
fn holds(condition: &str) -> bool {
    let text =
        format!("servers 3\ntimeout S1\nrun 100ms\npropose S1 x1\nrun 300ms\nexpect {condition}");
    let (_, failure) = crate::play(&text).unwrap_or_else(|error| panic!("{error}"));
    if let Some(failure) = &failure {
        assert!(failure.is_unexpected, "{}", failure.error);
    }
    failure.is_none()
}

#[test]
fn not_binds_more_than_and_and_that_more_than_or() {
    for (condition, holds_now) in [
        ("leaders = 1 or leaders = 2 and leaders = 3", true),
        ("(leaders = 1 or leaders = 2) and leaders = 3", false),
        ("not leaders = 2 and leaders = 1", true),
        ("not (leaders = 2 or leaders = 1)", false),
        ("not not leaders = 1", true),
        ("((leaders = 1))", true),
        ("leaders = 2 or not(terms = 2)and(leaders = 1)", true),
        (
            "(log S1 = 1:x1) and (value S1 x =) and (role S2 = follower)",
            true,
        ),
        ("(log S1 = 1) and not (log S1 = 2)", true),
        ("(log S1 = 1:\"x1\")", true),
        ("not (broken log-matching or broken election-safety)", true),
    ] {
        assert_eq!(holds(condition), holds_now, "{condition}");
    }
}

#[test]
fn what_is_no_number_is_so_of_each_who_is_meant() {
    for (condition, holds_now) in [
        ("role S2 S3 = follower", true),
        ("role all = follower", false),
        ("role all != leader", false),
        ("role S2 S3 != leader", true),
        // Nobody is meant.
        ("role crashed = follower", false),
        ("role crashed != follower", false),
        ("leader = S1", true),
        ("leader = leader+1", false),
        ("leader != none", true),
        ("voted_for all = S1", true),
        ("voters all = all and learners all = none", true),
        ("voters S1 = S3 S2 S1", true),
        ("joint S1", false),
        ("not joint all", true),
        (
            "next_index S1 -> S2 = 2 and match_index leader -> S3 = 1",
            true,
        ),
        ("next_index S1 -> S2 - match_index S1 -> S2 = 1", true),
        ("next_index S2 -> S1 = 0", true),
        ("log all = 1:x1", true),
        ("log all = 1", true),
    ] {
        assert_eq!(holds(condition), holds_now, "{condition}");
    }
}

/// What may not be broken is not expected to be.
#[test]
fn an_invariant_behind_not_must_hold() {
    let playbook = |condition: &str| -> crate::Playbook {
        format!("expect {condition}")
            .parse()
            .expect("it can be read")
    };
    assert_eq!(playbook("not broken log-matching").breaks(), []);
    let both = playbook("broken log-matching or not not broken election-safety");
    assert_eq!(both.breaks().len(), 2);
}
