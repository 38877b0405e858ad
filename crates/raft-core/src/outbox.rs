//! Messages that wait for the disk.
//!
//! What a server says rests on what it has written: a vote, an answer that
//! entries are stored. Each message is kept here with the write that has to
//! be durable first (Figure 2), and comes out no earlier.

use alloc::collections::VecDeque;
use core::iter;

use crate::entry::Command;
use crate::message::{Envelope, Message};
use crate::node::Node;
use crate::persist::WriteId;
use crate::rule::{Conduct, Rule};
use crate::types::NodeId;

/// The messages that wait, in the order in which they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Outbox<C> {
    held: VecDeque<Held<C>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    fn push(&mut self, rests_on: WriteId, make: impl FnOnce() -> Envelope<C>) {
        self.held.extend(iter::once_with(|| Held {
            rests_on,
            envelope: make(),
        }));
    }

    #[inline]
    pub(crate) fn remove(&mut self, place: usize) -> Option<Envelope<C>> {
        let held = if place == 0 {
            self.held.pop_front()
        } else {
            self.held.remove(place)
        };
        held.map(|held| held.envelope)
    }

    /// What waits for `to` to be told.
    #[inline]
    pub(crate) fn held_for(&mut self, to: NodeId) -> impl Iterator<Item = &mut Message<C>> {
        let held = self.held.iter_mut().map(|held| &mut held.envelope);
        held.filter(move |envelope| envelope.to == to)
            .map(|envelope| &mut envelope.message)
    }

    /// Forgets what is for `to` and matches `obsolete`.
    #[inline]
    pub(crate) fn forget(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        if !self.held.is_empty() {
            self.held
                .retain(|Held { envelope, .. }| envelope.to != to || !obsolete(&envelope.message));
        }
    }
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Sends what `make` makes once all that it may rest on is durable.
    #[inline]
    pub(crate) fn send(&mut self, to: NodeId, make: impl FnOnce() -> Message<C>) {
        let message = || Envelope {
            to,
            message: make(),
        };
        self.outbox.push(self.durability.everything(), message);
    }

    /// Sends entries, or a snapshot, once the term is durable: what a leader
    /// sends says nothing of its own copy (§10.2.1 of the dissertation), and
    /// a snapshot holds committed entries only.
    pub(crate) fn send_early(&mut self, envelope: Envelope<C>) {
        self.outbox.push(self.durability.hard_state(), || envelope);
    }

    /// Forgets what is still kept back and matches `obsolete`, so that a
    /// disk that stands still cannot make the outbox grow without bound.
    #[inline]
    pub(crate) fn drop_held(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        self.outbox.forget(to, obsolete);
    }

    /// Whether any message may leave by the order of writes alone.
    pub(crate) fn poll_is_ready(&self) -> bool {
        let mut held = self.outbox.held.iter();
        held.any(|held| self.durability.is_durable(held.rests_on))
    }

    /// The place of the first message that may leave, which nearly always is
    /// the first of all.
    #[inline]
    pub(crate) fn ready_place(&self) -> Option<usize> {
        let first = self.outbox.held.front()?;
        if self.may_rest_on(first.rests_on) {
            return Some(0);
        }
        let mut held = self.outbox.held.iter();
        held.position(|held| self.may_rest_on(held.rests_on))
    }

    /// Whether what rests on a write may be done.
    pub(crate) fn may_rest_on(&self, write: WriteId) -> bool {
        self.durability.is_durable(write) || !self.conduct.obeys(Rule::PersistFirst)
    }
}
