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

/// The messages that wait, and for each the write that has to be durable
/// before it may leave. They are in two lists, so that a message is moved out
/// in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Outbox<C> {
    envelopes: VecDeque<Envelope<C>>,
    rest_on: VecDeque<WriteId>,
}

impl<C> Outbox<C> {
    pub(crate) const fn new() -> Self {
        Self {
            envelopes: VecDeque::new(),
            rest_on: VecDeque::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.envelopes.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.envelopes.clear();
        self.rest_on.clear();
    }

    /// Keeps what `make` makes, in the place where it makes it: a message that
    /// was copied right after it has been put together would be waited for.
    #[inline]
    fn push(&mut self, rests_on: WriteId, make: impl FnOnce() -> Envelope<C>) {
        self.rest_on.push_back(rests_on);
        self.envelopes.extend(iter::once_with(make));
    }

    #[inline]
    fn remove(&mut self, place: usize) -> Option<Envelope<C>> {
        if place == 0 {
            self.rest_on.pop_front();
            self.envelopes.pop_front()
        } else {
            self.rest_on.remove(place);
            self.envelopes.remove(place)
        }
    }

    /// Forgets what is for `to` and matches `obsolete`.
    #[inline]
    pub(crate) fn forget(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        if !self.is_empty() {
            self.retain(|envelope| envelope.to != to || !obsolete(&envelope.message));
        }
    }

    fn retain(&mut self, keep: impl Fn(&Envelope<C>) -> bool) {
        let mut kept = self.envelopes.iter().map(&keep);
        self.rest_on.retain(|_| kept.next() == Some(true));
        self.envelopes.retain(keep);
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
        let mut rest_on = self.outbox.rest_on.iter();
        rest_on.any(|write| self.durability.is_durable(*write))
    }

    /// The first message that may leave, which nearly always is the first.
    #[inline]
    pub(crate) fn poll_outbox(&mut self) -> Option<Envelope<C>> {
        let first = *self.outbox.rest_on.front()?;
        let mut ready = 0;
        if !self.may_rest_on(first) {
            let mut rest_on = self.outbox.rest_on.iter();
            ready = rest_on.position(|write| self.may_rest_on(*write))?;
        }
        self.outbox.remove(ready)
    }

    /// Whether what rests on a write may be done.
    pub(crate) fn may_rest_on(&self, write: WriteId) -> bool {
        self.durability.is_durable(write) || !self.conduct.obeys(Rule::PersistFirst)
    }
}
