//! What must survive a crash, and the one way to make it do so.
//!
//! Figure 2 asks that `current_term`, `voted_for` and the log are "updated on
//! stable storage before responding to RPCs". Forgetting that order is the
//! oldest bug of all, so it cannot be expressed here: a change becomes a
//! [`Write`], and the messages that rest on it stay inside the node until the
//! host hands back the write's number with [`crate::Node::durable`].

use alloc::sync::Arc;

use crate::configuration::Configuration;
use crate::entries::Entries;
use crate::entry::{Entry, Snapshot};
use crate::shared_vec::SharedVec;
use crate::types::{Index, NodeId, Term};

/// The persistent state that is not the log (Figure 2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HardState {
    /// The latest term this server has seen.
    pub current_term: Term,
    /// Who received its vote in that term, if anyone.
    pub voted_for: Option<NodeId>,
}

/// All that a server keeps through a crash: what its disk holds.
///
/// The default is an empty disk, with which a server is started that is to
/// join a cluster; see [`Persistent::bootstrap`] for the first servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Persistent<C> {
    /// Term and vote.
    pub hard_state: HardState,
    /// The state up to the log's beginning; empty at index 0 before the first.
    pub snapshot: Snapshot,
    /// The entries after the snapshot, without gaps.
    pub entries: SharedVec<Entry<C>>,
}

impl<C> Default for Persistent<C> {
    fn default() -> Self {
        Self {
            hard_state: HardState::default(),
            snapshot: Snapshot::default(),
            entries: SharedVec::new(),
        }
    }
}

/// The number of a [`Write`]; later writes have greater numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct WriteId(pub(crate) u64);

/// A change to make durable: all of it, and after every earlier one. Where a crash may leave a
/// part, no entry may be there without the snapshot of the same write, nor that beside entries
/// that the write replaces: they would make a log that no server ever had.
#[must_use = "messages wait until this write is reported durable"]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Write<C> {
    /// What to report to [`crate::Node::durable`] once it is done.
    pub id: WriteId,
    /// Term and vote, where they changed.
    pub hard_state: Option<HardState>,
    /// A snapshot that takes the place of the log up to its last index. The
    /// entries after that index stay, unless `entries` replaces them.
    pub snapshot: Option<Snapshot>,
    /// New end of the log: everything from this index on is replaced.
    pub entries: Option<(Index, Entries<C>)>,
}

impl<C> Persistent<C> {
    /// The disk of each of the servers that a new cluster begins with. All of
    /// them have to be given the same configuration, and to begin with it
    /// again when they restart before their first snapshot.
    #[must_use]
    pub fn bootstrap(configuration: Configuration) -> Self {
        let snapshot = Snapshot {
            configuration: Arc::new(configuration),
            ..Snapshot::default()
        };
        Self {
            snapshot,
            ..Self::default()
        }
    }

    /// Who takes part, as a server that starts from this will know it.
    #[must_use]
    pub fn configuration(&self) -> &Arc<Configuration> {
        let latest = self.entries.iter().rev().find_map(Entry::configuration);
        latest.unwrap_or(&self.snapshot.configuration)
    }
}

impl<C: Clone> Persistent<C> {
    /// The index of the last entry, or of the snapshot where there is none.
    #[must_use]
    pub fn last_index(&self) -> Index {
        self.snapshot.last_included_index.plus(self.entries.len())
    }

    /// Carries out `write` on this image of a disk.
    ///
    /// Three things that the node never asks for are made harmless, for a disk
    /// that repeats writes or confuses their order: entries that would leave a
    /// gap are not stored, as a log with a hole is no log; those that the
    /// snapshot holds already are skipped; and an older snapshot is ignored.
    pub fn apply(&mut self, write: &Write<C>) {
        if let Some(hard_state) = write.hard_state {
            self.hard_state = hard_state;
        }
        if let Some(snapshot) = &write.snapshot
            && snapshot.last_included_index >= self.snapshot.last_included_index
        {
            let base = self.snapshot.last_included_index;
            let covered = snapshot.last_included_index.0.saturating_sub(base.0);
            let covered = usize::try_from(covered).unwrap_or(usize::MAX);
            self.entries.remove_first(covered);
            self.snapshot = snapshot.clone();
        }
        if let Some((from, entries)) = &write.entries {
            let first = self.snapshot.last_included_index.next();
            let distance =
                |a: Index, b: Index| usize::try_from(a.0.saturating_sub(b.0)).unwrap_or(usize::MAX);
            let keep = distance(*from, first);
            let skip = distance(first, *from).min(entries.len());
            if keep <= self.entries.len() {
                self.entries.truncate(keep);
                self.entries.extend_from_slice(&entries[skip..]);
            }
        }
    }
}

impl WriteId {
    /// The write's place in the order of all writes of this node's life.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}
