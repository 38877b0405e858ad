//! What an event showed that cannot be seen of the world after it.
//!
//! A world does not know who watches it. What was sent, applied, answered and lost in its last
//! event it leaves to be read, in order, until the next one; it decides nothing by it.

use raft_core::{HardState, Index, Log, NodeId, Payload, ReadId, Term};

use crate::client::history::Answered;
use crate::client::{ClientId, Operation};
use crate::command::Command;
use crate::ids::MessageId;
use crate::letter::Letter;
use crate::outcome::LossReason;
use crate::said::Said;
use crate::server::Mark;
use crate::time::Micros;

/// One thing that happened within an event.
#[derive(Debug, Clone)]
pub enum Fact {
    /// A server started from its disk: what was only in memory is gone.
    Restarted {
        /// Which.
        server: NodeId,
        /// Its term and vote on the disk.
        disk: HardState,
        /// The last entry in its snapshot.
        snapshot: Index,
    },
    /// A server told another one of a term, and perhaps of a vote.
    Told {
        /// Which.
        server: NodeId,
        /// In which term.
        term: Term,
        /// For whom it votes, where it said so.
        vote: Option<NodeId>,
    },
    /// A state machine applied an entry.
    Applied {
        /// Whose.
        server: NodeId,
        /// The term of the entry.
        term: Term,
        /// What it holds.
        payload: Payload<Command>,
        /// The term of the server.
        node_term: Term,
        /// The machine afterwards.
        machine: Mark,
    },
    /// A state machine was reset to a snapshot.
    Restored {
        /// Whose.
        server: NodeId,
        /// The machine afterwards.
        machine: Mark,
    },
    /// A server has done all that the event had it do.
    Acted {
        /// Which.
        server: NodeId,
        /// From where on its log is new.
        changed_from: Option<Index>,
    },
    /// A server is among the others with a log that nobody compared with theirs.
    Rejoined(NodeId),
    /// Somebody rewrote what a server holds.
    Rewritten {
        /// Which.
        server: NodeId,
        /// Its log before, where it ran.
        before: Option<Log<Command>>,
    },
    /// A server was asked for a read.
    ReadBegun {
        /// Which.
        server: NodeId,
        /// Which read of it.
        read: ReadId,
    },
    /// A server answered a read, or cannot any more.
    ReadAnswered {
        /// Which.
        server: NodeId,
        /// Which read of it.
        read: ReadId,
        /// How far the machine had come that answered.
        applied: Option<Index>,
    },
    /// A client began an operation.
    Began {
        /// Who.
        client: ClientId,
        /// The number of the operation in its session.
        number: u64,
        /// What it asks for.
        operation: Operation,
        /// When.
        at: Micros,
    },
    /// A state machine did an operation of a client for the first time.
    TookEffect {
        /// Whose.
        server: NodeId,
        /// Who had asked.
        client: ClientId,
        /// The number of the operation in its session.
        number: u64,
        /// The entry that did it.
        index: Index,
    },
    /// A client was answered.
    Answered {
        /// Who.
        client: ClientId,
        /// The number of the operation in its session.
        number: u64,
        /// What.
        answered: Answered,
    },
    /// A message was lost.
    Lost(Loss),
}

/// A message that was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Which.
    pub id: MessageId,
    /// From whom, to whom, saying what.
    pub letter: Letter<Said>,
    /// When it was sent.
    pub sent_at: Micros,
    /// When it would have arrived.
    pub due_at: Micros,
    /// The event that sent it.
    pub cause: u64,
    /// When it was lost.
    pub at: Micros,
    /// Why.
    pub reason: LossReason,
}
