//! The replicated log, from its snapshot to its last entry (§5.3, §7).
//!
//! Indices start at 1 and have no gaps. What a snapshot has taken the place
//! of is gone, but the index and the term of the last entry in it are kept,
//! because the consistency check of AppendEntries may still ask for them. So
//! "the term at an index" has three answers, and [`Log::term_at`] gives
//! each its own: known, compacted away, and beyond the end.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::Configuration;
use crate::entry::{Command, Entry, Snapshot};
use crate::shared_vec::{Iter, SharedVec};
use crate::types::{Index, Term};

/// The end of a log. Of two logs that one is more up-to-date whose end is greater (§5.4.1): the later
/// term wins, and within one term the longer log. The order of the fields is that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogEnd {
    /// The term of the last entry.
    pub term: Term,
    /// Its index.
    pub index: Index,
}

impl LogEnd {
    pub(crate) const fn of(term: Term, index: Index) -> Self {
        Self { term, index }
    }
}

/// What a log can say of the term at an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Where it begins and where it ends, which is asked for at each step (`peers`, all of it).
    first_index: Index,
    end: LogEnd,
    entries: SharedVec<Entry<C>>,
    /// The configurations among the entries, in their order.
    configurations: Vec<(Index, Arc<Configuration>)>,
}

impl<C> Log<C> {
    /// A log of `entries` that follow `snapshot`.
    #[must_use]
    pub fn new(snapshot: Snapshot, entries: SharedVec<Entry<C>>) -> Self {
        let first = snapshot.last_included_index.next();
        let configurations = entries.iter().enumerate().filter_map(|(offset, entry)| {
            let configuration = entry.configuration()?;
            Some((first.plus(offset), configuration.clone()))
        });
        Self {
            configurations: configurations.collect(),
            first_index: first,
            end: end_of(&snapshot, &entries),
            snapshot,
            entries,
        }
    }

    /// The latest configuration, committed or not.
    #[must_use]
    pub fn configuration(&self) -> &Arc<Configuration> {
        let last = self.configurations.last();
        last.map_or(&self.snapshot.configuration, |(_, latest)| latest)
    }

    /// Where the latest configuration lies; the snapshot's last index where
    /// no entry holds one.
    #[must_use]
    pub fn configuration_index(&self) -> Index {
        let last = self.configurations.last();
        last.map_or(self.snapshot.last_included_index, |(index, _)| *index)
    }

    /// The latest configuration up to `index`, which the log still has.
    #[must_use]
    pub fn configuration_at(&self, index: Index) -> &Arc<Configuration> {
        let mut earlier = self.configurations.iter().rev();
        let found = earlier.find(|(at, _)| *at <= index);
        found.map_or(&self.snapshot.configuration, |(_, found)| found)
    }

    /// The snapshot that the log begins with; at index 0 before the first.
    #[must_use]
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The entries after the snapshot.
    #[must_use]
    pub const fn entries(&self) -> &SharedVec<Entry<C>> {
        &self.entries
    }

    /// The index of the first entry that is, or would be, after the snapshot.
    #[must_use]
    pub const fn first_index(&self) -> Index {
        self.first_index
    }

    /// The index of the last entry; that of the snapshot where none follows.
    #[must_use]
    pub const fn last_index(&self) -> Index {
        self.end.index
    }

    /// The term of the last entry; that of the snapshot where none follows.
    #[must_use]
    pub const fn last_term(&self) -> Term {
        self.end.term
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
        // That of the last entry is asked for most.
        if index == self.last_index() {
            return TermAt::Known(self.last_term());
        }
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
    pub fn from(&self, from: Index, count_max: usize) -> Iter<'_, Entry<C>> {
        let start = self.offset(from).unwrap_or(0);
        self.entries.range(start..start.saturating_add(count_max))
    }

    /// The entries from `from` on, at most `count_max` of them, where they lie beside each other.
    pub(crate) fn slice(&self, from: Index, count_max: usize) -> Option<&[Entry<C>]> {
        if count_max == 1 {
            return self.get(from).map(core::slice::from_ref);
        }
        let start = self.offset(from).unwrap_or(0);
        let end = start.saturating_add(count_max).min(self.entries.len());
        self.entries.slice(start..end)
    }

    /// How many entries there are from `from` on.
    pub(crate) fn count_from(&self, from: Index) -> usize {
        let before = self.offset(from).unwrap_or(0);
        self.entries.len().saturating_sub(before)
    }

    /// Its end, by which logs are compared.
    #[must_use]
    pub const fn end(&self) -> LogEnd {
        self.end
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
            .range(0..offset)
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
        let found = self
            .entries
            .range(0..known)
            .rposition(|entry| entry.term == term)
            .map(|offset| self.first_index().plus(offset));
        let base = &self.snapshot;
        found.or_else(|| {
            (base.last_included_term == term && base.last_included_index <= up_to)
                .then_some(base.last_included_index)
        })
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the entry is made where it is kept (`peers`, batch 1)"
    )]
    pub(crate) fn append(&mut self, entry: Entry<C>) -> Index {
        let index = self.last_index().next();
        if let Some(configuration) = entry.configuration() {
            self.remember_configuration(index, configuration.clone());
        }
        self.end = LogEnd::of(entry.term, index);
        self.entries.push(entry);
        index
    }

    #[cold]
    fn remember_configuration(&mut self, index: Index, configuration: Arc<Configuration>) {
        self.configurations.push((index, configuration));
    }

    /// Appends copies of `entries`, of which there is most often one; returns how many bytes
    /// they have, and whether one of them holds a configuration.
    #[inline]
    pub(crate) fn extend(&mut self, entries: &[Entry<C>]) -> (usize, bool)
    where
        C: Command,
    {
        if let [entry] = entries {
            self.append(entry.clone());
            (entry.size_bytes(), entry.configuration().is_some())
        } else {
            self.extend_by_many(entries)
        }
    }

    /// They are counted as they are copied, so that each is looked at once (`peers`, batch 64).
    #[inline(never)]
    fn extend_by_many(&mut self, entries: &[Entry<C>]) -> (usize, bool)
    where
        C: Command,
    {
        let mut bytes = 0_usize;
        let mut holds_configuration = false;
        self.entries.extend_by(entries, |entry| {
            bytes = bytes.wrapping_add(entry.size_bytes());
            holds_configuration |= entry.configuration().is_some();
            entry.clone()
        });
        if holds_configuration {
            for (offset, entry) in entries.iter().enumerate() {
                if let Some(configuration) = entry.configuration() {
                    let index = self.last_index().next().plus(offset);
                    self.remember_configuration(index, configuration.clone());
                }
            }
        }
        self.update_ends();
        (bytes, holds_configuration)
    }

    /// Deletes the entry at `from` and all that follow it.
    #[cold]
    pub(crate) fn truncate(&mut self, from: Index)
    where
        C: Clone,
    {
        if let Some(offset) = self.offset(from) {
            self.entries.truncate(offset);
            self.update_ends();
            self.configurations.retain(|(index, _)| *index < from);
        }
    }

    /// Puts `snapshot` in the place of the entries up to its last index and
    /// keeps those after it.
    pub(crate) fn compact(&mut self, snapshot: Snapshot)
    where
        C: Clone,
    {
        let covered = self
            .offset(snapshot.last_included_index)
            .map_or(0, |offset| offset.saturating_add(1));
        self.entries.remove_first(covered);
        let last = snapshot.last_included_index;
        self.configurations.retain(|(index, _)| *index > last);
        self.snapshot = snapshot;
        self.update_ends();
    }

    /// Puts `snapshot` in the place of the whole log.
    pub(crate) fn reset(&mut self, snapshot: Snapshot) {
        self.entries.clear();
        self.configurations.clear();
        self.snapshot = snapshot;
        self.update_ends();
    }

    /// Whether what is kept of the entries agrees with them.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let base = self.snapshot.last_included_index;
        if self.first_index != base.next() || self.end != end_of(&self.snapshot, &self.entries) {
            return Err("the log does not begin or end where its entries do");
        }
        let holds = |(index, known): &(Index, Arc<Configuration>)| {
            let found = self.get(*index).and_then(Entry::configuration);
            found.is_some_and(|found| Arc::ptr_eq(found, known))
        };
        // Indices saturate behind a snapshot that claims the last of them.
        if base.plus(self.entries.len()) < Index(u64::MAX)
            && !(self.configurations.iter().all(holds)
                && self.configurations.is_sorted_by(|a, b| a.0 < b.0))
        {
            return Err("the configurations are not those among the entries");
        }
        Ok(())
    }

    fn update_ends(&mut self) {
        self.first_index = self.snapshot.last_included_index.next();
        self.end = end_of(&self.snapshot, &self.entries);
    }

    fn offset(&self, index: Index) -> Option<usize> {
        let after = index.0.checked_sub(self.first_index().0)?;
        usize::try_from(after).ok()
    }
}

/// Where a log of `entries` that follow `snapshot` ends.
fn end_of<C>(snapshot: &Snapshot, entries: &SharedVec<Entry<C>>) -> LogEnd {
    let last_term = entries.last().map(|entry| entry.term);
    LogEnd {
        term: last_term.unwrap_or(snapshot.last_included_term),
        index: snapshot.last_included_index.plus(entries.len()),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;

    use super::*;
    use crate::entry::Payload;
    use crate::types::NodeId;

    /// What is done to a log; each number is taken modulo what there is.
    #[derive(Debug, Clone)]
    enum Step {
        Append(Option<u16>),
        Truncate(usize),
        Compact(usize),
        Reset(u64, u16),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = |bits: u16| match (bits % 16, bits / 16 % 9) {
            (0..4, _) => Step::Append(None),
            (4..10, n) => Step::Append(Some(n)),
            (10..12, n) => Step::Truncate(n.into()),
            (12..15, n) => Step::Compact(n.into()),
            (_, n) => Step::Reset(n.into(), n + 20),
        };
        let steps = prop::collection::vec(any::<u16>(), 0..24);
        steps.prop_map(move |bits| bits.into_iter().map(step).collect())
    }

    fn naming(voter: u16) -> Arc<Configuration> {
        Arc::new(Configuration::new([NodeId(voter)], []).expect("possible"))
    }

    fn entry(voter: Option<u16>) -> Entry<u64> {
        let configuration = voter.map(|voter| Payload::Configuration(naming(voter)));
        Entry {
            term: Term(1),
            payload: configuration.unwrap_or(Payload::NoOp),
        }
    }

    fn snapshot(last: Index, configuration: Arc<Configuration>) -> Snapshot {
        Snapshot {
            last_included_index: last,
            configuration,
            ..Snapshot::default()
        }
    }

    /// A log as the list of its entries, each with the configuration that it
    /// holds, if any; nothing about configurations is remembered.
    struct Model {
        base: u64,
        began_with: u16,
        entries: Vec<Option<u16>>,
    }

    impl Model {
        /// The latest configuration up to `at` and where it is, by looking
        /// through all of them.
        fn latest(&self, at: u64) -> (u64, u16) {
            let mut latest = (self.base, self.began_with);
            for (index, held) in (self.base + 1..).zip(&self.entries) {
                if let Some(voter) = held
                    && index <= at
                {
                    latest = (index, *voter);
                }
            }
            latest
        }

        /// Does the same to both.
        fn step(&mut self, log: &mut Log<u64>, step: &Step) {
            match *step {
                Step::Append(voter) => {
                    self.entries.push(voter);
                    let index = log.append(entry(voter));
                    assert_eq!(index.0, self.base + self.entries.len() as u64);
                }
                Step::Truncate(n) => {
                    let keep = n % (self.entries.len() + 1);
                    self.entries.truncate(keep);
                    log.truncate(Index(self.base).plus(keep + 1));
                }
                Step::Compact(n) => {
                    let covered = n % (self.entries.len() + 1);
                    let last = Index(self.base).plus(covered);
                    let (_, voter) = self.latest(last.0);
                    self.entries.drain(..covered);
                    (self.base, self.began_with) = (last.0, voter);
                    log.compact(snapshot(last, log.configuration_at(last).clone()));
                }
                Step::Reset(base, voter) => {
                    self.entries.clear();
                    (self.base, self.began_with) = (base, voter);
                    log.reset(snapshot(Index(base), naming(voter)));
                }
            }
        }
    }

    proptest! {
        #![proptest_config(crate::cases::cases(50_000))]

        /// §4.1 of the dissertation, §7: whatever is appended, deleted and compacted, the latest
        /// configuration is the one that a look through the log finds, and a
        /// restart finds the same.
        #[test]
        fn configurations_agree_with_a_look_through_the_log(steps in steps(), at in 0_u64..24) {
            let mut log = Log::new(snapshot(Index::ZERO, naming(20)), SharedVec::new());
            let mut model = Model { base: 0, began_with: 20, entries: Vec::new() };
            for step in &steps {
                model.step(&mut log, step);
                let (index, voter) = model.latest(u64::MAX);
                prop_assert_eq!(log.configuration(), &naming(voter));
                prop_assert_eq!(log.configuration_index(), Index(index));
                let (_, voter) = model.latest(at);
                prop_assert_eq!(log.configuration_at(Index(at)), &naming(voter));
            }
            let again = Log::new(log.snapshot().clone(), log.entries().clone());
            prop_assert_eq!(again, log);
        }
    }

    #[test]
    fn what_is_kept_of_the_entries_and_does_not_agree_is_told() {
        let entries = [entry(None), entry(Some(1))].into_iter().collect();
        let sound = Log::new(Snapshot::default(), entries);
        assert_eq!(sound.check(), Ok(()));
        let breaks: [fn(&mut Log<u64>); 4] = [
            |log| log.first_index = Index(2),
            |log| log.end.term = Term(2),
            |log| log.configurations[0].1 = naming(1),
            |log| log.configurations.push(log.configurations[0].clone()),
        ];
        for break_it in breaks {
            let mut broken = sound.clone();
            break_it(&mut broken);
            assert!(broken.check().is_err(), "{broken:?}");
        }
    }
}
