//! Whom the words of a playbook stand for while it is played.

use std::collections::BTreeMap;
use std::rc::Rc;

use raft_core::{Index, NodeId};

use super::work::Work;
use crate::text::Names;
use crate::text::names::{Nobody, One, Several};
use raft_sim::ids::MessageId;
use raft_sim::observed::Observed;
use raft_sim::random::Stream;
use raft_sim::time::Micros;
use raft_sim::which::{Handling, Which};
use raft_sim::world::World;

/// The names that `let` and `repeat` have given. Tasks share them until one gives a name anew.
#[derive(Debug, Clone, Default)]
pub(super) struct Bindings(Rc<BTreeMap<String, Bound>>);

impl Bindings {
    pub(super) fn get(&self, name: &str) -> Option<&Bound> {
        self.0.get(name)
    }

    pub(super) fn insert(&mut self, name: &str, bound: Bound) {
        let names = Rc::make_mut(&mut self.0);
        match names.get_mut(name) {
            Some(before) => *before = bound,
            None => {
                names.insert(name.to_owned(), bound);
            }
        }
    }
}

/// What `let` has given a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound {
    Servers(Vec<NodeId>),
    Number(i128),
}

/// All that the words of a line may refer to, at one instant.
pub(super) struct Known<'a> {
    pub(super) world: &'a Observed,
    pub(super) bound: &'a Bindings,
    pub(super) index: Index,
    /// From when on time is counted.
    pub(super) since: Micros,
    pub(super) draw: &'a mut Stream,
    pub(super) commands: &'a mut u64,
    pub(super) work: &'a mut Work,
}

impl Known<'_> {
    /// Whom these words mean, in a line of their own.
    pub(super) fn resolved(&mut self, who: &Several) -> Result<Vec<NodeId>, Nobody> {
        self.resolve(who, &[])
    }

    /// All those named, each once.
    pub(super) fn listed(&mut self, list: &[Several]) -> Result<Vec<NodeId>, Nobody> {
        let mut ids: Vec<NodeId> = Vec::new();
        for who in list {
            let found = self.resolve(who, &ids)?;
            ids.extend(
                found
                    .iter()
                    .filter(|id| !ids.contains(id))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
        Ok(ids)
    }

    /// The number that `let` gave this name.
    pub(super) fn number(&self, name: &str) -> i128 {
        match self.bound.get(name) {
            Some(Bound::Number(number)) => *number,
            _ => 0,
        }
    }

    fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.world.network().servers()).map(NodeId)
    }
}

impl Names for Known<'_> {
    fn knows(&self, name: &str) -> bool {
        matches!(self.bound.get(name), Some(Bound::Servers(_)))
    }

    fn resolve(&mut self, who: &Several, mentioned: &[NodeId]) -> Result<Vec<NodeId>, Nobody> {
        self.work.servers(self.world.servers().len() as u64);
        match who {
            Several::One(one, further) => {
                let found = match one {
                    One::Server(id) => vec![*id],
                    One::Leader => vec![leader(self.world)?],
                    One::Named(name) => match self.bound.get(name) {
                        Some(Bound::Servers(ids)) => ids.clone(),
                        _ => Vec::new(),
                    },
                };
                let servers = self.world.network().servers();
                let on = |id: NodeId| NodeId((id.0 - 1 + further) % servers + 1);
                Ok(found.into_iter().map(on).collect())
            }
            Several::Set(set) => {
                let leader = reachable(self.world);
                let world = self.world;
                Ok(self
                    .all()
                    .filter(|id| set.holds(world, *id, leader))
                    .collect())
            }
            Several::Any(count, of) => {
                let mut from = self.resolve(of, mentioned)?;
                if from.len() < *count {
                    let found = from.len();
                    let asked = *count;
                    return Err(Nobody::TooFew { found, asked });
                }
                let drawn: Vec<NodeId> = (0..*count)
                    .map(|_| {
                        let place = self.draw.below(from.len() as u64);
                        from.swap_remove(usize::try_from(place).unwrap_or(0))
                    })
                    .collect();
                Ok(self.all().filter(|id| drawn.contains(id)).collect())
            }
            Several::Rest => Ok(self.all().filter(|id| !mentioned.contains(id)).collect()),
        }
    }

    fn messages(&mut self, which: Which, handling: Handling) -> Vec<MessageId> {
        let network = self.world.network();
        let under_way = network.flights().len();
        self.work.pay(under_way as u64);
        self.world.under_way(which, handling)
    }

    fn fresh(&mut self) -> u64 {
        *self.commands += 1;
        *self.commands
    }

    fn lot(&mut self, below: u64) -> u64 {
        self.draw.below(below)
    }

    fn is_exact(&self) -> bool {
        true
    }
}

/// The leader that a client would find: of those that run with their cable plugged in and say
/// that they lead, the one of the highest term.
pub(super) fn reachable(world: &World) -> Option<NodeId> {
    leader_among(world, |id| world.network().is_connected(id))
}

fn leader(world: &World) -> Result<NodeId, Nobody> {
    reachable(world).ok_or_else(|| Nobody::NoLeader {
        unplugged: leader_among(world, |_| true),
    })
}

/// Of those that run and say that they lead, the one of the highest term.
fn leader_among(world: &World, is_meant: impl Fn(NodeId) -> bool) -> Option<NodeId> {
    world
        .servers()
        .iter()
        .filter(|server| is_meant(server.id))
        .filter_map(|server| Some((server.id, server.node()?)))
        .filter(|(_, node)| node.role().is_leader())
        .max_by_key(|(_, node)| node.hard_state().current_term)
        .map(|(id, _)| id)
}
