//! Changing how the network, the disks and the clocks are.

use raft_core::NodeId;

use crate::action::{Action, Jump};
use crate::server::Server;
use crate::world::World;

impl World {
    /// Changes what the messages meet that are sent from now on, or that wait.
    pub(super) fn set_network(&mut self, action: &Action) {
        match action {
            Action::Cut(between) => self.network.set_cut(*between, true),
            Action::Heal(Some(between)) => self.network.set_cut(*between, false),
            Action::Heal(None) => {
                self.network.heal_all();
                self.unclog(&Action::Unclog(None));
            }
            Action::Partition(groups) => self.network.partition(groups),
            Action::Clog(between) => self.network.clog(*between),
            Action::Unclog(_) => self.unclog(action),
            Action::Latency { link, delay } => {
                self.network.change(*link, |link| link.latency = *delay);
            }
            Action::Loss { link, permille } => {
                self.network
                    .change(*link, |link| link.loss_permille = *permille);
            }
            Action::Duplication { link, permille } => {
                self.network
                    .change(*link, |link| link.duplication_permille = *permille);
            }
            Action::Reordering { link, permille, by } => self.network.change(*link, |link| {
                link.reordering_permille = *permille;
                link.reordering = *by;
            }),
            Action::ClientLatency(delay) => {
                self.network.change_lines(|line| line.latency = *delay);
            }
            Action::ClientLoss(permille) => {
                self.network
                    .change_lines(|line| line.loss_permille = *permille);
            }
            Action::Network(model) => self.network.set_model(*model),
            Action::Next { which, handling } => self.network.order(*which, *handling),
            Action::Bandwidth {
                link,
                bytes_per_second,
            } => self.network.set_bandwidth(*link, *bytes_per_second),
            Action::OfKind { kind, link, mishap } => {
                self.network.set_mishap(*kind, *link, *mishap);
            }
            _ => {}
        }
    }

    fn unclog(&mut self, action: &Action) {
        let Action::Unclog(between) = action else {
            return;
        };
        let now = self.now;
        for message in self.network.unclog(*between) {
            self.enqueue_arrival(now, message);
        }
    }

    /// Changes a disk or a clock.
    pub(super) fn set_machine(&mut self, action: &Action) {
        match action {
            Action::Disk { server, range } => {
                self.each(*server, |server| server.disk.latency = *range);
            }
            Action::DiskOrder { server, in_order } => {
                self.each(*server, |server| server.disk.in_order = *in_order);
            }
            Action::DiskSyncs { server, syncs } => self.each(*server, |server| {
                // To say so again takes nothing more from it.
                if server.disk.syncs() != *syncs {
                    server.disk.set_syncs(*syncs);
                }
            }),
            Action::DiskFails { server, fails } => {
                self.each(*server, |server| server.disk.is_failing = *fails);
            }
            Action::Stall(id) => {
                self.unqueue_writes(*id);
                self.each(Some(*id), |server| server.disk.is_stalled = true);
            }
            Action::Unstall(id) => self.unstall(*id),
            Action::ClockRate { server, permille } => {
                let now = self.now;
                self.each(Some(*server), |server| {
                    server.clock_rate_permille = *permille;
                    if let Some(running) = server.running_mut() {
                        running.set_clock_rate(now, *permille);
                    }
                });
            }
            Action::ClockJump { server, jump } => {
                if let Some(running) = self.running_mut(*server) {
                    match jump {
                        Jump::Ahead(by) => running.clock.set_ahead(*by),
                        Jump::Back(by) => running.clock.set_back(*by),
                    }
                }
            }
            _ => {}
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
