//! Messages that wait for the disk.
//!
//! What a server says rests on what it has written: a vote, an answer that
//! entries are stored. Each message is kept here with the write that has to
//! be durable first (Figure 2), and comes out no earlier.

use alloc::collections::VecDeque;
use core::iter;

use crate::configuration::SERVERS_MAX;
use crate::message::{Envelope, Message};
use crate::persist::WriteId;
use crate::types::NodeId;

/// The most messages that are kept for one server while the disk stands still; after that
/// the newest gives way to the next, as if the network had lost it. More than any leader
/// that does not pipeline widely has in flight.
const HELD_FOR_ONE_MAX: usize = 64;

/// The most that are kept for all together. Members alone have no more; but whoever asks is
/// answered, and there are more names than members.
const HELD_MAX: usize = HELD_FOR_ONE_MAX * SERVERS_MAX;

/// The messages that wait, in the order in which they were sent.
#[derive(Debug, Clone)]
pub(crate) struct Outbox<C> {
    held: VecDeque<Held<C>>,
}

#[derive(Debug, Clone)]
struct Held<C> {
    /// The write that has to be durable before the message may leave.
    rests_on: WriteId,
    envelope: Envelope<C>,
}

impl<C> Outbox<C> {
    pub(crate) const fn new() -> Self {
        Self {
            held: VecDeque::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.held.clear();
    }

    /// Keeps what `make` makes, in the place where it makes it: to read a struct
    /// back right after it was written, as a copy does, stalls the processor.
    #[inline]
    pub(crate) fn push(
        &mut self,
        rests_on: WriteId,
        to: NodeId,
        make: impl FnOnce() -> Message<C>,
    ) {
        if self.held.len() >= HELD_FOR_ONE_MAX {
            self.make_room(to);
        }
        self.held.extend(iter::once_with(|| Held {
            rests_on,
            envelope: Envelope {
                to,
                message: make(),
            },
        }));
    }

    #[cold]
    fn make_room(&mut self, to: NodeId) {
        if self.held.len() >= HELD_MAX {
            self.held.pop_back();
        }
        let is_for = |held: &Held<C>| held.envelope.to == to;
        let count = self.held.iter().filter(|held| is_for(held)).count();
        if count >= HELD_FOR_ONE_MAX
            && let Some(newest) = self.held.iter().rposition(is_for)
        {
            self.held.remove(newest);
        }
    }

    /// Where the first message is whose write `is_durable`, which nearly always is the first
    /// of all.
    #[inline]
    pub(crate) fn first_ready(&self, is_durable: impl Fn(WriteId) -> bool) -> Option<usize> {
        if is_durable(self.held.front()?.rests_on) {
            return Some(0);
        }
        // Most often none follows, which an iterator takes longer to see (`peers`, batch 1).
        let is_ready = |place: &usize| {
            let held = self.held.get(*place);
            held.is_some_and(|held| is_durable(held.rests_on))
        };
        (1..self.held.len()).find(is_ready)
    }

    /// Takes out the message that is there.
    #[inline]
    pub(crate) fn remove(&mut self, place: usize) -> Option<Envelope<C>> {
        if place == 0 {
            return self.held.pop_front().map(|held| held.envelope);
        }
        self.remove_later(place)
    }

    /// Stands out of line, so that the first is copied straight to where the host keeps it
    /// (`peers`, batch 1).
    #[cold]
    #[inline(never)]
    fn remove_later(&mut self, place: usize) -> Option<Envelope<C>> {
        self.held.remove(place).map(|held| held.envelope)
    }

    /// Whether a message waits whose write `is_durable`.
    pub(crate) fn has_ready(&self, is_durable: impl Fn(WriteId) -> bool) -> bool {
        self.held.iter().any(|held| is_durable(held.rests_on))
    }

    /// All that waits, each with the write that it rests on.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (WriteId, &Envelope<C>)> {
        let held = self.held.iter();
        held.map(|held| (held.rests_on, &held.envelope))
    }

    #[cfg(test)]
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&mut WriteId, &mut Envelope<C>)> {
        let held = self.held.iter_mut();
        held.map(|held| (&mut held.rests_on, &mut held.envelope))
    }

    /// Whether something waits for `to` that is `wanted`.
    #[inline]
    pub(crate) fn holds(&self, to: NodeId, wanted: impl Fn(&Message<C>) -> bool) -> bool {
        let mut held = self.held.iter().map(|held| &held.envelope);
        held.any(|envelope| envelope.to == to && wanted(&envelope.message))
    }

    /// Forgets what is for `to` and is `obsolete` by what is said next, so that a disk that
    /// stands still cannot make the outbox grow without bound.
    #[inline]
    pub(crate) fn supersede(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        // Most often nothing waits, which is seen where this is called (`peers`, batch 1).
        if !self.held.is_empty() {
            self.keep_all_but(to, obsolete);
        }
    }

    #[cold]
    fn keep_all_but(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        self.held
            .retain(|Held { envelope, .. }| envelope.to != to || !obsolete(&envelope.message));
    }
}
