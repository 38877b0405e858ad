//! What is committed: an entry of the leader's own term that a majority
//! stores, and with it all before it (§5.3, §5.4.2).

use crate::condition::{Compared, Field, differ, more};
use crate::entry::{Command, Entry, bytes_of};
use crate::log::TermAt;
use crate::node::Node;
use crate::role::{Role, Uncommitted};
use crate::rule::{Conduct, Rule};
use crate::shared_vec::Iter;
use crate::types::Index;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Up to where a majority stores the log of this leader, as far as it knows. That is beyond what is
    /// committed while it ends with an entry of an earlier term, which no number of copies commits
    /// (§5.4.2). Nothing unless it leads.
    pub fn majority_index(&self) -> Option<Index> {
        let Role::Leader(leader) = &self.role else {
            return None;
        };
        let durable_index = self.stable.durability().durable_index();
        let stored = self.reached(leader, self.commit_index, durable_index, |one| {
            one.match_index
        });
        Some(stored.min(self.stable.log().last_index()))
    }

    /// Commits the last entry of the own term that a majority stores, if
    /// there is a new one (§5.4.2).
    pub(crate) fn advance_commit_index(&mut self) {
        let Some(mut stored) = self.majority_index() else {
            return;
        };
        if !self.rules.keeps(Rule::CommitMajority) {
            let durable_index = self.stable.durability().durable_index();
            stored = durable_index.min(self.stable.log().last_index());
        }
        let is_news = more((Field::N, stored), (Field::CommitIndex, self.commit_index));
        if !self.rules.weighs(Rule::CommitMajority, is_news) {
            return;
        }
        let is_of_another_term = self.differs_from_own_term(stored);
        if self
            .rules
            .follows_if(Rule::CommitOwnTermOnly, is_of_another_term)
        {
            return;
        }
        self.rules.follows(Rule::CommitMajority);
        self.note_majorities();
        self.commit_index = stored;
        self.adopt_committed_configuration();
        self.configuration_committed();
    }

    /// Whether the entry at `index` is not one of its own term (§5.4.2).
    #[inline]
    pub(crate) fn differs_from_own_term(&self, index: Index) -> Compared<TermAt> {
        differ(
            (Field::LogTerm(index), self.stable.log().term_at(index)),
            (
                Field::CurrentTerm,
                TermAt::Known(self.stable.current_term()),
            ),
        )
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
