//! `raftlab check`: every run of a small cluster.

use std::fmt::Write as _;
use std::io::Write;
use std::num::NonZero;
use std::sync::Arc;
use std::thread;
use std::time;

use raft_check::explore::{
    self, Bounds, Counterexample, Instant, Limits, Report, Unbounded, Unsearchable,
    Verdict as Found, chance_of_a_missed_state, explore,
};
use raft_core::RuleSet;
use raft_play::playbook::Playbook;
use raft_play::script;
use raft_sim::run::{Stage, Trial};
use serde::Serialize;

use crate::arguments::{CheckArgs, Copies};
use crate::commands::play;
use crate::interrupt;
use crate::link::link;
use crate::output::{Stop, Verdict, counted, heard};
use crate::output_file::OutputFile;
use crate::progress::Progress;
use crate::subject::{Subject, typed};

const MEGABYTE: usize = 1 << 20;

pub(crate) fn execute(args: &CheckArgs) -> Result<Verdict, Stop> {
    let bounds = bounds(args)?;
    let output = args.output.as_deref().map(OutputFile::open).transpose()?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let limits = Limits {
        workers: args.workers.unwrap_or(cores).max(1),
        bytes_max: args.memory.saturating_mul(MEGABYTE),
    };
    let progress = Progress::of("looking at every run");
    interrupt::keep_what_is_found();
    let begin = time::Instant::now();
    let report = explore(&bounds, limits, |now| {
        progress.say(words(now, begin));
        !interrupt::is_asked()
    });
    progress.end();
    let report = report.map_err(|why| Stop::BadInput(cannot_be(why)))?;
    let counterexample = match &report.verdict {
        Found::Broken(counterexample) => Some(playbook(counterexample, &bounds, args)?),
        Found::Exhausted | Found::OutOfMemory | Found::Stopped => None,
    };
    let said = said(&report, &bounds, args);
    if args.json {
        let line = Line::of(&report, said, counterexample);
        let line = serde_json::to_string(&line).map_err(std::io::Error::from)?;
        let printed = writeln!(std::io::stdout().lock(), "{line}");
        heard(printed.map_err(Stop::from))?;
    } else if let Some(text) = counterexample {
        anstream::eprintln!("{said}");
        show(&text, output, args)?;
    } else {
        let printed = writeln!(anstream::stdout().lock(), "{said}");
        heard(printed.map_err(Stop::from))?;
    }
    Ok(match report.verdict {
        Found::Exhausted => Verdict::Passed,
        Found::Broken(_) | Found::OutOfMemory => Verdict::Failed,
        Found::Stopped => Verdict::Interrupted,
    })
}

fn bounds(args: &CheckArgs) -> Result<Bounds, Stop> {
    let Copies(copies) = args.copies;
    let ablated: RuleSet = args.ablate.iter().copied().collect();
    let bounds = Bounds {
        from: None,
        servers: args.servers,
        voters: args.voters,
        terms: args.terms,
        commands: args.commands,
        crashes: args.crashes,
        copies,
        snapshots: args.snapshots,
        reads: args.reads,
        transfers: args.transfers,
        changes: args.changes,
        features: args.features.iter().copied().collect(),
        ablated,
        symmetry: !args.no_symmetry,
    };
    let Some(file) = &args.file else {
        return Ok(bounds);
    };
    let subject = Subject::file(file, ablated)?;
    let played = subject.play(subject.own_seed()).ok_or(Stop::Interrupted)?;
    let events = played.trial.world().event_count();
    let from = args.from.unwrap_or(events);
    if from > events {
        return Err(Stop::BadInput(format!(
            "The run has {}. Name one of them: --from {events}.",
            counted(events, "event")
        )));
    }
    let instant = Instant::of(&played.setup, &played.trial, from);
    let instant = instant.map_err(|why| Stop::BadInput(unsearchable(why, from)))?;
    Ok(bounds.from_instant(Arc::new(instant)))
}

fn cannot_be(why: Unbounded) -> String {
    match why {
        Unbounded::Servers(max) => {
            format!("A cluster of so many servers is not searched. Write --servers 1 to {max}.")
        }
        Unbounded::TooMany(most) => {
            format!("So much is not searched. Write {most} at most for each bound.")
        }
        Unbounded::Feature(feature) => format!(
            "What {} does depends on how much time passes, and in a search none does: timers run \
             out whenever they may. Leave it out of --use.",
            feature.name()
        ),
    }
}

/// Why no search goes on from the instant after so many events.
fn unsearchable(why: Unsearchable, events: u64) -> String {
    let why = match why {
        Unsearchable::Servers(max) => {
            return format!("A run of more than {max} servers is not searched. Choose another.");
        }
        Unsearchable::Clients => {
            return "A run with clients is not searched, since they act as time passes. Choose one in \
                    which commands are proposed."
                .to_owned();
        }
        Unsearchable::Snapshots => {
            return "A run is not searched whose servers take snapshots by themselves. Leave \
                    `snapshot` out of its header, and allow for some with --snapshots."
                .to_owned();
        }
        Unsearchable::Paused(id) => format!("{id} is paused"),
        Unsearchable::Slow(id) => format!("{id} or its disk takes time for what it does"),
        Unsearchable::BadDisk(id) => format!("the disk of {id} does not keep what it is given"),
        Unsearchable::Orders => {
            "something is to befall messages that are yet to be sent".to_owned()
        }
        Unsearchable::Broken(invariant) => format!("{} is broken already", invariant.id()),
        Unsearchable::Lost => "what was done does not lead there again".to_owned(),
    };
    format!("No search goes on from event {events}: {why}. Choose another with --from.")
}

/// How far the search is.
fn words(now: &explore::Progress, begin: time::Instant) -> String {
    let seconds = begin.elapsed().as_secs().max(1);
    format!(
        "depth {}: {} ({} a second), {} waiting, {} MB",
        now.depth,
        counted(now.states, "state"),
        now.states / seconds,
        now.waiting,
        now.bytes / MEGABYTE
    )
}

/// What was searched, as it would be typed.
fn typed_bounds(bounds: &Bounds, args: &CheckArgs) -> String {
    let mut words = "raftlab check ".to_owned();
    if let Some(file) = &args.file {
        words.push_str(&typed(&file.display().to_string()));
        if let Some(from) = args.from {
            // Writing to a String cannot fail.
            let _ = write!(words, " --from {from}");
        }
        words.push(' ');
    }
    words + &bounds.flags()
}

/// What came of the search, in words.
fn said(report: &Report, bounds: &Bounds, args: &CheckArgs) -> String {
    let now = &report.progress;
    let found = format!(
        "{}, {}, depth {}",
        counted(now.states, "state"),
        counted(now.transitions, "step"),
        now.depth
    );
    let what = typed_bounds(bounds, args);
    match &report.verdict {
        Found::Exhausted => format!(
            "Nothing breaks: {what}\n{found}. All of them were looked at, but for one chance in {} \
             that a state was taken for another of the same 64 bits.",
            chance_of_a_missed_state(now.states)
        ),
        Found::Broken(counterexample) => format!(
            "{} breaks after {}: {what}\n{found}. No run of fewer steps breaks anything.",
            counterexample.broken.id(),
            counted(counterexample.depth as u64, "step")
        ),
        Found::OutOfMemory => format!(
            "Not exhaustive: {what}\nIt stopped at {found}, with {} waiting, since {} MB are allowed. Nothing breaks in what was looked at. Allow more with --memory, or \
             lower a bound.",
            now.waiting, args.memory
        ),
        Found::Stopped => format!(
            "Not exhaustive: {what}\nIt was interrupted at {found}, with {} waiting. Nothing breaks \
             in what was looked at.",
            now.waiting
        ),
    }
}

/// The text of the playbook, with what is in it in its header and its caption.
fn playbook(
    counterexample: &Counterexample,
    bounds: &Bounds,
    args: &CheckArgs,
) -> Result<String, Stop> {
    let source = typed_bounds(bounds, args);
    let playbook = counterexample.told(bounds, source.clone());
    let playbook = playbook.map_err(|strayed| {
        Stop::BadInput(format!(
            "The laboratory parts from what was searched at step {}, which is a fault of raftlab. \
             Please report it with: {source}.",
            strayed.step
        ))
    })?;
    Ok(playbook.to_string())
}

/// Writes the playbook, and says how to open it.
fn show(text: &str, output: Option<OutputFile>, args: &CheckArgs) -> Result<(), Stop> {
    let next = if let Some(output) = output {
        output.write(text)?;
        let name = args.output.as_deref();
        let name = name.map(|path| path.display().to_string());
        format!("raftlab play {}", typed(&name.unwrap_or_default()))
    } else {
        let printed = write!(std::io::stdout().lock(), "{text}");
        heard(printed.map_err(Stop::from))?;
        "write it to a file with --output shortest.raft, then: raftlab play shortest.raft"
            .to_owned()
    };
    anstream::eprintln!("to open it in the page: {next}");
    Ok(())
}

/// What came of a search, as other programs read it.
#[derive(Debug, Serialize)]
struct Line {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invariant: Option<&'static str>,
    states: u64,
    transitions: u64,
    /// In how many steps something breaks, or how many lead to the deepest state.
    depth: usize,
    waiting: u64,
    /// How many different servers there were in all states.
    servers: u64,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    playbook: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl Line {
    fn of(report: &Report, says: String, playbook: Option<String>) -> Self {
        let (verdict, broken) = match &report.verdict {
            Found::Exhausted => ("exhausted", None),
            Found::Broken(counterexample) => ("broken", Some(counterexample)),
            Found::OutOfMemory => ("out-of-memory", None),
            Found::Stopped => ("interrupted", None),
        };
        let (page, _) = play::page(None);
        let now = &report.progress;
        Self {
            verdict,
            invariant: broken.map(|counterexample| counterexample.broken.id()),
            states: now.states,
            transitions: now.transitions,
            depth: broken.map_or(now.depth as usize, |counterexample| counterexample.depth),
            waiting: now.waiting,
            servers: now.servers,
            says,
            link: playbook
                .as_ref()
                .map(|text| link(&page, text, last_event(text))),
            playbook,
        }
    }
}

/// How many events the playbook has: what breaks does so in the last of them.
fn last_event(text: &str) -> u64 {
    let Ok(playbook) = text.parse::<Playbook>() else {
        return 0;
    };
    let mut trial = Trial::new(&playbook.setup);
    // It was played when it was made.
    let _ = script::play(&playbook, text, &mut trial);
    trial.world().event_count()
}
