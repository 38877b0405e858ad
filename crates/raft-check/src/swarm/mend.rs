//! Recovery: a quorum is repaired, everything else stays as broken as it is, and commands must
//! be applied again.

use std::collections::BTreeSet;

use raft_core::{Configuration, Entry, Index, Message, NodeId, Payload, SharedVec};
use raft_sim::action::{Action, LinkAction, MachineAction, ServerAction};
use raft_sim::bounded::Permille;
use raft_sim::clock::RATE_RIGHT;
use raft_sim::command::{Batch, Command};
use raft_sim::disk::DISK;
use raft_sim::ids::{Between, Pair};
use raft_sim::invariant::Violation;
use raft_sim::network::{LATENCY, Model};
use raft_sim::observed::Observed;
use raft_sim::run::{RunError, Stage, Trial};
use raft_sim::server::Server;
use raft_sim::time::{Duration, Micros, MicrosRange};
use raft_sim::world::World;

use super::attempt;

/// How long a repaired quorum may take to apply a command: some twenty elections.
pub const PROGRESS_WITHIN: Micros = Micros::from_secs(30);

/// How often a client proposes another command in the meantime.
const OFFERED_EVERY: Micros = Micros::from_millis(500);

/// What became of a repaired quorum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A command was applied by a majority.
    Made,
    /// No command was applied in time.
    None,
    /// An invariant broke in the meantime.
    Broken(Violation),
}

/// The servers to repair: few, but a majority of every configuration that may still be used.
///
/// Such a configuration is any that exists in memory, on a disk or in flight, from the latest
/// certainly committed one on: the next leader may have to use any of them.
#[must_use]
pub fn quorum(world: &World) -> BTreeSet<NodeId> {
    let mut configurations = Vec::new();
    for server in world.servers() {
        held(server, &mut configurations);
    }
    for flight in world.network().flights().values() {
        if let Some(rpc) = flight.letter.rpc()
            && let Message::AppendEntries(append) = &rpc.said
        {
            let entries = append.entries.iter();
            configurations.extend(entries.filter_map(configuration));
        }
    }
    let mut core: BTreeSet<NodeId> = world.servers().iter().map(|server| server.id).collect();
    // The leader is the first to be left out, so that quorums without it occur as well.
    let mut candidates: Vec<NodeId> = core.iter().copied().collect();
    candidates.sort_by_key(|id| (Some(*id) != world.leader(), *id));
    for id in candidates {
        core.remove(&id);
        let is_enough = |voters: &[NodeId]| {
            let there = voters.iter().filter(|id| core.contains(id)).count();
            voters.is_empty() || there * 2 > voters.len()
        };
        let all = configurations.iter();
        let mut all = all.flat_map(|found| [found.voters(), found.outgoing()]);
        if core.is_empty() || !all.all(is_enough) {
            core.insert(id);
        }
    }
    core
}

/// The configurations that `server` has and may use in the future.
fn held(server: &Server, found: &mut Vec<Configuration>) {
    let mut in_log =
        |base: Index, floor: Index, first: &Configuration, entries: &SharedVec<Entry<_>>| {
            let mut settled = first.clone();
            for (offset, entry) in entries.iter().enumerate() {
                let Some(configuration) = configuration(entry) else {
                    continue;
                };
                if base.plus(offset + 1) <= floor {
                    settled = configuration;
                } else {
                    found.push(configuration);
                }
            }
            found.push(settled);
        };
    let image = &server.disk.image;
    let (base, first) = (
        image.snapshot.last_included_index,
        &image.snapshot.configuration,
    );
    in_log(base, base, first, &image.entries);
    if let Some(node) = server.node() {
        let (log, snapshot) = (node.log(), node.log().snapshot());
        let base = snapshot.last_included_index;
        in_log(
            base,
            node.commit_index(),
            &snapshot.configuration,
            log.entries(),
        );
    }
}

fn configuration(entry: &Entry<Command>) -> Option<Configuration> {
    match &entry.payload {
        Payload::Configuration(configuration) => Some((**configuration).clone()),
        _ => None,
    }
}

/// Repairs the servers of `core` and the links between them, and proposes commands to every
/// leader until one is applied by a majority.
///
/// With CheckQuorum all others stay as they are, and so do the links to and from them:
/// `docs/liveness.md` says why that is enough. But their disks and processors are repaired, since a
/// leader that is heard but cannot write, or is behind with what it hears, may keep leading; and
/// without Pre-Vote so are their clocks, since a server whose clock is fast enough may win vote after
/// vote. Without CheckQuorum they are cut off for good: in plain Raft a server that is heard but
/// hears no other may depose every leader (dissertation, §6.2 and §9.6), and with Pre-Vote alone an
/// old leader may keep the others from electing a new one.
///
/// # Errors
/// There would be too many events.
pub fn demand_progress(
    trial: &mut Trial,
    core: &BTreeSet<NodeId>,
    within: Micros,
) -> Result<Progress, RunError> {
    for action in mending(trial.world(), core) {
        attempt(trial, &action)?;
    }
    let deadline = trial.world().now() + within;
    let mut offered = Vec::new();
    while trial.world().now() < deadline {
        for server in leaders(trial.world()) {
            let command = Command::new(format!("again{}", offered.len() + 1));
            if let Some(commands) = Batch::new(vec![command.clone()]) {
                let propose = ServerAction::Propose { server, commands };
                attempt(trial, &Action::Server(propose))?;
            }
            offered.push(command);
        }
        let to = trial.world().now() + OFFERED_EVERY;
        trial.live_to(to)?;
        if let Some(found) = trial.world().checker().violations().first() {
            return Ok(Progress::Broken(found.clone()));
        }
        let mut offered = offered.iter();
        if offered.any(|command| is_applied(trial.world(), command)) {
            return Ok(Progress::Made);
        }
    }
    Ok(Progress::None)
}

/// The Actions that repair the servers of `core`, and cut the others off where they could do harm,
/// except those that would change nothing.
fn mending(world: &World, core: &BTreeSet<NodeId>) -> Vec<Action> {
    let mut actions = Vec::new();
    // The settings of links matter only if the network uses them.
    let is_plain = world.network().model() == Model::Plain;
    actions.extend(unless(is_plain, || {
        Action::Link(LinkAction::Network(Model::Plain))
    }));
    let mut settings = world.settings().iter();
    let is_promised = settings.clone().all(|settings| settings.check_quorum);
    let asks_first = settings.all(|settings| settings.pre_vote);
    for server in world.servers() {
        let is_off = !world.network().is_connected(server.id);
        if core.contains(&server.id) {
            mend_disk(server, &mut actions);
            mend_cpu(server, &mut actions);
            mend_server(world, server, &mut actions);
            mend_clock(server, &mut actions);
            for to in core.iter().filter(|to| **to != server.id) {
                mend_link(world, server.id, *to, &mut actions);
            }
        } else if is_promised {
            mend_disk(server, &mut actions);
            mend_cpu(server, &mut actions);
            if !asks_first {
                mend_clock(server, &mut actions);
            }
        } else {
            actions.extend(unless(is_off, || {
                Action::Link(LinkAction::Disconnect(server.id))
            }));
        }
    }
    actions
}

fn unless(is_so: bool, action: impl FnOnce() -> Action) -> Option<Action> {
    (!is_so).then(action)
}

fn mend_server(world: &World, server: &Server, actions: &mut Vec<Action>) {
    let id = server.id;
    let running = server.running();
    actions.extend(unless(running.is_some(), || {
        Action::Server(ServerAction::Restart(id))
    }));
    let is_awake = running.is_none_or(|running| !running.paused);
    actions.extend(unless(is_awake, || {
        Action::Server(ServerAction::Resume(id))
    }));
    let is_connected = world.network().is_connected(id);
    actions.extend(unless(is_connected, || {
        Action::Link(LinkAction::Connect(id))
    }));
}

fn mend_clock(server: &Server, actions: &mut Vec<Action>) {
    let id = server.id;
    actions.extend(unless(server.clock_rate_permille == RATE_RIGHT, || {
        Action::Machine(MachineAction::ClockRate {
            server: id,
            permille: RATE_RIGHT,
        })
    }));
}

fn mend_cpu(server: &Server, actions: &mut Vec<Action>) {
    let id = server.id;
    actions.extend(unless(server.cpu == Micros::ZERO, || {
        Action::Machine(MachineAction::Cpu {
            server: id,
            each: Duration::ZERO,
        })
    }));
}

fn mend_disk(server: &Server, actions: &mut Vec<Action>) {
    let (id, disk) = (server.id, &server.disk);
    // A restarted server must not stop at its first write.
    actions.extend(unless(!disk.is_failing, || {
        Action::Machine(MachineAction::DiskFails {
            server: Some(id),
            fails: false,
        })
    }));
    actions.extend(unless(!disk.is_stalled, || {
        Action::Machine(MachineAction::Unstall(id))
    }));
    actions.extend(unless(disk.latency == DISK, || {
        Action::Machine(MachineAction::Disk {
            server: Some(id),
            range: DISK,
        })
    }));
}

fn mend_link(world: &World, from: NodeId, to: NodeId, actions: &mut Vec<Action>) {
    let found = world.network().link(from, to);
    let is_clogged = world.network().is_clogged(from, to);
    let Some(pair) = Pair::new(from, to) else {
        return;
    };
    let (way, link) = (Between::OneWay(pair), Some(pair));
    actions.extend(unless(!found.cut, || {
        Action::Link(LinkAction::Heal(Some(way)))
    }));
    actions.extend(unless(!is_clogged, || {
        Action::Link(LinkAction::Unclog(Some(way)))
    }));
    let permille = Permille::MIN;
    actions.extend(unless(found.loss_permille == Permille::MIN, || {
        Action::Link(LinkAction::Loss { link, permille })
    }));
    actions.extend(unless(found.duplication_permille == Permille::MIN, || {
        Action::Link(LinkAction::Duplication { link, permille })
    }));
    actions.extend(unless(found.reordering_permille == Permille::MIN, || {
        Action::Link(LinkAction::Reordering {
            link,
            permille,
            by: MicrosRange::fixed(Micros::ZERO),
        })
    }));
    for (kind, mishap) in found.mishaps() {
        let mishap = mishap.none();
        actions.push(Action::Link(LinkAction::OfKind { kind, link, mishap }));
    }
    let is_wide = found.bytes_per_second.is_none();
    actions.extend(unless(is_wide, || {
        Action::Link(LinkAction::Bandwidth {
            link,
            bytes_per_second: None,
        })
    }));
    let delay = LATENCY.into();
    actions.extend(unless(found.latency == delay, || {
        Action::Link(LinkAction::Latency { link, delay })
    }));
}

/// All leaders, even of old terms: clients may reach any of them.
fn leaders(world: &World) -> Vec<NodeId> {
    let leads = |server: &&Server| server.node().is_some_and(|node| node.role().is_leader());
    let servers = world.servers().iter().filter(leads);
    servers.map(|server| server.id).collect()
}

/// Whether a majority of the voters that some leader counts has applied the command.
fn is_applied(world: &Observed, command: &Command) -> bool {
    let Some(index) = world.checker().place_of(command) else {
        return false;
    };
    let has_applied = |id: &&NodeId| {
        let running = world.server(**id).and_then(Server::running);
        running.is_some_and(|running| running.machine.applied >= index)
    };
    leaders(world).into_iter().any(|leader| {
        let node = world.server(leader).and_then(Server::node);
        let voters = node.map_or(&[][..], |node| node.configuration().voters());
        voters.iter().filter(has_applied).count() * 2 > voters.len()
    })
}
