//! What a leader keeps for each other server: a list sorted by server.
//!
//! A cluster has few servers, and a leader goes through all of them for each
//! answer it gets. A sorted list in one piece does that several times faster
//! than a tree.

use alloc::vec::Vec;

use crate::types::NodeId;

/// A value for each of a few servers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PeerMap<T>(Vec<(NodeId, T)>);

impl<T> Default for PeerMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> PeerMap<T> {
    /// The value for `id`, if it is one of the servers.
    #[must_use]
    pub fn get(&self, id: NodeId) -> Option<&T> {
        self.0
            .iter()
            .find(|(peer, _)| *peer == id)
            .map(|(_, value)| value)
    }

    /// Whether there is a value for `id`.
    #[must_use]
    pub fn contains_key(&self, id: NodeId) -> bool {
        self.get(id).is_some()
    }

    /// The servers in ascending order, with their values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&NodeId, &T)> + Clone {
        self.0.iter().map(|(id, value)| (id, value))
    }

    /// The values, by ascending server.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, id: NodeId) -> Option<&mut T> {
        // A loop finds it in fewer steps than an iterator does, here and below (`peers`, batch 1).
        for (peer, value) in &mut self.0 {
            if *peer == id {
                return Some(value);
            }
        }
        None
    }

    /// The servers from `id` on in ascending order, with their values.
    pub(crate) fn from(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &T)> {
        let mut rest = self.0.as_slice();
        while let [(peer, _), later @ ..] = rest
            && *peer < id
        {
            rest = later;
        }
        rest.iter().map(|(peer, value)| (*peer, value))
    }

    /// Puts a value for `id` in the place of the one that there may be.
    pub(crate) fn insert(&mut self, id: NodeId, value: T) {
        match self.0.binary_search_by_key(&id, |(peer, _)| *peer) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (id, value)),
        }
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(NodeId) -> bool) {
        self.0.retain(|(id, _)| keep(*id));
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl<T> FromIterator<(NodeId, T)> for PeerMap<T> {
    fn from_iter<I: IntoIterator<Item = (NodeId, T)>>(values: I) -> Self {
        let mut list: Vec<_> = values.into_iter().collect();
        list.sort_by_key(|(id, _)| *id);
        list.dedup_by_key(|(id, _)| *id);
        Self(list)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::vec::Vec;

    use super::PeerMap;
    use crate::types::NodeId;

    proptest! {
        #![proptest_config(crate::cases::cases(50_000))]

        #[test]
        fn it_agrees_with_a_tree(ids in prop::collection::btree_set(0_u16..12, 0..9), id in 0_u16..12) {
            let pairs = || ids.iter().rev().map(|id| (NodeId(*id), u32::from(*id) * 7));
            let tree: BTreeMap<NodeId, u32> = pairs().collect();
            let mut map: PeerMap<u32> = pairs().collect();
            prop_assert_eq!(map.get(NodeId(id)), tree.get(&NodeId(id)));
            prop_assert_eq!(map.contains_key(NodeId(id)), tree.contains_key(&NodeId(id)));
            prop_assert!(map.iter().eq(tree.iter()), "in ascending order");
            if let Some(value) = map.get_mut(NodeId(id)) {
                *value += 1;
                let raised = tree[&NodeId(id)] + 1;
                prop_assert_eq!(map.get(NodeId(id)), Some(&raised));
            }
            prop_assert_eq!(map.values().collect::<Vec<_>>().len(), tree.len());
        }

        /// §4.1 of the dissertation: servers come and go, and the others keep what they have.
        #[test]
        fn whoever_comes_and_goes_it_agrees_with_a_tree(
            changes in prop::collection::vec(any::<u32>(), 0..20),
            from in 0_u16..14,
        ) {
            let mut tree = BTreeMap::new();
            let mut map = PeerMap::default();
            for change in changes {
                let id = NodeId(u16::try_from(change % 12).expect("small"));
                if change / 12 % 2 == 0 {
                    tree.insert(id, change);
                    map.insert(id, change);
                } else {
                    tree.remove(&id);
                    map.retain(|other| other != id);
                }
                prop_assert!(map.iter().eq(tree.iter()), "in ascending order");
            }
            let from = NodeId(from);
            let rest = tree.range(from..).map(|(id, value)| (*id, value));
            prop_assert!(map.from(from).eq(rest), "in ascending order");
        }
    }
}
