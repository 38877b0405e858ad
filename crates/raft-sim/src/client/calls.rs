//! Requests of clients, and the answers to them.
//!
//! They are letters like the messages between servers. Each client has a line of its own to the cluster, with one delay and one
//! loss for both directions.

use raft_core::NodeId;

use super::{Answer, ClientId, Operation};

/// What a call says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Says {
    /// The client asks for this.
    Request(Operation),
    /// The server answers this.
    Answer(Answer),
}

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    /// Who asks.
    pub client: ClientId,
    /// Who is asked.
    pub server: NodeId,
    /// The number of the operation in the client's session.
    pub number: u64,
    /// What it says.
    pub says: Says,
}
