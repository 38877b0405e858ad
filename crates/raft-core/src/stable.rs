//! What survives a crash, and what of it is still to be written (Figure 2, persistent state).
//!
//! Term, vote and log lie here together with the record of what the disk has of them. Nobody
//! else can set them, and each of the few ways to change them notes the write that it needs:
//! a change that is never written cannot be expressed, inside this crate either.

use crate::durability::Durability;
use crate::entries::{Entries, Recent};
use crate::entry::{Command, Entry, Snapshot};
use crate::log::Log;
use crate::persist::{HardState, Persistent, Write, WriteId};
use crate::types::{Index, NodeId, Term};

/// The persistent state of a server, and how much of it is durable.
#[derive(Debug, Clone)]
pub(crate) struct Stable<C> {
    hard_state: HardState,
    log: Log<C>,
    durability: Durability,
    /// Copies of entries for the disk and for the other servers.
    recent: Recent<C>,
}

impl<C: Command> Stable<C> {
    /// What a disk holds, all of it durable.
    pub(crate) fn new(persistent: Persistent<C>) -> Self {
        let log = Log::new(persistent.snapshot, persistent.entries);
        Self {
            hard_state: persistent.hard_state,
            durability: Durability::new(log.last_index()),
            log,
            recent: Recent::default(),
        }
    }

    /// What the disk will hold once everything is written.
    pub(crate) fn persistent(&self) -> Persistent<C> {
        Persistent {
            hard_state: self.hard_state,
            snapshot: self.log.snapshot().clone(),
            entries: self.log.entries().clone(),
        }
    }

    /// Enters `term`, with a vote or without one.
    pub(crate) fn set_hard_state(&mut self, current_term: Term, voted_for: Option<NodeId>) {
        self.hard_state = HardState {
            current_term,
            voted_for,
        };
        self.durability.changed_hard_state();
    }

    /// Appends an entry of so many bytes; returns where.
    #[inline]
    pub(crate) fn append(&mut self, entry: Entry<C>, bytes: usize) -> Index {
        self.durability.take_in(bytes);
        let index = self.log.append(entry);
        self.durability.changed_from(index);
        index
    }

    /// Appends what was `sent` but for the first `known` entries, which are there; returns
    /// whether one of the others holds a configuration.
    #[inline]
    pub(crate) fn extend(&mut self, sent: &Entries<C>, known: usize) -> bool {
        let first_new = self.log.last_index().next();
        let new = sent.get(known..).unwrap_or_default();
        let (bytes, holds_configuration) = self.log.extend(new);
        self.durability.take_in(bytes);
        self.durability.changed_from(first_new);
        if known == 0 {
            // The disk is given the very list that came.
            self.recent.keep(first_new, sent, bytes);
        }
        holds_configuration
    }

    /// Deletes the entry at `from` and all that follow it.
    pub(crate) fn truncate(&mut self, from: Index) {
        self.log.truncate(from);
        self.recent.forget();
        self.durability.truncated(from);
    }

    /// Puts `snapshot` in the place of the entries up to its last index; those after it stay.
    pub(crate) fn compact(&mut self, snapshot: Snapshot) {
        self.log.compact(snapshot);
        self.durability.changed_snapshot();
    }

    /// Puts `snapshot`, which came from a leader, in the place of the entries up to its last
    /// index, or of the whole log if what follows them is not to be retained; everything up to
    /// `committed` agreed with it.
    pub(crate) fn install(&mut self, snapshot: Snapshot, retains: bool, committed: Index) {
        self.durability.take_in(snapshot.data.len());
        if retains {
            self.compact(snapshot);
        } else {
            self.reset(snapshot, committed);
        }
    }

    fn reset(&mut self, snapshot: Snapshot, committed: Index) {
        self.log.reset(snapshot);
        self.recent.forget();
        // Until the snapshot is durable, the disk holds another log than this from the first
        // entry on that was not committed.
        self.durability.truncated(committed.next());
        self.durability.changed_snapshot();
    }

    /// The disk has been given other contents under the running server: nothing is left to be
    /// written.
    pub(crate) fn overwrite(&mut self, persistent: Persistent<C>) {
        self.hard_state = persistent.hard_state;
        self.log = Log::new(persistent.snapshot, persistent.entries);
        self.recent.forget();
        self.durability.replaced(self.log.last_index());
    }

    /// All that changed since the last write, as one write.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the write is made where the host keeps it (`peers`, batch 1)"
    )]
    pub(crate) fn take_write(&mut self) -> Option<Write<C>> {
        let changes = self.durability.take(self.log.last_index())?;
        let entries = changes.log_from.map(|from| {
            let from = from.max(self.log.first_index());
            let count = self.log.count_from(from);
            (
                from,
                self.recent.copy(&self.log, from, count, changes.bytes),
            )
        });
        Some(Write {
            id: changes.id,
            hard_state: changes.hard_state.then_some(self.hard_state),
            snapshot: changes.snapshot.then(|| self.log.snapshot().clone()),
            entries,
        })
    }

    /// The host reports a write done; returns whether more is durable now.
    #[inline]
    pub(crate) fn complete(&mut self, id: WriteId) -> bool {
        self.durability.complete(id)
    }

    /// How many entries there are from `first` on: at most `count_max` of them and `bytes_max`
    /// bytes, though always one.
    #[inline]
    pub(crate) fn count_fitting(&self, first: Index, count_max: usize, bytes_max: usize) -> usize {
        self.recent
            .count_fitting(&self.log, first, count_max, bytes_max)
    }

    /// Copies of the first `count` entries from `first` on, which fit into `bytes_max`.
    #[inline]
    pub(crate) fn copied(&mut self, first: Index, count: usize, bytes_max: usize) -> Entries<C> {
        self.recent.copy(&self.log, first, count, bytes_max)
    }
}

impl<C> Stable<C> {
    /// Its term and vote.
    pub(crate) const fn hard_state(&self) -> HardState {
        self.hard_state
    }

    /// The latest term that it has seen.
    #[inline]
    pub(crate) const fn current_term(&self) -> Term {
        self.hard_state.current_term
    }

    /// The log.
    #[inline]
    pub(crate) const fn log(&self) -> &Log<C> {
        &self.log
    }

    /// What of all this is durable.
    #[inline]
    pub(crate) const fn durability(&self) -> &Durability {
        &self.durability
    }

    #[cfg(test)]
    pub(crate) const fn durability_mut(&mut self) -> &mut Durability {
        &mut self.durability
    }

    /// The entries that were copied last.
    pub(crate) const fn recent(&self) -> &Recent<C> {
        &self.recent
    }
}
