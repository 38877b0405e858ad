//! What is done to links: who hears whom, and what the messages meet that are sent from now on.

use raft_core::NodeId;

use super::Refusal;
use super::check::{can_be_said, each_once, said};
use crate::action::LinkAction;
use crate::ids::Between;
use crate::network::BANDWIDTH_MAX;
use crate::world::World;

impl World {
    pub(super) fn permits_to_links(&self, action: &LinkAction) -> Result<(), Refusal> {
        match action {
            LinkAction::Disconnect(id) | LinkAction::Connect(id) => self.existing(*id).map(|_| ()),
            LinkAction::Cut(between) | LinkAction::Clog(between) => {
                self.joins(Some(between.ends()))
            }
            LinkAction::Heal(between) | LinkAction::Unclog(between) => {
                self.joins(between.map(Between::ends))
            }
            LinkAction::Partition(groups) => {
                let none_is_empty = groups.iter().all(|group| !group.is_empty());
                let parts = groups.len() >= 2 && none_is_empty;
                said(parts && each_once(groups.iter().flatten()))?;
                self.all_exist(groups.iter().flatten())
            }
            LinkAction::Latency { link, delay } => {
                said(can_be_said(delay))?;
                self.joins(*link)
            }
            LinkAction::Loss { link, .. }
            | LinkAction::Duplication { link, .. }
            | LinkAction::Reordering { link, .. }
            | LinkAction::OfKind { link, .. } => self.joins(*link),
            LinkAction::Bandwidth {
                link,
                bytes_per_second,
            } => {
                let is_said = |rate| (1..=BANDWIDTH_MAX).contains(&rate);
                said(bytes_per_second.is_none_or(is_said))?;
                self.joins(*link)
            }
            LinkAction::Network(_) => Ok(()),
        }
    }

    /// Whether a link joins two servers that there are; `None` means every link.
    pub(super) fn joins(&self, link: Option<(NodeId, NodeId)>) -> Result<(), Refusal> {
        let Some((from, to)) = link else {
            return Ok(());
        };
        said(from != to)?;
        self.all_exist([from, to].iter())
    }

    pub(super) fn act_on_links(&mut self, action: &LinkAction) {
        self.come_in();
        let network = &mut self.network;
        match action {
            LinkAction::Disconnect(id) => network.set_connected(*id, false),
            LinkAction::Connect(id) => network.set_connected(*id, true),
            LinkAction::Cut(between) => network.set_cut(*between, true),
            LinkAction::Heal(Some(between)) => network.set_cut(*between, false),
            LinkAction::Heal(None) => {
                network.heal_all();
                self.unclog(None);
            }
            LinkAction::Partition(groups) => network.partition(groups),
            LinkAction::Clog(between) => network.clog(*between),
            LinkAction::Unclog(between) => self.unclog(*between),
            LinkAction::Latency { link, delay } => {
                network.change(*link, |link| link.latency = *delay);
            }
            LinkAction::Loss { link, permille } => {
                network.change(*link, |link| link.loss_permille = *permille);
            }
            LinkAction::Duplication { link, permille } => {
                network.change(*link, |link| link.duplication_permille = *permille);
            }
            LinkAction::Reordering { link, permille, by } => network.change(*link, |link| {
                link.reordering_permille = *permille;
                link.reordering = *by;
            }),
            LinkAction::OfKind { kind, link, mishap } => {
                network.set_mishap(*kind, *link, *mishap);
            }
            LinkAction::Bandwidth {
                link,
                bytes_per_second,
            } => network.set_bandwidth(*link, *bytes_per_second),
            LinkAction::Network(model) => network.set_model(*model),
        }
    }

    fn unclog(&mut self, between: Option<Between>) {
        let now = self.now;
        for message in self.network.unclog(between) {
            self.enqueue_arrival(now, message);
        }
    }
}
