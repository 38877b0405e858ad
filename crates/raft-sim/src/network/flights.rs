//! The messages under way, by their ids.

use std::collections::{VecDeque, vec_deque};
use std::iter::Map;
use std::ops::{Bound, RangeBounds};

use super::Flight;
use crate::ids::MessageId;

/// A list sorted by id: ids only rise, few messages are under way at any time, and they arrive
/// about in the order of their sending.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Flights(VecDeque<(MessageId, Flight)>);

/// Messages with their ids, the one sent first before the others.
pub type FlightIter<'a> = Map<
    vec_deque::Iter<'a, (MessageId, Flight)>,
    fn(&'a (MessageId, Flight)) -> (&'a MessageId, &'a Flight),
>;

impl Flights {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The message `id`, if it is under way.
    #[must_use]
    pub fn get(&self, id: &MessageId) -> Option<&Flight> {
        self.place(*id).map(|place| &self.0[place].1)
    }

    /// All of them with their ids, the one sent first before the others.
    pub fn iter(&self) -> FlightIter<'_> {
        self.0.iter().map(|(id, flight)| (id, flight))
    }

    /// Those of these ids.
    pub fn range(&self, ids: impl RangeBounds<MessageId>) -> FlightIter<'_> {
        let start = self.0.partition_point(|(id, _)| match ids.start_bound() {
            Bound::Included(first) => id < first,
            Bound::Excluded(before) => id <= before,
            Bound::Unbounded => false,
        });
        let end = self.0.partition_point(|(id, _)| match ids.end_bound() {
            Bound::Included(last) => id <= last,
            Bound::Excluded(after) => id < after,
            Bound::Unbounded => true,
        });
        let range = self.0.range(start..end.max(start));
        range.map(|(id, flight)| (id, flight))
    }

    /// Their ids.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &MessageId> + Clone {
        self.0.iter().map(|(id, _)| id)
    }

    /// The messages themselves.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Flight> + Clone {
        self.0.iter().map(|(_, flight)| flight)
    }

    /// Gives each another id, in the same order.
    pub(super) fn renumber(&mut self, number: impl Fn(MessageId) -> MessageId) {
        self.0.iter_mut().for_each(|(id, _)| *id = number(*id));
    }

    /// Puts a message there whose id is greater than all before it.
    pub(super) fn insert(&mut self, id: MessageId, flight: Flight) {
        self.0.push_back((id, flight));
    }

    pub(super) fn get_mut(&mut self, id: MessageId) -> Option<&mut Flight> {
        self.place(id).map(|place| &mut self.0[place].1)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Flight> {
        self.0.iter_mut().map(|(_, flight)| flight)
    }

    pub(super) fn remove(&mut self, id: MessageId) -> Option<Flight> {
        let place = self.place(id)?;
        self.0.remove(place).map(|(_, flight)| flight)
    }

    fn place(&self, id: MessageId) -> Option<usize> {
        self.0.binary_search_by_key(&id, |(known, _)| *known).ok()
    }
}

impl<'a> IntoIterator for &'a Flights {
    type Item = (&'a MessageId, &'a Flight);
    type IntoIter = FlightIter<'a>;

    fn into_iter(self) -> FlightIter<'a> {
        self.iter()
    }
}
