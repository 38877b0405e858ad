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
    let mut phases = run.phases().iter().peekable();
    for event in run.events() {
        while let Some(phase) = phases.next_if(|phase| phase.position <= event.number) {
            line(&mut text, format_args!("\n# {}", phase.caption));
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
    for phase in phases {
        line(&mut text, format_args!("\n# {}", phase.caption));
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
