//! Doing something to one call of a client, and setting clients to work.

use crate::action::Action;
use crate::client::work::Work;
use crate::world::World;

impl World {
    /// Does something to one call, if the message is one; answers the event that sent it.
    pub(super) fn handle_call(&mut self, action: &Action) -> Option<u64> {
        let now = self.now;
        let (id, due_at) = match action {
            Action::Drop(id) => {
                let flight = self.network.take_call(*id)?;
                self.unqueue(*id);
                if let Some(running) = self.running_mut(flight.call.server) {
                    running.parked.retain(|parked| parked != id);
                }
                return Some(flight.cause);
            }
            Action::Duplicate(id) => {
                let flight = self.network.calls().get(*id)?.clone();
                if let Some((copy, due_at)) = self.network.call(now, flight.call, flight.cause) {
                    self.enqueue_arrival(due_at, copy);
                }
                return Some(flight.cause);
            }
            Action::Deliver(id) => (*id, now),
            Action::Delay { message, by } => {
                let flight = self.network.calls().get(*message)?;
                (*message, flight.due_at.saturating_add(*by))
            }
            _ => return None,
        };
        let flight = self.network.call_mut(id)?;
        flight.due_at = due_at;
        let cause = flight.cause;
        self.unqueue(id);
        self.enqueue_arrival(due_at, id);
        Some(cause)
    }

    /// Sets clients to work, or lets them rest.
    pub(super) fn employ(&mut self, action: &Action) {
        match action {
            Action::Work {
                client,
                keys,
                every,
                reads_only,
                by,
            } => {
                let work = Work {
                    keys: *keys,
                    every: *every,
                    reads_only: *reads_only,
                    by: *by,
                    next_at: self.now,
                };
                self.set_work(*client, Some(work));
            }
            Action::Rest(client) => self.set_work(*client, None),
            _ => {}
        }
    }
}
