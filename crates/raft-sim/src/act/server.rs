//! What is asked of a server, and what is done to it as a process.

use raft_core::{NodeId, ReconfigureError, Timer};

use super::{ClientRefusal, Refusal};
use crate::action::ServerAction;
use crate::client::store::session_of;
use crate::command::Command;
use crate::fact::Fact;
use crate::outcome::{Declined, LossReason};
use crate::server::{Life, ServerNode};
use crate::world::World;

impl ServerAction {
    /// The server that this lets run again, if it does.
    pub(super) const fn restarted(&self) -> Option<NodeId> {
        match self {
            Self::Restart(id) | Self::RestartEmpty(id) | Self::RestartBackup(id) => Some(*id),
            Self::Propose { .. }
            | Self::Read(_)
            | Self::Transfer { .. }
            | Self::Reconfigure { .. }
            | Self::Crash(_)
            | Self::CrashTorn(_)
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Fire(..)
            | Self::Snapshot(_) => None,
        }
    }
}

impl World {
    pub(super) fn permits_to_server(&self, action: &ServerAction) -> Result<(), Refusal> {
        match action {
            ServerAction::Propose { server, commands } => {
                self.acting(*server)?;
                commands
                    .get()
                    .iter()
                    .try_for_each(|command| self.is_nobodys(command))
            }
            ServerAction::Read(id) => self.acting(*id),
            ServerAction::Transfer { from, to } => {
                self.acting(*from)?;
                self.existing(*to).map(|_| ())
            }
            ServerAction::Reconfigure { server, members } => {
                self.acting(*server)?;
                self.all_exist(members.all())
            }
            ServerAction::Snapshot(id) => {
                self.acting(*id)?;
                self.has_applied(*id)
            }
            ServerAction::Fire(server, timer) => {
                self.acting(*server)?;
                self.has_timer(*server, *timer)
            }
            ServerAction::Crash(id) | ServerAction::CrashTorn(id) => {
                self.is_paused(*id).map(|_| ())
            }
            ServerAction::Pause(id) => {
                if self.is_paused(*id)? {
                    Err(Refusal::AlreadyPaused(*id))
                } else {
                    Ok(())
                }
            }
            ServerAction::Resume(id) => {
                if self.is_paused(*id)? {
                    Ok(())
                } else {
                    Err(Refusal::NotPaused(*id))
                }
            }
            ServerAction::Restart(id) | ServerAction::RestartEmpty(id) => {
                self.crashed(*id).map(|_| ())
            }
            ServerAction::RestartBackup(id) => {
                let has_backup = self.crashed(*id)?.disk.has_backup();
                has_backup.then_some(()).ok_or(Refusal::NoBackup(*id))
            }
        }
    }

    /// Does it; answers why the server that is asked declines, if it does.
    pub(super) fn act_on_server(&mut self, action: &ServerAction) -> Option<Declined> {
        match action {
            ServerAction::Propose { server, commands } => {
                return self.propose(*server, commands.get());
            }
            ServerAction::Transfer { from, to } => {
                return self.with_node(*from, |node| {
                    node.transfer_leadership(*to).err().map(Into::into)
                });
            }
            ServerAction::Reconfigure { server, members } => {
                let [voters, learners] = [members.voters(), members.learners()];
                return self.with_node(*server, |node| {
                    let why = node.reconfigure(voters, learners).err()?;
                    Some(match why {
                        ReconfigureError::NotCaughtUp(id)
                            if node.configuration().learners().contains(&id) =>
                        {
                            Declined::StillLearning(id)
                        }
                        why => why.into(),
                    })
                });
            }
            ServerAction::Read(id) => return self.read(*id),
            ServerAction::Crash(id) => self.crash(*id, false),
            ServerAction::CrashTorn(id) => self.crash(*id, true),
            ServerAction::Restart(id) => self.boot(*id),
            ServerAction::RestartEmpty(id) => {
                if let Some(server) = self.server_mut(*id) {
                    server.disk.wipe();
                }
                self.boot(*id);
            }
            ServerAction::RestartBackup(id) => {
                if let Some(server) = self.server_mut(*id) {
                    server.disk.restore();
                }
                self.boot(*id);
            }
            ServerAction::Pause(id) => {
                if let Some(running) = self.running_mut(*id) {
                    running.paused = true;
                }
            }
            ServerAction::Resume(id) => self.resume(*id),
            ServerAction::Fire(server, timer) => {
                self.with_node(*server, |node| {
                    node.fire(*timer);
                    None
                });
            }
            ServerAction::Snapshot(id) => {
                self.compact(*id);
            }
        }
        None
    }

    /// Of several commands, the last one that is declined says why.
    fn propose(&mut self, id: NodeId, commands: &[Command]) -> Option<Declined> {
        self.with_node(id, |node| {
            let mut why = None;
            for command in commands {
                if let Err(declined) = node.propose(command.clone()) {
                    why = Some(declined.into());
                }
            }
            why
        })
    }

    fn read(&mut self, id: NodeId) -> Option<Declined> {
        let mut begun = None;
        let why = self.with_node(id, |node| match node.read() {
            Ok(read) => {
                begun = Some(read);
                None
            }
            Err(declined) => Some(declined.into()),
        });
        if let Some(read) = begun {
            self.facts.push(Fact::ReadBegun { server: id, read });
        }
        why
    }

    fn with_node(
        &mut self,
        id: NodeId,
        act: impl FnOnce(&mut ServerNode) -> Option<Declined>,
    ) -> Option<Declined> {
        let now = self.now;
        let running = self.running_mut(id)?;
        running.sync(now);
        act(&mut running.node)
    }

    pub(crate) fn crash(&mut self, id: NodeId, torn: bool) {
        let waiting = self.take_waiting(id);
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
        for message in waiting.into_iter().chain(parked) {
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
        // They have come already: what has become of their links since is nothing to them.
        for message in std::mem::take(&mut running.parked) {
            self.is_due_now(message);
            self.enqueue_parked(now, message, id);
        }
    }

    /// Whether this timer runs at a server.
    fn has_timer(&self, id: NodeId, timer: Timer) -> Result<(), Refusal> {
        let node = self.server(id).and_then(|server| server.node());
        let timers = node.into_iter().flat_map(ServerNode::timers);
        let running: Vec<Timer> = timers.map(|(timer, _)| timer).collect();
        if running.contains(&timer) {
            return Ok(());
        }
        Err(Refusal::NoTimer {
            server: id,
            timer,
            running,
        })
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

    /// Has a server take a snapshot; answers whether there was anything to compact.
    pub(crate) fn compact(&mut self, id: NodeId) -> bool {
        let Some(running) = self.running_mut(id) else {
            return false;
        };
        let (index, data) = (running.node.last_applied(), running.machine.save());
        running.node.compact(index, data).is_ok()
    }
}
