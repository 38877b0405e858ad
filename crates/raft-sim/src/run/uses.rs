//! How often each rule has acted in a branch, up to any event of it, and where it did.
//!
//! The counts are kept as the branch is played, and written down every so many events: those up to an
//! event between are told by the events since the last that were written down. So playing pays
//! for no more than to count, and a long run for a few hundred thousand bytes.

use raft_core::Rule;

use super::branch::Branch;
use super::events::Events;
use super::history::place;
use crate::event::Event;

/// So many events are between two counts that are written down.
const EVERY: u64 = 1024;

/// In how many events each rule has acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts([u32; Rule::ALL.len()]);

impl Counts {
    const NONE: Self = Self([0; Rule::ALL.len()]);

    /// In how many events `rule` has acted.
    #[must_use]
    pub const fn of(&self, rule: Rule) -> u32 {
        self.0[rule as usize]
    }

    /// Those of all rules, in the order of [`Rule::ALL`].
    #[must_use]
    pub const fn all(&self) -> &[u32] {
        &self.0
    }

    fn count(&mut self, event: &Event) {
        for rule in &event.rules {
            self.0[*rule as usize] += 1;
        }
    }
}

/// The counts along a branch.
#[derive(Debug, Clone)]
pub(super) struct Uses {
    /// Up to the last event.
    last: Counts,
    /// Those after each [`EVERY`] events.
    written: Vec<Counts>,
}

impl Uses {
    pub(super) const NONE: Self = Self {
        last: Counts::NONE,
        written: Vec::new(),
    };

    /// Counts the event that comes next.
    pub(super) fn note(&mut self, event: &Event) {
        self.last.count(event);
        if (event.number + 1).is_multiple_of(EVERY) {
            self.written.push(self.last.clone());
        }
    }

    /// Those of the first `length` events of `branch`, whose counts these are.
    pub(super) fn until(&self, branch: &Branch, length: u64) -> Self {
        let kept = place(length / EVERY).min(self.written.len());
        Self {
            last: self.at(branch, length),
            written: self.written[..kept].to_vec(),
        }
    }

    fn at(&self, branch: &Branch, position: u64) -> Counts {
        let kept = self.written.get(..place(position / EVERY));
        let kept = kept.unwrap_or(&self.written);
        let mut counts = kept.last().unwrap_or(&Counts::NONE).clone();
        for event in Events(branch).range(kept.len() as u64 * EVERY..position) {
            counts.count(&event);
        }
        counts
    }
}

impl Branch {
    /// In how many of the first `position` events each rule has acted.
    #[must_use]
    pub fn uses_until(&self, position: u64) -> Counts {
        self.uses.at(self, position)
    }

    /// In how many of its events each rule has acted.
    #[must_use]
    pub const fn uses(&self) -> &Counts {
        &self.uses.last
    }

    /// The event in which `rule` acted after it had acted in `earlier` others; none if it did not.
    #[must_use]
    pub fn use_of(&self, rule: Rule, earlier: u32) -> Option<Event> {
        if earlier >= self.uses().of(rule) {
            return None;
        }
        let written = &self.uses.written;
        let kept = written.partition_point(|counts| counts.of(rule) <= earlier);
        let before = kept.checked_sub(1).map_or(0, |last| written[last].of(rule));
        let since = Events(self).range(kept as u64 * EVERY..u64::MAX);
        let mut acted = since.filter(|event| event.rules.contains(&rule));
        acted.nth((earlier - before) as usize)
    }
}
