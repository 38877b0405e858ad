//! A failure in words: where, what, and how to look at it.

use std::fmt::Write;

use raft_play::text::TextError;
use raft_play::words::{Language, violation};

use crate::link::TEXT_BYTES_MAX;
use crate::output::{dim, red};
use crate::subject::{CHAOS, Problem, Subject, at_line, command};

/// How many events a run of chaos has whose text fits into a link: each takes some 24 bytes.
const CHAOS_EVENTS_MAX: u64 = TEXT_BYTES_MAX as u64 / 24;

/// The full report on `problem` of `subject` with `seed`, with the commands to type next.
pub(crate) fn report(subject: &Subject, seed: u64, problem: &Problem) -> String {
    let mut text = told(subject, seed, problem);
    hint(&mut text, &look(subject, seed, problem));
    if problem.can_be_shrunk() {
        let seed = format!("--seed {seed}");
        hint(&mut text, &command("shrink", &subject.arguments(), &seed));
    }
    text
}

/// How to look at `problem` in the page.
pub(crate) fn look(subject: &Subject, seed: u64, problem: &Problem) -> String {
    let event = problem.event();
    if subject.text_bytes() > Some(TEXT_BYTES_MAX) {
        return format!(
            "Open the file in the page and go to event {event}: it is too long for a link."
        );
    }
    play(&subject.arguments(), seed, event)
}

/// The command that opens what was typed as `arguments` in the page, where it fails.
pub(crate) fn play(arguments: &str, seed: u64, event: u64) -> String {
    let is_chaos = arguments.split(' ').next() == Some(CHAOS);
    if is_chaos && event > CHAOS_EVENTS_MAX {
        return "It is too long for a link to the page. Choose a shorter --length.".to_owned();
    }
    command("play", arguments, &format!("--seed {seed} --at {event}"))
}

/// What failed, where, and with which seed.
pub(crate) fn told(subject: &Subject, seed: u64, problem: &Problem) -> String {
    let mut text = format!("{} {}\n", red("FAIL"), what(subject, seed, problem));
    let event = problem.event();
    hint(&mut text, &format!("seed {seed}, after event {event}"));
    text
}

fn hint(text: &mut String, words: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {}", dim(words));
}

/// What failed and where, with the line if there is one.
pub(crate) fn what(subject: &Subject, seed: u64, problem: &Problem) -> String {
    match problem {
        Problem::Line { error, at, .. } => {
            format!(
                "{}\n  {}",
                at_line(&subject.name, error),
                dim(format_args!("at {at}"))
            )
        }
        Problem::Broken(found) => {
            let words = violation(found, Language::English);
            let Some((line, shown)) = subject.line_of(seed, found) else {
                return format!("{}: {words}", subject.name);
            };
            let remedy = format!(
                "If it is meant to break, end the playbook with: expect broken {}.",
                found.invariant().id()
            );
            let nothing = String::new;
            let error = TextError::refused(line, shown, [words, nothing()], [remedy, nothing()]);
            at_line(&subject.name, &error)
        }
        Problem::Stuck { core, .. } => {
            let core: Vec<String> = core.iter().map(ToString::to_string).collect();
            format!(
                "{}: No progress was made: {} were repaired, but no command was applied within {}.",
                subject.name,
                core.join(" "),
                raft_check::swarm::PROGRESS_WITHIN
            )
        }
        Problem::TooLong { .. } => format!(
            "{}: The run would have more than {} events.",
            subject.name,
            raft_sim::run::EVENTS_MAX
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_can_be_done() {
        for (arguments, event, words) in [
            ("a.raft", 90_000, "raftlab play a.raft --seed 1 --at 90000"),
            ("chaos", 40_000, "raftlab play chaos --seed 1 --at 40000"),
            (
                "chaos --length 24h",
                90_000,
                "It is too long for a link to the page. Choose a shorter --length.",
            ),
            (
                "- --ablate C2",
                3,
                "save the input as FILE, then: raftlab play FILE --ablate C2 --seed 1 --at 3",
            ),
        ] {
            assert_eq!(play(arguments, 1, event), words);
        }
    }
}
