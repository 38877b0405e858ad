//! What is remembered for each index of the log.

use std::sync::Arc;

use raft_core::Index;

/// So many indices lie in one piece.
const PIECE: usize = 256;

/// A value for each index from 1 on, or none.
///
/// It only grows, and worlds are copied often. So it lies in pieces that copies share, and only
/// the piece that is written to is copied.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ByIndex<T>(Vec<Arc<Vec<Option<T>>>>);

impl<T> Default for ByIndex<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> ByIndex<T> {
    /// The last index that has a value; zero if none has.
    pub(super) fn last_index(&self) -> Index {
        let Some(last) = self.0.last() else {
            return Index::ZERO;
        };
        Index::ZERO.plus((self.0.len() - 1) * PIECE + last.len())
    }

    /// The value at `index`.
    pub(super) fn get(&self, index: Index) -> Option<&T> {
        let place = place_of(index);
        self.0.get(place / PIECE)?.get(place % PIECE)?.as_ref()
    }

    /// The values from `first` on, with their indices.
    pub(super) fn from(&self, first: Index) -> impl Iterator<Item = (Index, &T)> {
        let place = place_of(first.max(Index::ZERO.next()));
        let pieces = self.0.iter().enumerate().skip(place / PIECE);
        let values = pieces.flat_map(|(piece, values)| {
            let indices = (piece * PIECE + 1..).map(|number| Index::ZERO.plus(number));
            indices.zip(values.iter())
        });
        values
            .skip(place % PIECE)
            .filter_map(|(index, value)| Some((index, value.as_ref()?)))
    }

    /// Puts a value at `index`, in the place of the one that there may be.
    pub(super) fn put(&mut self, index: Index, value: T) {
        let place = place_of(index);
        while self.0.len() <= place / PIECE {
            if let Some(last) = self.0.last_mut() {
                Arc::make_mut(last).resize_with(PIECE, || None);
            }
            self.0.push(Arc::new(Vec::with_capacity(PIECE)));
        }
        let piece = Arc::make_mut(&mut self.0[place / PIECE]);
        if piece.len() <= place % PIECE {
            piece.resize_with(place % PIECE + 1, || None);
        }
        piece[place % PIECE] = Some(value);
    }
}

/// Where a list has `index`; index 0 is before the first and never asked for.
fn place_of(index: Index) -> usize {
    usize::try_from(index.previous().0).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_agrees_with_a_tree_and_copies_stay_as_they_were(
            puts in prop::collection::vec((1_u64..900, any::<u8>()), 0..40),
            first in 0_u64..1000,
        ) {
            let (mut list, mut tree) = (ByIndex::default(), BTreeMap::new());
            let mut copies = Vec::new();
            for (index, value) in puts {
                copies.push((list.clone(), tree.clone()));
                list.put(Index(index), value);
                tree.insert(Index(index), value);
            }
            copies.push((list, tree));
            for (list, tree) in copies {
                let last = tree.keys().next_back().copied().unwrap_or(Index::ZERO);
                prop_assert_eq!(list.last_index(), last);
                prop_assert_eq!(list.get(Index(first.max(1))), tree.get(&Index(first.max(1))));
                let found: Vec<_> = list.from(Index(first)).collect();
                let expected: Vec<_> = tree.range(Index(first)..).map(|(i, v)| (*i, v)).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
