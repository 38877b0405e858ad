//! `raftlab run`: what happens in a run, event by event, or what its clients saw of it.

use std::io::Write;

use raft_play::transcript::told;
use raft_play::words::{self, Language, describe, violation};
use raft_sim::Run;
use raft_sim::run::{EventIter, HELD_MAX, Held};
use serde::Serialize;

use crate::arguments::{Instant, RunArgs};
use crate::failure;
use crate::json::{AskedLine, EventLine, HeldLine, OperationLine, RevealedLine};
use crate::output::{Stop, Verdict, bold, counted, dim, heard, red};
use crate::progress::Progress;
use crate::states::states;
use crate::subject::Subject;

pub(crate) fn execute(args: &RunArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let seed = args.seed.unwrap_or_else(|| subject.own_seed());
    let progress = Progress::of(&format!("playing {}", subject.name));
    let (mut run, problem) = subject.run(seed)?;
    if let Some(at) = args.at {
        at.go_to(&mut run)?;
    }
    // What happens up to an instant after the end is all that happens.
    if let Some(until) = args.until
        && !until.is_after_end_of(&run)
    {
        until.go_to(&mut run)?;
    }
    progress.end();
    heard(print(args, &run))?;
    if run.held().len() >= HELD_MAX {
        anstream::eprintln!("Only the first {HELD_MAX} expectations that hold are listed.");
    }
    match problem {
        Some(problem) if problem.event() <= run.position() => {
            anstream::eprint!("{}", failure::report(&subject, seed, &problem));
            Ok(Verdict::Failed)
        }
        _ => Ok(Verdict::Passed),
    }
}

impl Instant {
    /// Goes to it.
    pub(super) fn go_to(self, run: &mut Run) -> Result<(), Stop> {
        if self.is_after_end_of(run) {
            let (events, end) = (run.events().len(), run.end_at());
            let events = counted(events as u64, "event");
            return Err(Stop::BadInput(format!(
                "The run has {events} and ends at {end}. Name an instant up to that: --at {end}."
            )));
        }
        match self {
            Self::Event(event) => run.go_to(event),
            Self::Time(at) => run.go_to_time(at),
        }
        Ok(())
    }

    fn is_after_end_of(self, run: &Run) -> bool {
        match self {
            Self::Event(event) => event > run.events().len() as u64,
            Self::Time(at) => at > run.end_at(),
        }
    }
}

/// Prints what was asked for.
fn print(args: &RunArgs, run: &Run) -> Result<(), Stop> {
    if args.at.is_some() {
        write!(anstream::stdout().lock(), "{}", states(run.world()))?;
    } else if args.json {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut said = said(run)?.into_iter().peekable();
        for event in shown(run) {
            while let Some((_, _, line)) = said.next_if(|(position, ..)| *position <= event.number)
            {
                writeln!(out, "{line}")?;
            }
            json(&mut out, &EventLine::of(&event))?;
        }
        for (_, _, line) in said {
            writeln!(out, "{line}")?;
        }
        out.flush()?;
    } else if args.history {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for recorded in run.world().checker().history() {
            json(&mut out, &OperationLine::of(recorded))?;
        }
        out.flush()?;
    } else {
        transcript(run)?;
    }
    Ok(())
}

fn json(out: &mut impl Write, line: &impl Serialize) -> Result<(), Stop> {
    Ok(writeln!(out, "{}", written(line)?)?)
}

fn written(line: &impl Serialize) -> Result<String, Stop> {
    Ok(serde_json::to_string(line).map_err(std::io::Error::from)?)
}

/// What the playbook says besides what happens, up to the present instant, as lines of JSON: after
/// how many events, and which line of it says so.
fn said(run: &Run) -> Result<Vec<(u64, u32, String)>, Stop> {
    let mut said = Vec::new();
    for held in held(run) {
        said.push((held.position, held.line, written(&HeldLine::of(held))?));
    }
    for posed in run.questions() {
        said.push((posed.asked.0, posed.line, written(&AskedLine::of(posed))?));
        if let (Some(place), Some(line)) = (posed.revealed, RevealedLine::of(posed)) {
            said.push((place.0, posed.line, written(&line)?));
        }
    }
    said.retain(|(position, ..)| *position <= run.position());
    said.sort_by_key(|(position, line, _)| (*position, *line));
    Ok(said)
}

/// The expectations that held up to the present instant.
fn held(run: &Run) -> impl Iterator<Item = &Held> {
    let held = run.held().iter();
    held.filter(|held| (held.position, held.at) <= (run.position(), run.world().now()))
}

/// The events up to the present instant.
fn shown(run: &Run) -> EventIter<'_> {
    run.events().range(0..run.position())
}

fn transcript(run: &Run) -> Result<(), Stop> {
    let mut out = anstream::AutoStream::auto(std::io::stdout()).lock();
    let mut told = told(run).into_iter().peekable();
    let mut held = held(run).peekable();
    for event in shown(run) {
        while let Some(held) = held.next_if(|held| held.position <= event.number) {
            writeln!(out, "{}", holds(held))?;
        }
        while let Some((_, words)) = told.next_if(|(position, _)| *position <= event.number) {
            writeln!(out, "\n{}", bold(words))?;
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
