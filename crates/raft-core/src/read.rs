//! Reads that need no entry in the log (§6.4 of the dissertation).
//!
//! A leader may answer a read from its own state machine once it knows three
//! things: that its `commit_index` is not behind (an entry of its own term is
//! committed), that nobody else led when the read came (a majority has
//! answered a message sent afterwards), and that the state machine has come
//! as far as the `commit_index` was then. The messages for the second are
//! counted in rounds; all reads that come while a round is under way share
//! the next one. Within a lease (§6.4.1 of the dissertation) nobody has to be asked: whoever
//! answered the last round votes for nobody else for the shortest election
//! timeout since it began.

use crate::condition::{Field, at_most, more};
use crate::entry::Command;
use crate::error::NotLeader;
use crate::node::Node;
use crate::role::{PendingRead, ReadId, Role};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, Ticks};

/// Why a read cannot be answered. It may be asked again, here or elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// This server does not lead.
    #[error(transparent)]
    NotLeader(#[from] NotLeader),
    /// It leads, but has not committed an entry of its term yet.
    #[error("no entry of the current term is committed yet")]
    NotYet,
    /// It leads, and as many reads wait as
    /// [`Settings::reads_max`](crate::Settings::reads_max) allows.
    #[error("{waiting} reads are already waiting")]
    TooManyReads {
        /// How many.
        waiting: usize,
    },
}

/// What became of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// What [`Node::read`] answered.
    pub id: ReadId,
    /// The state machine may answer now; it has applied everything up to this
    /// index. Or this server stopped leading before it could be sure.
    pub outcome: Result<Index, NotLeader>,
}

/// A read of which something can be said: the index to wait for, or nothing
/// because the leadership ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Answer {
    pub(crate) id: ReadId,
    pub(crate) read_index: Option<Index>,
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Asks for a linearizable read. [`Node::poll_read`] tells when the state
    /// machine may answer it.
    ///
    /// # Errors
    /// Says why not, when this server does not lead or has just begun to, or when too
    /// many reads wait already.
    pub fn read(&mut self) -> Result<ReadId, ReadError> {
        if !self.takes_requests() {
            return Err(ReadError::NotLeader(self.redirect()));
        }
        let is_of_another_term = self.differs_from_own_term(self.commit_index);
        if self.rules.follows_if(Rule::ReadOwnTerm, is_of_another_term) {
            return Err(ReadError::NotYet);
        }
        let Role::Leader(leader) = &mut self.role else {
            return Err(ReadError::NotYet);
        };
        let waiting = leader.reads.len() + self.reads.len();
        if waiting >= self.config.settings().reads_max {
            return Err(ReadError::TooManyReads { waiting });
        }
        self.reads_begun = self.reads_begun.saturating_add(1);
        let id = ReadId(self.reads_begun);
        let read_index = self.commit_index;
        let is_leased = more(
            (Field::Lease, leader.lease_remaining),
            (Field::Constant, Ticks(0)),
        );
        let leased =
            self.rules.weighs(Rule::LeaseRead, is_leased) && self.rules.keeps(Rule::LeaseRead);
        if leased || !self.rules.keeps(Rule::ReadConfirm) {
            self.reads.push_back(Answer {
                id,
                read_index: Some(read_index),
            });
            if leased {
                self.rules.follows(Rule::LeaseRead);
            }
            return Ok(id);
        }
        let is_idle = leader.confirmed == leader.round;
        leader.reads.push_back(PendingRead {
            id,
            read_index,
            round: leader.round.next(),
        });
        if is_idle {
            self.begin_round(false);
        } else {
            // The round under way began before the read, and says nothing of it.
            self.rules.follows(Rule::ReadConfirm);
        }
        Ok(id)
    }

    /// How many reads wait until the others have confirmed that this leader leads, or until their
    /// index is applied (§6.4 of the dissertation).
    pub fn reads_waiting(&self) -> usize {
        let unconfirmed = match &self.role {
            Role::Leader(leader) => leader.reads.len(),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => 0,
        };
        unconfirmed + self.reads.len()
    }

    /// What became of a read. Poll until `None` after every other call, and
    /// after applying what [`Node::poll_apply`] gives.
    #[must_use = "a read that is not answered is asked again"]
    pub fn poll_read(&mut self) -> Option<Read> {
        let waits = self.rules.keeps(Rule::ReadApplied);
        let ready = self.reads.iter().position(|answer| {
            answer.read_index.is_none_or(|index| {
                let is_applied = at_most(
                    (Field::ReadIndex, index),
                    (Field::LastApplied, self.last_applied),
                );
                self.rules.weighs(Rule::ReadApplied, is_applied) || !waits
            })
        })?;
        let answer = self.reads.remove(ready)?;
        let outcome = match answer.read_index {
            Some(index) => {
                self.rules.follows(Rule::ReadApplied);
                Ok(index)
            }
            None => Err(self.redirect()),
        };
        Some(Read {
            id: answer.id,
            outcome,
        })
    }

    /// Answers the reads that waited for the round which a majority has just confirmed; says
    /// whether others wait for a round that has not begun.
    pub(crate) fn answer_confirmed_reads(&mut self) -> bool {
        let Role::Leader(leader) = &mut self.role else {
            return false;
        };
        let mut was_asked = false;
        while let Some(read) = leader.reads.front().copied()
            && self.rules.weighs(
                Rule::ReadConfirm,
                at_most(
                    (Field::ReadRound, read.round),
                    (Field::ConfirmedRound, leader.confirmed),
                ),
            )
        {
            leader.reads.pop_front();
            was_asked = true;
            self.reads.push_back(Answer {
                id: read.id,
                read_index: Some(read.read_index),
            });
        }
        // A round that is under way already asks for them.
        let asks_again = !leader.reads.is_empty() && leader.confirmed == leader.round;
        if was_asked {
            self.rules.follows(Rule::ReadConfirm);
        }
        asks_again
    }
}
