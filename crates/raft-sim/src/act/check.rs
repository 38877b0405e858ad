//! Whether an Action can be done now.

use std::collections::BTreeSet;

use raft_core::{NodeId, Payload};

use super::rewrite::check_edit;
use super::{ClientRefusal, Refusal};
use crate::action::{Action, Edit};
use crate::client::store::session_of;
use crate::client::work::{WORK_KEYS_MAX, WORK_PAUSE_MIN};
use crate::client::{Client, ClientId, QUEUE_MAX};
use crate::clock::RATE_MAX;
use crate::command::Command;
use crate::delay::{Delay, SHAPE_MAX};
use crate::ids::{Between, MessageId};
use crate::network::{BANDWIDTH_MAX, ORDERS_MAX};
use crate::server::Server;
use crate::time::{DURATION_MAX, Micros, MicrosRange};
use crate::which::{Handling, Mishap, Which};
use crate::world::World;

/// Of a thousand messages.
const PERMILLE_MAX: u16 = 1_000;

impl World {
    /// Whether `action` can be done; answers the server it is done to.
    pub(super) fn permits(&self, action: &Action) -> Result<Option<NodeId>, Refusal> {
        if !has_text_form(action) {
            return Err(Refusal::NoTextForm);
        }
        match action {
            Action::Propose { server, commands } => {
                self.acting(*server)?;
                for command in commands {
                    self.is_nobodys(command)?;
                }
            }
            Action::Read(id) => self.acting(*id)?,
            Action::Transfer { from, to } => {
                self.acting(*from)?;
                self.existing(*to)?;
            }
            Action::Reconfigure {
                server,
                voters,
                learners,
            } => {
                self.acting(*server)?;
                self.all_exist(voters.iter().chain(learners))?;
            }
            Action::Snapshot(id) => {
                self.acting(*id)?;
                self.has_applied(*id)?;
            }
            Action::Timeout(id) => {
                self.acting(*id)?;
                let node = self.server(*id).and_then(|server| server.node());
                if node.is_some_and(|node| node.role().is_leader()) {
                    return Err(Refusal::Leads(*id));
                }
            }
            Action::Rewrite { server: id, edit } => {
                check_edit(self.existing(*id)?, edit)?;
                if let Edit::Configuration { voters, learners } = edit {
                    self.all_exist(voters.iter().chain(learners))?;
                }
            }
            Action::Crash(id) | Action::CrashTorn(id) => {
                self.running(*id)?;
            }
            Action::Pause(id) if self.running(*id)? => return Err(Refusal::AlreadyPaused(*id)),
            Action::Resume(id) if !self.running(*id)? => return Err(Refusal::NotPaused(*id)),
            Action::Restart(id) | Action::RestartEmpty(id) => {
                self.crashed(*id)?;
            }
            Action::RestartBackup(id) if !self.crashed(*id)?.disk.has_backup() => {
                return Err(Refusal::NoBackup(*id));
            }
            Action::Disconnect(id)
            | Action::Connect(id)
            | Action::Backup(id)
            | Action::Stall(id)
            | Action::Unstall(id)
            | Action::ClockRate { server: id, .. }
            | Action::ClockJump { server: id, .. } => {
                self.existing(*id)?;
            }
            Action::Drop(id) | Action::Duplicate(id) => {
                self.travelling(*id)?;
            }
            Action::Deliver(id) | Action::Delay { message: id, .. } => {
                self.moving(*id)?;
            }
            Action::Ask { .. }
            | Action::Work { .. }
            | Action::Rest(_)
            | Action::ClientLatency(_)
            | Action::ClientLoss(_) => self.check_clients(action)?,
            Action::Next { which, .. } => self.check_order(*which)?,
            Action::RestartBackup(_)
            | Action::Pause(_)
            | Action::Resume(_)
            | Action::Step(_)
            | Action::Run(_)
            | Action::Network(_) => {}
            Action::Cut(_)
            | Action::Heal(_)
            | Action::Partition(_)
            | Action::Clog(_)
            | Action::Unclog(_)
            | Action::Latency { .. }
            | Action::Loss { .. }
            | Action::Duplication { .. }
            | Action::Reordering { .. }
            | Action::OfKind { .. }
            | Action::Bandwidth { .. }
            | Action::Disk { .. }
            | Action::DiskOrder { .. }
            | Action::DiskSyncs { .. }
            | Action::DiskFails { .. } => {
                named(action).try_for_each(|id| self.existing(id).map(|_| ()))?;
            }
        }
        Ok(super::server_of(action))
    }

    /// Whether a server has applied an entry that it can make a snapshot of.
    fn has_applied(&self, id: NodeId) -> Result<(), Refusal> {
        let node = self.server(id).and_then(|server| server.node());
        let applied = node.is_some_and(|node| {
            let (log, last_applied) = (node.log(), node.last_applied());
            let members = log.configuration_at(last_applied);
            log.get(last_applied).is_some() && !members.voters().is_empty()
        });
        applied.then_some(()).ok_or(Refusal::NothingToCompact(id))
    }

    /// Refuses what a client of this cluster could have asked for.
    fn is_nobodys(&self, command: &Command) -> Result<(), Refusal> {
        match session_of(command.as_str()) {
            Some(((id, _), _)) if self.client(id).is_some() => {
                Err(Refusal::Client(ClientRefusal::HasSession(id)))
            }
            _ => Ok(()),
        }
    }

    /// Whether there are the clients that an Action is about.
    fn check_clients(&self, action: &Action) -> Result<(), Refusal> {
        let one = match action {
            Action::Ask { client, .. } => Some(*client),
            Action::Work { client, .. } | Action::Rest(client) => *client,
            _ => None,
        };
        let client = self.check_client(one)?;
        if let Some(client) = client.filter(|client| client.pending() > QUEUE_MAX)
            && matches!(action, Action::Ask { .. })
        {
            return Err(Refusal::Client(ClientRefusal::AsksTooMuch(client.id)));
        }
        Ok(())
    }

    /// The client that is meant, if it is a single one; `None` means every client.
    fn check_client(&self, one: Option<ClientId>) -> Result<Option<&Client>, Refusal> {
        if self.clients().is_empty() {
            return Err(Refusal::Client(ClientRefusal::NoClients));
        }
        one.map(|id| {
            self.client(id)
                .ok_or(Refusal::Client(ClientRefusal::NoClient(id)))
        })
        .transpose()
    }

    /// Whether such a message may be sent here one day, and not too many are waited for.
    fn check_order(&self, which: Which) -> Result<(), Refusal> {
        let client = match which {
            Which::Between { link, .. } => {
                self.all_exist(link.iter().flat_map(|(from, to)| [from, to]))?;
                None
            }
            Which::Request(client) | Which::Answer(client) => Some(client),
        };
        if let Some(client) = client {
            self.check_client(client)?;
        }
        if self.network.orders().len() >= ORDERS_MAX {
            return Err(Refusal::WaitsForTooMany);
        }
        Ok(())
    }

    /// Whether a message is under way and does not wait at its end.
    fn moving(&self, id: MessageId) -> Result<(), Refusal> {
        let to = self.travelling(id)?;
        let receiver = self.existing(to)?.running();
        if receiver.is_some_and(|running| running.parked.contains(&id)) {
            return Err(Refusal::Paused(to));
        }
        if self.network.waits(id) {
            return Err(Refusal::Clogged(id));
        }
        Ok(())
    }

    /// The server that a message under way is for; of a client's call, the one that is asked.
    fn travelling(&self, id: MessageId) -> Result<NodeId, Refusal> {
        let flight = self.network.flights().get(&id).map(|flight| flight.to);
        let call = || {
            self.network
                .calls()
                .get(id)
                .map(|flight| flight.call.server)
        };
        flight.or_else(call).ok_or(Refusal::NoMessage(id))
    }

    fn all_exist<'a>(&self, mut named: impl Iterator<Item = &'a NodeId>) -> Result<(), Refusal> {
        named.try_for_each(|id| self.existing(*id).map(|_| ()))
    }

    fn existing(&self, id: NodeId) -> Result<&Server, Refusal> {
        self.server(id).ok_or(Refusal::NoServer(id))
    }

    fn crashed(&self, id: NodeId) -> Result<&Server, Refusal> {
        let server = self.existing(id)?;
        match server.running() {
            Some(_) => Err(Refusal::AlreadyRunning(id)),
            None => Ok(server),
        }
    }

    /// Whether a running server is paused.
    fn running(&self, id: NodeId) -> Result<bool, Refusal> {
        let running = self.existing(id)?.running();
        running.map(|r| r.paused).ok_or(Refusal::NotRunning(id))
    }

    fn acting(&self, id: NodeId) -> Result<(), Refusal> {
        if self.running(id)? {
            Err(Refusal::Paused(id))
        } else {
            Ok(())
        }
    }
}

/// Every server that a change of links or disks names.
fn named(action: &Action) -> impl Iterator<Item = NodeId> {
    let link = link_of(action);
    let groups: &[Vec<NodeId>] = match action {
        Action::Partition(groups) => groups,
        _ => &[],
    };
    let disk = match action {
        Action::Disk { server, .. }
        | Action::DiskOrder { server, .. }
        | Action::DiskSyncs { server, .. }
        | Action::DiskFails { server, .. } => *server,
        _ => None,
    };
    let ends = link.into_iter().flat_map(|(from, to)| [from, to]);
    ends.chain(groups.iter().flatten().copied()).chain(disk)
}

/// The two ends of the link that an Action is about, if it is about a single one.
const fn link_of(action: &Action) -> Option<(NodeId, NodeId)> {
    match action {
        Action::Cut(between)
        | Action::Clog(between)
        | Action::Heal(Some(between))
        | Action::Unclog(Some(between)) => Some(match between {
            Between::Both(a, b) => (*a, *b),
            Between::OneWay { from, to } => (*from, *to),
        }),
        Action::Latency { link, .. }
        | Action::Loss { link, .. }
        | Action::Duplication { link, .. }
        | Action::Reordering { link, .. }
        | Action::OfKind { link, .. }
        | Action::Bandwidth { link, .. }
        | Action::Next {
            which: Which::Between { link, .. },
            ..
        } => *link,
        _ => None,
    }
}

/// Whether a line can say this: whoever builds an Action of parts may build more than that.
fn has_text_form(action: &Action) -> bool {
    if link_of(action).is_some_and(|(from, to)| from == to) {
        return false;
    }
    match action {
        Action::Propose { commands, .. } => !commands.is_empty(),
        Action::Rewrite { edit, .. } => {
            let can_be_written =
                |payload: &Payload<Command>| !matches!(payload, Payload::Configuration(_));
            match edit {
                Edit::Log(entries) | Edit::Snapshot(entries) => {
                    entries.iter().all(|(_, payload)| can_be_written(payload))
                }
                Edit::Configuration { voters, learners } => {
                    !voters.is_empty() && each_once(voters.iter().chain(learners))
                }
                Edit::Entry { payload, .. } => can_be_written(payload),
                Edit::Delete(_)
                | Edit::Truncate(_)
                | Edit::Term(_)
                | Edit::VotedFor(_)
                | Edit::Commit(_) => true,
            }
        }
        Action::Reconfigure {
            voters, learners, ..
        } => each_once(voters.iter().chain(learners)),
        Action::Partition(groups) => {
            let none_is_empty = groups.iter().all(|group| !group.is_empty());
            groups.len() >= 2 && none_is_empty && each_once(groups.iter().flatten())
        }
        Action::Latency { delay, .. } | Action::ClientLatency(delay) => can_be_written(delay),
        Action::Work { keys, every, .. } => {
            let pauses = every.min >= WORK_PAUSE_MIN;
            (1..=WORK_KEYS_MAX).contains(keys) && is_range(*every) && pauses
        }
        Action::Disk { range, .. } => is_range(*range),
        Action::Loss { permille, .. }
        | Action::ClientLoss(permille)
        | Action::Duplication { permille, .. } => *permille <= PERMILLE_MAX,
        Action::Reordering { permille, by, .. } => *permille <= PERMILLE_MAX && is_range(*by),
        Action::ClockRate { permille, .. } => (1..=RATE_MAX).contains(permille),
        Action::Next { which, handling } => {
            let is_bare = *which
                == Which::Between {
                    kind: None,
                    link: None,
                };
            let by = match handling {
                Handling::Delay(by) => *by,
                Handling::Drop | Handling::Duplicate | Handling::Deliver => Micros::ZERO,
            };
            !is_bare && by <= DURATION_MAX
        }
        Action::Bandwidth {
            bytes_per_second, ..
        } => bytes_per_second.is_none_or(|rate| (1..=BANDWIDTH_MAX).contains(&rate)),
        Action::OfKind { mishap, .. } => {
            let by = match mishap {
                Mishap::Reordering(_, by) => *by,
                Mishap::Loss(_) | Mishap::Duplication(_) => MicrosRange::fixed(Micros::ZERO),
            };
            mishap.permille() <= PERMILLE_MAX && is_range(by)
        }
        _ => true,
    }
}

fn each_once<'a>(mut servers: impl Iterator<Item = &'a NodeId>) -> bool {
    let mut seen = BTreeSet::new();
    servers.all(|id| seen.insert(*id))
}

fn can_be_written(delay: &Delay) -> bool {
    let is_time = |time: Micros| time <= DURATION_MAX;
    match *delay {
        Delay::Even(range) => is_range(range),
        Delay::Normal { mean, deviation } => is_time(mean) && is_time(deviation),
        Delay::Exponential { mean } => is_time(mean),
        Delay::Pareto {
            min,
            shape_hundredths,
        } => is_time(min) && (1..=SHAPE_MAX).contains(&shape_hundredths),
    }
}

fn is_range(range: MicrosRange) -> bool {
    range.min <= range.max && range.max <= DURATION_MAX
}
