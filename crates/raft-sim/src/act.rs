//! What can be done to a world from outside.
//!
//! An [`Action`] either makes one event or is refused with a reason and
//! changes nothing. `step` and `run` are not among them: they only let the
//! world go on, and belong to the run.

mod refusal;

use raft_core::{Entry, HardState, Index, NodeId, Payload, Persistent, Ticks};

use crate::action::{Action, Between, Edit, MessageId};
use crate::event::{Event, EventKind, LossReason};
use crate::server::Life;
use crate::world::World;

pub use refusal::Refusal;

impl World {
    /// Does `action`; makes one event.
    ///
    /// # Errors
    /// Says why it cannot be done now; the world is as it was.
    pub fn act(&mut self, action: &Action) -> Result<Event, Refusal> {
        let server = self.check(action)?;
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
            Action::Propose { server, commands } => self.with_node(*server, |node| {
                for command in commands {
                    if let Err(declined) = node.propose(command.clone()) {
                        kind = EventKind::Declined(action.clone(), declined.into());
                    }
                }
            }),
            Action::Transfer { from, to } => self.with_node(*from, |node| {
                if let Err(declined) = node.transfer_leadership(*to) {
                    kind = EventKind::Declined(action.clone(), declined.into());
                }
            }),
            Action::Reconfigure {
                server,
                voters,
                learners,
            } => self.with_node(*server, |node| {
                if let Err(declined) = node.reconfigure(voters, learners) {
                    kind = EventKind::Declined(action.clone(), declined.into());
                }
            }),
            Action::Read(id) => {
                let mut begun = None;
                self.with_node(*id, |node| match node.read() {
                    Ok(read) => begun = Some(read),
                    Err(declined) => {
                        kind = EventKind::Declined(action.clone(), declined.into());
                    }
                });
                if let Some(read) = begun {
                    self.checker.read_begun(*id, read);
                }
            }
            Action::Crash(id) => self.crash(*id),
            Action::Restart(id) => self.boot(*id),
            Action::Pause(id) => {
                if let Some(running) = self.running_mut(*id) {
                    running.paused = true;
                }
            }
            Action::Resume(id) => self.resume(*id),
            Action::Disconnect(id) => self.network.set_connected(*id, false),
            Action::Connect(id) => self.network.set_connected(*id, true),
            Action::Cut(between) => self.network.set_cut(*between, true),
            Action::Heal(Some(between)) => self.network.set_cut(*between, false),
            Action::Heal(None) => self.network.heal_all(),
            Action::Partition(groups) => self.network.partition(groups),
            Action::Drop(_) | Action::Duplicate(_) | Action::Deliver(_) | Action::Delay { .. } => {
                cause = self.handle_message(action);
            }
            Action::Timeout(id) => {
                self.with_node(*id, raft_core::Node::force_election_timeout);
            }
            Action::Rewrite { server, edit } => self.rewrite(*server, edit),
            Action::Snapshot(id) => {
                self.compact(*id);
            }
            Action::Latency { link, range } => {
                self.network.change(*link, |link| link.latency = *range);
            }
            Action::Loss { link, permille } => {
                self.network
                    .change(*link, |link| link.loss_permille = *permille);
            }
            Action::Disk { server, range } => self.set_disk(*server, *range),
        }
        let event = self.finish(server, cause, kind);
        match action {
            Action::Rewrite { server, .. } => {
                let before = before.as_ref();
                self.checker
                    .rewritten(event.number, *server, &self.servers, before);
            }
            Action::Restart(id) => self.checker.rejoined(event.number, *id, &self.servers),
            _ => {}
        }
        Ok(event)
    }

    /// Whether `action` can be done; answers the server it is done to.
    fn check(&self, action: &Action) -> Result<Option<NodeId>, Refusal> {
        match action {
            Action::Propose { server: id, .. } | Action::Read(id) => self.acting(*id)?,
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
                let mut named = voters.iter().chain(learners);
                named.try_for_each(|id| self.existing(*id).map(|_| ()))?;
            }
            Action::Snapshot(id) => {
                self.acting(*id)?;
                let node = self.server(*id).and_then(|server| server.node());
                let applied = node.is_some_and(|node| {
                    let (log, last_applied) = (node.log(), node.last_applied());
                    let members = log.configuration_at(last_applied);
                    log.get(last_applied).is_some() && !members.voters().is_empty()
                });
                if !applied {
                    return Err(Refusal::NothingToCompact(*id));
                }
            }
            Action::Timeout(id) => {
                self.acting(*id)?;
                let node = self.server(*id).and_then(|server| server.node());
                if node.is_some_and(|node| node.role().is_leader()) {
                    return Err(Refusal::Leads(*id));
                }
            }
            Action::Rewrite { server: id, edit } => {
                let node = self.existing(*id)?.node();
                let node = node.ok_or(Refusal::NotRunning(*id))?;
                check_edit(*id, edit, node.log().first_index(), node.log().last_index())?;
            }
            Action::Crash(id) => {
                self.running(*id)?;
            }
            Action::Pause(id) if self.running(*id)? => return Err(Refusal::AlreadyPaused(*id)),
            Action::Resume(id) if !self.running(*id)? => return Err(Refusal::NotPaused(*id)),
            Action::Restart(id) if self.existing(*id)?.running().is_some() => {
                return Err(Refusal::AlreadyRunning(*id));
            }
            Action::Disconnect(id) | Action::Connect(id) => {
                self.existing(*id)?;
            }
            Action::Drop(id) | Action::Duplicate(id) => {
                self.travelling(*id)?;
            }
            Action::Deliver(id) | Action::Delay { message: id, .. } => {
                let to = self.travelling(*id)?;
                let receiver = self.existing(to)?.running();
                if receiver.is_some_and(|running| running.parked.contains(id)) {
                    return Err(Refusal::Paused(to));
                }
            }
            Action::Restart(_)
            | Action::Pause(_)
            | Action::Resume(_)
            | Action::Step(_)
            | Action::Run(_) => {}
            Action::Cut(_)
            | Action::Heal(_)
            | Action::Partition(_)
            | Action::Latency { .. }
            | Action::Loss { .. }
            | Action::Disk { .. } => self.check_named(action)?,
        }
        Ok(server_of(action))
    }

    /// Whether every server that a change of links or disks names exists.
    fn check_named(&self, action: &Action) -> Result<(), Refusal> {
        let pair = match action {
            Action::Cut(between) | Action::Heal(Some(between)) => Some(match between {
                Between::Both(a, b) => (*a, *b),
                Between::OneWay { from, to } => (*from, *to),
            }),
            Action::Latency { link, .. } | Action::Loss { link, .. } => *link,
            _ => None,
        };
        let groups: &[Vec<NodeId>] = match action {
            Action::Partition(groups) => groups,
            _ => &[],
        };
        let disk = match action {
            Action::Disk { server, .. } => *server,
            _ => None,
        };
        pair.into_iter()
            .flat_map(|(from, to)| [from, to])
            .chain(groups.iter().flatten().copied())
            .chain(disk)
            .try_for_each(|id| self.existing(id).map(|_| ()))
    }

    /// The receiver of a message that is under way.
    fn travelling(&self, id: MessageId) -> Result<NodeId, Refusal> {
        let flight = self.network.flights().get(&id);
        flight.map(|f| f.to).ok_or(Refusal::NoMessage(id))
    }

    fn existing(&self, id: NodeId) -> Result<&crate::server::Server, Refusal> {
        self.server(id).ok_or(Refusal::NoServer(id))
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

    fn with_node(&mut self, id: NodeId, act: impl FnOnce(&mut crate::server::ServerNode)) {
        let now = self.now;
        if let Some(running) = self.running_mut(id) {
            running.sync(now);
            act(&mut running.node);
        }
    }

    fn crash(&mut self, id: NodeId) {
        self.unqueue_writes(id);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        server.disk.queue.clear();
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
        let passed = now.saturating_sub(running.synced_at);
        running.node.advance(Ticks(passed.0));
        running.synced_at = now;
        for write in std::mem::take(&mut running.unreported) {
            running.node.durable(write);
        }
        for message in std::mem::take(&mut running.parked) {
            self.enqueue_arrival(now, message);
        }
    }

    /// Does something to one message; answers the event that sent it.
    fn handle_message(&mut self, action: &Action) -> Option<u64> {
        let now = self.now;
        match action {
            Action::Drop(id) => {
                let flight = self.network.flights().get(id)?;
                let (to, cause) = (flight.to, Some(flight.cause));
                self.unqueue(*id);
                if let Some(running) = self.running_mut(to) {
                    running.parked.retain(|parked| parked != id);
                }
                self.lose(*id, LossReason::Dropped);
                cause
            }
            Action::Duplicate(id) => {
                let flight = self.network.flights().get(id)?.clone();
                let (copy, due_at) =
                    self.network
                        .send(now, flight.from, flight.to, flight.message, flight.cause);
                self.enqueue_arrival(due_at, copy);
                Some(flight.cause)
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

    /// Changes what a server keeps, in its memory and on its disk alike.
    fn rewrite(&mut self, id: NodeId, edit: &Edit) {
        let now = self.now;
        self.unqueue_writes(id);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let mut done = Vec::new();
        while let Some(write) = server.disk.finish_first() {
            done.push(write);
        }
        let Some(running) = server.running_mut() else {
            return;
        };
        running.sync(now);
        let earlier = std::mem::take(&mut running.unreported);
        for write in earlier.into_iter().chain(done) {
            running.node.durable(write);
        }
        let node = &mut running.node;
        let mut persistent = node.persistent();
        let mut commit_index = node.commit_index();
        match edit {
            Edit::Commit(index) => commit_index = *index,
            Edit::Term(term) => {
                persistent.hard_state = HardState {
                    current_term: *term,
                    voted_for: None,
                };
            }
            Edit::VotedFor(vote) => persistent.hard_state.voted_for = *vote,
            _ => edit_log(&mut persistent, edit),
        }
        node.overwrite(persistent, commit_index);
        server.disk.image = node.persistent();
    }
}

fn edit_log(persistent: &mut Persistent<crate::command::Command>, edit: &Edit) {
    let base = persistent.snapshot.last_included_index;
    let offset = |index: Index| {
        let offset = index.0.saturating_sub(base.0).saturating_sub(1);
        usize::try_from(offset).unwrap_or(usize::MAX)
    };
    let entries = &mut persistent.entries;
    match edit {
        Edit::Log(all) => {
            *entries = all
                .iter()
                .map(|(term, command)| Entry {
                    term: *term,
                    payload: Payload::Command(command.clone()),
                })
                .collect();
        }
        Edit::Entry {
            index,
            term,
            command,
        } => {
            let entry = Entry {
                term: *term,
                payload: Payload::Command(command.clone()),
            };
            match entries.get_mut(offset(*index)) {
                Some(place) => *place = entry,
                None => entries.push(entry),
            }
        }
        Edit::Delete(index) => {
            entries.remove(offset(*index));
        }
        Edit::Truncate(index) => entries.truncate(offset(*index)),
        Edit::Term(_) | Edit::VotedFor(_) | Edit::Commit(_) => {}
    }
    // A log that holds an entry of a term belongs to a server that has seen
    // that term (§5.1).
    let newest = persistent.entries.iter().map(|entry| entry.term).max();
    if let Some(term) = newest
        && term > persistent.hard_state.current_term
    {
        persistent.hard_state = HardState {
            current_term: term,
            voted_for: None,
        };
    }
}

/// Whether an edit names entries that there are.
fn check_edit(server: NodeId, edit: &Edit, first: Index, last: Index) -> Result<(), Refusal> {
    let (index, lowest, highest) = match edit {
        Edit::Entry { index, .. } => (*index, first, last.next()),
        Edit::Delete(index) | Edit::Truncate(index) => (*index, first, last),
        Edit::Commit(index) => (*index, first.previous(), last),
        Edit::Log(_) | Edit::Term(_) | Edit::VotedFor(_) => return Ok(()),
    };
    if (lowest..=highest).contains(&index) {
        Ok(())
    } else {
        Err(Refusal::NoEntry {
            server,
            index,
            first,
            last,
        })
    }
}

/// The server that an Action is done to, where it is done to one.
const fn server_of(action: &Action) -> Option<NodeId> {
    match action {
        Action::Propose { server, .. } | Action::Rewrite { server, .. } => Some(*server),
        Action::Crash(id)
        | Action::Restart(id)
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
        | Action::Latency { .. }
        | Action::Loss { .. }
        | Action::Disk { .. } => None,
    }
}
