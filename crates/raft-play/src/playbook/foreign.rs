//! Texts that are no playbooks.
//!
//! Whoever opens a log, a web page or a letter by mistake is not helped by a list of the words that
//! its first line might have begun with.

use super::read::{Reader, beginnings};
use crate::text::{Fault, Wrong, nearest};

/// How many lines are tried: a playbook has one that can be read among its first.
const TRIED_MAX: usize = 200;

/// What the output of a Go program, such as a test of the MIT lab, has in its first lines.
const OF_GO: [&str; 10] = [
    "Test (",
    "Test: ",
    "=== RUN",
    "--- FAIL",
    "--- PASS",
    "goroutine ",
    "panic: ",
    "PASS",
    "FAIL",
    "exit status ",
];

/// How many lines make a text of which each is likely to be a slip no more.
const TEXT_MIN: usize = 3;

/// The complaint that `text` is no playbook, in place of the one about its line `shown`, if it is
/// none: that line begins with no word of the language, nor with one that is likely to be meant
/// for one, and no line that is tried can be read.
pub(super) fn instead(text: &str, shown: &str) -> Option<Wrong> {
    let lines = || {
        text.lines()
            .filter(|line| says_something(line))
            .take(TRIED_MAX)
    };
    let word = shown.split_whitespace().next().unwrap_or_default();
    let names = beginnings();
    let is_go_log = lines().any(is_of_go);
    let is_text = is_go_log || lines().count() >= TEXT_MIN;
    let is_slip = nearest(word, &names).is_some() && !is_text;
    if is_slip || names.contains(&word) || Fault::foreign_verb(word).is_some() {
        return None;
    }
    if lines().any(|line| Reader::default().line(1, line).is_ok()) {
        return None;
    }
    let at = shown.len() - shown.trim_start().len();
    let fault = Fault::no_playbook(is_go_log);
    Some(Wrong { at, fault })
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn is_of_go(line: &str) -> bool {
    let line = line.trim_start();
    OF_GO.iter().any(|begin| line.starts_with(begin)) || is_dated(line)
}

/// Whether a line begins as Go's `log` begins each: `2026/11/26 19:00:00 `.
fn is_dated(line: &str) -> bool {
    let form = b"0000/00/00 00:00:00";
    let bytes = line.as_bytes();
    bytes.len() > form.len()
        && form.iter().zip(bytes).all(|(form, byte)| match form {
            b'0' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
}

#[cfg(test)]
mod tests {
    use crate::Playbook;

    fn complaint(text: &str) -> (u32, String) {
        let error = text.parse::<Playbook>().expect_err(text);
        (error.line, error.message)
    }

    #[test]
    fn what_is_no_playbook_is_said_to_be_none() {
        for text in [
            "<!doctype html>\n<title>Raft</title>\n",
            "{\n  \"servers\": 3\n}",
            "# Raft\n\nRaft is a consensus\nalgorithm. It is equivalent\nto Paxos.\n",
            "package main\n\nfunc main() {}\n",
        ] {
            let (_, message) = complaint(text);
            assert!(
                message.contains("not a playbook: none"),
                "{text}: {message}"
            );
        }
        for text in [
            "Test (3A): initial election ...\n  ... Passed\n",
            "2026/11/26 19:00:00 S1 becomes leader\n",
            "\n=== RUN   TestInitialElection3A\n",
        ] {
            let (_, message) = complaint(text);
            assert!(message.contains("a Go program"), "{text}: {message}");
        }
    }

    #[test]
    fn a_playbook_with_a_slip_is_one() {
        for (text, line) in [
            ("servers 3\nbecomes leader\n", 2),
            ("becomes leader\nservers 3\n", 1),
            ("crsh S1\n", 1),
            ("kill S1\n", 1),
            ("crash\n", 1),
        ] {
            let (found, message) = complaint(text);
            assert_eq!(found, line);
            assert!(!message.contains("not a playbook"), "{text}: {message}");
        }
    }
}
