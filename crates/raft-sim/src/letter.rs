//! What is sent: messages between servers, and what clients and servers say to each other.
//!
//! All of it is a [`Letter`]. It has a sender and a receiver, is in flight for a while, and can be
//! dropped, duplicated, delayed, lost, and kept waiting; only whoever receives it has to know what
//! is in it.

use std::fmt;

use raft_core::{Message, NodeId};

use crate::client::ClientId;
use crate::client::calls::{Call, Says};
use crate::command::Command;
use crate::said::Said;

/// Whoever sends and receives letters; prints as `S1` or `C1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A server of the cluster.
    Server(NodeId),
    /// Somebody who uses it.
    Client(ClientId),
}

/// What is sent. `M` is what servers say to each other: whole messages while they are in flight,
/// and only their numbers where an event tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Letter<M> {
    /// From one server to another.
    Rpc(Rpc<M>),
    /// A client's request, or the answer to one.
    Call(Call),
}

/// A request or a reply of Raft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rpc<M> {
    /// Who sent it.
    pub from: NodeId,
    /// Who it is for.
    pub to: NodeId,
    /// What it says.
    pub said: M,
}

impl<M> Letter<M> {
    /// Who sent it.
    #[must_use]
    pub const fn from(&self) -> Party {
        match self {
            Self::Rpc(rpc) => Party::Server(rpc.from),
            Self::Call(call) => match call.says {
                Says::Request(_) => Party::Client(call.client),
                Says::Answer(_) => Party::Server(call.server),
            },
        }
    }

    /// Who it is for.
    #[must_use]
    pub const fn to(&self) -> Party {
        match self {
            Self::Rpc(rpc) => Party::Server(rpc.to),
            Self::Call(call) => match call.says {
                Says::Request(_) => Party::Server(call.server),
                Says::Answer(_) => Party::Client(call.client),
            },
        }
    }

    /// It, if one server says it to another.
    #[must_use]
    pub const fn rpc(&self) -> Option<&Rpc<M>> {
        match self {
            Self::Rpc(rpc) => Some(rpc),
            Self::Call(_) => None,
        }
    }

    /// It, if a client is asked or answered.
    #[must_use]
    pub const fn call(&self) -> Option<&Call> {
        match self {
            Self::Rpc(_) => None,
            Self::Call(call) => Some(call),
        }
    }
}

impl Letter<Message<Command>> {
    /// The same, without the commands that it carries.
    #[must_use]
    pub fn told(&self) -> Letter<Said> {
        match self {
            Self::Rpc(rpc) => Letter::Rpc(Rpc {
                from: rpc.from,
                to: rpc.to,
                said: Said::of(&rpc.said),
            }),
            Self::Call(call) => Letter::Call(call.clone()),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(id) => id.fmt(f),
            Self::Client(id) => id.fmt(f),
        }
    }
}
