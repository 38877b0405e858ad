//! Conditions that are looked at outside a playbook: by whoever marks a run that is being built.

use raft_core::Index;
use raft_sim::observed::Observed;
use raft_sim::random::Stream;
use raft_sim::time::Micros;

use super::condition::Condition;
use super::names::{Bindings, Known};
use super::work::Work;

/// Somebody who looks whether conditions hold. Nothing has a name, and what is drawn is the same
/// each time.
#[derive(Debug)]
pub(crate) struct Looking {
    since: Micros,
    work: Work,
}

impl Looking {
    /// Somebody for whom time begins at this instant.
    pub(crate) const fn since(since: Micros) -> Self {
        let work = Work::new();
        Self { since, work }
    }

    /// Whether it holds in this world. What cannot be asked of it does not.
    pub(crate) fn holds(&mut self, condition: &Condition, world: &Observed) -> bool {
        self.with(world, |known| condition.holds(known).unwrap_or(false))
    }

    /// What is so, in the words in which it was asked.
    pub(crate) fn found(&mut self, condition: &Condition, world: &Observed) -> String {
        self.with(world, |known| condition.found(known))
    }

    /// How many steps of work it has taken so far.
    pub(crate) const fn spent(&self) -> u64 {
        self.work.spent()
    }

    fn with<T>(&mut self, world: &Observed, look: impl FnOnce(&mut Known<'_>) -> T) -> T {
        look(&mut Known {
            world,
            bound: &Bindings::default(),
            index: Index::ZERO,
            since: self.since,
            draw: &mut Stream::new(0, "goal", 0, 0),
            commands: &mut 0,
            work: &mut self.work,
        })
    }
}
