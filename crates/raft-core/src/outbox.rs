//! Messages that wait for the disk.
//!
//! What a server says rests on what it has written: a vote, an answer that
//! entries are stored. Each message is kept here with the write that has to
//! be durable first (Figure 2), and comes out no earlier.

use crate::entry::Command;
use crate::message::{Envelope, Message};
use crate::node::Node;
use crate::persist::WriteId;
use crate::rule::{Conduct, Rule};
use crate::types::NodeId;

/// A message and the write that has to be durable before it may leave.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Held<C> {
    after: WriteId,
    envelope: Envelope<C>,
}

impl<C: Command, K: Conduct> Node<C, K> {
    #[inline]
    pub(crate) fn send(&mut self, to: NodeId, message: Message<C>) {
        self.hold(Envelope { to, message });
    }

    #[inline]
    pub(crate) fn hold(&mut self, envelope: Envelope<C>) {
        let after = match &envelope.message {
            // What a leader sends says nothing of its own copy (§10.2.1 of the
            // dissertation), and a snapshot holds committed entries only.
            Message::AppendEntries(_) | Message::InstallSnapshot(_) => self.durability.hard_state(),
            _ => self.durability.everything(),
        };
        self.outbox.push_back(Held { after, envelope });
    }

    /// Forgets what is still kept back and matches `obsolete`, so that a
    /// disk that stands still cannot make the outbox grow without bound.
    pub(crate) fn drop_held(&mut self, to: NodeId, obsolete: impl Fn(&Message<C>) -> bool) {
        if self.outbox.is_empty() {
            return;
        }
        self.outbox
            .retain(|held| held.envelope.to != to || !obsolete(&held.envelope.message));
    }

    /// Whether any message may leave by the order of writes alone.
    pub(crate) fn poll_is_ready(&self) -> bool {
        self.outbox
            .iter()
            .any(|held| self.durability.is_durable(held.after))
    }

    /// The first message that may leave.
    pub(crate) fn poll_outbox(&mut self) -> Option<Envelope<C>> {
        let mut held = self.outbox.iter();
        let ready = held.position(|held| self.may_rest_on(held.after))?;
        let held = if ready == 0 {
            self.outbox.pop_front()
        } else {
            self.outbox.remove(ready)
        };
        held.map(|held| held.envelope)
    }

    /// Whether what rests on a write may be done.
    pub(crate) fn may_rest_on(&self, write: WriteId) -> bool {
        self.durability.is_durable(write) || !self.conduct.obeys(Rule::PersistFirst)
    }
}
