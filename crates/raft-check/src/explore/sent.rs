//! Messages on their way, as the tables keep them.

use raft_core::{Message, NodeId};
use raft_sim::Command;

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Sent {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) message: Message<Command>,
}

/// What one looks for in a message all the time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    pub(super) to: u8,
    pub(super) kind: Kind,
    pub(super) term: u32,
}

/// Whom a message may concern still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    /// An answer to whoever asked for a vote.
    Vote,
    /// An answer to a leader.
    Stored,
    /// Another answer.
    Answer,
}

impl Letter {
    /// What is looked for in this message.
    pub(super) fn of(sent: &Sent) -> Self {
        let kind = match &sent.message {
            Message::RequestVoteReply(_) => Kind::Vote,
            Message::AppendEntriesReply(_) | Message::InstallSnapshotReply(_) => Kind::Stored,
            Message::PreVoteReply(_) => Kind::Answer,
            Message::RequestVote(_)
            | Message::AppendEntries(_)
            | Message::InstallSnapshot(_)
            | Message::PreVote(_)
            | Message::TimeoutNow(_) => Kind::Request,
        };
        Self {
            to: u8::try_from(sent.to.0.saturating_sub(1)).unwrap_or(u8::MAX),
            kind,
            term: u32::try_from(sent.message.term().0).unwrap_or(u32::MAX),
        }
    }
}
