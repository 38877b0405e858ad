//! What is committed: an entry of the leader's own term that a majority
//! stores, and with it all before it (§5.3, §5.4.2).

use crate::entry::{Command, Entry};
use crate::log::TermAt;
use crate::node::Node;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::Index;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Commits the last entry of the own term that a majority stores, if
    /// there is a new one (§5.4.2).
    pub(crate) fn advance_commit_index(&mut self) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let durable_index = self.durability.durable_index();
        let mut stored = self
            .reached(leader, Some(self.commit_index), durable_index, |progress| {
                progress.match_index
            })
            .unwrap_or_default();
        if !self.conduct.obeys(Rule::CommitMajority) {
            stored = durable_index;
        }
        let stored = stored.min(self.log.last_index());
        if stored <= self.commit_index {
            return;
        }
        let is_own_term = self.log.term_at(stored) == TermAt::Known(self.hard_state.current_term);
        if is_own_term || !self.obey(Rule::CommitOwnTermOnly) {
            self.note(Rule::CommitMajority);
            self.note_majorities();
            self.commit_to(stored);
            self.adopt_committed_configuration();
            self.configuration_committed();
        }
    }

    /// A leader's commit index rises.
    fn commit_to(&mut self, index: Index) {
        let first = self.commit_index.next();
        let count = usize::try_from(index.0.saturating_sub(self.commit_index.0));
        let committed = self.log.from(first, count.unwrap_or(usize::MAX));
        let bytes = bytes_of(committed);
        if let Role::Leader(leader) = &mut self.role {
            leader.uncommitted_bytes = leader.uncommitted_bytes.saturating_sub(bytes);
        }
        self.commit_index = index;
    }

    /// The entries that are not known to be committed.
    pub(crate) fn uncommitted(&self) -> &[Entry<C>] {
        let first = self.commit_index.next().max(self.log.first_index());
        let count = self.log.count_from(first);
        self.log.from(first, count)
    }

    /// Counts their bytes, where the log is not the one of before.
    pub(crate) fn count_uncommitted(&mut self) {
        let bytes = bytes_of(self.uncommitted());
        if let Role::Leader(leader) = &mut self.role {
            leader.uncommitted_bytes = bytes;
        }
    }
}

/// The bytes of these entries, together.
pub(crate) fn bytes_of<C: Command>(entries: &[Entry<C>]) -> usize {
    let sizes = entries.iter().map(Entry::size_bytes);
    sizes.fold(0, usize::saturating_add)
}
