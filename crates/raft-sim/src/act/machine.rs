//! What is done to disks, clocks and processors.

use raft_core::NodeId;

use super::Refusal;
use crate::action::{Jump, MachineAction};
use crate::server::Server;
use crate::world::World;

impl World {
    pub(super) fn permits_to_machine(&self, action: &MachineAction) -> Result<(), Refusal> {
        let server = match action {
            MachineAction::Disk { server, .. }
            | MachineAction::DiskOrder { server, .. }
            | MachineAction::DiskSyncs { server, .. }
            | MachineAction::DiskFails { server, .. } => *server,
            MachineAction::Stall(id) | MachineAction::Unstall(id) | MachineAction::Backup(id) => {
                Some(*id)
            }
            MachineAction::Cpu { server, .. }
            | MachineAction::ClockRate { server, .. }
            | MachineAction::ClockJump { server, .. } => Some(*server),
        };
        self.all_exist(server.iter())
    }

    pub(super) fn act_on_machine(&mut self, action: &MachineAction) {
        match action {
            MachineAction::Disk { server, range } => {
                self.each(*server, |server| server.disk.latency = *range);
            }
            MachineAction::DiskOrder { server, in_order } => {
                self.each(*server, |server| server.disk.in_order = *in_order);
            }
            MachineAction::DiskSyncs { server, syncs } => self.each(*server, |server| {
                // To say so again takes nothing more from it.
                if server.disk.syncs() != *syncs {
                    server.disk.set_syncs(*syncs);
                }
            }),
            MachineAction::DiskFails { server, fails } => {
                self.each(*server, |server| server.disk.is_failing = *fails);
            }
            MachineAction::Stall(id) => {
                self.unqueue_writes(*id);
                self.each(Some(*id), |server| server.disk.is_stalled = true);
            }
            MachineAction::Unstall(id) => self.unstall(*id),
            MachineAction::Backup(id) => self.each(Some(*id), |server| server.disk.back_up()),
            MachineAction::Cpu { server, each } => {
                self.each(Some(*server), |server| server.cpu = each.get());
            }
            MachineAction::ClockRate { server, permille } => {
                let now = self.now;
                self.each(Some(*server), |server| {
                    server.clock_rate_permille = *permille;
                    if let Some(running) = server.running_mut() {
                        running.set_clock_rate(now, *permille);
                    }
                });
            }
            MachineAction::ClockJump { server, jump } => {
                if let Some(running) = self.running_mut(*server) {
                    match jump {
                        Jump::Ahead(by) => running.clock.set_ahead(by.get()),
                        Jump::Back(by) => running.clock.set_back(by.get()),
                    }
                }
            }
        }
    }

    fn unstall(&mut self, id: NodeId) {
        let now = self.now;
        let Some(server) = self.server_mut(id) else {
            return;
        };
        for due_at in server.disk.unstall(now) {
            self.enqueue_written(due_at, id);
        }
    }

    /// Changes one server, or all of them.
    fn each(&mut self, id: Option<NodeId>, change: impl Fn(&mut Server)) {
        let servers = self.servers.iter_mut();
        servers
            .filter(|server| id.is_none_or(|id| id == server.id))
            .for_each(change);
    }
}
