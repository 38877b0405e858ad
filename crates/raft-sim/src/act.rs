//! What can be done to a world from outside.
//!
//! An [`Action`] either makes one event or is refused with a reason and
//! changes nothing. `step` and `run` are not among them: they only let the
//! world go on, and belong to the run.

mod calls;
mod check;
mod condition;
mod refusal;
mod rewrite;

use std::collections::BTreeSet;

use raft_core::{NodeId, Timer};

use crate::action::Action;
use crate::event::{Event, EventKind};
use crate::fact::Fact;
use crate::ids::MessageId;
use crate::outcome::LossReason;
use crate::said::{MessageKind, Said};
use crate::server::Life;
use crate::which::{Handling, Which};
use crate::world::World;

pub use refusal::{ClientRefusal, Refusal};

impl World {
    /// Does `action`; makes one event.
    ///
    /// # Errors
    /// Says why it cannot be done now; the world is as it was.
    pub fn act(&mut self, action: &Action) -> Result<Event, Refusal> {
        let server = self.permits(action)?;
        self.facts.clear();
        let before = match action {
            Action::Rewrite { server, .. } => {
                let node = self.server(*server).and_then(|server| server.node());
                node.map(|node| node.log().clone())
            }
            _ => None,
        };
        let mut cause = None;
        let mut kind = EventKind::Acted(action.clone());
        match action {
            Action::Step(_) | Action::Run(_) => return Err(Refusal::OnlyTime),
            Action::Propose { .. }
            | Action::Transfer { .. }
            | Action::Reconfigure { .. }
            | Action::Read(_) => {
                if let Some(declined) = self.ask(action) {
                    kind = declined;
                }
            }
            Action::Ask { client, operation } => self.want(*client, operation),
            Action::Work { .. } | Action::Rest(_) => self.employ(action),
            Action::Crash(id) => self.crash(*id, false),
            Action::CrashTorn(id) => self.crash(*id, true),
            Action::Restart(id) => self.boot(*id),
            Action::RestartEmpty(id) => {
                if let Some(server) = self.server_mut(*id) {
                    server.disk.wipe();
                }
                self.boot(*id);
            }
            Action::Backup(id) => {
                if let Some(server) = self.server_mut(*id) {
                    server.disk.back_up();
                }
            }
            Action::RestartBackup(id) => {
                if let Some(server) = self.server_mut(*id) {
                    server.disk.restore();
                }
                self.boot(*id);
            }
            Action::Pause(id) => {
                if let Some(running) = self.running_mut(*id) {
                    running.paused = true;
                }
            }
            Action::Resume(id) => self.resume(*id),
            Action::Disconnect(id) => self.network.set_connected(*id, false),
            Action::Connect(id) => self.network.set_connected(*id, true),
            Action::Drop(_) | Action::Duplicate(_) | Action::Deliver(_) | Action::Delay { .. } => {
                cause = self.handle_message(action);
            }
            Action::Timeout(id) => {
                self.with_node(*id, |node| node.fire(Timer::Election));
            }
            Action::Rewrite { server, edit } => self.rewrite(*server, edit),
            Action::Snapshot(id) => {
                self.compact(*id);
            }
            Action::Cut(_)
            | Action::Heal(_)
            | Action::Partition(_)
            | Action::Clog(_)
            | Action::Unclog(_)
            | Action::Latency { .. }
            | Action::Loss { .. }
            | Action::Duplication { .. }
            | Action::Reordering { .. }
            | Action::ClientLatency(_)
            | Action::ClientLoss(_)
            | Action::Network(_)
            | Action::Next { .. }
            | Action::OfKind { .. }
            | Action::Bandwidth { .. } => self.set_network(action),
            Action::Disk { .. }
            | Action::DiskOrder { .. }
            | Action::DiskSyncs { .. }
            | Action::DiskFails { .. }
            | Action::Stall(_)
            | Action::Unstall(_)
            | Action::ClockRate { .. }
            | Action::ClockJump { .. } => self.set_machine(action),
        }
        let event = self.finish(server, cause, kind);
        match action {
            Action::Rewrite { server, .. } => {
                let server = *server;
                self.facts.push(Fact::Rewritten { server, before });
            }
            Action::Restart(id) | Action::RestartEmpty(id) | Action::RestartBackup(id) => {
                self.facts.push(Fact::Rejoined(*id));
            }
            _ => {}
        }
        self.debug_check();
        Ok(event)
    }

    /// A client or an administrator asks a server for something; what it answers if it will not.
    fn ask(&mut self, action: &Action) -> Option<EventKind> {
        let mut why = None;
        match action {
            Action::Propose { server, commands } => self.with_node(*server, |node| {
                for command in commands {
                    if let Err(declined) = node.propose(command.clone()) {
                        why = Some(declined.into());
                    }
                }
            }),
            Action::Transfer { from, to } => self.with_node(*from, |node| {
                why = node.transfer_leadership(*to).err().map(Into::into);
            }),
            Action::Reconfigure {
                server,
                voters,
                learners,
            } => self.with_node(*server, |node| {
                why = node.reconfigure(voters, learners).err().map(Into::into);
            }),
            Action::Read(id) => {
                let mut begun = None;
                self.with_node(*id, |node| match node.read() {
                    Ok(read) => begun = Some(read),
                    Err(declined) => why = Some(declined.into()),
                });
                if let Some(read) = begun {
                    self.facts.push(Fact::ReadBegun { server: *id, read });
                }
            }
            _ => {}
        }
        why.map(|why| EventKind::Declined(action.clone(), why))
    }

    fn with_node(&mut self, id: NodeId, act: impl FnOnce(&mut crate::server::ServerNode)) {
        let now = self.now;
        if let Some(running) = self.running_mut(id) {
            running.sync(now);
            act(&mut running.node);
        }
    }

    pub(crate) fn crash(&mut self, id: NodeId, torn: bool) {
        self.unqueue_writes(id);
        self.network.crashed(id);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        if torn {
            server.disk.tear();
        }
        server.disk.crash();
        let parked = match std::mem::replace(&mut server.life, Life::Crashed) {
            Life::Running(running) => running.parked,
            Life::Crashed => Vec::new(),
        };
        for message in parked {
            self.lose(message, LossReason::Crashed);
        }
    }

    fn resume(&mut self, id: NodeId) {
        let now = self.now;
        let Some(running) = self.running_mut(id) else {
            return;
        };
        running.paused = false;
        // Its clock went on while it stood still, and it sees that at once: a
        // lease must not seem to be younger than it is.
        running.catch_up(now);
        for write in std::mem::take(&mut running.unreported) {
            running.node.durable(write);
        }
        for message in std::mem::take(&mut running.parked) {
            self.enqueue_arrival(now, message);
        }
    }

    /// The messages under way that are meant, the one sent first before the others. What waits
    /// at the end of a clogged link or at a paused server cannot be hurried or held up.
    #[must_use]
    pub fn under_way(&self, which: Which, handling: Handling) -> Vec<MessageId> {
        let mut waiting = BTreeSet::new();
        if matches!(handling, Handling::Deliver | Handling::Delay(_)) {
            waiting.extend(self.network.waiting());
            let running = self.servers.iter().filter_map(|server| server.running());
            waiting.extend(running.flat_map(|running| running.parked.iter().copied()));
        }
        let flights = self.network.flights().iter().filter(|(id, flight)| {
            let kind = MessageKind::of(&Said::of(&flight.message));
            which.is_message(kind, (flight.from, flight.to)) && !waiting.contains(*id)
        });
        let calls = self
            .network
            .calls()
            .iter()
            .filter(|(id, flight)| which.is_call(&flight.call) && !waiting.contains(id));
        let calls = calls.map(|(id, _)| id);
        flights.map(|(id, _)| *id).chain(calls).collect()
    }

    /// Does to a message that is sent in this event what was asked to be done to it.
    pub(crate) fn handle_sent(&mut self, id: MessageId, handling: Handling) {
        if handling == Handling::Drop {
            // It travels and is lost at its end, as what a link loses does.
            self.network.doom(id, LossReason::Dropped);
        } else {
            self.handle_message(&handling.of(id));
        }
    }

    /// Does something to one message; answers the event that sent it.
    fn handle_message(&mut self, action: &Action) -> Option<u64> {
        let now = self.now;
        if let Some(cause) = self.handle_call(action) {
            return Some(cause);
        }
        match action {
            Action::Drop(id) => {
                let flight = self.network.flights().get(id)?;
                let (to, cause) = (flight.to, Some(flight.cause));
                self.unqueue(*id);
                self.network.waits_no_more(*id);
                if let Some(running) = self.running_mut(to) {
                    running.parked.retain(|parked| parked != id);
                }
                self.lose(*id, LossReason::Dropped);
                cause
            }
            Action::Duplicate(id) => {
                let flight = self.network.flights().get(id)?.clone();
                let (from, to, cause) = (flight.from, flight.to, flight.cause);
                if let Some((copy, due_at)) =
                    self.network.send(now, from, to, flight.message, cause)
                {
                    self.enqueue_arrival(due_at, copy);
                }
                Some(cause)
            }
            Action::Deliver(id) => {
                let flight = self.network.flight_mut(*id)?;
                flight.due_at = now;
                let cause = flight.cause;
                self.unqueue(*id);
                self.enqueue_arrival(now, *id);
                Some(cause)
            }
            Action::Delay { message, by } => {
                let flight = self.network.flight_mut(*message)?;
                flight.due_at = flight.due_at.saturating_add(*by);
                let (due_at, cause) = (flight.due_at, flight.cause);
                self.unqueue(*message);
                self.enqueue_arrival(due_at, *message);
                Some(cause)
            }
            _ => None,
        }
    }

    /// Has a server take a snapshot; answers whether there was anything to compact.
    pub(crate) fn compact(&mut self, id: NodeId) -> bool {
        let Some(running) = self.running_mut(id) else {
            return false;
        };
        let (index, data) = (running.node.last_applied(), running.machine.save());
        running.node.compact(index, data).is_ok()
    }
}

/// The server that an Action is done to, where it is done to one.
const fn server_of(action: &Action) -> Option<NodeId> {
    match action {
        Action::Propose { server, .. } | Action::Rewrite { server, .. } => Some(*server),
        Action::Crash(id)
        | Action::CrashTorn(id)
        | Action::Restart(id)
        | Action::RestartEmpty(id)
        | Action::RestartBackup(id)
        | Action::Pause(id)
        | Action::Resume(id)
        | Action::Disconnect(id)
        | Action::Connect(id)
        | Action::Timeout(id)
        | Action::Read(id)
        | Action::Transfer { from: id, .. }
        | Action::Reconfigure { server: id, .. }
        | Action::Snapshot(id) => Some(*id),
        // Listed one by one: what a server is left with to send and to say
        // belongs to the event of the Action that caused it.
        Action::Step(_)
        | Action::Run(_)
        | Action::Cut(_)
        | Action::Heal(_)
        | Action::Partition(_)
        | Action::Drop(_)
        | Action::Duplicate(_)
        | Action::Deliver(_)
        | Action::Delay { .. }
        | Action::Clog(_)
        | Action::Unclog(_)
        | Action::Latency { .. }
        | Action::Loss { .. }
        | Action::Duplication { .. }
        | Action::Reordering { .. }
        | Action::Network(_)
        | Action::Ask { .. }
        | Action::Work { .. }
        | Action::Rest(_)
        | Action::ClientLatency(_)
        | Action::ClientLoss(_)
        | Action::Disk { .. }
        | Action::DiskOrder { .. }
        | Action::DiskSyncs { .. }
        | Action::DiskFails { .. }
        | Action::Backup(_)
        | Action::Stall(_)
        | Action::Unstall(_)
        | Action::ClockRate { .. }
        | Action::ClockJump { .. }
        | Action::Next { .. }
        | Action::OfKind { .. }
        | Action::Bandwidth { .. } => None,
    }
}
