//! The Raft consensus algorithm as a pure state machine.
//!
//! A [`Node`] is one server. It is given ticks ([`Node::advance`]), messages
//! ([`Node::receive`]), commands ([`Node::propose`]) and the word that a
//! write is durable ([`Node::durable`]); it gives writes to make durable
//! ([`Node::take_write`]), messages to carry ([`Node::poll_message`]) and
//! committed entries to apply ([`Node::poll_apply`]). It has no clock, does
//! no I/O, starts no thread, and no input from outside makes it panic.
//!
//! Sections (§) are those of "In Search of an Understandable Consensus
//! Algorithm (Extended Version)" by Ongaro and Ousterhout, but where they are said to be of
//! the dissertation, Ongaro's "Consensus: Bridging Theory and Practice".
//!
//! ```
//! use raft_core::{Apply, Config, Configuration, Index, Node, NodeId, Payload, Persistent, Settings};
//!
//! // A cluster of one elects itself as soon as its vote is durable.
//! let me = NodeId(1);
//! let disk = Persistent::bootstrap(Configuration::new([me], [])?);
//! let mut node: Node<&str> = Node::restart(Config::new(me, Settings::default())?, disk, 7);
//! while !node.role().is_leader() {
//!     node.tick();
//!     if let Some(write) = node.take_write() {
//!         node.durable(write.id);
//!     }
//! }
//! let (index, _) = node.propose("x = 1").expect("it leads");
//! let write = node.take_write().expect("a new entry has to be written");
//! node.durable(write.id);
//! assert_eq!(index, Index(1));
//! let Some(Apply::Entry { payload: Payload::Command(command), .. }) = node.poll_apply() else {
//!     panic!("a committed command is given to the state machine");
//! };
//! assert_eq!(command, "x = 1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a host does
//!
//! After every call it serves four things until each has nothing more, in
//! whatever order it likes:
//!
//! - [`Node::take_write`]: make the write survive a crash, after all earlier
//!   ones, and then say so with [`Node::durable`]. What is read back from the
//!   disk is a [`Persistent`], with which [`Node::restart`] continues;
//!   [`Persistent::apply`] says what a write means.
//! - [`Node::poll_message`]: carry the message, or lose it.
//! - [`Node::poll_apply`]: apply the entry, or replace the state by the snapshot.
//! - [`Node::poll_read`]: answer the client of a [`Node::read`].
//!
//! It gives all ticks that have passed to [`Node::advance`] before each
//! [`Node::receive`], and may sleep for [`Node::ticks_to_deadline`]. Messages
//! that rest on a write do not come out before it is durable, so that no
//! order of these calls sends what a crash could take back.
//!
//! A new leader appends nothing of its own accord unless `Settings::no_op`
//! says so: entries of earlier terms are committed, and reads are answered,
//! once a command of its term is. The examples `three_nodes` and `kv_threads` are whole hosts.
//!
//! Which call can ask for what, what the host owes for each, clients, features
//! and bounds are in the guide, `docs/raft-core.md` of the repository.
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod append_entries;
mod check;
mod check_quorum;
mod commit;
mod condition;
mod config;
mod configuration;
mod durability;
mod election;
mod entries;
mod entry;
mod error;
mod log;
mod membership;
mod message;
mod node;
mod normal_form;
mod observe;
mod outbox;
mod part;
mod peer_map;
mod persist;
mod pre_vote;
mod progress;
mod propose;
mod quorum;
mod read;
mod replication;
mod role;
mod round;
mod rule;
mod rule_set;
mod section;
mod send;
mod shared_vec;
mod snapshot;
mod stable;
mod timer;
mod transfer;
mod types;

pub use condition::{Condition, Field, Operand, Relation, Value};
pub use config::{Config, ConfigError, Settings};
pub use configuration::{Configuration, ConfigurationError, SERVERS_MAX};
pub use entries::Entries;
pub use entry::{Command, Entry, Payload, Snapshot};
pub use error::{NotLeader, ProposeError};
pub use log::{Log, LogEnd, TermAt};
pub use membership::ReconfigureError;
pub use message::{
    AppendEntries, AppendEntriesReply, AppendOutcome, Attempt, Envelope, InstallOutcome,
    InstallSnapshot, InstallSnapshotReply, Message, PreVote, PreVoteReply, Request, RequestVote,
    RequestVoteReply, Round, TimeoutNow,
};
pub use node::{Apply, Node};
pub use part::Part;
pub use peer_map::PeerMap;
pub use persist::{HardState, Persistent, Write, WriteId};
pub use progress::{Mode, Progress, Sending};
pub use quorum::{Half, Tally};
pub use read::{Read, ReadError};
pub use role::{Candidate, ElectionTimer, Follower, Leader, PreCandidate, ReadId, Role, Transfer};
pub use rule::{Conduct, Faithful, Rule, RuleKind};
pub use rule_set::RuleSet;
pub use section::{Document, Section};
pub use shared_vec::{Iter, SharedVec};
pub use snapshot::CompactError;
pub use timer::Timer;
pub use transfer::TransferError;
pub use types::{Index, NodeId, Term, Ticks};

/// The code in the README and in the guide is run with the other examples.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../../../docs/raft-core.md")]
    struct Embedding;
}

/// The tests beside the code and those outside try as many cases as each other.
#[cfg(test)]
#[path = "../tests/common/cases.rs"]
mod cases;
