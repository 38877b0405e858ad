//! The replicated log, from its snapshot to its last entry (§5.3, §7).
//!
//! Indices start at 1 and have no gaps. What a snapshot has taken the place
//! of is gone, but the index and the term of the last entry in it are kept,
//! because the consistency check of AppendEntries may still ask for them. So
//! "the term at an index" has three answers, and [`Log::term_at`] gives
//! each its own: known, compacted away, and beyond the end.

use alloc::vec::Vec;

use crate::persist::Snapshot;
use crate::types::{Index, Term};

/// One entry of the log: a command and the term in which a leader received it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry<C> {
    /// The term of the leader that created it.
    pub term: Term,
    /// What the state machine is to do.
    pub command: C,
}

/// What a log can say of the term at an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermAt {
    /// The entry there, or the snapshot's last one, has this term.
    Known(Term),
    /// The entry is inside the snapshot: committed, but its term is forgotten.
    Compacted,
    /// The log ends before it.
    Missing,
}

/// A server's log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Log<C> {
    snapshot: Snapshot,
    entries: Vec<Entry<C>>,
}

impl<C> Log<C> {
    /// A log of `entries` that follow `snapshot`.
    #[must_use]
    pub const fn new(snapshot: Snapshot, entries: Vec<Entry<C>>) -> Self {
        Self { snapshot, entries }
    }

    /// The snapshot that the log begins with; at index 0 before the first.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The entries after the snapshot.
    #[must_use]
    pub fn entries(&self) -> &[Entry<C>] {
        &self.entries
    }

    /// The index of the first entry that is, or would be, after the snapshot.
    #[must_use]
    pub const fn first_index(&self) -> Index {
        self.snapshot.last_included_index.next()
    }

    /// The index of the last entry; that of the snapshot where none follows.
    #[must_use]
    pub const fn last_index(&self) -> Index {
        self.snapshot.last_included_index.plus(self.entries.len())
    }

    /// The term of the last entry; that of the snapshot where none follows.
    #[must_use]
    pub fn last_term(&self) -> Term {
        self.entries
            .last()
            .map_or(self.snapshot.last_included_term, |entry| entry.term)
    }

    /// The entry at `index`, where the log has it.
    #[must_use]
    pub fn get(&self, index: Index) -> Option<&Entry<C>> {
        self.entries.get(self.offset(index)?)
    }

    /// The term at `index`. Index 0 has term 0, so that an empty log matches
    /// an empty log.
    #[must_use]
    pub fn term_at(&self, index: Index) -> TermAt {
        let base = self.snapshot.last_included_index;
        if index == base {
            return TermAt::Known(self.snapshot.last_included_term);
        }
        if index < base {
            return TermAt::Compacted;
        }
        self.get(index)
            .map_or(TermAt::Missing, |entry| TermAt::Known(entry.term))
    }

    /// The entries from `from` on, at most `count_max` of them.
    #[must_use]
    pub fn from(&self, from: Index, count_max: usize) -> &[Entry<C>] {
        let start = self.offset(from).unwrap_or(0).min(self.entries.len());
        let end = start.saturating_add(count_max).min(self.entries.len());
        &self.entries[start..end]
    }

    /// Whether a log that ends in `last_log_term` at `last_log_index` is at
    /// least as up to date as this one (§5.4.1): the later term wins, and
    /// within one term the longer log.
    #[must_use]
    pub fn is_up_to_date(&self, last_log_index: Index, last_log_term: Term) -> bool {
        (last_log_term, last_log_index) >= (self.last_term(), self.last_index())
    }

    /// The first index of the run of equal terms that `index` stands in: the
    /// XIndex of a conflict there.
    #[must_use]
    pub fn first_index_of_run(&self, index: Index) -> Index {
        let Some(offset) = self.offset(index) else {
            return index;
        };
        let term = self.entries.get(offset).map(|entry| entry.term);
        let same = self
            .entries
            .iter()
            .take(offset)
            .rev()
            .take_while(|entry| Some(entry.term) == term)
            .count();
        Index(index.0.saturating_sub(same as u64))
    }

    /// The last index not after `up_to` whose entry has `term`.
    #[must_use]
    pub fn last_index_of_term(&self, term: Term, up_to: Index) -> Option<Index> {
        let known = self.entries.len().min(
            self.offset(up_to)
                .map_or(0, |offset| offset.saturating_add(1)),
        );
        let found = self.entries[..known]
            .iter()
            .rposition(|entry| entry.term == term)
            .map(|offset| self.first_index().plus(offset));
        let base = &self.snapshot;
        found.or_else(|| {
            (base.last_included_term == term && base.last_included_index <= up_to)
                .then_some(base.last_included_index)
        })
    }

    pub(crate) fn append(&mut self, entry: Entry<C>) -> Index {
        self.entries.push(entry);
        self.last_index()
    }

    /// Deletes the entry at `from` and all that follow it.
    pub(crate) fn truncate(&mut self, from: Index) {
        if let Some(offset) = self.offset(from) {
            self.entries.truncate(offset);
        }
    }

    /// Puts `snapshot` in the place of the entries up to its last index and
    /// keeps those after it.
    pub(crate) fn compact(&mut self, snapshot: Snapshot) {
        let covered = self
            .offset(snapshot.last_included_index)
            .map_or(0, |offset| offset.saturating_add(1));
        self.entries.drain(..covered.min(self.entries.len()));
        self.snapshot = snapshot;
    }

    /// Puts `snapshot` in the place of the whole log.
    pub(crate) fn reset(&mut self, snapshot: Snapshot) {
        self.entries.clear();
        self.snapshot = snapshot;
    }

    fn offset(&self, index: Index) -> Option<usize> {
        let after = index.0.checked_sub(self.first_index().0)?;
        usize::try_from(after).ok()
    }
}
