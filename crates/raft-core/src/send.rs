//! How a message leaves (Figure 2).
//!
//! What a server says goes into its outbox, with the write that what it claims rests on,
//! and comes out of it when the host polls and that write is durable. The one exception is what
//! was proposed: a leader makes those messages when it is polled and nothing else may
//! leave, so that all that was proposed since the last poll travels together, and hands them to the
//! host directly where they need wait for no write.

use core::mem;

use crate::durability::Claim;
use crate::entry::Command;
use crate::message::Message;
use crate::node::Node;
use crate::persist::WriteId;
use crate::rule::{Conduct, Rule};
use crate::types::NodeId;

impl<C: Command, K: Conduct> Node<C, K> {
    /// Sends what `make` makes once what it claims is durable.
    #[inline]
    pub(crate) fn send(&mut self, to: NodeId, claim: Claim, make: impl FnOnce() -> Message<C>) {
        let rests_on = self.stable.durability().of(claim);
        self.outbox.push(rests_on, to, make);
    }

    /// Sends `message`, which claims no more than the term, in the place of any of its kind that
    /// still wait: the newest is enough.
    pub(crate) fn send_newest(&mut self, to: NodeId, message: Message<C>) {
        let kind = mem::discriminant(&message);
        self.outbox
            .supersede(to, |held| mem::discriminant(held) == kind);
        self.send(to, Claim::Term, || message);
    }

    /// Whether a message may leave by the order of writes alone.
    pub(crate) fn has_durable_message(&self) -> bool {
        let durability = self.stable.durability();
        self.outbox.has_ready(|write| durability.is_durable(write))
    }

    /// Whether what rests on a write may be done.
    #[inline]
    pub(crate) fn may_rest_on(&self, write: WriteId) -> bool {
        self.stable.durability().is_durable(write) || !self.rules.keeps(Rule::PersistFirst)
    }
}
