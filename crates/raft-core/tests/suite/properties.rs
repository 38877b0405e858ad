//! Properties of the log (§5.3, §5.4.1, §7) and of a disk (Figure 2), each
//! beside a model too plain to be wrong.

use std::collections::BTreeMap;

use crate::common::snapshot;
use proptest::prelude::*;
use raft_core::{
    Entry, HardState, Index, Log, LogEnd, NodeId, Persistent, Snapshot, Term, TermAt, Write,
};

/// A log as a plain list of what is known of it: index and term, from the
/// snapshot's last entry on.
type Model = Vec<(u64, u64)>;

/// Terms never fall along a log (§5.3), so these are sorted.
fn logs() -> impl Strategy<Value = (Log<u64>, Model)> {
    let terms = prop::collection::vec(1_u64..6, 1..12);
    (0_u64..4, terms).prop_map(|(base, mut terms)| {
        terms.sort_unstable();
        let base_term = if base == 0 { 0 } else { terms.remove(0) };
        let entries = crate::common::entries(base + 1, &terms);
        let mut model = vec![(base, base_term)];
        model.extend((base + 1..).zip(terms));
        (Log::new(snapshot(base, base_term), entries.into()), model)
    })
}

fn term_in(model: &Model, at: u64) -> Option<u64> {
    let found = model.iter().find(|(index, _)| *index == at);
    found.map(|(_, term)| *term)
}

proptest! {
    #![proptest_config(crate::cases::cases(50_000))]

    /// §7: known, compacted or missing, and nothing else.
    #[test]
    fn term_at_agrees_with_the_list((log, model) in logs(), at in 0_u64..16) {
        let expected = match term_in(&model, at) {
            Some(term) => TermAt::Known(Term(term)),
            None if at < model[0].0 => TermAt::Compacted,
            None => TermAt::Missing,
        };
        prop_assert_eq!(log.term_at(Index(at)), expected);
        let (last_index, last_term) = model[model.len() - 1];
        prop_assert_eq!(log.last_index(), Index(last_index));
        prop_assert_eq!(log.last_term(), Term(last_term));
        let entry = log.get(Index(at)).map(|entry| entry.term.0);
        let own = term_in(&model, at).filter(|_| at > model[0].0);
        prop_assert_eq!(entry, own, "the snapshot's last entry has no command left");
    }

    /// §5.3: XIndex, the first entry that the log has of the term at `at`.
    #[test]
    fn first_index_of_run_agrees_with_the_list((log, model) in logs(), at in 0_u64..16) {
        let run = |term| {
            let mut entries = model[1..].iter();
            entries.find(|(_, other)| *other == term).map(|(index, _)| *index)
        };
        let in_entries = term_in(&model, at).filter(|_| at > model[0].0);
        let expected = in_entries.and_then(run).unwrap_or(at);
        prop_assert_eq!(log.first_index_of_run(Index(at)), Index(expected));
    }

    /// §5.3: the leader's own last entry of XTerm.
    #[test]
    fn last_index_of_term_agrees_with_the_list(
        (log, model) in logs(),
        term in 0_u64..7,
        up_to in prop_oneof![0_u64..16, Just(u64::MAX)],
    ) {
        let mut found = model.iter().filter(|(index, other)| *index <= up_to && *other == term);
        let expected = found.next_back().map(|(index, _)| Index(*index));
        prop_assert_eq!(log.last_index_of_term(Term(term), Index(up_to)), expected);
    }

    /// §5.4.1, word for word.
    #[test]
    fn the_order_of_ends_agrees_with_the_paper(
        (log, model) in logs(),
        index in 0_u64..16,
        term in 0_u64..7,
    ) {
        let (last_index, last_term) = model[model.len() - 1];
        let expected = if term == last_term { index >= last_index } else { term > last_term };
        let end = LogEnd { term: Term(term), index: Index(index) };
        prop_assert_eq!(end >= log.end(), expected);
    }

    /// So many entries and no more, from there on.
    #[test]
    fn from_agrees_with_the_list((log, model) in logs(), from in 0_u64..16, max in 0_usize..6) {
        let entries = model[1..].iter().filter(|(index, _)| *index >= from).take(max);
        let expected: Vec<u64> = entries.map(|(index, term)| 100 * term + index).collect();
        let found = log.from(Index(from), max).filter_map(Entry::command);
        let found: Vec<u64> = found.copied().collect();
        prop_assert_eq!(found, expected);
    }

    /// Whatever is written in whatever order, a disk is what a map from index
    /// to entry is, up to its first hole.
    #[test]
    fn a_disk_agrees_with_a_map(writes in prop::collection::vec(writes(), 0..8)) {
        let mut disk = Persistent::default();
        let mut model = DiskModel::default();
        for write in &writes {
            disk.apply(write);
            model.apply(write);
            prop_assert_eq!(disk.hard_state, model.hard_state);
            prop_assert_eq!(&disk.snapshot, &model.snapshot);
            let expected = model.entries.values().cloned().collect();
            prop_assert_eq!(&disk.entries, &expected);
            let last = model.entries.last_key_value().map(|(index, _)| Index(*index));
            prop_assert_eq!(disk.last_index(), last.unwrap_or(model.snapshot.last_included_index));
        }
    }

    /// A write that is carried out twice is carried out.
    #[test]
    fn a_write_repeated_changes_nothing(first in writes(), second in writes()) {
        let mut disk = Persistent::default();
        disk.apply(&first);
        disk.apply(&second);
        let once = disk.clone();
        disk.apply(&second);
        prop_assert_eq!(disk, once);
    }
}

fn writes() -> impl Strategy<Value = Write<u64>> {
    let hard_state = prop::option::of((0_u64..9, prop::option::of(1_u16..4)));
    let base = prop::option::of((0_u64..9, 0_u64..9));
    let entries = prop::option::of((0_u64..12, prop::collection::vec(0_u64..9, 0..6)));
    (hard_state, base, entries).prop_map(|(hard_state, base, entries)| Write {
        id: raft_core::WriteId::default(),
        hard_state: hard_state.map(|(term, vote)| HardState {
            current_term: Term(term),
            voted_for: vote.map(NodeId),
        }),
        snapshot: base.map(|(index, term)| snapshot(index, term)),
        entries: entries
            .map(|(from, terms)| (Index(from), crate::common::entries(from, &terms).into())),
    })
}

#[derive(Default)]
struct DiskModel {
    hard_state: HardState,
    snapshot: Snapshot,
    entries: BTreeMap<u64, Entry<u64>>,
}

impl DiskModel {
    fn apply(&mut self, write: &Write<u64>) {
        self.hard_state = write.hard_state.unwrap_or(self.hard_state);
        if let Some(snapshot) = &write.snapshot
            && snapshot.last_included_index >= self.snapshot.last_included_index
        {
            self.snapshot = snapshot.clone();
        }
        if let Some((from, entries)) = &write.entries {
            self.entries.retain(|index, _| *index < from.0);
            self.entries.extend((from.0..).zip(entries.iter().cloned()));
        }
        let base = self.snapshot.last_included_index.0;
        let mut next = base + 1;
        self.entries.retain(|index, _| {
            let follows = *index == next;
            next += u64::from(follows);
            follows
        });
    }
}
