//! What is committed: an entry of the leader's own term that a majority
//! stores, and with it all before it (§5.3, §5.4.2).

use crate::entry::{Command, Entry};
use crate::log::TermAt;
use crate::node::Node;
use crate::role::{Role, Uncommitted};
use crate::rule::{Conduct, Rule};
use crate::shared_vec::Iter;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Commits the last entry of the own term that a majority stores, if
    /// there is a new one (§5.4.2).
    pub(crate) fn advance_commit_index(&mut self) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let durable_index = self.stable.durability().durable_index();
        let mut stored = self
            .reached(leader, Some(self.commit_index), durable_index, |progress| {
                progress.match_index
            })
            .unwrap_or_default();
        if !self.rules.keeps(Rule::CommitMajority) {
            stored = durable_index;
        }
        let stored = stored.min(self.stable.log().last_index());
        if stored <= self.commit_index {
            return;
        }
        let is_own_term =
            self.stable.log().term_at(stored) == TermAt::Known(self.stable.current_term());
        if is_own_term || !self.rules.follows(Rule::CommitOwnTermOnly) {
            self.rules.follows(Rule::CommitMajority);
            self.note_majorities();
            self.commit_index = stored;
            self.adopt_committed_configuration();
            self.configuration_committed();
        }
    }

    /// The entries that are not known to be committed.
    pub(crate) fn uncommitted(&self) -> Iter<'_, Entry<C>> {
        let log = self.stable.log();
        let first = self.commit_index.next().max(log.first_index());
        log.from(first, log.count_from(first))
    }

    /// Counts their bytes anew.
    pub(crate) fn count_uncommitted(&mut self) {
        let now = Uncommitted {
            bytes: bytes_of(self.uncommitted()),
            counted_at: self.commit_index,
        };
        if let Role::Leader(leader) = &mut self.role {
            leader.uncommitted = now;
        }
    }
}

/// The bytes of these entries, together.
pub(crate) fn bytes_of<'a, C: Command + 'a>(entries: impl Iterator<Item = &'a Entry<C>>) -> usize {
    let sizes = entries.map(Entry::size_bytes);
    sizes.fold(0, usize::saturating_add)
}
