//! The RPCs of Raft and their replies, one struct each (Figures 2 and 13, and
//! those of the dissertation).
//!
//! An RPC layer pairs a reply with its request; messages that may be lost,
//! duplicated and reordered have no such layer, so each reply to an
//! AppendEntries or InstallSnapshot names the request that it answers. That
//! is what lets a leader take `match_index` from what it *sent*, and drop the
//! answers to what it sent in another term.

use alloc::sync::Arc;

use crate::configuration::Configuration;
use crate::entries::Entries;
use crate::types::{Index, NodeId, Term};

/// Whatever one server says to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Message<C> {
    /// A candidate asks for a vote (§5.2).
    RequestVote(RequestVote),
    /// The answer to it.
    RequestVoteReply(RequestVoteReply),
    /// A leader replicates entries, or only shows that it is alive (§5.3).
    AppendEntries(AppendEntries<C>),
    /// The answer to it.
    AppendEntriesReply(AppendEntriesReply),
    /// A leader sends a state in place of entries it no longer has (§7).
    InstallSnapshot(InstallSnapshot),
    /// The answer to it.
    InstallSnapshotReply(InstallSnapshotReply),
    /// A server asks whether it would get a vote (§9.6 of the dissertation).
    PreVote(PreVote),
    /// The answer to it.
    PreVoteReply(PreVoteReply),
    /// A leader asks its successor to start an election at once (§3.10 of the dissertation).
    TimeoutNow(TimeoutNow),
}

/// Arguments of RequestVote (Figure 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RequestVote {
    /// The candidate's term.
    pub term: Term,
    /// Index of the candidate's last entry.
    pub last_log_index: Index,
    /// Term of the candidate's last entry.
    pub last_log_term: Term,
    /// Whether the leader itself wants this election, so that nobody refuses
    /// for the leader's sake (§3.10 and §4.2.3 of the dissertation).
    pub by_transfer: bool,
}

/// Results of RequestVote (Figure 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RequestVoteReply {
    /// The voter's `current_term`, for the candidate to update itself.
    pub term: Term,
    /// Whether the candidate has the vote.
    pub vote_granted: bool,
}

/// Arguments of AppendEntries (Figure 2).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AppendEntries<C> {
    /// The leader's term.
    pub term: Term,
    /// Index of the entry before the new ones.
    pub prev_log_index: Index,
    /// Term of the entry at `prev_log_index`.
    pub prev_log_term: Term,
    /// The entries to store; none for a heartbeat.
    pub entries: Entries<C>,
    /// The leader's `commit_index`.
    pub leader_commit: Index,
    /// The leader's round, which the reply names again.
    pub round: Round,
    /// The leader's attempt, which the reply names again.
    pub attempt: Attempt,
}

/// Which AppendEntries or InstallSnapshot a reply answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Request {
    /// The term in which it was sent.
    pub term: Term,
    /// Its `prev_log_index`, or the snapshot's `last_included_index`.
    pub prev_log_index: Index,
    /// The last index that it carried: `prev_log_index + entries.len()`.
    pub last_index: Index,
    /// The leader's round in which it was sent.
    pub round: Round,
    /// The leader's attempt of which it was a part.
    pub attempt: Attempt,
}

/// A count of the times that a leader has asked all others whether it still
/// leads; whoever answers a message of a round has heard it in that round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Round(pub u64);

/// A count of the times that a leader has set out anew to find where a follower's
/// log agrees with its own, or how much of a snapshot it has. A refusal speaks of
/// the attempt whose request it answers, and of no later one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Attempt(pub u64);

/// Results of AppendEntries (Figure 2, with the fast back-up of §5.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AppendEntriesReply {
    /// The follower's `current_term`, for the leader to update itself.
    pub term: Term,
    /// What this answers.
    pub request: Request,
    /// What became of it.
    pub outcome: AppendOutcome,
}

/// What a follower did with an AppendEntries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AppendOutcome {
    /// Its log now holds all that was sent.
    Success,
    /// Its log holds all that was sent, but its disk not yet: it has heard, and the success
    /// follows.
    Writing,
    /// The request came from an old term.
    StaleTerm,
    /// Its log has nothing at `prev_log_index`.
    TooShort {
        /// One past the follower's last entry: the length of a log whose
        /// index 0 counts, as in the lab.
        x_len: Index,
    },
    /// Its entry at `prev_log_index` has another term.
    Conflict {
        /// The term of that entry.
        x_term: Term,
        /// The first index that the follower's log has of that term.
        x_index: Index,
        /// One past the follower's last entry.
        x_len: Index,
    },
}

/// Arguments of InstallSnapshot (Figure 13): one chunk of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InstallSnapshot {
    /// The leader's term.
    pub term: Term,
    /// The last entry that the snapshot contains.
    pub last_included_index: Index,
    /// The term of that entry.
    pub last_included_term: Term,
    /// Who takes part as of that entry.
    pub configuration: Arc<Configuration>,
    /// How many bytes of the state come before this chunk.
    pub offset: u64,
    /// This chunk of the state.
    pub data: Arc<[u8]>,
    /// Whether this is the last chunk.
    pub done: bool,
    /// The leader's round, which the reply names again.
    pub round: Round,
    /// The leader's attempt, which the reply names again.
    pub attempt: Attempt,
}

/// Results of InstallSnapshot (Figure 13).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct InstallSnapshotReply {
    /// The follower's `current_term`, for the leader to update itself.
    pub term: Term,
    /// What this answers.
    pub request: Request,
    /// What became of it.
    pub outcome: InstallOutcome,
}

/// What a follower did with a chunk of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum InstallOutcome {
    /// It has all that the snapshot contains.
    Installed,
    /// It has that, but its disk not yet: it has heard, and the answer proper follows.
    Writing,
    /// It has the first so many bytes of the state, and waits for the next.
    Stored {
        /// Where the next chunk has to begin.
        offset: u64,
    },
    /// The state is longer than
    /// [`Settings::snapshot_whole_bytes_max`](crate::Settings::snapshot_whole_bytes_max) lets
    /// it take in: nothing of it is kept.
    TooLong,
    /// The request came from an old term.
    StaleTerm,
}

/// A question that binds nobody: would you vote for me in the next term?
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PreVote {
    /// The term that the sender is in; it would be a candidate in the next one.
    pub term: Term,
    /// Index of the sender's last entry.
    pub last_log_index: Index,
    /// Term of the sender's last entry.
    pub last_log_term: Term,
}

/// The answer to a [`PreVote`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PreVoteReply {
    /// The `current_term` of who answers, for the asker to update itself.
    pub term: Term,
    /// Whether the asker would get its vote.
    pub vote_granted: bool,
}

/// Start an election now, as if the timer had run out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeoutNow {
    /// The leader's term.
    pub term: Term,
}

/// A message on its way: what the host has to carry, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Envelope<C> {
    /// The server that it is for.
    pub to: NodeId,
    /// What is said.
    pub message: Message<C>,
}

impl<C> Message<C> {
    /// The term that the sender was in.
    #[must_use]
    pub const fn term(&self) -> Term {
        match self {
            Self::RequestVote(m) => m.term,
            Self::RequestVoteReply(m) => m.term,
            Self::AppendEntries(m) => m.term,
            Self::AppendEntriesReply(m) => m.term,
            Self::InstallSnapshot(m) => m.term,
            Self::InstallSnapshotReply(m) => m.term,
            Self::PreVote(m) => m.term,
            Self::PreVoteReply(m) => m.term,
            Self::TimeoutNow(m) => m.term,
        }
    }

    /// Whether something is asked, rather than answered.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        match self {
            Self::RequestVote(_)
            | Self::AppendEntries(_)
            | Self::InstallSnapshot(_)
            | Self::PreVote(_)
            | Self::TimeoutNow(_) => true,
            Self::RequestVoteReply(_)
            | Self::AppendEntriesReply(_)
            | Self::InstallSnapshotReply(_)
            | Self::PreVoteReply(_) => false,
        }
    }
}

impl AppendEntriesReply {
    /// Whether both say the same of the same request, whatever the round.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.request.is_alike(&other.request)
    }
}

impl InstallSnapshotReply {
    /// Whether both say the same of the same request, whatever the round.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        self.outcome == other.outcome && self.request.is_alike(&other.request)
    }
}

impl Request {
    /// Whether it is the same but for the round.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        let round = other.round;
        Self { round, ..*self } == *other
    }
}

impl<C> AppendEntries<C> {
    /// What a reply has to name so that the leader knows what it answers.
    #[must_use]
    pub fn request(&self) -> Request {
        Request {
            term: self.term,
            prev_log_index: self.prev_log_index,
            last_index: self.prev_log_index.plus(self.entries.len()),
            round: self.round,
            attempt: self.attempt,
        }
    }

    /// The answer of a follower whose currentTerm is `term`.
    pub(crate) fn reply(&self, term: Term, outcome: AppendOutcome) -> AppendEntriesReply {
        AppendEntriesReply {
            term,
            request: self.request(),
            outcome,
        }
    }
}

impl InstallSnapshot {
    /// What a reply has to name so that the leader knows what it answers.
    #[must_use]
    pub const fn request(&self) -> Request {
        Request {
            term: self.term,
            prev_log_index: self.last_included_index,
            last_index: self.last_included_index,
            round: self.round,
            attempt: self.attempt,
        }
    }
}
