//! What is said of a condition that does not hold, or cannot be read.

use crate::run::Run;
use crate::text::TextError;

/// Of a playbook that fails at its end, what is wrong and whether that is what it expects.
#[track_caller]
fn failed(condition: &str) -> (TextError, bool) {
    let text = format!(
        "servers 3\nclients 2\nheartbeat 50ms\ntimeout S1\nrun 100ms\nlet before = term S1\n\
         put C1 x 3\nrun 20ms\nexpect {condition}"
    );
    let (_, failure) = Run::play(&text).expect("it can be read");
    let failure = failure.expect("it fails");
    (failure.error, failure.is_unexpected)
}

#[track_caller]
fn unreadable(line: &str) -> TextError {
    let found = Run::play(&format!("servers 3\n{line}"));
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
        ("answer C1 = 3", "answer C1 = “”"),
        ("value S1 x = 3", "value S1 x = “”"),
        ("broken log-matching", "violations = 0"),
    ] {
        let (error, is_unexpected) = failed(condition);
        assert!(is_unexpected, "{condition}");
        assert_eq!(
            error.message,
            format!("Expected {condition}; found {found}.")
        );
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
        assert_eq!(error.message, format!("there is no {named}"));
    }
    let (_, failure) = Run::play("servers 3\nexpect answer C1 =").expect("it can be read");
    let message = failure.expect("it fails").error.message;
    assert_eq!(message, "this cluster has no clients");
}

#[test]
fn the_form_that_is_shown_is_that_of_the_line() {
    for (line, remedy) in [
        ("expect answer C1 != 1", "Write: expect answer C1 = 3"),
        ("expect value S1 x > 1", "Write: expect value S1 x = 3"),
        ("expect log S1 < 1:x", "Write: expect log S1 = 1:x1 2:y1"),
        ("expect pending C1 = 0", "Write: expect pending = 0"),
        ("expect answered C1 = 0", "Write: expect answered > 20"),
        ("expect broken", "Write: expect broken log-matching"),
        (
            "expect leaders is 1",
            "Write: expect leaders reachable = 1 and terms = 1",
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
        "leaders", "term", "rpcs", "log", "value", "answer", "broken", "pending", "answered",
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
