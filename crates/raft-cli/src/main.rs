//! `raftlab`: plays, tests, sweeps, shrinks and checks runs of the Raft laboratory on a terminal.
//!
//! Each command is a module with one `execute`. It writes what was asked for to the standard
//! output, which is the same for the same input whatever the number of cores, and everything
//! else (progress, rates, complaints) to the standard error.
#![forbid(unsafe_code)]

mod arguments;
mod commands;
mod failure;
mod interrupt;
mod json;
mod link;
mod output;
mod output_file;
mod parallel;
mod progress;
mod promises;
mod reference;
mod seeds;
mod states;
mod subject;
mod sweep;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use output::{Stop, Verdict};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(words) => return said(&words),
    };
    interrupt::listen();
    let done = match &arguments.command {
        Command::Run(args) => commands::run::execute(args),
        Command::Test(args) => commands::test::execute(args),
        Command::Sweep(args) => commands::sweep::execute(args),
        Command::Merge(args) => commands::merge::execute(args),
        Command::Shrink(args) => commands::shrink::execute(args),
        Command::Check(args) => commands::check::execute(args),
        Command::Play(args) => commands::play::execute(args),
        Command::Rules(args) => commands::rules::execute(args),
        Command::Playbooks => commands::playbooks::execute(),
        Command::Digest(args) => commands::digest::execute(args),
        Command::Completions { shell } => commands::completions::execute(*shell),
    };
    match done {
        Ok(Verdict::Passed) => ExitCode::SUCCESS,
        Ok(Verdict::Failed) => ExitCode::from(1),
        Ok(Verdict::Unreadable) => ExitCode::from(2),
        Ok(Verdict::Interrupted) | Err(Stop::Interrupted) => ExitCode::from(interrupt::status()),
        Ok(Verdict::Unheard) => ExitCode::from(141),
        Err(Stop::BadInput(words)) => {
            anstream::eprintln!("{}: {words}", output::red("error"));
            ExitCode::from(2)
        }
        // The reader has seen enough, as with `raftlab run FILE | head`.
        Err(Stop::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Stop::Output(error)) => {
            anstream::eprintln!(
                "{}: The output cannot be written: {error}.",
                output::red("error")
            );
            ExitCode::from(2)
        }
    }
}

/// Prints the help that was requested, or what is wrong with the arguments.
fn said(words: &clap::Error) -> ExitCode {
    match words.print() {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            anstream::eprintln!(
                "{}: The output cannot be written: {error}.",
                output::red("error")
            );
            ExitCode::from(2)
        }
        _ => u8::try_from(words.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}
