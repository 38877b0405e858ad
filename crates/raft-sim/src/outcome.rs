//! What becomes of what is asked for or sent: why a server declines, why a message is lost.

use raft_core::{Index, NodeId, ProposeError, ReadError, ReconfigureError, TransferError};

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
    /// So many bytes wait to be written to its disk already.
    TooManyBytesUnwritten(u64),
    /// So many reads wait already.
    TooManyReads(u64),
    /// The change of the configuration at this index is not over yet.
    ChangeUnderWay(Index),
    /// This server lacks too much of the log to be given a vote.
    NotCaughtUp(NodeId),
    /// So does this one, which learns it already.
    StillLearning(NodeId),
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
            ProposeError::TooManyBytesUnwritten { unwritten_bytes } => {
                Self::TooManyBytesUnwritten(unwritten_bytes as u64)
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
            ReadError::TooManyReads { waiting } => Self::TooManyReads(waiting as u64),
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
