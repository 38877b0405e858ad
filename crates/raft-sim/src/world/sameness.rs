//! When two worlds are the same: when they will behave alike.
//!
//! How many events came before, what number a message was given and which event sent it are
//! history. A world is compared and hashed in a normal form in which messages are numbered anew
//! in the order of their sending, and what is only counted or drawn is left out. What is compared
//! is at least as fine as behaviour: equal worlds have one future at one instant.

use std::hash::{Hash, Hasher};

use super::{Due, World};
use crate::ids::MessageId;
use crate::time::Micros;

impl World {
    /// The same world, without its history.
    fn normal_form(&self) -> Self {
        let mut world = self.clone();
        let now = world.now;
        world.come_in();
        let numbers = world.network.forget_history();
        let number = |id: &mut MessageId| {
            let known = numbers.binary_search(id).ok();
            *id = known.map_or(MessageId(0), |place| MessageId(place as u64 + 1));
        };
        for server in &mut world.servers {
            server.disk.forget_causes();
            if let Some(running) = server.running_mut() {
                running.parked.iter_mut().for_each(number);
                if !running.is_busy(now) {
                    running.busy_until = Micros::ZERO;
                }
            }
        }
        world.network.waiting_mut().for_each(number);
        world.queue.change(|due| match due {
            Due::Arrival(id) | Due::TakeIn(id, _) => number(id),
            Due::Written(_) => {}
        });
        world
    }

    /// All that decides over its future; of a world in its normal form.
    fn parts(&self) -> impl Eq + Hash + '_ {
        (
            (self.now, &self.servers, &self.network, &self.clients),
            (&self.settings, self.ablated, self.snapshot_every),
            (self.sessions, &self.queue),
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
mod tests {
    use raft_core::{NodeId, Timer};

    use super::*;
    use crate::action::{
        Action, ClientAction, LinkAction, MachineAction, MessageAction, ServerAction,
    };
    use crate::client::{ClientId, Operation};
    use crate::command::Batch;
    use crate::digest::Digest;
    use crate::ids::{Between, Pair};
    use crate::setup::Setup;
    use crate::time::Duration;

    /// A cluster that has a leader and whose messages are held up in every place where they can
    /// wait: under way, at a clogged link, at a paused server, and calls of a client.
    fn busy(before: impl Fn(&mut World)) -> World {
        let mut world = World::new(&Setup {
            clients: 1,
            ..Setup::default()
        });
        let act = |world: &mut World, action: Action| {
            world.act(&action).expect("nothing stands against it");
        };
        before(&mut world);
        act(
            &mut world,
            Action::Server(ServerAction::Fire(NodeId(1), Timer::Election)),
        );
        live(&mut world, 300);
        assert_eq!(world.leader(), Some(NodeId(1)));
        before(&mut world);
        act(&mut world, Action::Server(ServerAction::Pause(NodeId(3))));
        act(&mut world, Action::Link(LinkAction::Clog(both(1, 2))));
        let key = crate::client::Key::new("x").expect("a key");
        let operation = Operation::Put {
            key,
            value: "1".into(),
        };
        act(
            &mut world,
            Action::Client(ClientAction::Ask {
                client: ClientId(1),
                operation,
            }),
        );
        live(&mut world, 100);
        act(
            &mut world,
            Action::Server(ServerAction::Propose {
                server: NodeId(1),
                commands: Batch::new(vec!["y".into()]).expect("one"),
            }),
        );
        world
    }

    fn live(world: &mut World, millis: u64) {
        let end = world.now().saturating_add(Micros::from_millis(millis));
        while world.next_event_at().is_some_and(|at| at <= end) {
            world.step();
        }
        world.pass_to(end);
    }

    fn digest(world: &World) -> u64 {
        Digest::of(world)
    }

    /// Numbers of events and of messages are history: what differs in nothing else is the same,
    /// and so is all that comes of it.
    fn both(one: u16, other: u16) -> Between {
        Between::Both(Pair::new(NodeId(one), NodeId(other)).expect("two"))
    }

    #[test]
    fn worlds_of_different_histories_are_the_same() {
        let one = busy(|_| {});
        let other = busy(|world| {
            let between = both(1, 2);
            world
                .act(&Action::Link(LinkAction::Cut(between)))
                .expect("it can be cut");
            world
                .act(&Action::Link(LinkAction::Heal(Some(between))))
                .expect("and healed");
            world.network.skip_ids(7);
        });
        let first = |world: &World| world.network.flights().keys().next().copied();
        assert_ne!(first(&one), first(&other), "the ids differ");
        assert_ne!(one.event_count(), other.event_count());
        assert!(
            one.servers
                .iter()
                .any(|s| s.running().is_some_and(|r| !r.parked.is_empty()))
        );
        assert!(one.network.waiting().count() > 0);
        assert!(one == other && digest(&one) == digest(&other));
        let (mut one, mut other) = (one, other);
        for world in [&mut one, &mut other] {
            world
                .act(&Action::Server(ServerAction::Resume(NodeId(3))))
                .expect("it is paused");
            world
                .act(&Action::Link(LinkAction::Unclog(None)))
                .expect("it is clogged");
            live(world, 500);
        }
        assert!(one == other && digest(&one) == digest(&other));
    }

    /// How long ago a server had nothing left to do decides nothing.
    #[test]
    fn who_is_busy_no_more_is_as_if_it_never_was() {
        let mut slow = World::new(&Setup::default());
        let (server, each) = (NodeId(1), Duration::clamped(Micros(900)));
        for action in [
            Action::Machine(MachineAction::Cpu { server, each }),
            Action::Server(ServerAction::Fire(server, Timer::Election)),
        ] {
            slow.act(&action).expect("nothing stands against it");
        }
        while slow.leader().is_none() {
            slow.step();
        }
        let busy = slow.servers[0].running().expect("it runs").busy_until;
        assert!(busy > slow.now, "it has just been given a vote");
        let mut never = slow.clone();
        never.servers[0].running_mut().expect("it runs").busy_until = Micros::ZERO;
        assert!(slow != never && digest(&slow) != digest(&never));
        for world in [&mut slow, &mut never] {
            world.now = busy;
        }
        assert!(slow == never && digest(&slow) == digest(&never));
    }

    /// What decides over the future makes a difference, each thing by itself.
    #[test]
    fn what_matters_makes_a_difference() {
        let world = busy(|_| {});
        let message = *world.network.flights().keys().next_back().expect("one");
        for action in [
            Action::Message(MessageAction::Drop(message)),
            Action::Message(MessageAction::Delay {
                message,
                by: Duration::clamped(Micros(1)),
            }),
            Action::Server(ServerAction::Resume(NodeId(3))),
            Action::Link(LinkAction::Unclog(None)),
            Action::Link(LinkAction::Cut(both(2, 3))),
            Action::Server(ServerAction::Crash(NodeId(2))),
            Action::Server(ServerAction::Fire(NodeId(2), Timer::Election)),
        ] {
            let mut other = world.clone();
            other.act(&action).expect("nothing stands against it");
            assert!(world != other, "{action:?}");
            assert_ne!(digest(&world), digest(&other), "{action:?}");
        }
        let mut later = world.clone();
        later.pass_to(Micros(world.now().0 + 1));
        assert!(world != later, "time has passed");
    }
}
