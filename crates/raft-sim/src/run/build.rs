//! A run that a playbook asks its readers to build.
//!
//! The playbook sets a cluster up, and says what is to come about, by how many Actions at most. A
//! run only carries that, and where the building begins: whether a goal is met is for whoever reads
//! its condition to say.

use std::sync::Arc;

use raft_core::RuleSet;

use super::told::Place;
use super::{Done, Run};
use crate::observed::Observed;

/// What is to be built. Each text is in English and in Chinese; what a playbook leaves out is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Build {
    /// What is asked for.
    pub text: [String; 2],
    /// The most Actions that may be done for it.
    pub actions_max: u64,
    /// The verbs that may be used; if there is none, all but for what no Raft survives.
    pub verbs: Vec<String>,
    /// What is to come about, one after the other.
    pub goals: Vec<Goal>,
    /// What is to hold after every event.
    pub always: Vec<Goal>,
    /// What helps, a step each.
    pub hints: Vec<[String; 2]>,
    /// What there is to learn from it.
    pub why: [String; 2],
    /// The rules that allow it, or that forbid it.
    pub rules: RuleSet,
    /// The lines that build it; of what cannot be built, lines that come close.
    pub way: Vec<String>,
    /// Whether it cannot be built.
    pub is_impossible: bool,
}

/// Something that is to be so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goal {
    /// What.
    pub text: [String; 2],
    /// The condition under which it is so, as it was written.
    pub when: String,
}

/// A build as a run came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What is to be built.
    pub build: Arc<Build>,
    /// The number of its line in the text, counted from 1.
    pub line: u32,
    /// Where the building begins: what is done from here on counts.
    pub place: Place,
    /// The rules that its playbook ablates: who ablates others does not build this run.
    pub ablated: RuleSet,
}

impl Run {
    /// What is to be built in this branch, if it follows its playbook so far.
    #[must_use]
    pub fn build(&self) -> Option<&Begun> {
        self.branch().told.build.as_ref()
    }

    /// What has been done in this branch since the building began.
    #[must_use]
    pub fn done_since(&self, begun: &Begun) -> &[Done] {
        let externals = self.branch().externals();
        let before = externals.partition_point(|done| done.position < begun.place.0);
        &externals[before..]
    }

    /// The world of this branch after `position` events, all of which are known.
    #[must_use]
    pub fn world_after(&self, position: u64) -> Observed {
        self.branch().world_at(position.min(self.length()))
    }

    /// Lets the next event of this branch happen again in a world of it; `false` at its end.
    pub fn relive(&self, world: &mut Observed) -> bool {
        let is_known = world.event_count() < self.length();
        if is_known {
            self.branch().replay_one(world);
        }
        is_known
    }

    /// Where the building of a run begins, if that is after so many events.
    pub(super) fn building_begins(&self, position: u64) -> Option<Place> {
        let place = self.build().map(|begun| begun.place)?;
        (place.0 == position).then_some(place)
    }
}
