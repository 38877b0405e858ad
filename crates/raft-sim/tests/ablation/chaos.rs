//! Which random runs break an invariant when a rule is taken away.

use raft_core::{Rule, RuleSet};
use raft_sim::chaos::random_run;
use raft_sim::{Invariant, Micros};

/// How many seeds are tried before it is said that chance does not find it.
const SEEDS: u64 = 40;
const LENGTH: Micros = Micros::from_secs(60);

/// The first invariant that broke in a run.
pub(crate) struct Broken {
    pub(crate) invariant: Invariant,
    /// The event after which it did not hold, counted from 1.
    pub(crate) event: u64,
}

/// The first seed whose random minute breaks without `rule`.
pub(crate) fn search(rule: Rule) -> Option<u64> {
    (0..SEEDS).find(|seed| broken(Some(rule), *seed).is_some())
}

/// What breaks in the random minute of `seed`.
pub(crate) fn broken(without: Option<Rule>, seed: u64) -> Option<Broken> {
    let without: RuleSet = without.into_iter().collect();
    let run = random_run(seed, LENGTH, without);
    let first = run.world().checker().violations().first()?;
    Some(Broken {
        invariant: first.invariant,
        event: first.event + 1,
    })
}
