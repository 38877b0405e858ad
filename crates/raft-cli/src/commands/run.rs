//! `raftlab run`: what happens in a run, event by event, or what its clients saw of it.

use std::io::Write;

use raft_play::words::{self, Language, describe, violation};
use raft_sim::Run;
use raft_sim::run::{EventIter, Held};

use crate::arguments::{Instant, RunArgs};
use crate::failure;
use crate::json::{EventLine, OperationLine};
use crate::output::{Stop, Verdict, bold, dim, heard, red};
use crate::states::states;
use crate::subject::Subject;

pub(crate) fn execute(args: &RunArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let (mut run, problem) = subject.run(seed)?;
    let place = args.at.or(args.until);
    if let Some(place) = place {
        go_to(&mut run, place)?;
    }
    if args.at.is_some() {
        write!(anstream::stdout().lock(), "{}", states(run.world()))?;
        return Ok(Verdict::Passed);
    }
    heard(print(args, &run))?;
    match problem {
        Some(problem) if place.is_none() || problem.event() <= run.position() => {
            anstream::eprint!("{}", failure::report(&subject, seed, &problem));
            Ok(Verdict::Failed)
        }
        _ => Ok(Verdict::Passed),
    }
}

/// Prints what was asked for.
fn print(args: &RunArgs, run: &Run) -> Result<(), Stop> {
    if args.json {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for event in shown(run) {
            let line =
                serde_json::to_string(&EventLine::of(&event)).map_err(std::io::Error::from)?;
            writeln!(out, "{line}")?;
        }
        out.flush()?;
    } else if args.history {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for recorded in run.world().checker().history() {
            let line = serde_json::to_string(&OperationLine::of(recorded))
                .map_err(std::io::Error::from)?;
            writeln!(out, "{line}")?;
        }
        out.flush()?;
    } else {
        transcript(run)?;
    }
    Ok(())
}

fn go_to(run: &mut Run, place: Instant) -> Result<(), Stop> {
    let (events, end) = (run.events().len() as u64, run.end_at());
    match place {
        Instant::Event(event) if event <= events => run.go_to(event),
        Instant::Time(at) if at <= end => run.go_to_time(at),
        _ => {
            return Err(Stop::BadInput(format!(
                "the run has {events} events and ends at {end}. Give an earlier instant."
            )));
        }
    }
    Ok(())
}

/// The events up to the present instant.
fn shown(run: &Run) -> EventIter<'_> {
    run.events().range(0..run.position())
}

fn transcript(run: &Run) -> Result<(), Stop> {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    let mut phases = run.phases().iter().peekable();
    let held = run.held().iter();
    let mut held = held
        .filter(|held| held.position <= run.position())
        .peekable();
    for event in shown(run) {
        while let Some(held) = held.next_if(|held| held.position <= event.number) {
            writeln!(out, "{}", holds(held))?;
        }
        while let Some(phase) = phases.next_if(|phase| phase.position <= event.number) {
            writeln!(out, "\n{}", bold(format_args!("# {}", phase.caption)))?;
        }
        let rules: Vec<&str> = event.rules.iter().map(|rule| rule.id()).collect();
        writeln!(
            out,
            "{:>4} {:>10}  {}  {}",
            event.number + 1,
            event.at.to_string(),
            describe(&event, Language::English),
            dim(format_args!("[{}]", rules.join(" ")))
        )?;
        let broken = run.world().checker().violations().iter();
        for found in broken.filter(|found| found.event == event.number) {
            writeln!(
                out,
                "{} {}",
                red("BROKEN"),
                violation(found, Language::English)
            )?;
        }
    }
    for held in held {
        writeln!(out, "{}", holds(held))?;
    }
    write!(out, "\n{}", states(run.world()))?;
    out.flush()?;
    Ok(())
}

/// That an expectation holds, with its line and what is so.
fn holds(held: &Held) -> String {
    let words = words::held(held, Language::English);
    dim(format_args!("     line {}: {words}", held.line)).to_string()
}
