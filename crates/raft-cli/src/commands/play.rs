//! `raftlab play`: a link that opens a run in the page.

use std::io::Write;

use crate::arguments::PlayArgs;
use crate::link::link;
use crate::output::{Stop, Verdict};
use crate::subject::{Problem, Subject};

pub(crate) fn execute(args: &PlayArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let (run, problem) = subject.run(seed)?;
    let text = match problem {
        // The page refuses a playbook of which a line cannot be done; what was done before it
        // is a playbook of its own.
        Some(Problem::Line {
            is_unexpected: false,
            ..
        }) => run.save(),
        _ => subject.text(seed)?,
    };
    let end = run.events().len() as u64;
    let of_violation = run.world().checker().violations().first();
    let at = args
        .at
        .or_else(|| problem.as_ref().map(Problem::event))
        .or_else(|| of_violation.map(|found| found.event + 1))
        .unwrap_or(end);
    if at > end {
        return Err(Stop::BadInput(format!(
            "--at {at}: the run has {end} events. Name one of them."
        )));
    }
    let mut out = anstream::stdout().lock();
    writeln!(out, "{}", link(&args.page, &text, at))?;
    Ok(Verdict::Passed)
}
