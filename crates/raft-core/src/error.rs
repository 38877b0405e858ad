//! Why a server does not do what a client asks of it.
//!
//! Refusals are answers, not failures: nothing has changed, and each says what
//! the client can do about it.

use core::fmt;

use crate::types::NodeId;

/// Something was refused because this server does not lead (§8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NotLeader {
    /// Who leads, as far as this server knows.
    pub leader: Option<NodeId>,
}

/// Why a command was refused. It is in no log, and may be proposed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// This server does not lead.
    #[error(transparent)]
    NotLeader(#[from] NotLeader),
    /// It leads, and is about to hand over to another server.
    #[error("leadership is being transferred to {to}")]
    TransferUnderWay {
        /// The successor.
        to: NodeId,
    },
    /// It leads, and waits for as many entries to be committed as
    /// [`Settings::uncommitted_max`](crate::Settings::uncommitted_max) allows.
    #[error("{uncommitted} entries are waiting to be committed")]
    TooMuchInFlight {
        /// How many.
        uncommitted: u64,
    },
    /// It leads, and with this command more bytes would wait to be committed than
    /// [`Settings::uncommitted_bytes_max`](crate::Settings::uncommitted_bytes_max) allows.
    #[error("{uncommitted_bytes} bytes are waiting to be committed")]
    TooManyBytesInFlight {
        /// How many wait already.
        uncommitted_bytes: usize,
    },
    /// It leads, and its disk is behind by as many bytes as
    /// [`Settings::unwritten_bytes_max`](crate::Settings::unwritten_bytes_max) allows.
    #[error("{unwritten_bytes} bytes are waiting to be written to disk")]
    TooManyBytesUnwritten {
        /// How many wait already.
        unwritten_bytes: usize,
    },
}

impl fmt::Display for NotLeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.leader {
            Some(leader) => write!(f, "this server is not the leader; {leader} is"),
            None => write!(f, "this server is not the leader and does not know who is"),
        }
    }
}

impl core::error::Error for NotLeader {}
