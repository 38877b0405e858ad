//! Follower, pre-candidate, candidate, leader: one struct each, owning what only that role
//! knows (Figure 4). A follower has no votes to count and a leader no
//! election timer to run out, and neither can be asked for the other's.

use alloc::collections::VecDeque;

use crate::configuration::Seat;
use crate::message::Round;
use crate::peer_map::PeerMap;
use crate::persist::WriteId;
use crate::progress::Progress;
use crate::types::{Index, NodeId, Ticks};

/// The role a server plays, with what it knows only while it plays it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// Answers requests, and waits to hear from a leader.
    Follower(Follower),
    /// Asks whether it would get votes (§9.6 of the dissertation).
    PreCandidate(PreCandidate),
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

/// What a server knows that asks whether it would win before it starts an election.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PreCandidate {
    /// The answers so far, its own among them.
    pub votes: PeerMap<bool>,
    /// When it asks anew.
    pub election: ElectionTimer,
    /// When it asks again those who have not answered.
    pub retry_remaining: Ticks,
}

/// What a candidate knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The answers so far; its own is among them once its vote is durable.
    pub votes: PeerMap<bool>,
    /// When it starts another election.
    pub election: ElectionTimer,
    /// When it asks again those who have not answered.
    pub retry_remaining: Ticks,
    pub(crate) own_vote: WriteId,
    /// Whether the leader itself asked for this election (§3.10 of the dissertation).
    pub(crate) by_transfer: bool,
}

/// What a leader knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leader {
    /// How far each other server is.
    pub progress: PeerMap<Progress>,
    /// Where its own vote counts.
    pub(crate) seat: Seat,
    /// When it next sends to everybody.
    pub heartbeat_remaining: Ticks,
    /// When it next looks whether a majority still answers, if it does (§6.2 of the dissertation).
    pub quorum_remaining: Option<Ticks>,
    /// The transfer of its leadership, while one is under way (§3.10 of the dissertation).
    pub transfer: Option<Transfer>,
    /// To whom what was proposed since the last poll is still to be sent.
    pub(crate) broadcast: Option<Broadcast>,
    /// How many bytes of entries wait to be committed.
    pub(crate) uncommitted: Uncommitted,
    /// For how long still no other server can have been elected (§6.4.1 of the dissertation).
    pub lease_remaining: Ticks,
    /// The reads that wait for the others to confirm that it leads (§6.4 of the dissertation).
    pub(crate) reads: VecDeque<PendingRead>,
    /// The round of messages that is under way or was last confirmed.
    pub(crate) round: Round,
    /// The last round that a majority has answered.
    pub(crate) confirmed: Round,
    /// How long ago the present round began, where a lease depends on it.
    pub(crate) round_age: Option<Ticks>,
}

/// Where a leader goes on that sends everybody what was proposed: one follower after the other,
/// all that it has for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Broadcast {
    /// With the first of those that come no earlier than this one.
    From(NodeId),
    /// With this one, which has just been sent what follows, if that was something and the
    /// pipeline takes more.
    MoreTo {
        /// To whom.
        follower: NodeId,
        /// Its nextIndex before that.
        sent_from: Index,
    },
}

/// The bytes of the entries that follow an index which was the commit index when they were
/// counted. They are counted anew only where there seem to be too many of them, so that
/// neither a proposal nor a commitment pays for it (`peers`, batch 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Uncommitted {
    pub(crate) bytes: usize,
    pub(crate) counted_at: Index,
}

/// A leader hands its leadership over (§3.10 of the dissertation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transfer {
    /// To whom.
    pub to: NodeId,
    /// When it is given up.
    pub remaining: Ticks,
}

/// A read that has not been answered yet (§6.4 of the dissertation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PendingRead {
    pub(crate) id: ReadId,
    pub(crate) read_index: Index,
    /// The round that has to be answered by a majority.
    pub(crate) round: Round,
}

/// The number of a read, counted from 1 in the life of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ReadId(pub u64);

impl Role {
    /// Whether this is a leader.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        matches!(self, Self::Leader(_))
    }

    /// What a leader knows of `follower`.
    #[inline]
    pub(crate) fn progress(&self, follower: NodeId) -> Option<&Progress> {
        match self {
            Self::Leader(leader) => leader.progress.get(follower),
            Self::Follower(_) | Self::PreCandidate(_) | Self::Candidate(_) => None,
        }
    }

    /// What a leader knows of `follower`, to note what has become of it.
    #[inline]
    pub(crate) fn progress_mut(&mut self, follower: NodeId) -> Option<&mut Progress> {
        match self {
            Self::Leader(leader) => leader.progress.get_mut(follower),
            Self::Follower(_) | Self::PreCandidate(_) | Self::Candidate(_) => None,
        }
    }

    /// The first of a leader's followers that comes no earlier than `id`.
    pub(crate) fn follower_from(&self, id: NodeId) -> Option<NodeId> {
        match self {
            Self::Leader(leader) => leader.progress.from(id).next().map(|(id, _)| id),
            Self::Follower(_) | Self::PreCandidate(_) | Self::Candidate(_) => None,
        }
    }

    /// Whether this is a leader that has not sent everybody yet what was proposed.
    #[inline]
    pub(crate) const fn is_broadcasting(&self) -> bool {
        matches!(
            self,
            Self::Leader(Leader {
                broadcast: Some(_),
                ..
            })
        )
    }

    /// The election timer, which all but leaders have.
    #[must_use]
    pub const fn election(&self) -> Option<ElectionTimer> {
        match self {
            Self::Follower(follower) => Some(follower.election),
            Self::PreCandidate(candidate) => Some(candidate.election),
            Self::Candidate(candidate) => Some(candidate.election),
            Self::Leader(_) => None,
        }
    }
}
