//! Messages that wait for the disk.
//!
//! What a server says rests on what it has written: a vote, an answer that
//! entries are stored. Each message is kept here with the write that has to
//! be durable first (Figure 2), and comes out no earlier.

use alloc::collections::VecDeque;
use core::iter;

use crate::durability::Claim;
use crate::entry::Command;
use crate::message::{Envelope, Message};
use crate::node::Node;
use crate::persist::WriteId;
use crate::rule::{Conduct, Rule};
use crate::types::NodeId;

/// The most messages that are kept for one server while the disk stands still; after that
/// the newest gives way to the next, as if the network had lost it. More than any leader
/// that does not pipeline widely has under way.
const HELD_FOR_ONE_MAX: usize = 64;

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
    fn push(&mut self, rests_on: WriteId, to: NodeId, make: impl FnOnce() -> Envelope<C>) {
        if self.held.len() >= HELD_FOR_ONE_MAX {
            self.make_room(to);
        }
        self.held.extend(iter::once_with(|| Held {
            rests_on,
            envelope: make(),
        }));
    }

    #[cold]
    fn make_room(&mut self, to: NodeId) {
        let is_for = |held: &Held<C>| held.envelope.to == to;
        let count = self.held.iter().filter(|held| is_for(held)).count();
        if count >= HELD_FOR_ONE_MAX
            && let Some(newest) = self.held.iter().rposition(is_for)
        {
            self.held.remove(newest);
        }
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

    /// Whether something waits for `to` that is `wanted`.
    #[inline]
    pub(crate) fn holds(&self, to: NodeId, wanted: impl Fn(&Message<C>) -> bool) -> bool {
        let mut held = self.held.iter().map(|held| &held.envelope);
        held.any(|envelope| envelope.to == to && wanted(&envelope.message))
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
    /// Sends what `make` makes once what it claims is durable.
    #[inline]
    pub(crate) fn send(&mut self, to: NodeId, claim: Claim, make: impl FnOnce() -> Message<C>) {
        self.send_after(self.stable.durability().of(claim), to, make);
    }

    /// Sends what `make` makes once this write is durable.
    #[inline]
    pub(crate) fn send_after(
        &mut self,
        rests_on: WriteId,
        to: NodeId,
        make: impl FnOnce() -> Message<C>,
    ) {
        let message = || Envelope {
            to,
            message: make(),
        };
        self.outbox.push(rests_on, to, message);
    }

    /// Forgets what is still kept back and matches `obsolete`, so that a
    /// disk that stands still cannot make the outbox grow without bound.
    #[inline]
    pub(crate) fn supersede(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        self.outbox.forget(to, obsolete);
    }

    /// Whether any message may leave by the order of writes alone.
    pub(crate) fn poll_is_ready(&self) -> bool {
        let mut held = self.outbox.held.iter();
        held.any(|held| self.stable.durability().is_durable(held.rests_on))
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
        self.stable.durability().is_durable(write) || !self.rules.keeps(Rule::PersistFirst)
    }
}
