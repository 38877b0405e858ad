//! What is kept twice must agree, and is compared after every input where debug
//! assertions are on: in all tests, under fuzzing and in chaos.
//!
//! A cache is safe to read only beside a check that it holds. Each is compared with
//! what it was taken from; the price of that is bounded, so that long logs can be tested.

use alloc::sync::Arc;

use crate::entry::{Command, Entry, bytes_of};
use crate::node::Node;
use crate::progress::Progress;
use crate::role::{Leader, Role};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId};

/// Of how many entries the bytes are counted anew.
const RECOUNTED_MAX: usize = 64;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Says what disagrees.
    ///
    /// # Errors
    /// Names the first of the cached fields that is not what it was taken from.
    pub fn check(&self) -> Result<(), &'static str> {
        self.stable.log().check()?;
        let log = &self.stable.log();
        if self.commit_index > log.last_index() {
            return Err("more is committed than the log has");
        }
        // An older snapshot than what is committed leaves a log that is shorter than what is durable.
        if self.rules.keeps(Rule::KeepNewerState) {
            self.stable.durability().check(log.last_index())?;
        }
        // What has been compacted away since is still right, and asked for no more; and indices
        // saturate behind a snapshot that claims the last of them.
        let recent = self.stable.recent().entries();
        let is_there = !recent.is_empty()
            && self.stable.recent().first() >= log.first_index()
            && log.last_index() < Index(u64::MAX);
        let copied = log.from(self.stable.recent().first(), recent.len());
        let terms = |entry: &Entry<C>| entry.term;
        if is_there && !copied.map(terms).eq(recent.iter().map(terms)) {
            return Err("the entries copied last are not those of the log");
        }
        let is_short = recent.len() <= RECOUNTED_MAX;
        if is_there && is_short && bytes_of(recent.iter()) > self.stable.recent().bytes_max() {
            return Err("the entries copied last have more bytes than they are known to");
        }
        let by_the_log = [
            Rule::LatestConfiguration,
            Rule::RollBackConfiguration,
            Rule::SnapshotConfiguration,
        ];
        let uses_the_log = by_the_log.iter().all(|rule| self.rules.keeps(*rule));
        if uses_the_log && !Arc::ptr_eq(&self.configuration, log.configuration()) {
            return Err("the configuration is not the latest of the log");
        }
        match &self.role {
            Role::Leader(leader) => self.check_leader(leader),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => Ok(()),
        }
    }

    fn check_leader(&self, leader: &Leader) -> Result<(), &'static str> {
        let me = self.config.id();
        if leader.seat != self.seat(me) {
            return Err("the leader's own seat is not that of the configuration");
        }
        let mut others = self.configuration.members().filter(|id| *id != me);
        let is_known = |id| leader.progress.contains_key(id);
        let is_member = |(id, _): (&NodeId, _)| *id != me && self.configuration.is_member(*id);
        if !others.all(is_known) || !leader.progress.iter().all(is_member) {
            return Err("a leader knows others than the members of the configuration");
        }
        let seated = |(id, progress): (&NodeId, &Progress)| progress.seat == self.seat(*id);
        if !leader.progress.iter().all(seated) {
            return Err("a follower's seat is not that of the configuration");
        }
        let counted = &leader.uncommitted;
        let first = counted
            .counted_at
            .next()
            .max(self.stable.log().first_index());
        let entries = self.stable.log().from(first, usize::MAX);
        let is_whole = counted.counted_at.next() >= self.stable.log().first_index();
        if is_whole && entries.len() <= RECOUNTED_MAX && counted.bytes != bytes_of(entries) {
            return Err("the uncommitted bytes are not those of the log");
        }
        Ok(())
    }

    /// Ends every input; nothing where debug assertions are off.
    #[inline]
    pub(crate) fn debug_check(&self) {
        debug_assert_eq!(self.check(), Ok(()));
    }
}
