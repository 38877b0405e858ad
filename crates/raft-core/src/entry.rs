//! What a log is made of.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::Configuration;
use crate::types::Term;

/// What the host replicates. The core never looks inside; it only wants to
/// know how much it sends at once.
pub trait Command: Clone {
    /// How many bytes it takes on the wire, or about so many: the size of the
    /// type, unless said otherwise. What holds a `Vec` has to say otherwise.
    fn size_bytes(&self) -> usize {
        size_of::<Self>()
    }
}

/// One entry of the log, and the term in which a leader created it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry<C> {
    /// The term of the leader that created it.
    pub term: Term,
    /// What it is for.
    pub payload: Payload<C>,
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
// An entry is copied a few times right after it has been written. A tag of a
// whole word lets that be done in the steps in which it was written, which
// processors like: with a tag of one byte the batches of the benchmark take
// twice as long.
#[repr(u64)]
pub enum Payload<C> {
    /// What the state machine is to do.
    Command(C),
    /// Nothing: a new leader's first entry, by whose commitment it learns
    /// what is committed (§8).
    NoOp,
    /// Who takes part from here on (§6).
    Configuration(Arc<Configuration>),
}

impl<C> Entry<C> {
    /// The command, where there is one.
    pub const fn command(&self) -> Option<&C> {
        match &self.payload {
            Payload::Command(command) => Some(command),
            Payload::NoOp | Payload::Configuration(_) => None,
        }
    }

    /// The configuration, where there is one.
    pub const fn configuration(&self) -> Option<&Arc<Configuration>> {
        match &self.payload {
            Payload::Configuration(configuration) => Some(configuration),
            Payload::Command(_) | Payload::NoOp => None,
        }
    }
}

impl<C: Command> Entry<C> {
    /// How many bytes it takes on the wire, or about so many.
    pub(crate) fn size_bytes(&self) -> usize {
        let payload = match &self.payload {
            Payload::Command(command) => command.size_bytes(),
            Payload::NoOp => 0,
            Payload::Configuration(configuration) => 2 * configuration.members().count(),
        };
        payload.saturating_add(size_of::<Term>())
    }
}

macro_rules! commands_of_fixed_size {
    ($($type:ty),*) => { $(impl Command for $type {})* };
}

commands_of_fixed_size!((), u8, u16, u32, u64, u128, i32, i64);

macro_rules! commands_of_bytes {
    ($($type:ty),*) => { $(impl Command for $type {
        fn size_bytes(&self) -> usize {
            self.len()
        }
    })* };
}

commands_of_bytes!(Vec<u8>, Arc<[u8]>, String, Arc<str>, &str);

impl<const N: usize> Command for [u8; N] {}
