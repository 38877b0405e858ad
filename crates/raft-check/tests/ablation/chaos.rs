//! Which runs of chaos break an invariant when a rule is ablated.

use raft_check::swarm::{self, End};
use raft_core::{Rule, RuleSet};
use raft_sim::{Invariant, Micros};

/// How many seeds are tried before chance is said not to find it.
const SEEDS: u64 = 40;
/// How long faults last by default in `raftlab`.
const LENGTH: Micros = Micros::from_secs(20);

/// The first invariant that broke in a run.
pub(crate) struct Broken {
    pub(crate) invariant: Invariant,
    /// The event after which it did not hold, counted from 1.
    pub(crate) event: u64,
}

/// The first seed whose run breaks without `rule`.
pub(crate) fn search(rule: Rule) -> Option<u64> {
    (1..=SEEDS).find(|seed| broken(Some(rule), *seed).is_some())
}

/// What breaks in the run of `seed`.
pub(crate) fn broken(ablated: Option<Rule>, seed: u64) -> Option<Broken> {
    let ablated: RuleSet = ablated.into_iter().collect();
    let End::Broken(first) = swarm::play(seed, LENGTH, ablated).end else {
        return None;
    };
    Some(Broken {
        invariant: first.invariant(),
        event: first.event + 1,
    })
}
