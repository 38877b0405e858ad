//! `raftlab sweep`: one thing with many seeds.

use std::io::{ErrorKind, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use raft_sim::digest::Digest;
use raft_sim::run::Stage;

use crate::arguments::SweepArgs;
use crate::output::{Stop, Verdict, counted, heard};
use crate::parallel::{Job, in_order};
use crate::progress::Progress;
use crate::seeds::Seeds;
use crate::subject::Subject;
use crate::sweep::{Failure, Record, hexadecimal};
use crate::{failure, interrupt};

/// How many seeds a line of a shard is about: what is lost when a machine is.
const SEEDS_A_LINE: u64 = 1000;

pub(crate) fn execute(args: &SweepArgs) -> Result<Verdict, Stop> {
    let subject = Subject::of(&args.what)?;
    let mine = match args.shard {
        None => Some(args.seeds),
        Some(shard) => args.seeds.part(shard),
    };
    let Some(mine) = mine else {
        let seeds = counted(args.seeds.count(), "seed");
        anstream::eprintln!("This shard has no seeds: there are more shards than the {seeds}.");
        return Ok(Verdict::Passed);
    };
    let is_shard = args.shard.is_some();
    let sweep = Arc::new(Sweep {
        subject,
        whole: args.seeds,
        // No shard knows what another one finds first.
        goes_on: args.all || is_shard,
        stop_after: AtomicU64::new(u64::MAX),
        progress: Progress::counting(mine.count(), "seeds"),
    });
    let length = if is_shard { SEEDS_A_LINE } else { mine.count() };
    let mut totals: Vec<Record> = Vec::new();
    let mut is_heard = true;
    interrupt::keep_what_is_found();
    for piece in mine.pieces(length) {
        for record in sweep.play(piece)? {
            if is_shard {
                is_heard &= print(&record)?;
            }
            add(&mut totals, record);
        }
        if interrupt::is_asked() || !is_heard {
            break;
        }
    }
    sweep.progress.end();
    let failed = totals
        .iter()
        .any(|total| total.verdict() == Verdict::Failed);
    let stops_at_first = !sweep.goes_on && failed;
    report(&totals, is_shard)?;
    let missing = missing(mine, &totals);
    // Where it stops at the first failure, what comes after it is not missing.
    let is_whole = match missing.first() {
        None => true,
        Some(missing) => stops_at_first && totals.len() == 1 && missing.first > mine.first,
    };
    if !is_whole && interrupt::is_asked() {
        interrupted(mine, &missing);
        return Ok(Verdict::Interrupted);
    }
    if !is_heard && !failed {
        return Ok(Verdict::Unheard);
    }
    if let (true, Some(last)) = (stops_at_first, totals.last())
        && last.to < mine.last
    {
        let (seed, seeds) = (last.to, mine.count());
        anstream::eprintln!(
            "Stopped at seed {seed}, the first of {seeds} that fails; --all continues."
        );
    }
    Ok(if failed {
        Verdict::Failed
    } else {
        Verdict::Passed
    })
}

/// Adds what follows, or begins anew where seeds are missing between.
fn add(totals: &mut Vec<Record>, next: Record) {
    match totals.last_mut() {
        Some(total) if total.to + 1 == next.from => total.add(next),
        _ => totals.push(next),
    }
}

/// The seeds that were not played to their end.
fn missing(seeds: Seeds, played: &[Record]) -> Vec<Seeds> {
    let ends = played.iter().map(|record| record.to + 1);
    let begins = played.iter().map(|record| record.from);
    let gaps = [seeds.first].into_iter().chain(ends);
    let gaps = gaps.zip(begins.chain([seeds.last + 1]));
    gaps.filter(|(first, end)| first < end)
        .map(|(first, end)| Seeds {
            first,
            last: end - 1,
        })
        .collect()
}

/// Says how far it came, and which seeds are left.
fn interrupted(seeds: Seeds, missing: &[Seeds]) {
    let left: u64 = missing.iter().map(|seeds| seeds.count()).sum();
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    anstream::eprintln!(
        "interrupted after {} of {}; not finished: {}",
        seeds.count() - left,
        counted(seeds.count(), "seed"),
        missing.join(" ")
    );
}

/// Prints a line of a shard; returns whether the reader is still there.
fn print(record: &Record) -> Result<bool, Stop> {
    let line = serde_json::to_string(record).map_err(std::io::Error::from)?;
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        printed => Ok(printed.map(|()| true)?),
    }
}

fn report(totals: &[Record], is_shard: bool) -> Result<(), Stop> {
    let text: String = totals.iter().map(Record::summary).collect();
    if is_shard {
        anstream::eprint!("{text}");
        return Ok(());
    }
    let printed = write!(anstream::stdout().lock(), "{text}");
    heard(printed.map_err(Stop::from))
}

struct Sweep {
    subject: Subject,
    whole: Seeds,
    goes_on: bool,
    /// The least seed that fails so far, if the sweep is to stop there.
    stop_after: AtomicU64,
    progress: Progress,
}

/// One of its seeds.
struct One {
    sweep: Arc<Sweep>,
    seed: u64,
}

/// What is kept of one run.
struct Outcome {
    seed: u64,
    events: u64,
    digest: u64,
    failure: Option<Failure>,
}

impl Job for One {
    type Result = Outcome;

    fn run(self) -> Option<Outcome> {
        let is_too_late = self.seed > self.sweep.stop_after.load(Ordering::Relaxed);
        if is_too_late || interrupt::is_asked() {
            return None;
        }
        let outcome = self.sweep.one(self.seed)?;
        if outcome.failure.is_some() && !self.sweep.goes_on {
            self.sweep
                .stop_after
                .fetch_min(self.seed, Ordering::Relaxed);
        }
        self.sweep.progress.one_more();
        Some(outcome)
    }
}

impl Sweep {
    /// Plays these seeds in order, until the sweep is to stop. There is one record, unless a signal
    /// comes, after which some seeds between may be missing.
    fn play(self: &Arc<Self>, seeds: Seeds) -> Result<Vec<Record>, Stop> {
        let jobs = (seeds.first..=seeds.last).map(|seed| One {
            sweep: Arc::clone(self),
            seed,
        });
        let mut records = Vec::new();
        in_order(jobs, |outcome| {
            let is_last = outcome.failure.is_some() && !self.goes_on;
            add(&mut records, self.record(outcome));
            Ok::<bool, Stop>(!is_last)
        })?;
        Ok(records)
    }

    fn one(&self, seed: u64) -> Option<Outcome> {
        let played = self.subject.play(seed)?;
        let world = played.trial.world();
        let failure = played.problem.map(|problem| {
            let says = failure::what(&self.subject, seed, &problem);
            let says = anstream::adapter::strip_str(&says).to_string();
            Failure {
                seed,
                kind: problem.kind().to_owned(),
                event: problem.event(),
                says,
            }
        });
        if let Some(Failure { seed, kind, .. }) = &failure {
            self.progress.say(format!("seed {seed}: {kind}"));
        }
        Some(Outcome {
            seed,
            events: world.event_count(),
            digest: Digest::of(&(seed, world.event_count(), world.now(), &**world)),
            failure,
        })
    }

    fn record(&self, outcome: Outcome) -> Record {
        Record {
            sweep: self.subject.arguments(),
            subject: hexadecimal(self.subject.fingerprint()),
            first: self.whole.first,
            last: self.whole.last,
            from: outcome.seed,
            to: outcome.seed,
            events: outcome.events,
            digest: hexadecimal(outcome.digest),
            failures: outcome.failure.into_iter().collect(),
        }
    }
}
