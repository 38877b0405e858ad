//! What happened: when, where, caused by what, by which rules.
//!
//! An [`Event`] keeps what cannot be found again by replaying the run up to
//! it: everything else (which fields changed, what a message carried) is read
//! off the world on both sides of it.

use raft_core::{
    AppendOutcome, Conduct, Index, InstallOutcome, Message, NodeId, ProposeError, ReadError,
    ReconfigureError, Rule, RuleSet, Term, TransferError,
};

mod rules;

use crate::action::{Action, MessageId};
use crate::client::ClientId;
use crate::client::calls::Call;
use crate::command::Command;
use crate::time::Micros;

pub use rules::Rules;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// Its place in the run, counted from 0.
    pub number: u64,
    /// When.
    pub at: Micros,
    /// On which server, if on one.
    pub server: Option<NodeId>,
    /// The earlier event that caused it, if one did.
    pub cause: Option<u64>,
    /// What.
    pub kind: EventKind,
    /// The clauses that acted, in their order.
    pub rules: Rules,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Somebody outside the system did this.
    Acted(Action),
    /// Somebody asked for something and was told why not.
    Declined(Action, Declined),
    /// A message arrived and was taken in.
    Delivered(Arrival),
    /// A message arrived at a server that is paused, and waits there.
    Parked(Arrival),
    /// A message came to the end of a clogged link, and waits there.
    Clogged(Arrival),
    /// A message was lost.
    Lost(Arrival, LossReason),
    /// A server's own timer ran out.
    Timer(Timer),
    /// A write reached the disk.
    Written,
    /// A client asks again, or for something new.
    ClientTimer(ClientId),
    /// A client's request, or the answer to one, arrived and was taken in.
    Called(Called),
    /// A client's request arrived at a server that is paused, and waits there.
    CallParked(Called),
    /// A client's request, or the answer to one, was lost.
    CallLost(Called, LossReason),
    /// A write failed, and the server stopped.
    WriteFailed,
}

/// A request or an answer at its destination.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Called {
    /// Which.
    pub id: MessageId,
    /// From whom, to whom, saying what.
    pub call: Call,
}

/// Why a server did not do what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Declined {
    /// It does not lead; who does, as far as it knows.
    NotLeader(Option<NodeId>),
    /// It is handing its leadership over to this server.
    TransferUnderWay(NodeId),
    /// It has not committed an entry of its term yet.
    NotYet,
    /// This server cannot take the leadership over.
    NotAVoter(NodeId),
    /// So many entries wait to be committed already.
    TooMuchInFlight(u64),
    /// So many bytes of entries wait to be committed already.
    TooManyBytesInFlight(u64),
    /// The change of the configuration at this index is not over yet.
    ChangeUnderWay(Index),
    /// This server lacks too much of the log to be given a vote.
    NotCaughtUp(NodeId),
    /// The configuration is like that already.
    Unchanged,
    /// No cluster can be like that.
    NoSuchCluster,
}

impl From<ProposeError> for Declined {
    fn from(error: ProposeError) -> Self {
        match error {
            ProposeError::NotLeader(not) => Self::NotLeader(not.leader),
            ProposeError::TransferUnderWay { to } => Self::TransferUnderWay(to),
            ProposeError::TooMuchInFlight { uncommitted } => Self::TooMuchInFlight(uncommitted),
            ProposeError::TooManyBytesInFlight { uncommitted_bytes } => {
                Self::TooManyBytesInFlight(uncommitted_bytes as u64)
            }
        }
    }
}

impl From<ReconfigureError> for Declined {
    fn from(error: ReconfigureError) -> Self {
        match error {
            ReconfigureError::NotLeader(not) => Self::NotLeader(not.leader),
            ReconfigureError::TransferUnderWay { to } => Self::TransferUnderWay(to),
            ReconfigureError::NotYet => Self::NotYet,
            ReconfigureError::UnderWay { index } => Self::ChangeUnderWay(index),
            ReconfigureError::NotCaughtUp(id) => Self::NotCaughtUp(id),
            ReconfigureError::Unchanged => Self::Unchanged,
            ReconfigureError::Impossible(_) => Self::NoSuchCluster,
        }
    }
}

impl From<ReadError> for Declined {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotLeader(not) => Self::NotLeader(not.leader),
            ReadError::NotYet => Self::NotYet,
        }
    }
}

impl From<TransferError> for Declined {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::NotLeader(not) => Self::NotLeader(not.leader),
            TransferError::NotAVoter(id) => Self::NotAVoter(id),
        }
    }
}

/// A message at its destination.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arrival {
    /// Which message.
    pub id: MessageId,
    /// Who sent it.
    pub from: NodeId,
    /// Who it was for.
    pub to: NodeId,
    /// What it said.
    pub said: Said,
}

/// Which of a server's timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The election timeout.
    Election,
    /// A candidate asks again.
    Retry,
    /// A leader's heartbeat interval.
    Heartbeat,
    /// A leader looks whether a majority still answers.
    Quorum,
    /// A leader gives up handing over.
    Transfer,
}

/// Why a message was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LossReason {
    /// The link was cut, or one of its ends disconnected.
    Cut,
    /// The link loses some messages.
    Chance,
    /// The receiver is not running.
    Crashed,
    /// Somebody dropped it.
    Dropped,
}

/// What a message says, without the commands that it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Said {
    /// RequestVote.
    RequestVote {
        /// The candidate's term.
        term: Term,
        /// Index of its last entry.
        last_log_index: Index,
        /// Term of its last entry.
        last_log_term: Term,
    },
    /// The answer to it.
    RequestVoteReply {
        /// The voter's term.
        term: Term,
        /// Whether it votes for the candidate.
        vote_granted: bool,
    },
    /// AppendEntries.
    AppendEntries {
        /// The leader's term.
        term: Term,
        /// Index of the entry before the new ones.
        prev_log_index: Index,
        /// Its term.
        prev_log_term: Term,
        /// How many entries are carried.
        entries: u64,
        /// The leader's commit index.
        leader_commit: Index,
    },
    /// The answer to it.
    AppendEntriesReply {
        /// The follower's term.
        term: Term,
        /// The last index of the request that it answers.
        last_index: Index,
        /// What became of it.
        outcome: AppendOutcome,
    },
    /// InstallSnapshot.
    InstallSnapshot {
        /// The leader's term.
        term: Term,
        /// The last entry in the snapshot.
        last_included_index: Index,
        /// Its term.
        last_included_term: Term,
        /// How many bytes of the state come before this chunk of it.
        offset: u64,
        /// How many bytes this chunk has.
        bytes: u64,
        /// Whether it is the last one.
        done: bool,
    },
    /// The answer to it.
    InstallSnapshotReply {
        /// The follower's term.
        term: Term,
        /// The last entry in the snapshot that it answers.
        last_included_index: Index,
        /// What became of it.
        outcome: InstallOutcome,
    },
    /// PreVote.
    PreVote {
        /// The term of who asks.
        term: Term,
        /// Index of its last entry.
        last_log_index: Index,
        /// Term of its last entry.
        last_log_term: Term,
    },
    /// The answer to it.
    PreVoteReply {
        /// The term of who answers.
        term: Term,
        /// Whether it would vote.
        vote_granted: bool,
    },
    /// TimeoutNow.
    TimeoutNow {
        /// The leader's term.
        term: Term,
    },
}

/// The conduct of a simulated server: it remembers each rule once, in the
/// order of their acting, and does not keep to those taken away.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Watched {
    noted: Rules,
    ablated: RuleSet,
}

impl Conduct for Watched {
    fn note(&mut self, rule: Rule) {
        self.noted.note(rule);
    }

    fn keeps(&self, rule: Rule) -> bool {
        !self.ablated.contains(rule)
    }
}

impl Watched {
    /// A server that keeps to all rules but these.
    #[must_use]
    pub const fn ablated(rules: RuleSet) -> Self {
        Self {
            noted: Rules::NONE,
            ablated: rules,
        }
    }

    /// What was noted since the last call.
    pub fn take(&mut self) -> Rules {
        core::mem::take(&mut self.noted)
    }
}

impl Event {
    /// Why a server does not do what it was asked for, if that is what happened.
    #[must_use]
    pub const fn declined(&self) -> Option<Declined> {
        match self.kind {
            EventKind::Declined(_, why) => Some(why),
            _ => None,
        }
    }

    /// The rules that acted, the deciding ones first: what follows from
    /// nearly every message (a timer reset, a write, entries that wait) would
    /// hide them.
    #[must_use]
    pub fn rules_by_weight(&self) -> Vec<Rule> {
        let follows = |rule: &Rule| {
            matches!(
                rule,
                Rule::ResetOnLeader
                    | Rule::ResetOnElection
                    | Rule::ResetOnGrant
                    | Rule::ResetOnce
                    | Rule::RandomTimeout
                    | Rule::PersistFirst
                    | Rule::HeardWhileWriting
                    | Rule::WaitForAnswer
            )
        };
        let mut rules: Vec<Rule> = self.rules.iter().copied().filter(|r| !follows(r)).collect();
        rules.extend(self.rules.iter().copied().filter(follows));
        rules
    }

    /// Whether a reader who skips heartbeats would want to stop here:
    /// somebody acted, an election was started or won, an entry committed by
    /// a leader, a conflict found or repaired, a snapshot installed, an old
    /// answer dropped.
    #[must_use]
    pub fn is_of_note(&self) -> bool {
        matches!(
            self.kind,
            EventKind::Acted(_) | EventKind::Declined(..) | EventKind::WriteFailed
        ) || self.rules.iter().any(|rule| {
            matches!(
                rule,
                Rule::StartElection
                    | Rule::WinElection
                    | Rule::CommitMajority
                    | Rule::ConsistencyCheck
                    | Rule::DeleteConflict
                    | Rule::LoadSnapshot
                    | Rule::OldReply
                    | Rule::IgnoreNonsense
                    | Rule::CheckQuorum
                    | Rule::TimeoutNow
                    | Rule::TransferAbort
                    | Rule::ReadApplied
                    | Rule::LatestConfiguration
                    | Rule::RollBackConfiguration
                    | Rule::LeaveJoint
                    | Rule::RemovedLeader
            )
        })
    }
}

impl Said {
    /// The numbers of `message`.
    #[must_use]
    pub fn of(message: &Message<Command>) -> Self {
        match message {
            Message::RequestVote(m) => Self::RequestVote {
                term: m.term,
                last_log_index: m.last_log_index,
                last_log_term: m.last_log_term,
            },
            Message::RequestVoteReply(m) => Self::RequestVoteReply {
                term: m.term,
                vote_granted: m.vote_granted,
            },
            Message::AppendEntries(m) => Self::AppendEntries {
                term: m.term,
                prev_log_index: m.prev_log_index,
                prev_log_term: m.prev_log_term,
                entries: m.entries.len() as u64,
                leader_commit: m.leader_commit,
            },
            Message::AppendEntriesReply(m) => Self::AppendEntriesReply {
                term: m.term,
                last_index: m.request.last_index,
                outcome: m.outcome,
            },
            Message::InstallSnapshot(m) => Self::InstallSnapshot {
                term: m.term,
                last_included_index: m.last_included_index,
                last_included_term: m.last_included_term,
                offset: m.offset,
                bytes: m.data.len() as u64,
                done: m.done,
            },
            Message::InstallSnapshotReply(m) => Self::InstallSnapshotReply {
                term: m.term,
                last_included_index: m.request.last_index,
                outcome: m.outcome,
            },
            Message::PreVote(m) => Self::PreVote {
                term: m.term,
                last_log_index: m.last_log_index,
                last_log_term: m.last_log_term,
            },
            Message::PreVoteReply(m) => Self::PreVoteReply {
                term: m.term,
                vote_granted: m.vote_granted,
            },
            Message::TimeoutNow(m) => Self::TimeoutNow { term: m.term },
        }
    }

    /// The sender's term.
    #[must_use]
    pub const fn term(&self) -> Term {
        match self {
            Self::RequestVote { term, .. }
            | Self::RequestVoteReply { term, .. }
            | Self::AppendEntries { term, .. }
            | Self::AppendEntriesReply { term, .. }
            | Self::InstallSnapshot { term, .. }
            | Self::InstallSnapshotReply { term, .. }
            | Self::PreVote { term, .. }
            | Self::PreVoteReply { term, .. }
            | Self::TimeoutNow { term } => *term,
        }
    }

    /// Whether this answers something.
    #[must_use]
    pub const fn is_reply(&self) -> bool {
        matches!(
            self,
            Self::RequestVoteReply { .. }
                | Self::AppendEntriesReply { .. }
                | Self::InstallSnapshotReply { .. }
                | Self::PreVoteReply { .. }
        )
    }

    /// Whether this says no.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::RequestVoteReply { vote_granted, .. }
            | Self::PreVoteReply { vote_granted, .. } => !*vote_granted,
            Self::AppendEntriesReply { outcome, .. } => {
                !matches!(outcome, AppendOutcome::Success | AppendOutcome::Writing)
            }
            Self::InstallSnapshotReply { outcome, .. } => {
                matches!(outcome, InstallOutcome::StaleTerm | InstallOutcome::TooLong)
            }
            _ => false,
        }
    }
}
