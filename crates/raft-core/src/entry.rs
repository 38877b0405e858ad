//! What a log is made of: entries, after a snapshot that takes the place of those before.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::Configuration;
use crate::types::{Index, Term};

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
// processors like: with a tag of one byte batches take twice as long (`peers`,
// batch 64).
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

/// A state machine's state in place of the log up to an index (§7).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Snapshot {
    /// The last entry that the state contains.
    pub last_included_index: Index,
    /// The term of that entry.
    pub last_included_term: Term,
    /// Who takes part as of that entry (§7).
    pub configuration: Arc<Configuration>,
    /// The state, in the host's own form.
    pub data: Arc<[u8]>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            last_included_index: Index::ZERO,
            last_included_term: Term(0),
            configuration: Arc::default(),
            data: Arc::from([]),
        }
    }
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
    #[inline]
    pub(crate) fn size_bytes(&self) -> usize {
        let payload = match &self.payload {
            Payload::Command(command) => command.size_bytes(),
            Payload::NoOp => 0,
            Payload::Configuration(configuration) => configuration.size_bytes(),
        };
        payload.saturating_add(size_of::<Term>())
    }
}

/// The bytes of these entries, together.
pub(crate) fn bytes_of<'a, C: Command + 'a>(entries: impl Iterator<Item = &'a Entry<C>>) -> usize {
    let sizes = entries.map(Entry::size_bytes);
    sizes.fold(0, usize::saturating_add)
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

#[cfg(test)]
mod tests {
    extern crate std;

    use std::string::ToString;
    use std::vec;

    use super::*;

    /// §5.3: what a message may carry is counted in the bytes of the commands.
    #[test]
    fn a_command_is_as_big_as_its_bytes() {
        assert_eq!((7_u64.size_bytes(), [7_u8; 5].size_bytes()), (8, 5));
        assert_eq!("seven".size_bytes(), 5);
        assert_eq!("seven".to_string().size_bytes(), 5);
        assert_eq!(vec![7_u8; 9].size_bytes(), 9);
    }

    #[test]
    fn an_entry_is_as_big_as_what_it_holds_and_its_term() {
        let three = [1, 2, 3].map(crate::types::NodeId);
        let configuration = Configuration::new(three, []).expect("possible");
        for (payload, bytes) in [
            (Payload::Command("seven"), 5),
            (Payload::NoOp, 0),
            (Payload::Configuration(Arc::new(configuration)), 6),
        ] {
            let term = Term(1);
            assert_eq!(Entry { term, payload }.size_bytes(), bytes + 8);
        }
    }
}
