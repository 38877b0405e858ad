//! A run as a text to read: each event with its clauses, and where it ended.

use std::fmt::Write;

use crate::words::{Language, describe, violation};
use raft_sim::change::role_name;
use raft_sim::command::entry_text;
use raft_sim::run::Run;
use raft_sim::server::Server;

/// The current branch of `run`, from its first event to its present instant.
#[must_use]
pub fn transcript(run: &Run) -> String {
    let mut text = String::new();
    let mut told = told(run).into_iter().peekable();
    for event in run.events() {
        while let Some((_, words)) = told.next_if(|(position, _)| *position <= event.number) {
            line(&mut text, format_args!("\n{words}"));
        }
        let rules: Vec<&str> = event.rules.iter().map(|rule| rule.id()).collect();
        line(
            &mut text,
            format_args!(
                "{:>4} {:>10}  {}  [{}]",
                event.number + 1,
                event.at.to_string(),
                describe(&event, Language::English),
                rules.join(" ")
            ),
        );
    }
    for (_, words) in told {
        line(&mut text, format_args!("\n{words}"));
    }
    text.push('\n');
    for server in run.world().servers() {
        line(&mut text, format_args!("{}", end_of(server)));
    }
    for found in run.world().checker().violations() {
        let found = violation(found, Language::English);
        line(&mut text, format_args!("BROKEN {found}"));
    }
    text
}

/// What the playbook tells (`#`), asks (`?`) and answers (`!`), each after so many events: answers
/// before captions, and captions before questions.
#[must_use]
pub fn told(run: &Run) -> Vec<(u64, String)> {
    let mut told = Vec::new();
    for posed in run.questions() {
        let question = &posed.question;
        told.push((posed.asked.0, 2, format!("? {}", question.text[0])));
        if let (Some((position, _)), Some(right)) = (posed.revealed, posed.right) {
            let answer = question.answers.get(right);
            let answer = answer.map_or("", |answer| &answer.text[0]);
            told.push((position, 0, format!("! {answer} {}", question.why[0])));
        }
    }
    let phases = run.phases().iter();
    told.extend(phases.map(|phase| (phase.position, 1, format!("# {}", phase.caption))));
    told.sort_by_key(|(position, rank, _)| (*position, *rank));
    let told = told.into_iter();
    told.map(|(position, _, words)| (position, words)).collect()
}

fn end_of(server: &Server) -> String {
    let Some(node) = server.node() else {
        return format!("{} crashed", server.id);
    };
    let log = node.log();
    let entries = log.entries().iter();
    let entries: Vec<String> = entries.map(entry_text).collect();
    format!(
        "{} {} T{} commitIndex {} lastApplied {} snapshot {} log {}",
        server.id,
        role_name(node.role()),
        node.hard_state().current_term,
        node.commit_index(),
        node.last_applied(),
        log.snapshot().last_included_index,
        entries.join(" ")
    )
}

fn line(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{words}");
}
