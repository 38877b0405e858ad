//! What clients do, and what their requests and answers meet.

use crate::bounded::Permille;
use crate::client::work::{Keys, Pauses};
use crate::client::{ClientId, Operation, ReadBy};
use crate::delay::Delay;

/// Something that clients do, or that is done to their lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ClientAction {
    /// A client wants something of the key-value store, and asks until it is answered.
    Ask {
        /// Who.
        client: ClientId,
        /// What.
        operation: Operation,
    },
    /// Clients make up operations of their own from now on.
    Work {
        /// `None` means every client.
        client: Option<ClientId>,
        /// How many keys they use.
        keys: Keys,
        /// How long they wait after an answer.
        every: Pauses,
        /// Whether all that they do is read.
        reads_only: bool,
        /// How they read.
        by: ReadBy,
    },
    /// Clients make up no more operations; `None` means every client.
    Rest(Option<ClientId>),
    /// How long requests and answers of clients sent from now on are under way.
    Latency(Delay),
    /// How many of a thousand requests and answers of clients sent from now on are lost.
    Loss(Permille),
}
