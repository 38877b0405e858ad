//! Entries on their way: to the disk, and to other servers.
//!
//! The same new entries are written by the leader, sent to each follower and
//! written there. They are copied out of the log once and shared from then
//! on, so that a batch costs one allocation however many servers there are.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;

use crate::entry::{Command, Entry};
use crate::log::Log;
use crate::types::Index;

/// A list of entries that cannot change any more and is cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entries<C>(List<C>);

/// A single entry, which is what most lists are under light load, needs no
/// allocation at all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum List<C> {
    Empty,
    One(Entry<C>),
    Many(Arc<[Entry<C>]>),
}

impl<C> Default for Entries<C> {
    fn default() -> Self {
        Self(List::Empty)
    }
}

impl<C> Deref for Entries<C> {
    type Target = [Entry<C>];

    fn deref(&self) -> &[Entry<C>] {
        match &self.0 {
            List::Empty => &[],
            List::One(entry) => core::slice::from_ref(entry),
            List::Many(entries) => entries,
        }
    }
}

impl<C: Clone> From<&[Entry<C>]> for Entries<C> {
    fn from(entries: &[Entry<C>]) -> Self {
        Self(match entries {
            [] => List::Empty,
            [entry] => List::One(entry.clone()),
            entries => List::Many(entries.into()),
        })
    }
}

impl<C> From<Vec<Entry<C>>> for Entries<C> {
    fn from(mut entries: Vec<Entry<C>>) -> Self {
        Self(match entries.len() {
            0 => List::Empty,
            1 => entries.pop().map_or(List::Empty, List::One),
            _ => List::Many(entries.into()),
        })
    }
}

impl<C> FromIterator<Entry<C>> for Entries<C> {
    fn from_iter<I: IntoIterator<Item = Entry<C>>>(entries: I) -> Self {
        Self::from(entries.into_iter().collect::<Vec<_>>())
    }
}

#[cfg(feature = "serde")]
impl<C: serde::Serialize> serde::Serialize for Entries<C> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.deref().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, C: serde::Deserialize<'de>> serde::Deserialize<'de> for Entries<C> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

/// The entries copied last, in case they are wanted again.
#[derive(Debug, Clone)]
pub(crate) struct Recent<C> {
    first: Index,
    entries: Entries<C>,
    /// Within how many bytes all of them are known to be, so that they are not measured anew
    /// for each follower (`peers`, batch 64).
    bytes_max: usize,
}

impl<C> Default for Recent<C> {
    fn default() -> Self {
        Self {
            first: Index::ZERO,
            entries: Entries::default(),
            bytes_max: usize::MAX,
        }
    }
}

impl<C: Command> Recent<C> {
    /// The entries of `log` from `first` on: at most `count_max` of them and
    /// `bytes_max` bytes, though always one.
    #[inline]
    pub(crate) fn find(
        &mut self,
        log: &Log<C>,
        first: Index,
        count_max: usize,
        bytes_max: usize,
    ) -> &Entries<C> {
        let count = log.count_from(first).min(count_max);
        let is_all = self.first == first && self.entries.len() == count;
        if !is_all || (count > 1 && bytes_max < self.bytes_max) {
            self.find_fitting(log, first, count, bytes_max);
        }
        &self.entries
    }

    /// The index of the first of them.
    pub(crate) const fn first(&self) -> Index {
        self.first
    }

    /// The entries that were copied last.
    pub(crate) const fn entries(&self) -> &Entries<C> {
        &self.entries
    }

    #[inline(never)]
    fn find_fitting(&mut self, log: &Log<C>, first: Index, count: usize, bytes_max: usize) {
        let mut fitting = count;
        if count > 1 && bytes_max < usize::MAX {
            fitting = match log.slice(first, count) {
                Some(entries) => count_fitting(entries.iter(), bytes_max),
                None => count_fitting(log.from(first, count), bytes_max),
            };
        }
        if self.first != first || self.entries.len() != fitting {
            self.renew(first, log, fitting);
        }
        self.bytes_max = bytes_max;
    }

    fn renew(&mut self, first: Index, log: &Log<C>, count: usize) {
        let entries = match log.slice(first, count) {
            Some(slice) => Entries::from(slice),
            None => log.from(first, count).cloned().collect(),
        };
        self.keep(first, entries);
    }

    /// Remembers entries that have just been appended to the log at `first`.
    pub(crate) fn keep(&mut self, first: Index, entries: Entries<C>) {
        *self = Self {
            first,
            entries,
            bytes_max: usize::MAX,
        };
    }

    /// The log has been changed in a way that makes copies wrong.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// How many of `entries`, one at least, have `bytes_max` bytes together.
fn count_fitting<'a, C: Command + 'a>(
    entries: impl Iterator<Item = &'a Entry<C>>,
    bytes_max: usize,
) -> usize {
    let mut bytes = 0_usize;
    let fits = |entry: &&Entry<C>| {
        bytes = bytes.saturating_add(entry.size_bytes());
        bytes <= bytes_max
    };
    entries.take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;
    use crate::entry::Payload;
    use crate::entry::Snapshot;
    use crate::types::Term;

    proptest! {
        #![proptest_config(crate::cases::cases(50_000))]

        /// §5.3: what is copied is the longest beginning that keeps to both
        /// bounds, and one entry where not even that does; and a copy that is
        /// asked for again with other bounds is not the old one.
        #[test]
        fn a_copy_agrees_with_trying_each_length(
            sizes in prop::collection::vec(0_usize..9, 0..9),
            asked in prop::collection::vec((1_u64..11, 1_usize..9, 1_usize..80), 1..4),
        ) {
            let entry = |size: &usize| Entry {
                term: Term(1),
                payload: Payload::Command(std::vec![7_u8; *size]),
            };
            let log = Log::new(Snapshot::default(), sizes.iter().map(entry).collect());
            let mut recent = Recent::default();
            for (first, count_max, bytes_max) in asked {
                let rest: Vec<_> = log.from(Index(first), usize::MAX).cloned().collect();
                let fits = |count: &usize| {
                    let bytes: usize = rest[..*count].iter().map(Entry::size_bytes).sum();
                    *count <= count_max && bytes <= bytes_max
                };
                let longest = (0..=rest.len()).rev().find(fits).unwrap_or(0);
                let expected = &rest[..longest.max(rest.len().min(1))];
                let copy = recent.find(&log, Index(first), count_max, bytes_max);
                prop_assert_eq!(&**copy, expected);
            }
        }
    }
}
