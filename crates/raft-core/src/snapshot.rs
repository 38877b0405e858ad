//! Log compaction (§7): taking a snapshot, sending one, installing one.
//!
//! A snapshot is sent in chunks, one at a time. The follower says how much it
//! has, and the leader goes on from there, so that what is lost costs one
//! chunk. A snapshot that was begun is finished, whatever is compacted
//! meanwhile, or a leader that compacts often would start over for ever; the
//! price is that one is kept for a follower that is down. It counts for nothing
//! until all of it is there. One that is longer than its receiver takes in is
//! refused once, and offered no more: only a newer one may be shorter.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::condition::{Field, at_most, differ, equal, less, more};
use crate::durability::Claim;
use crate::entry::Command;
use crate::entry::Snapshot;
use crate::log::TermAt;
use crate::message::{InstallOutcome, InstallSnapshot, InstallSnapshotReply, Message, Request};
use crate::node::Node;
use crate::progress::Mode;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId, Term};

/// Why a snapshot cannot take the place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompactError {
    /// An entry in it has not been applied here.
    #[error("only entries up to {last_applied} have been applied")]
    NotApplied {
        /// The last entry that has.
        last_applied: Index,
    },
    /// The log begins after it already.
    #[error("the log is already compacted up to {last_included_index}")]
    AlreadyCompacted {
        /// The last entry in the present snapshot.
        last_included_index: Index,
    },
    /// This server joined, and has not applied the entry yet that tells it of
    /// whom: a snapshot without that would be no use to anybody.
    #[error("the configuration is not known here yet")]
    NoConfiguration,
}

/// A snapshot of which not all has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PartialSnapshot {
    /// The term of the leader that sends it: another one's snapshot up to the
    /// same entry may have other bytes.
    term: Term,
    last_included_index: Index,
    data: Vec<u8>,
}

impl<C: Command, K: Conduct> Node<C, K> {
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
        let base = self.stable.log().snapshot().last_included_index;
        let TermAt::Known(last_included_term) = self.stable.log().term_at(index) else {
            return Err(CompactError::AlreadyCompacted {
                last_included_index: base,
            });
        };
        if index == base {
            return Err(CompactError::AlreadyCompacted {
                last_included_index: base,
            });
        }
        if self
            .stable
            .log()
            .configuration_at(index)
            .voters()
            .is_empty()
        {
            return Err(CompactError::NoConfiguration);
        }
        if !self.rules.follows(Rule::Compact) {
            return Ok(());
        }
        // What was applied is committed, even where a host that overwrote the
        // commit index says less.
        self.commit_index = self.commit_index.max(index);
        let before = self.stable.log().snapshot().configuration.clone();
        let latest = self.stable.log().configuration_at(index).clone();
        let changes = !Arc::ptr_eq(&before, &latest);
        let configuration = if changes && !self.rules.follows(Rule::SnapshotConfiguration) {
            before
        } else {
            latest
        };
        self.stable.compact(Snapshot {
            last_included_index: index,
            last_included_term,
            configuration,
            data,
        });
        self.adopt_configuration(Rule::LatestConfiguration);
        self.count_uncommitted();
        self.debug_check();
        Ok(())
    }

    /// The chunk of a snapshot that `follower` needs next; none of it where that chunk is
    /// in flight and is not to be sent again.
    pub(crate) fn snapshot_message(
        &mut self,
        follower: NodeId,
        resends: bool,
    ) -> Option<Message<C>> {
        if !self.rules.follows(Rule::SendSnapshot) {
            return None;
        }
        let bytes_max = self.config.settings().snapshot_bytes_max;
        let finishes = self.rules.keeps(Rule::FinishSnapshot);
        let newest = self.stable.log().snapshot();
        let Role::Leader(leader) = &mut self.role else {
            return None;
        };
        let progress = leader.progress.get_mut(follower)?;
        let is_offered = match &progress.mode {
            Mode::Snapshot(sending) if sending.is_too_long => sending.snapshot != *newest,
            Mode::Snapshot(_) | Mode::Probe | Mode::Replicate => true,
        };
        let (snapshot, offset, bytes_max) = match &progress.mode {
            // It only has to hear that it is led.
            Mode::Snapshot(sending) if !is_offered => (sending.snapshot.clone(), 0, 0),
            Mode::Snapshot(sending)
                if !sending.is_too_long && (finishes || sending.snapshot == *newest) =>
            {
                let bytes_max = if resends { bytes_max } else { 0 };
                (sending.snapshot.clone(), sending.offset, bytes_max)
            }
            _ => (newest.clone(), 0, bytes_max),
        };
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(snapshot.data.len());
        let end = start.saturating_add(bytes_max).min(snapshot.data.len());
        let is_whole = start == 0 && end == snapshot.data.len();
        let request = InstallSnapshot {
            term: self.stable.current_term(),
            last_included_index: snapshot.last_included_index,
            last_included_term: snapshot.last_included_term,
            configuration: snapshot.configuration.clone(),
            offset,
            data: if is_whole {
                snapshot.data.clone()
            } else {
                Arc::from(&snapshot.data[start..end])
            },
            done: end == snapshot.data.len() && bytes_max > 0,
            round: leader.round,
            attempt: progress.attempt,
        };
        if finishes && progress.mode.is_finishing_instead_of(newest) {
            self.rules.follows(Rule::FinishSnapshot);
        }
        if is_offered {
            progress.sent_chunk(snapshot, offset);
        }
        let is_chunk = |held: &Message<C>| matches!(held, Message::InstallSnapshot(_));
        self.outbox.supersede(follower, is_chunk);
        Some(Message::InstallSnapshot(request))
    }

    pub(crate) fn install_snapshot(&mut self, leader: NodeId, m: &InstallSnapshot) {
        let request = m.request();
        let is_stale = less(
            (Field::Term, m.term),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        let outcome = if self.rules.follows_if(Rule::InstallStaleTerm, is_stale) {
            InstallOutcome::StaleTerm
        } else if self.leads_too() {
            return;
        } else {
            self.hear_from_leader(leader);
            let Some(outcome) = self.take_chunk(m) else {
                return;
            };
            outcome
        };
        let reply = InstallSnapshotReply {
            term: self.stable.current_term(),
            request,
            outcome,
        };
        self.answer_install(leader, reply);
    }

    /// As `answer_success` does: the answer waits for the disk, and a leader that asks again
    /// meanwhile is told that it was heard.
    fn answer_install(&mut self, leader: NodeId, mut reply: InstallSnapshotReply) {
        let mut claim = Claim::Term;
        if reply.outcome == InstallOutcome::Installed {
            claim = Claim::Log(reply.request.last_index);
            let is_again = self.outbox.holds(
                leader,
                |held| matches!(held, Message::InstallSnapshotReply(old) if old.is_alike(&reply)),
            );
            if is_again && self.rules.follows(Rule::HeardWhileWriting) {
                claim = Claim::Term;
                reply.outcome = InstallOutcome::Writing;
            }
        }
        self.outbox.supersede(leader, |held| {
            matches!(held, Message::InstallSnapshotReply(old)
                if old.outcome != InstallOutcome::Installed || old.is_alike(&reply))
        });
        self.send(leader, claim, || Message::InstallSnapshotReply(reply));
    }

    /// Takes a chunk in that has something new. The last one counts as lost while the disk is
    /// behind: its leader is asked to send it again after a heartbeat, and hears no more than
    /// that this server is there.
    fn take_chunk(&mut self, m: &InstallSnapshot) -> Option<InstallOutcome> {
        let is_old = at_most(
            (Field::LastIncludedIndex, m.last_included_index),
            (Field::CommitIndex, self.commit_index),
        );
        if self.rules.follows_if(Rule::KeepNewerState, is_old) {
            return Some(InstallOutcome::Installed);
        }
        if m.done && self.is_disk_behind() {
            let answers = self.rules.follows(Rule::HeardWhileWriting);
            return answers.then_some(InstallOutcome::Writing);
        }
        Some(self.store_chunk(m))
    }

    /// Adds a chunk to those that are there, and installs the snapshot with
    /// the last of them.
    fn store_chunk(&mut self, m: &InstallSnapshot) -> InstallOutcome {
        let begun = self.partial_snapshot.take().filter(|partial| {
            partial.term == m.term && partial.last_included_index == m.last_included_index
        });
        let mut partial = begun.unwrap_or(PartialSnapshot {
            term: m.term,
            last_included_index: m.last_included_index,
            data: Vec::new(),
        });
        let is_elsewhere = differ(
            (Field::Offset, m.offset),
            (Field::BytesStored, partial.data.len() as u64),
        );
        if self.rules.follows_if(Rule::ChunkInPlace, is_elsewhere) {
            if !self.rules.follows(Rule::ResumeSnapshot) {
                partial.data.clear();
            }
            let offset = partial.data.len() as u64;
            self.partial_snapshot = Some(partial);
            return InstallOutcome::Stored { offset };
        }
        let bytes_max = self.config.settings().snapshot_whole_bytes_max;
        let bytes = partial.data.len().saturating_add(m.data.len());
        let is_too_long = more((Field::BytesStored, bytes), (Field::BytesMax, bytes_max));
        if self.rules.follows_if(Rule::IgnoreNonsense, is_too_long) {
            // Nothing of it is of any use.
            return InstallOutcome::TooLong;
        }
        let is_partial = equal((Field::Done, m.done), (Field::Constant, false));
        if self.rules.follows_if(Rule::AwaitAllChunks, is_partial) {
            partial.data.extend_from_slice(&m.data);
            let offset = partial.data.len() as u64;
            self.partial_snapshot = Some(partial);
            return InstallOutcome::Stored { offset };
        }
        let data = if partial.data.is_empty() {
            m.data.clone()
        } else {
            partial.data.extend_from_slice(&m.data);
            Arc::from(partial.data)
        };
        self.install(Snapshot {
            last_included_index: m.last_included_index,
            last_included_term: m.last_included_term,
            configuration: m.configuration.clone(),
            data,
        });
        InstallOutcome::Installed
    }

    /// The chunks of a snapshot that has nothing new any more are of no use.
    pub(crate) fn forget_old_chunks(&mut self) {
        let partial = self.partial_snapshot.as_ref();
        if partial.is_some_and(|partial| partial.last_included_index <= self.commit_index) {
            self.partial_snapshot = None;
        }
    }

    fn install(&mut self, snapshot: Snapshot) {
        let last = snapshot.last_included_index;
        let term = TermAt::Known(snapshot.last_included_term);
        let has_it = equal(
            (Field::LogTerm(last), self.stable.log().term_at(last)),
            (Field::LastIncludedTerm, term),
        );
        let retains = if self.rules.weighs(Rule::RetainSuffix, has_it) {
            self.rules.follows(Rule::RetainSuffix)
        } else {
            !self.rules.follows(Rule::DiscardLog)
        };
        self.stable.install(snapshot, retains, self.commit_index);
        self.commit_index = last;
        self.snapshot_to_apply = true;
        self.adopt_configuration(Rule::LatestConfiguration);
    }

    pub(crate) fn install_snapshot_reply(&mut self, follower: NodeId, m: &InstallSnapshotReply) {
        if !self.counts_reply(follower, m.term, &m.request) {
            return;
        }
        match m.outcome {
            InstallOutcome::Installed => self.matched(follower, m.request),
            InstallOutcome::Stored { offset } => {
                self.rules.follows(Rule::AwaitAllChunks);
                self.stored(follower, &m.request, offset);
            }
            InstallOutcome::Writing => {
                self.rules.follows(Rule::HeardWhileWriting);
            }
            InstallOutcome::TooLong => {
                self.rules.follows(Rule::SendSnapshot);
                if let Some(progress) = self.role.progress_mut(follower) {
                    progress.refused_as_too_long(m.request.last_index);
                }
            }
            InstallOutcome::StaleTerm => {
                self.rules.follows(Rule::OldReply);
            }
        }
    }

    /// `follower` has the first `offset` bytes of the state.
    fn stored(&mut self, follower: NodeId, request: &Request, offset: u64) {
        let Some(progress) = self.role.progress_mut(follower) else {
            return;
        };
        if progress.stored(request.attempt, request.last_index, offset)
            && let Some(message) = self.snapshot_message(follower, true)
        {
            self.send(follower, Claim::Term, || message);
        }
    }
}
