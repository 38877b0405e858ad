//! Log compaction (§7): taking a snapshot, sending one, installing one.

use alloc::sync::Arc;

use crate::log::TermAt;
use crate::message::{InstallSnapshot, InstallSnapshotReply, Message};
use crate::node::Node;
use crate::persist::Snapshot;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId};

/// Why a snapshot cannot take the place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompactError {
    /// An entry in it has not been applied here.
    #[error("only entries up to {last_applied} have been applied")]
    NotApplied {
        /// The last entry that has.
        last_applied: Index,
    },
    /// The log begins after it already.
    #[error("the log up to {last_included_index} is a snapshot already")]
    AlreadyCompacted {
        /// The last entry in the present snapshot.
        last_included_index: Index,
    },
}

impl<C: Clone, K: Conduct> Node<C, K> {
    /// Puts the state machine's state as it was after applying `index` in the
    /// place of the log up to there.
    ///
    /// # Errors
    /// Says why not when `index` is not applied yet, or compacted already.
    pub fn compact(&mut self, index: Index, data: Arc<[u8]>) -> Result<(), CompactError> {
        if index > self.last_applied {
            return Err(CompactError::NotApplied {
                last_applied: self.last_applied,
            });
        }
        let base = self.log.snapshot().last_included_index;
        let TermAt::Known(last_included_term) = self.log.term_at(index) else {
            return Err(CompactError::AlreadyCompacted {
                last_included_index: base,
            });
        };
        if index == base {
            return Err(CompactError::AlreadyCompacted {
                last_included_index: base,
            });
        }
        if !self.obey(Rule::Compact) {
            return Ok(());
        }
        // What was applied is committed, even where a host that overwrote the
        // commit index says less.
        self.commit_index = self.commit_index.max(index);
        self.log.compact(Snapshot {
            last_included_index: index,
            last_included_term,
            data,
        });
        self.durability.snapshot_changed = true;
        Ok(())
    }

    pub(crate) fn send_snapshot(&mut self, peer: NodeId) {
        if !self.obey(Rule::SendSnapshot) {
            return;
        }
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        let request = InstallSnapshot {
            term: self.hard_state.current_term,
            snapshot: self.log.snapshot().clone(),
            round: leader.round,
        };
        if let Some(progress) = leader.progress.get_mut(peer) {
            progress.agrees = false;
            progress.in_flight.clear();
            progress.in_flight.push_back(request.request());
        }
        self.drop_held(peer, |held| matches!(held, Message::InstallSnapshot(_)));
        self.send(peer, Message::InstallSnapshot(request));
    }

    pub(crate) fn install_snapshot(&mut self, leader: NodeId, m: InstallSnapshot) {
        let request = m.request();
        let is_stale = m.term < self.hard_state.current_term;
        if is_stale && self.obey(Rule::InstallStaleTerm) {
            // The reply's term tells the sender.
        } else if self.role.is_leader() && self.obey(Rule::IgnoreNonsense) {
            return;
        } else {
            self.hear_from_leader(leader);
            self.take_in(m.snapshot);
        }
        let reply = InstallSnapshotReply {
            term: self.hard_state.current_term,
            request,
        };
        self.drop_held(leader, |held| {
            matches!(held, Message::InstallSnapshotReply(_))
        });
        self.send(leader, Message::InstallSnapshotReply(reply));
    }

    fn take_in(&mut self, snapshot: Snapshot) {
        let last = snapshot.last_included_index;
        if last <= self.commit_index && self.obey(Rule::KeepNewerState) {
            return;
        }
        let term = TermAt::Known(snapshot.last_included_term);
        let retains = if self.log.term_at(last) == term {
            self.obey(Rule::RetainSuffix)
        } else {
            !self.obey(Rule::DiscardLog)
        };
        if retains {
            self.log.compact(snapshot);
        } else {
            self.log.reset(snapshot);
            self.recent.forget();
            // Until the snapshot is durable, the disk holds another log than
            // this from the first entry on that was not committed.
            self.durability.truncated(self.commit_index.next());
        }
        self.durability.snapshot_changed = true;
        self.commit_index = last;
        self.snapshot_to_apply = true;
    }

    pub(crate) fn install_snapshot_reply(&mut self, follower: NodeId, m: &InstallSnapshotReply) {
        if self.answers_this_term(m.term, &m.request) || !self.obey(Rule::OldReply) {
            self.heard_from(follower, m.request.round);
            self.matched(follower, m.request);
        }
    }
}
