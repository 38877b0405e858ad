//! `raftlab sweep`: one thing with many seeds.

use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use raft_sim::digest::Digest;
use raft_sim::run::Stage;

use crate::arguments::SweepArgs;
use crate::output::{Stop, Verdict, counted, heard};
use crate::parallel::in_order;
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
        // There are more shards than seeds.
        return Ok(Verdict::Passed);
    };
    let sweep = Sweep {
        subject: &subject,
        whole: args.seeds,
        // No shard knows what another one finds first.
        goes_on: args.all || args.shard.is_some(),
        bar: progress(mine.count()),
    };
    let is_shard = args.shard.is_some();
    let length = if is_shard { SEEDS_A_LINE } else { mine.count() };
    let mut total: Option<Record> = None;
    let mut is_heard = true;
    interrupt::keep_what_is_found();
    for piece in mine.pieces(length) {
        let Some(record) = sweep.play(piece)? else {
            break;
        };
        if is_shard {
            is_heard = print(&record)?;
        }
        match &mut total {
            Some(total) => total.add(record),
            None => total = Some(record),
        }
        if interrupt::is_asked() || !is_heard {
            break;
        }
    }
    sweep.bar.finish_and_clear();
    let Some(total) = total else {
        return Ok(Verdict::Interrupted);
    };
    let stops_at_first = !sweep.goes_on && !total.failures.is_empty();
    let is_whole = stops_at_first || total.to == mine.last;
    report(&total, is_shard, stops_at_first)?;
    if !is_heard && !interrupt::is_asked() && total.failures.is_empty() {
        return Ok(Verdict::Unheard);
    }
    if !is_whole && interrupt::is_asked() {
        let played = counted(total.seeds().count(), "seed");
        anstream::eprintln!("interrupted after {played}");
        return Ok(Verdict::Interrupted);
    }
    Ok(total.verdict())
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

fn report(total: &Record, is_shard: bool, stops_at_first: bool) -> Result<(), Stop> {
    if is_shard {
        anstream::eprint!("{}", total.summary());
    } else {
        let printed = write!(anstream::stdout().lock(), "{}", total.summary());
        heard(printed.map_err(Stop::from))?;
    }
    let played = total.seeds();
    if stops_at_first && played.last < total.last {
        let (seed, seeds) = (played.last, total.last - total.first + 1);
        anstream::eprintln!(
            "stopped at seed {seed}, the first of {seeds} that fails; --all continues"
        );
    }
    Ok(())
}

struct Sweep<'s> {
    subject: &'s Subject,
    whole: Seeds,
    goes_on: bool,
    bar: ProgressBar,
}

/// What is kept of one run.
struct Outcome {
    seed: u64,
    events: u64,
    digest: u64,
    failure: Option<Failure>,
}

impl Sweep<'_> {
    /// Plays these seeds in order, until the sweep is to stop; `None` if not even one was played.
    fn play(&self, seeds: Seeds) -> Result<Option<Record>, Stop> {
        let stop_after = AtomicU64::new(u64::MAX);
        let work = |seed| {
            let is_too_late = seed > stop_after.load(Ordering::Relaxed);
            if is_too_late || interrupt::is_asked() {
                return None;
            }
            let outcome = self.one(seed)?;
            if outcome.failure.is_some() && !self.goes_on {
                stop_after.fetch_min(seed, Ordering::Relaxed);
            }
            self.bar.inc(1);
            Some(outcome)
        };
        let mut record: Option<Record> = None;
        in_order(seeds.first..=seeds.last, work, |outcome| {
            let Some(outcome) = outcome else {
                return Ok::<bool, Stop>(false);
            };
            let is_last = outcome.failure.is_some() && !self.goes_on;
            let next = self.record(outcome);
            match &mut record {
                Some(record) => record.add(next),
                None => record = Some(next),
            }
            Ok(!is_last)
        })?;
        Ok(record)
    }

    fn one(&self, seed: u64) -> Option<Outcome> {
        let played = self.subject.play(seed)?;
        let world = played.trial.world();
        let failure = played.problem.map(|problem| {
            let says = failure::what(self.subject, seed, &problem);
            let says = anstream::adapter::strip_str(&says).to_string();
            Failure {
                seed,
                kind: problem.kind().to_owned(),
                event: problem.event(),
                says,
            }
        });
        if let Some(failure) = &failure {
            let Failure { seed, kind, .. } = failure;
            self.bar.set_message(format!("seed {seed}: {kind}"));
        }
        Some(Outcome {
            seed,
            events: world.event_count(),
            digest: Digest::of(&(seed, world.event_count(), &**world)),
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

/// A bar on a terminal; nothing elsewhere.
fn progress(seeds: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(seeds), ProgressDrawTarget::stderr());
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len} seeds  {per_sec}  {eta} left  {msg}");
    // The template is right; a bar that looks plain would be no reason not to sweep.
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
