//! Requests of clients, and the answers to them, under way.
//!
//! They have ids like the messages between servers and can be dropped, doubled, held up and
//! delivered like them. Each client has a line of its own to the cluster, with one delay and one
//! loss for both directions.

use raft_core::NodeId;

use super::{Answer, ClientId, Operation};
use crate::ids::MessageId;
use crate::outcome::LossReason;
use crate::time::Micros;

/// The most requests and answers that are under way at once; what is sent beyond that is lost.
pub const CALLS_MAX: usize = 10_000;

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

impl Call {
    /// Whether the client asks, and is not answered.
    pub(crate) const fn is_request(&self) -> bool {
        matches!(self.says, Says::Request(_))
    }
}

/// A call under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallFlight {
    /// What is under way.
    pub call: Call,
    /// When it was sent.
    pub sent_at: Micros,
    /// When it arrives.
    pub due_at: Micros,
    /// Why it will not arrive, if that is settled.
    pub doomed: Option<LossReason>,
    /// The event that sent it.
    pub cause: u64,
}

/// All calls under way, by ascending id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Calls(Vec<(MessageId, CallFlight)>);

impl Calls {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, the one sent first before the others.
    pub fn iter(&self) -> impl Iterator<Item = (MessageId, &CallFlight)> {
        self.0.iter().map(|(id, flight)| (*id, flight))
    }

    /// The call `id`, if it is under way.
    #[must_use]
    pub fn get(&self, id: MessageId) -> Option<&CallFlight> {
        self.place(id).map(|place| &self.0[place].1)
    }

    pub(crate) fn get_mut(&mut self, id: MessageId) -> Option<&mut CallFlight> {
        self.place(id).map(|place| &mut self.0[place].1)
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut CallFlight> {
        self.0.iter_mut().map(|(_, flight)| flight)
    }

    /// Gives each another id, in the same order.
    pub(crate) fn renumber(&mut self, number: impl Fn(MessageId) -> MessageId) {
        self.0.iter_mut().for_each(|(id, _)| *id = number(*id));
    }

    /// Puts a call there whose id is greater than all before it.
    pub(crate) fn insert(&mut self, id: MessageId, flight: CallFlight) {
        self.0.push((id, flight));
    }

    pub(crate) fn remove(&mut self, id: MessageId) -> Option<CallFlight> {
        self.place(id).map(|place| self.0.remove(place).1)
    }

    fn place(&self, id: MessageId) -> Option<usize> {
        self.0.binary_search_by_key(&id, |(known, _)| *known).ok()
    }
}
