//! What is done to messages, one by one.

use std::collections::BTreeSet;

use super::Refusal;
use crate::action::MessageAction;
use crate::ids::MessageId;
use crate::letter::Party;
use crate::network::{Flight, ORDERS_MAX};
use crate::outcome::LossReason;
use crate::time::Micros;
use crate::which::{Handling, Which};
use crate::world::World;

impl World {
    pub(super) fn permits_to_message(&self, action: &MessageAction) -> Result<(), Refusal> {
        match action {
            MessageAction::Drop(id) | MessageAction::Duplicate(id) => {
                self.travelling(*id).map(|_| ())
            }
            MessageAction::Deliver(id) => self.moving(*id),
            MessageAction::Delay { message, .. } => self.moving(*message),
            MessageAction::Next { which, .. } => self.check_order(*which),
        }
    }

    /// Whether such a message may be sent here one day, and not too many are waited for.
    fn check_order(&self, which: Which) -> Result<(), Refusal> {
        match which {
            Which::Between(between) => self.joins(between.link())?,
            Which::Request(client) | Which::Answer(client) => {
                self.check_client(client)?;
            }
        }
        if self.network.orders().len() >= ORDERS_MAX {
            return Err(Refusal::WaitsForTooMany);
        }
        Ok(())
    }

    /// Whether a message is under way and does not wait at its end.
    fn moving(&self, id: MessageId) -> Result<(), Refusal> {
        if let Party::Server(to) = self.travelling(id)?.letter.to() {
            let receiver = self.existing(to)?.running();
            if receiver.is_some_and(|running| running.parked.contains(&id)) {
                return Err(Refusal::Paused(to));
            }
        }
        if self.network.waits(id) {
            return Err(Refusal::Clogged(id));
        }
        Ok(())
    }

    fn travelling(&self, id: MessageId) -> Result<&Flight, Refusal> {
        let flight = self.network.flights().get(&id);
        flight.ok_or(Refusal::NoMessage(id))
    }

    /// The messages under way that are meant, the one sent first before the others. What waits
    /// at the end of a clogged link or at a paused server cannot be hurried or held up.
    #[must_use]
    pub fn under_way(&self, which: Which, handling: Handling) -> Vec<MessageId> {
        let mut waiting = BTreeSet::new();
        if matches!(handling, Handling::Deliver | Handling::Delay(_)) {
            waiting.extend(self.network.waiting());
            let running = self.servers.iter().filter_map(|server| server.running());
            waiting.extend(running.flat_map(|running| running.parked.iter().copied()));
        }
        let flights = self.network.flights().iter().filter(|(id, flight)| {
            which.is_letter(&flight.letter.told()) && !waiting.contains(*id)
        });
        flights.map(|(id, _)| *id).collect()
    }

    /// Does to a message that is sent in this event what was asked to be done to it.
    pub(crate) fn handle_sent(&mut self, id: MessageId, handling: Handling) {
        if handling == Handling::Drop {
            // It travels and is lost at its end, as what a link loses does.
            self.network.doom(id, LossReason::Dropped);
        } else {
            self.act_on_message(&handling.of(id));
        }
    }

    /// Does it; answers the event that sent the message.
    pub(super) fn act_on_message(&mut self, action: &MessageAction) -> Option<u64> {
        match action {
            MessageAction::Drop(id) => self.drop_message(*id),
            MessageAction::Duplicate(id) => self.duplicate_message(*id),
            MessageAction::Deliver(id) => self.move_message(*id, |now, _| now),
            MessageAction::Delay { message, by } => {
                self.move_message(*message, |_, due_at| due_at.saturating_add(by.get()))
            }
            MessageAction::Next { which, handling } => {
                self.network.order(*which, *handling);
                None
            }
        }
    }

    fn drop_message(&mut self, id: MessageId) -> Option<u64> {
        let flight = self.network.flights().get(&id)?;
        let (to, cause) = (flight.letter.to(), flight.cause);
        self.unqueue(id);
        self.network.waits_no_more(id);
        if let Party::Server(to) = to
            && let Some(running) = self.running_mut(to)
        {
            running.parked.retain(|parked| *parked != id);
        }
        self.lose(id, LossReason::Dropped);
        Some(cause)
    }

    fn duplicate_message(&mut self, id: MessageId) -> Option<u64> {
        let flight = self.network.flights().get(&id)?.clone();
        let copy = self.network.send(self.now, flight.letter, flight.cause);
        if let Some((copy, due_at)) = copy {
            self.enqueue_arrival(due_at, copy);
        }
        Some(flight.cause)
    }

    /// A message that has waited at its end arrives now: whoever holds it up counts from here.
    pub(super) fn is_due_now(&mut self, id: MessageId) {
        let now = self.now;
        if let Some(flight) = self.network.flight_mut(id) {
            flight.due_at = now;
        }
    }

    /// Lets a message arrive at another time, which follows from the present and from when it is
    /// due.
    fn move_message(
        &mut self,
        id: MessageId,
        to: impl FnOnce(Micros, Micros) -> Micros,
    ) -> Option<u64> {
        let now = self.now;
        let came_to = self.waits_for(id);
        let flight = self.network.flight_mut(id)?;
        flight.due_at = to(now, flight.due_at);
        let (due_at, cause) = (flight.due_at, flight.cause);
        self.unqueue(id);
        // What has come already is only taken in later, whatever becomes of its link.
        match came_to {
            Some(server) => self.enqueue_parked(due_at, id, server),
            None => self.enqueue_arrival(due_at, id),
        }
        Some(cause)
    }
}
