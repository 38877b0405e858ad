//! One Action after another, drawn from the kinds that the run has.

mod messages;

use std::collections::BTreeSet;

use raft_core::{NodeId, Timer};
use raft_sim::action::{
    Action, Groups, Jump, LinkAction, MachineAction, Members, MessageAction, ServerAction,
};
use raft_sim::bounded::Permille;
use raft_sim::clock::{RATE_RIGHT, Rate};
use raft_sim::command::{Batch, Command};
use raft_sim::delay::{Delay, Shape};
use raft_sim::ids::{Between, MessageId, Pair};
use raft_sim::network::labrpc::Labrpc;
use raft_sim::network::{Bandwidth, LATENCY, Model};
use raft_sim::random::Stream;
use raft_sim::server::Server;
use raft_sim::time::{Duration, Micros, MicrosRange};
use raft_sim::world::World;

use super::Kind;

/// A server that takes longer for each event could not keep up with a healthy cluster: the
/// messages to it would pile up.
const CPU_MAX: Micros = Micros::from_millis(10);

/// A command in two of five cases, otherwise an Action of one of the kinds that the run has.
pub(super) fn drawn_actions(
    draw: &mut Stream,
    world: &World,
    kinds: &[Kind],
    proposed: &mut u64,
) -> Vec<Action> {
    let leader = world.leader().unwrap_or(NodeId(1));
    let nth = usize::try_from(draw.below(kinds.len() as u64)).unwrap_or(0);
    match kinds.get(nth) {
        Some(kind) if draw.below(5) >= 2 => of_kind(*kind, draw, world, leader),
        _ => {
            *proposed += 1;
            let commands = Batch::new(vec![Command::new(format!("c{proposed}"))]);
            let propose = commands.map(|commands| {
                let server = leader;
                Action::Server(ServerAction::Propose { server, commands })
            });
            propose.into_iter().collect()
        }
    }
}

/// A fault of this kind, or an Action that undoes it.
fn of_kind(kind: Kind, draw: &mut Stream, world: &World, leader: NodeId) -> Vec<Action> {
    let one = any(draw, world);
    let begins = draw.below(5) < 2;
    if begins && kind == Kind::Partial {
        return partial(draw, world);
    }
    let drawn = one_of_kind((kind, begins), draw, world, (one, leader));
    drawn.into_iter().collect()
}

/// The same as a single Action; there is none for the links of a server that is alone.
fn one_of_kind(
    drawn: (Kind, bool),
    draw: &mut Stream,
    world: &World,
    (one, leader): (NodeId, NodeId),
) -> Option<Action> {
    Some(match drawn {
        (Kind::Crash, true) if draw.below(2) == 0 => Action::Server(ServerAction::CrashTorn(one)),
        (Kind::Crash, true) => Action::Server(ServerAction::Crash(one)),
        (Kind::Crash, false) => Action::Server(ServerAction::Restart(one)),
        (Kind::Pause, true) => Action::Server(ServerAction::Pause(one)),
        (Kind::Pause, false) => Action::Server(ServerAction::Resume(one)),
        (Kind::Stall, true) => Action::Machine(MachineAction::Stall(one)),
        (Kind::Stall, false) => Action::Machine(MachineAction::Unstall(one)),
        (Kind::Disconnect, true) => Action::Link(LinkAction::Disconnect(one)),
        (Kind::Disconnect, false) => Action::Link(LinkAction::Connect(one)),
        (Kind::Cut, true) => Action::Link(LinkAction::Cut(way(draw, world, one)?)),
        (Kind::Clog, true) => Action::Link(LinkAction::Clog(way(draw, world, one)?)),
        (Kind::Clog, false) if draw.below(2) == 0 => Action::Link(LinkAction::Unclog(None)),
        (Kind::Clog, false) => Action::Link(LinkAction::Unclog(Some(way(draw, world, one)?))),
        (Kind::Partition, true) => partition(draw, world)?,
        (Kind::Cut | Kind::Partition, false) | (Kind::Partial, _) => {
            Action::Link(LinkAction::Heal(None))
        }
        (Kind::Loss, is_lossy) => Action::Link(loss(draw, is_lossy)),
        (Kind::Latency, is_slow) => Action::Link(LinkAction::Latency {
            link: None,
            delay: range(draw, if is_slow { 400_000 } else { 20_000 }).into(),
        }),
        (Kind::Curve, is_curved) => Action::Link(LinkAction::Latency {
            link: None,
            delay: if is_curved {
                curve(draw)
            } else {
                LATENCY.into()
            },
        }),
        (Kind::Labrpc, is_of_the_lab) => Action::Link(network(draw, is_of_the_lab)),
        (Kind::Disorder, is_disordered) => disorder(draw, is_disordered),
        (Kind::Disk, is_slow) => disk(draw, is_slow.then_some(one)),
        (Kind::Clock, is_wrong) => clock(draw, one, is_wrong),
        (Kind::Cpu, is_slow) => cpu(draw, one, is_slow),
        (Kind::Fail, false) if draw.below(2) == 0 => Action::Server(ServerAction::Restart(one)),
        (Kind::Fail, fails) => Action::Machine(MachineAction::DiskFails {
            server: fails.then_some(one),
            fails,
        }),
        (Kind::Bandwidth, is_narrow) => Action::Link(bandwidth(draw, world, one, is_narrow)),
        (Kind::OfKind, true) if draw.below(2) == 0 => messages::next(draw, world, one),
        (Kind::OfKind, is_wrong) => messages::of_kind(draw, world, one, is_wrong),
        (Kind::Drop, _) => Action::Message(MessageAction::Drop(message(draw, world))),
        (Kind::Duplicate, _) => Action::Message(MessageAction::Duplicate(message(draw, world))),
        (Kind::Delay, true) => Action::Message(MessageAction::Delay {
            message: message(draw, world),
            by: duration(draw, 2_000_000),
        }),
        (Kind::Delay, false) => Action::Message(MessageAction::Deliver(message(draw, world))),
        (Kind::Timer, _) => Action::Server(ServerAction::Fire(one, timer(draw, world, one))),
        (Kind::Snapshot, _) => Action::Server(ServerAction::Snapshot(one)),
        (Kind::Read, true) => Action::Server(ServerAction::Read(leader)),
        (Kind::Read, false) => Action::Server(ServerAction::Read(one)),
        (Kind::Transfer, _) => Action::Server(ServerAction::Transfer {
            from: leader,
            to: one,
        }),
        (Kind::Reconfigure, _) => reconfigure(draw, world, leader)?,
    })
}

fn loss(draw: &mut Stream, is_lossy: bool) -> LinkAction {
    let permille = share(draw, if is_lossy { 300 } else { 0 });
    LinkAction::Loss {
        link: None,
        permille,
    }
}

fn bandwidth(draw: &mut Stream, world: &World, from: NodeId, is_narrow: bool) -> LinkAction {
    LinkAction::Bandwidth {
        link: link(draw, world, from),
        bytes_per_second: is_narrow.then(|| Bandwidth::clamped(20 + u32::from(below(draw, 2_000)))),
    }
}

fn network(draw: &mut Stream, is_of_the_lab: bool) -> LinkAction {
    if !is_of_the_lab {
        return LinkAction::Network(Model::Plain);
    }
    LinkAction::Network(Model::Labrpc(Labrpc {
        // A message that takes no time is not a fault, and lets servers without some
        // rules exchange messages endlessly at one instant.
        reliable: false,
        long_reordering: draw.below(2) == 0,
    }))
}

/// A share below so many thousandths; none, and nothing drawn, where none may be.
fn share(draw: &mut Stream, bound: u64) -> Permille {
    if bound == 0 {
        return Permille::MIN;
    }
    Permille::clamped(below(draw, bound))
}

fn below(draw: &mut Stream, bound: u64) -> u16 {
    u16::try_from(draw.below(bound)).unwrap_or(0)
}

/// From `from` to another server.
fn way(draw: &mut Stream, world: &World, from: NodeId) -> Option<Between> {
    let servers = world.network().servers();
    let further = below(draw, u64::from(servers) - 1) + 1;
    let to = NodeId((from.0 - 1 + further) % servers + 1);
    Pair::new(from, to).map(Between::OneWay)
}

/// One of the links from `from`, or all links.
fn link(draw: &mut Stream, world: &World, from: NodeId) -> Option<Pair> {
    let (Between::Both(pair) | Between::OneWay(pair)) = way(draw, world, from)?;
    (draw.below(2) == 0).then_some(pair)
}

/// A normal distribution, or one with a long tail.
fn curve(draw: &mut Stream) -> Delay {
    let time = duration(draw, 100_000);
    match draw.below(3) {
        0 => Delay::Normal {
            mean: time,
            deviation: duration(draw, 50_000),
        },
        1 => Delay::Exponential { mean: time },
        _ => Delay::Pareto {
            min: time,
            shape_hundredths: Shape::clamped(80 + below(draw, 300)),
        },
    }
}

fn disorder(draw: &mut Stream, is_disordered: bool) -> Action {
    let permille = share(draw, if is_disordered { 300 } else { 0 });
    if draw.below(2) == 0 {
        return Action::Link(LinkAction::Duplication {
            link: None,
            permille,
        });
    }
    Action::Link(LinkAction::Reordering {
        link: None,
        permille,
        by: range(draw, 1_000_000),
    })
}

/// The disk of `slow` becomes slow, or all become fast; or the order of writes changes.
fn disk(draw: &mut Stream, slow: Option<NodeId>) -> Action {
    if draw.below(3) == 0 {
        return Action::Machine(MachineAction::DiskOrder {
            server: slow,
            in_order: slow.is_none(),
        });
    }
    let range = range(draw, if slow.is_some() { 100_000 } else { 5_000 });
    Action::Machine(MachineAction::Disk {
        server: slow,
        range,
    })
}

/// A server takes time for each event, or no more.
fn cpu(draw: &mut Stream, server: NodeId, is_slow: bool) -> Action {
    let each = if is_slow {
        duration(draw, CPU_MAX.0)
    } else {
        Duration::ZERO
    };
    Action::Machine(MachineAction::Cpu { server, each })
}

/// A clock runs at half to double its rate, or jumps; or its rate is reset.
fn clock(draw: &mut Stream, server: NodeId, is_wrong: bool) -> Action {
    let by = duration(draw, 2_000_000);
    match draw.below(4) {
        0 => Action::Machine(MachineAction::ClockJump {
            server,
            jump: Jump::Ahead(by),
        }),
        1 => Action::Machine(MachineAction::ClockJump {
            server,
            jump: Jump::Back(by),
        }),
        _ if is_wrong => Action::Machine(MachineAction::ClockRate {
            server,
            permille: Rate::clamped(500 + below(draw, 1500)),
        }),
        _ => Action::Machine(MachineAction::ClockRate {
            server,
            permille: RATE_RIGHT,
        }),
    }
}

/// One of the timers that run at a server.
fn timer(draw: &mut Stream, world: &World, server: NodeId) -> Timer {
    let node = world.server(server).and_then(Server::node);
    let running: Vec<Timer> = node.map_or_else(Vec::new, |node| {
        node.timers().map(|(timer, _)| timer).collect()
    });
    let nth = usize::try_from(draw.below(running.len() as u64)).unwrap_or(0);
    running.get(nth).copied().unwrap_or(Timer::Election)
}

fn any(draw: &mut Stream, world: &World) -> NodeId {
    let servers = u64::from(world.network().servers());
    NodeId(u16::try_from(draw.below(servers) + 1).unwrap_or(1))
}

/// Two groups, of which neither is empty.
fn partition(draw: &mut Stream, world: &World) -> Option<Action> {
    let alone = any(draw, world);
    let mut groups = vec![vec![alone], Vec::new()];
    for server in world.servers().iter().filter(|server| server.id != alone) {
        // The other side must not be empty.
        let is_here = !groups[1].is_empty() && draw.below(2) == 0;
        groups[usize::from(!is_here)].push(server.id);
    }
    groups[0].sort_unstable();
    Some(Action::Link(LinkAction::Partition(Groups::new(groups)?)))
}

/// The links of a server that is not part of the connected majority.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    /// It receives nothing.
    Deaf,
    /// No other server hears it.
    Mute,
    /// Each link to or from it is cut or not by chance.
    Chance,
}

/// Some majority is fully connected, and the others have only some links.
fn partial(draw: &mut Stream, world: &World) -> Vec<Action> {
    let mut servers: Vec<NodeId> = world.servers().iter().map(|server| server.id).collect();
    for place in (1..servers.len()).rev() {
        let lot = draw.below(place as u64 + 1);
        servers.swap(place, usize::try_from(lot).unwrap_or(0));
    }
    servers.truncate(servers.len() / 2 + 1);
    cuts_around(draw, world, &servers.into_iter().collect())
}

/// The Actions that cut links or heal them so that the servers of `core` are fully connected, and
/// the others have only some links.
pub(super) fn cuts_around(
    draw: &mut Stream,
    world: &World,
    core: &BTreeSet<NodeId>,
) -> Vec<Action> {
    let mut aside = |id: NodeId| match draw.below(3) {
        _ if core.contains(&id) => None,
        0 => Some(Aside::Deaf),
        1 => Some(Aside::Mute),
        _ => Some(Aside::Chance),
    };
    let servers = world.servers().iter();
    let servers: Vec<_> = servers
        .map(|server| (server.id, aside(server.id)))
        .collect();
    let mut actions = Vec::new();
    for (from, sender) in &servers {
        for (to, receiver) in servers.iter().filter(|(to, _)| to != from) {
            let (from, to) = (*from, *to);
            let by_chance = [sender, receiver].contains(&&Some(Aside::Chance));
            let is_cut = *sender == Some(Aside::Mute)
                || *receiver == Some(Aside::Deaf)
                || (by_chance && draw.below(2) == 0);
            let Some(way) = Pair::new(from, to).map(Between::OneWay) else {
                continue;
            };
            match (is_cut, world.network().link(from, to).cut) {
                (true, false) => actions.push(Action::Link(LinkAction::Cut(way))),
                (false, true) => actions.push(Action::Link(LinkAction::Heal(Some(way)))),
                (true, true) | (false, false) => {}
            }
        }
    }
    actions
}

/// Each server is a voter, a learner or not a member; the first that may be is a voter, since one
/// is needed.
fn reconfigure(draw: &mut Stream, world: &World, server: NodeId) -> Option<Action> {
    let (mut voters, mut learners) = (Vec::new(), Vec::new());
    for id in world.servers().iter().map(|server| server.id) {
        match draw.below(6) {
            0 => {}
            1 => learners.push(id),
            _ => voters.push(id),
        }
    }
    if voters.is_empty() {
        learners.retain(|id| *id != NodeId(1));
        voters.push(NodeId(1));
    }
    let members = Members::new(voters, learners)?;
    Some(Action::Server(ServerAction::Reconfigure {
        server,
        members,
    }))
}

fn duration(draw: &mut Stream, bound: u64) -> Duration {
    Duration::clamped(Micros(draw.below(bound)))
}

fn range(draw: &mut Stream, max: u64) -> MicrosRange {
    let min = draw.below(max);
    MicrosRange::between(Micros(min), Micros(min + draw.below(max)))
}

/// A message in flight, if there is one.
fn message(draw: &mut Stream, world: &World) -> MessageId {
    let flights = world.network().flights();
    let nth = usize::try_from(draw.below(flights.len() as u64)).unwrap_or(0);
    flights.keys().nth(nth).copied().unwrap_or(MessageId(0))
}
