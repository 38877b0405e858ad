//! What is done to links: who hears whom, and what the messages meet that are sent from now on.

use raft_core::NodeId;

use super::Refusal;
use crate::action::LinkAction;
use crate::ids::{Between, Pair};
use crate::network::Bandwidth;
use crate::world::World;

impl World {
    pub(super) fn permits_to_links(&self, action: &LinkAction) -> Result<(), Refusal> {
        match action {
            LinkAction::Disconnect(id) | LinkAction::Connect(id) => self.existing(*id).map(|_| ()),
            LinkAction::Cut(between) | LinkAction::Clog(between) => self.joined(between.ends()),
            LinkAction::Heal(between) | LinkAction::Unclog(between) => {
                between.map_or(Ok(()), |between| self.joined(between.ends()))
            }
            LinkAction::Partition(groups) => self.all_exist(groups.servers()),
            LinkAction::Latency { link, .. }
            | LinkAction::Loss { link, .. }
            | LinkAction::Duplication { link, .. }
            | LinkAction::Reordering { link, .. }
            | LinkAction::OfKind { link, .. }
            | LinkAction::Bandwidth { link, .. } => self.joins(*link),
            LinkAction::Network(_) => Ok(()),
        }
    }

    /// Whether a link joins two servers that there are; `None` means every link.
    pub(super) fn joins(&self, link: Option<Pair>) -> Result<(), Refusal> {
        link.map_or(Ok(()), |link| self.joined(link.ends()))
    }

    fn joined(&self, (from, to): (NodeId, NodeId)) -> Result<(), Refusal> {
        self.all_exist([from, to].iter())
    }

    pub(super) fn act_on_links(&mut self, action: &LinkAction) {
        self.come_in();
        let network = &mut self.network;
        let ends = |link: &Option<Pair>| link.map(Pair::ends);
        match action {
            LinkAction::Disconnect(id) => network.set_connected(*id, false),
            LinkAction::Connect(id) => network.set_connected(*id, true),
            LinkAction::Cut(between) => network.set_cut(*between, true),
            LinkAction::Heal(Some(between)) => network.set_cut(*between, false),
            LinkAction::Heal(None) => {
                network.heal_all();
                self.unclog(None);
            }
            LinkAction::Partition(groups) => network.partition(groups.get()),
            LinkAction::Clog(between) => network.clog(*between),
            LinkAction::Unclog(between) => self.unclog(*between),
            LinkAction::Latency { link, delay } => {
                network.change(ends(link), |link| link.latency = *delay);
            }
            LinkAction::Loss { link, permille } => {
                network.change(ends(link), |link| link.loss_permille = *permille);
            }
            LinkAction::Duplication { link, permille } => {
                network.change(ends(link), |link| link.duplication_permille = *permille);
            }
            LinkAction::Reordering { link, permille, by } => network.change(ends(link), |link| {
                link.reordering_permille = *permille;
                link.reordering = *by;
            }),
            LinkAction::OfKind { kind, link, mishap } => {
                network.set_mishap(*kind, ends(link), *mishap);
            }
            LinkAction::Bandwidth {
                link,
                bytes_per_second,
            } => network.set_bandwidth(ends(link), bytes_per_second.map(Bandwidth::get)),
            LinkAction::Network(model) => network.set_model(*model),
        }
    }

    fn unclog(&mut self, between: Option<Between>) {
        let now = self.now;
        for message in self.network.unclog(between) {
            self.is_due_now(message);
            self.enqueue_arrival(now, message);
        }
    }
}
