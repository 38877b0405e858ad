//! The results of playing a range of seeds: printed, written as a line, and merged.

use std::fmt::Write;

use raft_sim::run::EVENTS_MAX;
use raft_sim::setup::SEED_MAX;
use serde::{Deserialize, Serialize};

use crate::failure::play;
use crate::output::{Verdict, counted, dim, green, red};
use crate::seeds::Seeds;
use crate::subject::command;

/// How many failures are listed one by one.
const FAILURES_SHOWN: usize = 20;

/// A sweep of some seeds. Two sweeps of adjacent ranges add up to the sweep of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    /// What was played, as it is typed after `raftlab sweep`.
    pub(crate) sweep: String,
    /// A fingerprint of it, in hexadecimal.
    pub(crate) subject: String,
    /// The seeds that all shards together play.
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// The seeds that this line is about.
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// How many events happened.
    pub(crate) events: u64,
    /// A fingerprint of how each run ended, in hexadecimal; that of several runs is the sum.
    pub(crate) digest: String,
    /// What failed, by seed.
    pub(crate) failures: Vec<Failure>,
}

/// A run that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failure {
    pub(crate) seed: u64,
    /// An invariant, or another word for what failed.
    pub(crate) kind: String,
    pub(crate) event: u64,
    pub(crate) says: String,
}

impl Record {
    pub(crate) const fn seeds(&self) -> Seeds {
        Seeds {
            first: self.from,
            last: self.to,
        }
    }

    /// Checks that a shard can have written this.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let is_part = self.first <= self.from && self.from <= self.to && self.to <= self.last;
        if !is_part || self.last > SEED_MAX {
            return Err("its seeds are not part of its sweep");
        }
        let is_fingerprint = |text: &str| text.len() == 16 && hexadecimal(number(text)) == text;
        if !is_fingerprint(&self.subject) || !is_fingerprint(&self.digest) {
            return Err("a fingerprint is 16 hexadecimal digits");
        }
        if u128::from(self.events) > u128::from(self.seeds().count()) * u128::from(EVENTS_MAX) {
            return Err("it has more events than that many runs can have");
        }
        let seeds = || self.failures.iter().map(|failure| failure.seed);
        let are_inside = seeds().all(|seed| (self.from..=self.to).contains(&seed));
        if !are_inside || seeds().zip(seeds().skip(1)).any(|(one, next)| one >= next) {
            return Err("its failing seeds are out of its range, repeated or out of order");
        }
        Ok(())
    }

    /// Whether both are of the same sweep.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (&self.subject, self.first, self.last) == (&other.subject, other.first, other.last)
    }

    /// Adds the results of the seeds that follow.
    pub(crate) fn add(&mut self, next: Self) {
        self.to = next.to;
        self.events = self.events.saturating_add(next.events);
        let sum = number(&self.digest).wrapping_add(number(&next.digest));
        self.digest = hexadecimal(sum);
        self.failures.extend(next.failures);
    }

    /// The report at the end.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        let (name, seeds) = (&self.sweep, self.seeds());
        // Writing to a String cannot fail.
        for failure in self.failures.iter().take(FAILURES_SHOWN) {
            let Failure {
                seed,
                kind,
                event,
                says,
            } = failure;
            let _ = writeln!(
                text,
                "{} seed {seed}: {kind} after event {event}",
                red("FAIL")
            );
            let _ = writeln!(text, "  {}", says.replace('\n', "\n  "));
            let _ = writeln!(text, "  {}", dim(play(name, *seed, *event)));
            if !matches!(kind.as_str(), "line" | "expectation" | "too-long") {
                let shrink = command("shrink", name, &format!("--seed {seed}"));
                let _ = writeln!(text, "  {}", dim(shrink));
            }
        }
        let more = self.failures.iter().skip(FAILURES_SHOWN);
        let more: Vec<String> = more.map(|failure| failure.seed.to_string()).collect();
        if !more.is_empty() {
            let _ = writeln!(text, "and seeds {}", more.join(" "));
        }
        let failed = self.failures.len() as u64;
        let passed = seeds.count() - failed;
        let verdict = if failed == 0 {
            green(format!("{passed} passed, 0 failed")).to_string()
        } else {
            red(format!("{passed} passed, {failed} failed")).to_string()
        };
        let (events, digest) = (counted(self.events, "event"), &self.digest);
        let _ = writeln!(
            text,
            "{name} --seeds {seeds}: {verdict}; {events}, digest {digest}"
        );
        text
    }

    pub(crate) const fn verdict(&self) -> Verdict {
        if self.failures.is_empty() {
            Verdict::Passed
        } else {
            Verdict::Failed
        }
    }
}

/// A fingerprint as it is written.
pub(crate) fn hexadecimal(digest: u64) -> String {
    format!("{digest:016x}")
}

fn number(digest: &str) -> u64 {
    u64::from_str_radix(digest, 16).unwrap_or(0)
}
