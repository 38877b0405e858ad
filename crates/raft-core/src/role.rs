//! Follower, candidate, leader: one struct each, owning what only that role
//! knows (Figure 4). A follower has no votes to count and a leader no
//! election timer to run out, and neither can be asked for the other's.

use alloc::collections::BTreeMap;

use crate::message::Request;
use crate::persist::WriteId;
use crate::types::{Index, NodeId, Ticks};

/// The role a server plays, with what it knows only while it plays it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// Answers requests, and waits to hear from a leader.
    Follower(Follower),
    /// Asks for votes.
    Candidate(Candidate),
    /// Replicates its log.
    Leader(Leader),
}

/// The countdown to the next election.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ElectionTimer {
    /// What is left of it.
    pub remaining: Ticks,
    /// What it was drawn as.
    pub timeout: Ticks,
}

/// What a follower knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Follower {
    /// The leader of the current term, once it has been heard from.
    pub leader: Option<NodeId>,
    /// When it becomes a candidate.
    pub election: ElectionTimer,
}

/// What a candidate knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The answers so far; its own is among them once its vote is durable.
    pub votes: BTreeMap<NodeId, bool>,
    /// When it starts another election.
    pub election: ElectionTimer,
    /// When it asks again those who have not answered.
    pub retry_remaining: Ticks,
    pub(crate) own_vote: WriteId,
}

/// What a leader knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leader {
    /// How far each other server is.
    pub progress: BTreeMap<NodeId, Progress>,
    /// When it next sends to everybody.
    pub heartbeat_remaining: Ticks,
}

/// A leader's view of one follower (Figure 2, volatile state on leaders).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The next entry to send to it.
    pub next_index: Index,
    /// The highest entry known to be stored there.
    pub match_index: Index,
    pub(crate) awaiting: Option<Request>,
}

impl Role {
    /// Whether this is a leader.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        matches!(self, Self::Leader(_))
    }
}
