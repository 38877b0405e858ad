//! What clients asked for and were answered, for whoever judges whether that can be right.

use std::sync::Arc;

use raft_core::{Index, NodeId};

use super::{ClientId, Operation};
use crate::time::Micros;

/// One operation from its beginning to its answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Recorded {
    /// Who asked.
    pub client: ClientId,
    /// Its number in the client's session.
    pub number: u64,
    /// What was asked for.
    pub operation: Operation,
    /// When it was begun.
    pub began_at: Micros,
    /// In which event.
    pub began: u64,
    /// The answer; none if it never came, so that nobody knows whether it was done.
    pub answered: Option<Answered>,
    /// How far the operations on this key had come that were answered before this one was begun.
    pub(crate) floor: Index,
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Answered {
    /// When the answer arrived.
    pub at: Micros,
    /// In which event.
    pub event: u64,
    /// Who answered.
    pub server: NodeId,
    /// What.
    pub value: Arc<str>,
    /// Where in the order of all operations on this key it is: the index of the entry that wrote
    /// this value.
    pub position: Index,
}
