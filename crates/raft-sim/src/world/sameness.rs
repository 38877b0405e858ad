//! When two worlds are the same: when they will behave alike.
//!
//! What time it is, how many events came before, what number a message was given and which event
//! sent it are history. A world is compared and hashed in a normal form in which time counts from
//! the present, messages are numbered anew in the order of their sending, each node has lived up
//! to the present, and what is only counted or drawn is left out. What is compared is at least as
//! fine as behaviour: equal worlds have one future, each from its own present on.
//!
//! Every type that remembers an instant names all of its fields where it gives it out
//! (`each_instant`), so that nobody can add one without saying whether it is one.

use std::hash::{Hash, Hasher};

use super::{Due, World};
use crate::ids::MessageId;
use crate::time::Micros;

impl World {
    /// The same world, without its history, as if it began now.
    fn normal_form(&self) -> Self {
        let mut world = self.clone();
        let now = world.now;
        world.come_in();
        let numbers = world.network.forget_history(now);
        let number = |id: &mut MessageId| {
            let known = numbers.binary_search(id).ok();
            *id = known.map_or(MessageId(0), |place| MessageId(place as u64 + 1));
        };
        for server in &mut world.servers {
            server.disk.forget_history(now);
            if let Some(running) = server.running_mut() {
                running.parked.iter_mut().for_each(number);
                running.forget_history(now);
            }
        }
        for client in &mut world.clients {
            client.forget_history(now);
        }
        world.network.waiting_mut().for_each(number);
        world.queue.change(|due| match due {
            Due::Arrival(id) | Due::TakeIn(id, _) => number(id),
            Due::Written(_) => {}
        });
        // What is past is as far before the beginning of time.
        world.each_instant(&mut |at| at.0 = at.0.wrapping_sub(now.0));
        world
    }

    /// Changes all instants that it remembers.
    fn each_instant(&mut self, change: &mut impl FnMut(&mut Micros)) {
        let Self {
            now,
            servers,
            network,
            clients,
            settings: _,
            ablated: _,
            snapshot_every: _,
            sessions: _,
            queue,
            events: _,
            facts: _,
        } = self;
        change(now);
        for server in servers {
            server.each_instant(change);
        }
        network.each_instant(change);
        for client in clients {
            client.each_instant(change);
        }
        queue.each_instant(change);
    }

    /// All that decides over its future; of a world in its normal form.
    fn parts(&self) -> impl Eq + Hash + '_ {
        let Self {
            now: _,
            servers,
            network,
            clients,
            settings,
            ablated,
            snapshot_every,
            sessions,
            queue,
            events: _,
            facts: _,
        } = self;
        (
            (servers, network, clients, queue),
            (settings, ablated, snapshot_every, sessions),
        )
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.normal_form(), other.normal_form());
        one.parts() == other.parts()
    }
}

impl Eq for World {}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal_form().parts().hash(state);
    }
}

#[cfg(test)]
mod tests;
