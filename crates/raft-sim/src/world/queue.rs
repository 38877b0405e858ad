//! What is going to happen at known times.

use std::collections::VecDeque;

use raft_core::NodeId;

use super::World;
use crate::client::calls::Says;
use crate::ids::MessageId;
use crate::network::Network;
use crate::server::Server;
use crate::time::Micros;

/// Things in the order of their times, and at one time of their being put there.
///
/// Few are waiting at any time, and most are put near the end and taken from the front: a sorted
/// list does that faster than a tree, and is the same list for the same things.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Queue<T>(VecDeque<(Micros, T)>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> Queue<T> {
    /// When the first thing happens.
    pub(super) fn next_at(&self) -> Option<Micros> {
        self.0.front().map(|(at, _)| *at)
    }

    /// Takes the first thing out.
    pub(super) fn take_next(&mut self) -> Option<T> {
        self.0.pop_front().map(|(_, thing)| thing)
    }

    /// Puts `thing` after all that happens at `at` or before.
    pub(super) fn put(&mut self, at: Micros, thing: T) {
        match self.0.back() {
            Some((last, _)) if *last > at => {
                let place = self.0.partition_point(|(before, _)| *before <= at);
                self.0.insert(place, (at, thing));
            }
            _ => self.0.push_back((at, thing)),
        }
    }

    /// Changes what is there, in its order, and nothing of when it happens.
    pub(super) fn change(&mut self, change: impl Fn(&mut T)) {
        self.0.iter_mut().for_each(|(_, thing)| change(thing));
    }

    /// Lets those things that are due before `to` and are meant happen at `to`, in their order.
    pub(super) fn postpone(&mut self, to: Micros, is_meant: impl Fn(&T) -> bool) {
        let early = self.0.partition_point(|(at, _)| *at < to);
        let (late, kept): (Vec<_>, Vec<_>) = self
            .0
            .drain(..early)
            .partition(|(_, thing)| is_meant(thing));
        for early in kept.into_iter().rev() {
            self.0.push_front(early);
        }
        for (_, thing) in late {
            self.put(to, thing);
        }
    }

    /// Takes out what is not to be kept.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.0.retain(|(_, thing)| keep(thing));
    }
}

/// Something that is going to happen at a known time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Due {
    Arrival(MessageId),
    Written(NodeId),
}

impl Due {
    /// The server that it happens at; none for what is on its way to a client.
    fn server(self, network: &Network) -> Option<NodeId> {
        match self {
            Self::Written(id) => Some(id),
            Self::Arrival(id) => {
                let to = network.flights().get(&id).map(|flight| flight.to);
                to.or_else(|| {
                    let call = &network.calls().get(id)?.call;
                    matches!(call.says, Says::Request(_)).then_some(call.server)
                })
            }
        }
    }
}

impl World {
    pub(crate) fn enqueue_arrival(&mut self, at: Micros, id: MessageId) {
        self.enqueue(at, Due::Arrival(id));
    }

    /// Takes a message out of the queue, whenever it was due.
    pub(crate) fn unqueue(&mut self, id: MessageId) {
        self.queue.retain(|due| *due != Due::Arrival(id));
    }

    pub(crate) fn unqueue_writes(&mut self, id: NodeId) {
        self.queue.retain(|due| *due != Due::Written(id));
    }

    pub(crate) fn enqueue_written(&mut self, at: Micros, id: NodeId) {
        self.enqueue(at, Due::Written(id));
    }

    pub(super) fn enqueue(&mut self, at: Micros, due: Due) {
        let now = self.now;
        // Nobody is busy in nearly every run, and then nobody is looked for.
        let busy = |server: &Server| server.running().is_some_and(|r| r.busy_until > now);
        let at = if self.servers.iter().any(busy) {
            let there = due.server(&self.network).and_then(|id| self.server(id));
            let running = there.and_then(Server::running);
            running.map_or(at, |running| at.max(running.busy_until))
        } else {
            at
        };
        self.queue.put(at, due);
    }

    /// A server has something to do that takes it some time: what else comes to it waits.
    pub(super) fn occupy(&mut self, id: NodeId) {
        let now = self.now;
        let Some(server) = self
            .server_mut(id)
            .filter(|server| server.cpu > Micros::ZERO)
        else {
            return;
        };
        let until = now.saturating_add(server.cpu);
        let Some(running) = server.running_mut() else {
            return;
        };
        running.busy_until = until;
        let network = &self.network;
        self.queue
            .postpone(until, |due| due.server(network) == Some(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_gives_what_a_tree_by_time_and_order_gives(
            steps in prop::collection::vec(prop::option::weighted(0.6, 0_u64..8), 0..64),
        ) {
            let (mut queue, mut tree) = (Queue::default(), BTreeMap::new());
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Some(at) => {
                        queue.put(Micros(at), number);
                        tree.insert((Micros(at), number), number);
                    }
                    None if number % 7 == 0 => {
                        queue.retain(|thing| thing % 3 != 0);
                        tree.retain(|_, thing| *thing % 3 != 0);
                    }
                    None => {
                        let first = tree.pop_first();
                        prop_assert_eq!(queue.next_at(), first.map(|((at, _), _)| at));
                        prop_assert_eq!(queue.take_next(), first.map(|(_, thing)| thing));
                    }
                }
            }
        }
    }
}
