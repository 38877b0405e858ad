//! What is going to happen at known times.

use std::collections::VecDeque;

use raft_core::NodeId;

use super::World;
use crate::ids::MessageId;
use crate::server::{Running, Server};
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
    /// All things with their times, the first one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(Micros, T)> {
        self.0.iter()
    }

    /// Takes out what is at this place.
    pub(super) fn take(&mut self, place: usize) -> Option<T> {
        self.0.remove(place).map(|(_, thing)| thing)
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
    pub(super) fn change(&mut self, mut change: impl FnMut(&mut T)) {
        for (_, thing) in &mut self.0 {
            change(thing);
        }
    }

    /// Changes when things happen, and nothing of their order.
    pub(super) fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        self.0.iter_mut().for_each(|(at, _)| change(at));
    }

    /// Takes out what is not to be kept.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.0.retain(|(_, thing)| keep(thing));
    }
}

/// Something that is going to happen at a known time, or as soon as its server is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Due {
    /// A message comes to its end.
    Arrival(MessageId),
    /// A message is taken in that has come to this server before, and found it busy or paused.
    TakeIn(MessageId, NodeId),
    /// A write is done.
    Written(NodeId),
}

impl World {
    /// What happens next of what is in the queue: when, and at which place it is.
    ///
    /// What is for a busy server stays at its place: only when it comes is it known whether it
    /// is let in, and then it is the first to be taken in.
    pub(super) fn next_queued(&self) -> Option<(Micros, usize)> {
        if !self.is_anybody_busy() {
            return self.queue.iter().next().map(|(at, _)| (*at, 0));
        }
        let mut first: Option<(Micros, usize)> = None;
        for (place, (due_at, due)) in self.queue.iter().enumerate() {
            if first.is_some_and(|(at, _)| at <= *due_at) {
                break;
            }
            let server = self.awaited(self.come_in_of(*due));
            let at = server.map_or(*due_at, |server| server.free_at(self.now, *due_at));
            if first.is_none_or(|(earliest, _)| at < earliest) {
                first = Some((at, place));
            }
        }
        first
    }

    /// Nobody is in nearly every run, and then nobody is looked for.
    fn is_anybody_busy(&self) -> bool {
        let mut running = self.servers.iter().filter_map(Server::running);
        running.any(|running| running.is_busy(self.now))
    }

    /// The server that has to be free for this to happen; one that is paused lets things wait
    /// elsewhere.
    fn awaited(&self, due: Due) -> Option<&Running> {
        let (Due::Written(id) | Due::TakeIn(_, id)) = due else {
            return None;
        };
        let running = self.server(id)?.running()?;
        (!running.paused).then_some(running)
    }

    /// The same, where a message that comes to its end and is let in has come in.
    fn come_in_of(&self, due: Due) -> Due {
        match due {
            Due::Arrival(id) => self.receiver(id).map_or(due, |to| Due::TakeIn(id, to)),
            Due::TakeIn(..) | Due::Written(_) => due,
        }
    }

    /// What has come to busy servers until now is there, whatever becomes of links and servers.
    pub(crate) fn come_in(&mut self) {
        if !self.is_anybody_busy() {
            return;
        }
        let due = self.queue.iter().take_while(|(at, _)| *at < self.now);
        let come: Vec<Due> = due.map(|(_, due)| self.come_in_of(*due)).collect();
        let mut come = come.into_iter();
        self.queue.change(|due| *due = come.next().unwrap_or(*due));
    }

    /// Takes out what has come to a server that was busy.
    pub(crate) fn take_waiting(&mut self, server: NodeId) -> Vec<MessageId> {
        self.come_in();
        let waiting = self.queue.iter().filter_map(|(_, due)| match due {
            Due::TakeIn(id, to) if *to == server => Some(*id),
            Due::Arrival(_) | Due::TakeIn(..) | Due::Written(_) => None,
        });
        let waiting: Vec<MessageId> = waiting.collect();
        self.queue
            .retain(|due| !matches!(due, Due::TakeIn(_, to) if *to == server));
        waiting
    }

    /// The server that a message has come to and that was busy then.
    pub(crate) fn waits_for(&mut self, id: MessageId) -> Option<NodeId> {
        self.come_in();
        self.queue.iter().find_map(|(_, due)| match due {
            Due::TakeIn(queued, to) if *queued == id => Some(*to),
            Due::Arrival(_) | Due::TakeIn(..) | Due::Written(_) => None,
        })
    }

    pub(crate) fn enqueue_arrival(&mut self, at: Micros, id: MessageId) {
        self.queue.put(at, Due::Arrival(id));
    }

    /// A message that has come to this server before, and found it paused, is to be taken in.
    pub(crate) fn enqueue_parked(&mut self, at: Micros, id: MessageId, to: NodeId) {
        self.queue.put(at, Due::TakeIn(id, to));
    }

    /// Takes a message out of the queue, whenever it was due.
    pub(crate) fn unqueue(&mut self, id: MessageId) {
        self.queue.retain(|due| match due {
            Due::Arrival(queued) | Due::TakeIn(queued, _) => *queued != id,
            Due::Written(_) => true,
        });
    }

    pub(crate) fn unqueue_writes(&mut self, id: NodeId) {
        self.queue.retain(|due| *due != Due::Written(id));
    }

    pub(crate) fn enqueue_written(&mut self, at: Micros, id: NodeId) {
        self.queue.put(at, Due::Written(id));
    }

    /// A server has something to do that takes it some time: what else comes to it waits.
    pub(super) fn occupy(&mut self, id: NodeId) {
        let now = self.now;
        if let Some(server) = self.server_mut(id)
            && let cpu = server.cpu
            && cpu > Micros::ZERO
            && let Some(running) = server.running_mut()
        {
            running.busy_until = now.saturating_add(cpu);
        }
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
                        let next_at = queue.iter().next().map(|(at, _)| *at);
                        prop_assert_eq!(next_at, first.map(|((at, _), _)| at));
                        prop_assert_eq!(queue.take(0), first.map(|(_, thing)| thing));
                    }
                }
            }
        }
    }
}
