//! Plays a playbook and prints every event, then every server.
//!
//! `cargo run -p raft-sim --example transcript -- FILE`

use std::process::ExitCode;

use raft_sim::Run;
use raft_sim::change::role_name;
use raft_sim::words::{Language, describe, violation};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: transcript FILE");
        return ExitCode::from(2);
    };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let run = match Run::open(&text) {
        Ok(run) => run,
        Err(error) => {
            eprintln!("{path}:{error}");
            return ExitCode::from(2);
        }
    };
    print(&run);
    ExitCode::SUCCESS
}

fn print(run: &Run) {
    let mut phases = run.phases().iter().peekable();
    for event in run.events() {
        while let Some(phase) = phases.next_if(|phase| phase.position <= event.number) {
            println!("\n# {}", phase.caption);
        }
        let rules: Vec<&str> = event.rules.iter().map(|rule| rule.id()).collect();
        println!(
            "{:>6} {:>12} {}  [{}]",
            event.number,
            event.at.to_string(),
            describe(event, Language::English),
            rules.join(" ")
        );
    }
    for phase in phases {
        println!("\n# {}", phase.caption);
    }
    println!();
    for server in run.world().servers() {
        let Some(node) = server.node() else {
            println!("{} crashed", server.id);
            continue;
        };
        let log: Vec<String> = node
            .log()
            .entries()
            .iter()
            .map(|entry| format!("{}:{}", entry.term, entry.command))
            .collect();
        println!(
            "{} {} T{} voted {:?} commit {} applied {} last {} log {}",
            server.id,
            role_name(node.role()),
            node.hard_state().current_term,
            node.hard_state().voted_for.map(|id| id.to_string()),
            node.commit_index(),
            node.last_applied(),
            node.log().last_index(),
            log.join(" ")
        );
    }
    for found in run.world().checker().violations() {
        println!("VIOLATION {}", violation(found, Language::English));
    }
}
