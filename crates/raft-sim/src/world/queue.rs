//! What is going to happen at known times.

use std::collections::VecDeque;

use crate::time::Micros;

/// Things in the order of their times, and at one time of their being put there.
///
/// Few are waiting at any time, and most are put near the end and taken from the front: a sorted
/// list does that faster than a tree, and is the same list for the same things.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Queue<T>(VecDeque<(Micros, T)>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Queue<T> {
    /// When the first thing happens.
    pub(super) fn next_at(&self) -> Option<Micros> {
        self.0.front().map(|(at, _)| *at)
    }

    /// Takes the first thing out.
    pub(super) fn take_next(&mut self) -> Option<T> {
        self.0.pop_front().map(|(_, thing)| thing)
    }

    /// Puts `thing` after all that happens at `at` or before.
    pub(super) fn put(&mut self, at: Micros, thing: T) {
        match self.0.back() {
            Some((last, _)) if *last > at => {
                let place = self.0.partition_point(|(before, _)| *before <= at);
                self.0.insert(place, (at, thing));
            }
            _ => self.0.push_back((at, thing)),
        }
    }

    /// Changes what is there, in its order, and nothing of when it happens.
    pub(super) fn change(&mut self, change: impl Fn(&mut T)) {
        self.0.iter_mut().for_each(|(_, thing)| change(thing));
    }

    /// Takes out what is not to be kept.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.0.retain(|(_, thing)| keep(thing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_gives_what_a_tree_by_time_and_order_gives(
            steps in prop::collection::vec(prop::option::weighted(0.6, 0_u64..8), 0..64),
        ) {
            let (mut queue, mut tree) = (Queue::default(), BTreeMap::new());
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Some(at) => {
                        queue.put(Micros(at), number);
                        tree.insert((Micros(at), number), number);
                    }
                    None if number % 7 == 0 => {
                        queue.retain(|thing| thing % 3 != 0);
                        tree.retain(|_, thing| *thing % 3 != 0);
                    }
                    None => {
                        let first = tree.pop_first();
                        prop_assert_eq!(queue.next_at(), first.map(|((at, _), _)| at));
                        prop_assert_eq!(queue.take_next(), first.map(|(_, thing)| thing));
                    }
                }
            }
        }
    }
}
