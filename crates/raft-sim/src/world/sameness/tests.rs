use raft_core::{NodeId, Timer};

use super::*;
use crate::action::{Action, ClientAction, LinkAction, MachineAction, MessageAction, ServerAction};
use crate::client::work::{Keys, Pauses};
use crate::client::{ClientId, Key, Operation, ReadBy};
use crate::clock::Rate;
use crate::command::Batch;
use crate::digest::Digest;
use crate::ids::{Between, Pair};
use crate::network::Bandwidth;
use crate::server::Disk;
use crate::setup::Setup;
use crate::time::{Duration, MicrosRange};

/// A cluster that has a leader and whose messages are held up in every place where they can
/// wait: under way, at a clogged link, at a paused server, and calls of a client.
fn busy(before: impl Fn(&mut World)) -> World {
    let mut world = World::new(&Setup {
        clients: 1,
        ..Setup::default()
    });
    before(&mut world);
    let fire = ServerAction::Fire(NodeId(1), Timer::Election);
    act(&mut world, [Action::Server(fire)]);
    live(&mut world, 300);
    assert_eq!(world.leader(), Some(NodeId(1)));
    before(&mut world);
    act(
        &mut world,
        [
            Action::Server(ServerAction::Pause(NodeId(3))),
            Action::Link(LinkAction::Clog(both(1, 2))),
            Action::Client(ClientAction::Ask {
                client: ClientId(1),
                operation: put("1"),
            }),
        ],
    );
    live(&mut world, 100);
    let propose = ServerAction::Propose {
        server: NodeId(1),
        commands: Batch::new(vec!["y".into()]).expect("one"),
    };
    act(&mut world, [Action::Server(propose)]);
    world
}

fn put(value: &str) -> Operation {
    Operation::Put {
        key: Key::new("x").expect("a key"),
        value: value.into(),
    }
}

fn act(world: &mut World, actions: impl IntoIterator<Item = Action>) {
    for action in actions {
        world.act(&action).expect("nothing stands against it");
    }
}

const ALL: [NodeId; 5] = [NodeId(1), NodeId(2), NodeId(3), NodeId(4), NodeId(5)];

/// A cluster that began anew after a while, with something under way in every place that
/// remembers when: disks that are written to, one of them stalled, links that pass few bytes, a
/// clock that is not right, a busy server, and clients of which one waits for an answer and one for
/// its next operation.
fn begun_anew_after(a_while: Micros) -> World {
    let mut world = World::new(&Setup {
        clients: 3,
        ..Setup::default()
    });
    act(
        &mut world,
        ALL.map(|id| Action::Server(ServerAction::Crash(id))),
    );
    world.pass_to(a_while);
    act(
        &mut world,
        ALL.map(|id| Action::Server(ServerAction::Restart(id))),
    );
    let range = MicrosRange::between(Micros::from_millis(2), Micros::from_millis(40));
    act(
        &mut world,
        [
            Action::Machine(MachineAction::Disk {
                server: None,
                range,
            }),
            Action::Machine(MachineAction::ClockRate {
                server: NodeId(2),
                permille: Rate::clamped(1_300),
            }),
            Action::Server(ServerAction::Fire(NodeId(1), Timer::Election)),
        ],
    );
    live(&mut world, 200);
    assert_eq!(world.leader(), Some(NodeId(1)));
    overload(&mut world);
    while !is_full(&world) {
        assert!(world.now < a_while + Micros::from_secs(60), "never is");
        world.step();
    }
    world
}

fn overload(world: &mut World) {
    let every = MicrosRange::fixed(Micros::from_millis(400));
    act(
        world,
        [
            Action::Client(ClientAction::Work {
                client: None,
                keys: Keys::MIN,
                every: Pauses::new(every).expect("long enough"),
                reads_only: false,
                by: ReadBy::Log,
            }),
            Action::Link(LinkAction::Bandwidth {
                link: None,
                bytes_per_second: Some(Bandwidth::clamped(500)),
            }),
            Action::Machine(MachineAction::Cpu {
                server: NodeId(1),
                each: Duration::clamped(Micros::from_millis(2)),
            }),
        ],
    );
    live(world, 380);
    let commands = Batch::new(vec!["a command".into()]).expect("one");
    act(
        world,
        [
            Action::Client(ClientAction::Ask {
                client: ClientId(2),
                operation: put("1"),
            }),
            Action::Server(ServerAction::Propose {
                server: NodeId(1),
                commands,
            }),
            Action::Machine(MachineAction::Stall(NodeId(3))),
        ],
    );
}

/// How many writes are under way, and how many of them begin anew later.
fn writes(world: &World) -> (usize, usize) {
    let disks = || world.servers.iter().map(|server| &server.disk);
    let stalled = disks().filter(|disk| disk.is_stalled);
    let pending = |disk: &Disk| disk.writes_pending();
    (disks().map(pending).sum(), stalled.map(pending).sum())
}

/// How many clients wait for an answer.
fn waiting(world: &World) -> usize {
    let clients = world.clients.iter();
    clients.filter(|client| client.asking.is_some()).count()
}

fn is_full(world: &World) -> bool {
    let is_busy = world.servers[0]
        .running()
        .is_some_and(|one| one.is_busy(world.now));
    let (written, stalled) = writes(world);
    is_busy && 0 < stalled && stalled < written && (1..3).contains(&waiting(world))
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

fn both(one: u16, other: u16) -> Between {
    Between::Both(Pair::new(NodeId(one), NodeId(other)).expect("two"))
}

/// Numbers of events and of messages are history: what differs in nothing else is the same,
/// and so is all that comes of it.
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
    assert!(world != later, "all that is to come is nearer");
}

/// When a world came to be decides nothing: one that began later is the same, and so is all that
/// comes of it.
#[test]
fn what_began_later_is_the_same() {
    let (mut one, mut other) = (
        begun_anew_after(Micros::ZERO),
        begun_anew_after(Micros::from_secs(3_600)),
    );
    assert_eq!(other.now.0 - one.now.0, Micros::from_secs(3_600).0);
    for _ in 0..300 {
        assert!(one == other && digest(&one) == digest(&other));
        assert!(one.step().is_some() && other.step().is_some());
    }
}

/// Every instant that a world remembers makes a difference, but those of which nothing is to come.
#[test]
fn every_instant_to_come_makes_a_difference() {
    let world = begun_anew_after(Micros::ZERO);
    let now = world.now;
    let running = || world.servers.iter().filter_map(|server| server.running());
    let idle = running().filter(|running| !running.is_busy(now)).count();
    assert_eq!((running().count(), idle), (5, 4));
    let (_, stalled) = writes(&world);
    let idle_links = world.network.idle_links(now);
    let mut count = 0;
    world.clone().each_instant(&mut |_| count += 1);
    let decides = |place: usize| {
        let (mut other, mut at) = (world.clone(), 0);
        other.each_instant(&mut |instant| {
            if at == place {
                instant.0 += 1;
            }
            at += 1;
        });
        let differs = world != other;
        assert_eq!(differs, digest(&world) != digest(&other));
        differs
    };
    let decide = (0..count).filter(|place| decides(*place)).count();
    // When a message was sent, when who is idle was busy last, and what begins anew later.
    let history = world.network.flights().len() + idle + idle_links + waiting(&world) + stalled;
    assert_eq!(count - decide, history);
}
