//! A list whose copies share what they have in common.
//!
//! A log only grows at its end, and whoever keeps many copies of a server (a simulator, a
//! checker, a test) should not pay for the whole of it each time. So all but the last entries lie
//! in segments of a fixed size that never change any more, and full rows of segments in pages:
//! a copy takes a reference to each page, to each segment outside of a page, and copies the
//! entries of the tail. What a million entries cost a copy is some sixty references.
//!
//! The length alone says where an entry lies. That makes finding one a matter of shifts, and two
//! lists of one content the same in their structure.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};
use core::iter::FusedIterator;
use core::ops::Range;

/// How many items are in a segment, and how many segments in a page. Shorter tails make copies
/// cheaper, longer segments make appending so: one allocation a segment.
const FULL: usize = 256;

/// Items that never change.
type Segment<T> = Arc<Vec<T>>;

/// A list that grows at its end and is cheap to clone, however long it is.
///
/// Appending costs what it does for a `Vec`. Shortening it copies a segment at most, and taking
/// items away at its beginning copies those that stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedVec<T> {
    pages: Vec<Arc<[Segment<T>]>>,
    /// The segments after the pages, too few for another one.
    segments: Vec<Segment<T>>,
    /// How many items are in pages and segments.
    sealed: usize,
    /// The items after those: none only where there are none at all.
    tail: Vec<T>,
}

impl<T> SharedVec<T> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            pages: Vec::new(),
            segments: Vec::new(),
            sealed: 0,
            tail: Vec::new(),
        }
    }

    /// How many items it has.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.sealed + self.tail.len()
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.tail.is_empty()
    }

    /// The item at `place`, the first one being at 0.
    #[must_use]
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        match place.checked_sub(self.sealed) {
            Some(place) => self.tail.get(place),
            None => self.get_sealed(place),
        }
    }

    /// An item that is not in the tail, where nearly all are that a node looks at.
    #[cold]
    #[inline(never)]
    fn get_sealed(&self, place: usize) -> Option<&T> {
        self.segment(place / FULL)?.get(place % FULL)
    }

    fn segment(&self, number: usize) -> Option<&Segment<T>> {
        match self.pages.get(number / FULL) {
            Some(page) => page.get(number % FULL),
            None => self.segments.get(number - self.pages.len() * FULL),
        }
    }

    /// The last item.
    #[must_use]
    #[inline]
    pub fn last(&self) -> Option<&T> {
        self.tail.last()
    }

    /// All items.
    #[must_use]
    pub const fn iter(&self) -> Iter<'_, T> {
        Iter {
            list: self,
            places: 0..self.len(),
        }
    }

    /// The items at these places, as far as there are any.
    #[must_use]
    pub fn range(&self, places: Range<usize>) -> Iter<'_, T> {
        let end = places.end.min(self.len());
        Iter {
            list: self,
            places: places.start.min(end)..end,
        }
    }

    /// The items at these places, where they lie beside each other.
    #[inline]
    pub(crate) fn slice(&self, places: Range<usize>) -> Option<&[T]> {
        let sealed = self.sealed;
        if let Some(start) = places.start.checked_sub(sealed) {
            return self.tail.get(start..places.end.checked_sub(sealed)?);
        }
        self.slice_sealed(places)
    }

    #[cold]
    #[inline(never)]
    fn slice_sealed(&self, places: Range<usize>) -> Option<&[T]> {
        let start = places.start % FULL;
        let end = start + places.end.checked_sub(places.start)?;
        self.segment(places.start / FULL)?.get(start..end)
    }

    /// How many items at its beginning it shares with `other`: what one of them takes beside the
    /// other is the rest.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> usize {
        let pages = self.pages.iter().zip(&other.pages);
        let pages = pages
            .take_while(|(one, other)| Arc::ptr_eq(one, other))
            .count();
        // What is a page here may be segments there.
        let segments = self.segments_after(pages).iter();
        let segments = segments.zip(other.segments_after(pages));
        let segments = segments
            .take_while(|(one, other)| Arc::ptr_eq(one, other))
            .count();
        (pages * FULL + segments) * FULL
    }

    /// Those of the page after so many, or of no page.
    fn segments_after(&self, pages: usize) -> &[Segment<T>] {
        self.pages.get(pages).map_or(&self.segments, |page| page)
    }

    /// Adds an item at the end.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "the item is made where it is kept (`peers`, batch 1)"
    )]
    pub fn push(&mut self, item: T) {
        if self.tail.len() == FULL {
            self.seal();
        }
        self.tail.push(item);
    }

    /// Adds what `copy` makes of each of `items` at the end.
    #[inline]
    pub(crate) fn extend_by(&mut self, mut items: &[T], mut copy: impl FnMut(&T) -> T) {
        loop {
            let room = FULL - self.tail.len();
            if items.len() <= room {
                return self.tail.extend(items.iter().map(copy));
            }
            let (now, later) = items.split_at(room);
            self.tail.extend(now.iter().map(&mut copy));
            self.seal();
            items = later;
        }
    }

    /// The tail becomes a segment.
    #[cold]
    #[inline(never)]
    fn seal(&mut self) {
        let tail = core::mem::replace(&mut self.tail, Vec::with_capacity(FULL));
        self.segments.push(Arc::new(tail));
        self.sealed += FULL;
        if self.segments.len() == FULL {
            self.pages.push(self.segments.drain(..).collect());
        }
    }

    /// Takes all items away.
    pub fn clear(&mut self) {
        self.pages.clear();
        self.segments.clear();
        self.sealed = 0;
        self.tail.clear();
    }
}

impl<T: Clone> SharedVec<T> {
    /// Adds copies of `items` at the end.
    pub fn extend_from_slice(&mut self, items: &[T]) {
        self.extend_by(items, T::clone);
    }

    /// Keeps the first `len` items, or all if there are no more.
    #[inline(never)]
    pub fn truncate(&mut self, len: usize) {
        if len == 0 {
            return self.clear();
        }
        if let Some(kept) = len.checked_sub(self.sealed)
            && kept > 0
        {
            return self.tail.truncate(kept);
        }
        // The last item that stays makes the segment it is in the tail.
        let number = (len - 1) / FULL;
        let Some(last) = self.segment(number).map(Arc::clone) else {
            return;
        };
        self.sealed = number * FULL;
        self.tail.clear();
        self.tail.extend_from_slice(&last[..len - self.sealed]);
        if let Some(page) = self.pages.get(number / FULL) {
            self.segments = page[..number % FULL].to_vec();
            self.pages.truncate(number / FULL);
        } else {
            self.segments.truncate(number - self.pages.len() * FULL);
        }
    }

    /// Takes the first `count` items away, or all if there are no more.
    #[inline(never)]
    pub fn remove_first(&mut self, count: usize) {
        if count >= self.len() {
            self.clear();
        } else if self.sealed == 0 {
            self.tail.drain(..count);
        } else if count > 0 {
            *self = self.range(count..self.len()).cloned().collect();
        }
    }
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// As a slice of the same items is hashed.
impl<T: Hash> Hash for SharedVec<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|item| item.hash(state));
    }
}

impl<T> Extend<T> for SharedVec<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> FromIterator<T> for SharedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut list = Self::new();
        list.extend(items);
        list
    }
}

impl<T> From<Vec<T>> for SharedVec<T> {
    fn from(items: Vec<T>) -> Self {
        if items.len() > FULL {
            return items.into_iter().collect();
        }
        Self {
            tail: items,
            ..Self::new()
        }
    }
}

impl<'a, T> IntoIterator for &'a SharedVec<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

#[cfg(feature = "serde")]
impl<T: serde::Serialize> serde::Serialize for SharedVec<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for SharedVec<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

/// Items of a [`SharedVec`] in their order.
#[derive(Debug)]
pub struct Iter<'a, T> {
    list: &'a SharedVec<T>,
    places: Range<usize>,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self {
            list: self.list,
            places: self.places.clone(),
        }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        self.list.get(self.places.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }

    fn nth(&mut self, count: usize) -> Option<&'a T> {
        self.list.get(self.places.nth(count)?)
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.list.get(self.places.next_back()?)
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

impl<T> FusedIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;

    use super::*;

    /// What is done to a list; lengths are in permille of what there is.
    #[derive(Debug, Clone)]
    enum Step {
        Push,
        Extend(usize),
        Truncate(usize),
        RemoveFirst(usize),
        Copy,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let many = prop_oneof![0_usize..4, 0..2 * FULL, Just(FULL * FULL)];
        let step = prop_oneof![
            3 => Just(Step::Push),
            6 => many.prop_map(Step::Extend),
            2 => (0_usize..1001).prop_map(Step::Truncate),
            1 => (0_usize..1001).prop_map(Step::RemoveFirst),
            2 => Just(Step::Copy),
        ];
        prop::collection::vec(step, 0..16)
    }

    fn agrees(list: &SharedVec<u32>, model: &[u32]) -> Result<(), TestCaseError> {
        prop_assert_eq!(list.len(), model.len());
        prop_assert_eq!(list.is_empty(), model.is_empty());
        prop_assert_eq!(list.last(), model.last());
        prop_assert!(list.iter().eq(model) && list.iter().rev().eq(model.iter().rev()));
        prop_assert_eq!(list.get(model.len()), None);
        // Whatever made it, it is the list that its items make.
        prop_assert_eq!(list, &SharedVec::from(model.to_vec()));
        Ok(())
    }

    proptest! {
        #![proptest_config(crate::cases::cases(300))]

        /// Whatever is done to it, it is what a `Vec` would be, and copies stay as they were.
        #[test]
        fn it_agrees_with_a_vec(steps in steps(), from in 0_usize..1001, count in 0_usize..300) {
            let (mut list, mut model) = (SharedVec::new(), Vec::new());
            let mut copies = Vec::new();
            let mut next = 0_u32..;
            for step in steps {
                let len = |permille: usize| model.len() * permille / 1000;
                match step {
                    Step::Push => {
                        model.extend(next.next());
                        list.push(model[model.len() - 1]);
                    }
                    Step::Extend(count) => {
                        let items: Vec<u32> = next.by_ref().take(count).collect();
                        list.extend_from_slice(&items);
                        model.extend(items);
                    }
                    Step::Truncate(permille) => {
                        let len = len(permille);
                        list.truncate(len);
                        model.truncate(len);
                    }
                    Step::RemoveFirst(permille) => {
                        let count = len(permille);
                        list.remove_first(count);
                        model.drain(..count);
                    }
                    Step::Copy => copies.push((list.clone(), model.clone())),
                }
                agrees(&list, &model)?;
            }
            for (list, model) in &copies {
                agrees(list, model)?;
            }
            let start = model.len() * from / 1000;
            let end = model.len().min(start + count);
            let expected = &model[start..end];
            prop_assert!(list.range(start..start + count).eq(expected));
            if let Some(slice) = list.slice(start..end) {
                prop_assert_eq!(slice, expected);
            }
        }
    }

    /// What a copy shares costs it nothing: only the tail is copied.
    #[test]
    fn copies_share_all_but_their_tails() {
        let list: SharedVec<usize> = (0..FULL * FULL * 2 + FULL * 3 + 5).collect();
        let copy = list.clone();
        assert_eq!((copy.pages.len(), copy.segments.len()), (2, 3));
        let is_shared = |place| match (list.get(place), copy.get(place)) {
            (Some(one), Some(other)) => core::ptr::eq(one, other),
            _ => false,
        };
        let shared = (0..list.len()).filter(|place| is_shared(*place));
        assert_eq!(shared.count(), list.len() - 5);
        assert_eq!(list.shared_with(&copy), list.len() - 5);
        // A copy that has grown by a page, one that was cut off and grew again, and a stranger.
        let mut longer = copy.clone();
        longer.extend(0..FULL * FULL);
        assert_eq!(list.shared_with(&longer), list.len() - 5);
        let mut other = copy;
        other.truncate(FULL * FULL + FULL * 2 + 1);
        other.extend(0..FULL * FULL);
        assert_eq!(other.shared_with(&list), FULL * FULL + FULL * 2);
        assert_eq!(list.shared_with(&list.iter().copied().collect()), 0);
    }

    /// §7: what is taken away is not kept in memory by what stays.
    #[test]
    fn what_is_removed_is_dropped() {
        let item = Arc::new(());
        let mut list: SharedVec<_> = (0..FULL * 3).map(|_| item.clone()).collect();
        list.remove_first(FULL + 1);
        assert_eq!(Arc::strong_count(&item), 1 + FULL * 2 - 1);
        list.truncate(FULL + 1);
        assert_eq!(Arc::strong_count(&item), 1 + FULL + 1);
    }
}
