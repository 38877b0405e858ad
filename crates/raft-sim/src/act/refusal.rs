//! Why an Action cannot be done.

use raft_core::{Index, NodeId, Timer};

use crate::client::ClientId;
use crate::ids::MessageId;

/// Why an Action cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such server.
    NoServer(NodeId),
    /// The server is not running.
    NotRunning(NodeId),
    /// The server is running already.
    AlreadyRunning(NodeId),
    /// The server is paused already.
    AlreadyPaused(NodeId),
    /// The server is not paused.
    NotPaused(NodeId),
    /// A paused server does nothing until it is resumed.
    Paused(NodeId),
    /// The timer does not run at this server.
    NoTimer {
        /// Which server.
        server: NodeId,
        /// Which timer.
        timer: Timer,
        /// Those that run there.
        running: Vec<Timer>,
    },
    /// The message is not under way.
    NoMessage(MessageId),
    /// The log has no such entry, and cannot be given one there.
    NoEntry {
        /// Whose log.
        server: NodeId,
        /// Which entry.
        index: Index,
        /// The first index at which that can be done.
        first: Index,
        /// The last one; before the first where there is none.
        last: Index,
    },
    /// Nothing has been applied that is not in a snapshot already.
    NothingToCompact(NodeId),
    /// It is about a client.
    Client(ClientRefusal),
    /// The message waits at the end of a clogged link.
    Clogged(MessageId),
    /// Nothing was put aside of this server's disk.
    NoBackup(NodeId),
    /// Something is to be done to so many messages already that are not sent yet.
    WaitsForTooMany,
    /// Letting time pass is not something done to a world.
    OnlyTime,
}

/// Why something cannot be asked of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientRefusal {
    /// There are no clients.
    NoClients,
    /// There is no such client.
    NoClient(ClientId),
    /// What was offered is an operation of this client, which alone gives them numbers.
    HasSession(ClientId),
    /// So many operations wait at the client already.
    AsksTooMuch(ClientId),
}
