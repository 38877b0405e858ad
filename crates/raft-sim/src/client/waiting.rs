//! What a server owes a client.

use raft_core::{Index, ReadId, Term};

use super::calls::Call;
use super::{ClientId, Key};

/// A request that a server has taken and not answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Waiting {
    pub(crate) client: ClientId,
    pub(crate) number: u64,
    pub(crate) on: On,
}

/// What a server waits for before it answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum On {
    /// This entry is applied.
    Entry(Index, Term),
    /// The machine may answer this read of a key.
    Read(ReadId, Key),
}

impl Waiting {
    /// Whether this is a read that the client now asks for again.
    pub(crate) fn asks_again(&self, call: &Call) -> bool {
        let is_read = matches!(self.on, On::Read(..));
        is_read && (self.client, self.number) == (call.client, call.number)
    }
}
