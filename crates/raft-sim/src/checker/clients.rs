//! What clients were answered, and how often what they asked for was done.

use raft_core::{Index, NodeId};

use super::{ByIndex, Checker};
use crate::client::history::{Answered, Recorded};
use crate::client::{ClientId, Key, Operation};
use crate::invariant::Breach;
use crate::time::Micros;

/// What is remembered of all clients.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Clients {
    /// Every operation, in the order in which they were begun.
    history: ByIndex<Recorded>,
    /// Where in it the operations are that are not answered.
    open: Vec<(ClientId, u64, Index)>,
    /// How far those on each key had come that were answered.
    answered_up_to: Vec<(Key, Index)>,
    /// By client, whose number is one more than the place: the entry that did each operation.
    effects: Vec<ByIndex<Index>>,
}

impl Checker {
    /// All operations of clients, in the order in which they were begun.
    pub fn history(&self) -> impl Iterator<Item = &Recorded> {
        let history = self.clients.history.from(Index::ZERO);
        history.map(|(_, recorded)| recorded)
    }

    /// How many operations have been answered.
    #[must_use]
    pub fn answered_count(&self) -> u64 {
        let begun = self.clients.history.last_index().0;
        begun.saturating_sub(self.clients.open.len() as u64)
    }

    /// How far the operations on this key have come that were answered.
    fn answered_up_to(&self, key: &Key) -> Index {
        let mut known = self.clients.answered_up_to.iter();
        let found = known.find(|(known, _)| known == key);
        found.map_or(Index::ZERO, |(_, position)| *position)
    }

    /// An operation was begun.
    pub(super) fn began(
        &mut self,
        event: u64,
        (client, number): (ClientId, u64),
        operation: &Operation,
        at: Micros,
    ) {
        let recorded = Recorded {
            client,
            number,
            operation: operation.clone(),
            began_at: at,
            began: event,
            answered: None,
            floor: self.answered_up_to(operation.key()),
        };
        let place = self.clients.history.last_index().next();
        self.clients.open.push((client, number, place));
        self.clients.history.put(place, recorded);
    }

    /// An operation was answered. Those on one key have an order, that of the log, a read standing
    /// behind the write that it saw. All is as if they had been done one after the other if none
    /// stands before another that had been answered when it began; and what is so for each key is
    /// so for all (Herlihy and Wing, 1990). A write cannot come too early as long as State Machine
    /// Safety holds, so only reads are looked at.
    pub(super) fn answered(&mut self, (client, number): (ClientId, u64), answered: Answered) {
        let clients = &mut self.clients;
        let mut open = clients.open.iter();
        let Some(place) = open.position(|open| (open.0, open.1) == (client, number)) else {
            return;
        };
        let (_, _, place) = clients.open.remove(place);
        let Some(recorded) = clients.history.get(place) else {
            return;
        };
        let mut recorded = recorded.clone();
        let (server, event, position) = (answered.server, answered.event, answered.position);
        recorded.answered = Some(answered);
        let key = recorded.operation.key().clone();
        let mut known = clients.answered_up_to.iter_mut();
        match known.find(|(known, _)| *known == key) {
            Some((_, before)) => *before = position.max(*before),
            None => clients.answered_up_to.push((key, position)),
        }
        let floor = recorded.floor;
        let is_read = matches!(recorded.operation, Operation::Get { .. });
        clients.history.put(place, recorded);
        if is_read && position < floor {
            let breach = Breach::StaleRead {
                known: floor,
                applied: position,
            };
            self.report(event, breach, vec![server], floor);
        }
    }

    /// The machine of `server` did the `number`th operation of a client, by the entry at `index`.
    pub(super) fn took_effect(
        &mut self,
        event: u64,
        server: NodeId,
        (client, number): (ClientId, u64),
        index: Index,
    ) {
        let effects = &mut self.clients.effects;
        let place = usize::from(client.0).saturating_sub(1);
        if effects.len() <= place {
            effects.resize_with(place + 1, ByIndex::default);
        }
        let Some(first) = effects[place].get(Index(number)).copied() else {
            return effects[place].put(Index(number), index);
        };
        if first != index {
            let breach = Breach::ExecutedTwice {
                client,
                number,
                at: [first, index],
            };
            self.report(event, breach, vec![server], index);
        }
    }
}
