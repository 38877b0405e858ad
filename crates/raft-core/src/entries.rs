//! Entries on their way: to the disk, and to other servers.
//!
//! The same new entries are written by the leader, sent to each follower and
//! written there. They are copied out of the log once and shared from then
//! on, so that a batch costs two allocations however many servers there are.

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
    /// A `Vec` becomes this as it is, where a slice would be copied once more (`peers`, batch 64).
    Many(Arc<Vec<Entry<C>>>),
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
            entries => List::Many(Arc::new(entries.to_vec())),
        })
    }
}

impl<C> From<Vec<Entry<C>>> for Entries<C> {
    fn from(mut entries: Vec<Entry<C>>) -> Self {
        Self(match entries.len() {
            0 => List::Empty,
            1 => entries.pop().map_or(List::Empty, List::One),
            _ => List::Many(Arc::new(entries)),
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

/// The entries copied last, in case they are wanted again. A single entry is copied anew each
/// time, which takes no longer (`peers`, batch 1).
#[derive(Debug, Clone)]
pub(crate) struct Recent<C> {
    first: Index,
    entries: Arc<Vec<Entry<C>>>,
    /// Within how many bytes all of them are known to be, so that they are not measured anew
    /// for each follower (`peers`, batch 64).
    bytes_max: usize,
}

impl<C> Default for Recent<C> {
    fn default() -> Self {
        Self {
            first: Index::ZERO,
            entries: Arc::default(),
            bytes_max: 0,
        }
    }
}

impl<C> Recent<C> {
    /// The index of the first of them.
    pub(crate) const fn first(&self) -> Index {
        self.first
    }

    /// The entries that were copied last.
    pub(crate) fn entries(&self) -> &[Entry<C>] {
        &self.entries
    }

    /// Within how many bytes they are known to be.
    pub(crate) const fn bytes_max(&self) -> usize {
        self.bytes_max
    }

    /// Whether they are those.
    #[inline]
    fn are(&self, first: Index, count: usize) -> bool {
        self.first == first && self.entries.len() == count
    }

    /// Remembers entries that lie in the log from `first` on, and are known to be within
    /// `bytes_max`.
    #[inline]
    pub(crate) fn keep(&mut self, first: Index, entries: &Entries<C>, bytes_max: usize) {
        if let List::Many(entries) = &entries.0 {
            *self = Self {
                first,
                entries: entries.clone(),
                bytes_max,
            };
        }
    }

    /// The log has been changed in a way that makes copies wrong.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl<C: Command> Recent<C> {
    /// How many entries of `log` from `first` on there are: at most `count_max` of them and
    /// `bytes_max` bytes, though always one.
    #[inline]
    pub(crate) fn count_fitting(
        &self,
        log: &Log<C>,
        first: Index,
        count_max: usize,
        bytes_max: usize,
    ) -> usize {
        let count = log.count_from(first).min(count_max);
        if count <= 1 || (self.bytes_max <= bytes_max && self.are(first, count)) {
            return count;
        }
        count_fitting(log, first, count, bytes_max)
    }

    /// The first `count` entries of `log` from `first` on, which are known to be within
    /// `bytes_max` if they are several.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the copy is made where it is kept (`peers`, batch 1)"
    )]
    pub(crate) fn copy(
        &mut self,
        log: &Log<C>,
        first: Index,
        count: usize,
        bytes_max: usize,
    ) -> Entries<C> {
        Entries(match count {
            0 => List::Empty,
            1 => log.get(first).cloned().map_or(List::Empty, List::One),
            _ => List::Many(self.copy_many(log, first, count, bytes_max)),
        })
    }

    #[inline(never)]
    fn copy_many(
        &mut self,
        log: &Log<C>,
        first: Index,
        count: usize,
        bytes_max: usize,
    ) -> Arc<Vec<Entry<C>>> {
        if self.are(first, count) {
            self.bytes_max = self.bytes_max.min(bytes_max);
        } else {
            *self = Self {
                first,
                entries: Arc::new(match log.slice(first, count) {
                    Some(slice) => slice.to_vec(),
                    None => log.from(first, count).cloned().collect(),
                }),
                bytes_max,
            };
        }
        self.entries.clone()
    }
}

/// How many of the first `count` entries of `log` from `first` on, one at least, have
/// `bytes_max` bytes together.
#[inline(never)]
fn count_fitting<C: Command>(log: &Log<C>, first: Index, count: usize, bytes_max: usize) -> usize {
    let mut bytes = 0_usize;
    let fits = |entry: &&Entry<C>| {
        bytes = bytes.saturating_add(entry.size_bytes());
        bytes <= bytes_max
    };
    let fitting = match log.slice(first, count) {
        Some(entries) => entries.iter().take_while(fits).count(),
        None => log.from(first, count).take_while(fits).count(),
    };
    fitting.max(1)
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
                let count = recent.count_fitting(&log, Index(first), count_max, bytes_max);
                let copy = recent.copy(&log, Index(first), count, bytes_max);
                prop_assert_eq!(&*copy, expected);
            }
        }
    }
}
