//! What a message between servers says, and of which kind it is.

use raft_core::{AppendOutcome, Index, InstallOutcome, Message, Term};

use crate::command::Command;

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

/// What kind of message servers send each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// A candidate asks for a vote.
    RequestVote,
    /// The answer to it.
    RequestVoteReply,
    /// A leader sends entries, or only shows that it is alive.
    AppendEntries,
    /// The answer to it.
    AppendEntriesReply,
    /// A leader sends a chunk of a snapshot.
    InstallSnapshot,
    /// The answer to it.
    InstallSnapshotReply,
    /// A server asks whether it would get a vote.
    PreVote,
    /// The answer to it.
    PreVoteReply,
    /// A leader asks its successor to stand.
    TimeoutNow,
}

impl MessageKind {
    /// Every kind, a reply behind what it answers.
    pub const ALL: [Self; 9] = [
        Self::RequestVote,
        Self::RequestVoteReply,
        Self::AppendEntries,
        Self::AppendEntriesReply,
        Self::InstallSnapshot,
        Self::InstallSnapshotReply,
        Self::PreVote,
        Self::PreVoteReply,
        Self::TimeoutNow,
    ];

    /// Its name, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RequestVote => "RequestVote",
            Self::RequestVoteReply => "RequestVote reply",
            Self::AppendEntries => "AppendEntries",
            Self::AppendEntriesReply => "AppendEntries reply",
            Self::InstallSnapshot => "InstallSnapshot",
            Self::InstallSnapshotReply => "InstallSnapshot reply",
            Self::PreVote => "PreVote",
            Self::PreVoteReply => "PreVote reply",
            Self::TimeoutNow => "TimeoutNow",
        }
    }

    /// The kind of a message that says this.
    #[must_use]
    pub const fn of(said: &Said) -> Self {
        match said {
            Said::RequestVote { .. } => Self::RequestVote,
            Said::RequestVoteReply { .. } => Self::RequestVoteReply,
            Said::AppendEntries { .. } => Self::AppendEntries,
            Said::AppendEntriesReply { .. } => Self::AppendEntriesReply,
            Said::InstallSnapshot { .. } => Self::InstallSnapshot,
            Said::InstallSnapshotReply { .. } => Self::InstallSnapshotReply,
            Said::PreVote { .. } => Self::PreVote,
            Said::PreVoteReply { .. } => Self::PreVoteReply,
            Said::TimeoutNow { .. } => Self::TimeoutNow,
        }
    }
}
