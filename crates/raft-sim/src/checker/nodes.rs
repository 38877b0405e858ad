//! What is checked: nodes, whatever runs them.

use raft_core::NodeId;

use crate::server::ServerNode;
use crate::world::World;

/// The running nodes of a system, whatever runs them.
pub trait Nodes {
    /// All of them, by ascending id.
    fn nodes(&self) -> impl Iterator<Item = (NodeId, &ServerNode)>;

    /// The node `id`, if it runs.
    fn node(&self, id: NodeId) -> Option<&ServerNode>;
}

/// Bare nodes, by ascending id.
impl Nodes for &[ServerNode] {
    fn nodes(&self) -> impl Iterator<Item = (NodeId, &ServerNode)> {
        self.iter().map(|node| (node.config().id(), node))
    }

    fn node(&self, id: NodeId) -> Option<&ServerNode> {
        let place = self.binary_search_by_key(&id, |node| node.config().id());
        place.ok().map(|place| &self[place])
    }
}

impl Nodes for World {
    fn nodes(&self) -> impl Iterator<Item = (NodeId, &ServerNode)> {
        let servers = self.servers().iter();
        servers.filter_map(|server| Some((server.id, server.node()?)))
    }

    fn node(&self, id: NodeId) -> Option<&ServerNode> {
        self.server(id)?.node()
    }
}

#[cfg(test)]
mod tests {
    use raft_core::{Config, Configuration, Index, Node, Persistent, Settings};

    use super::*;
    use crate::checker::Checker;
    use crate::invariant::{Invariant, Violation};
    use crate::rules::Watched;

    /// A server that takes itself for the only one of its cluster, and leads it.
    fn alone(id: NodeId) -> ServerNode {
        let members = Configuration::new([id], []).expect("one server");
        let config = Config::new(id, Settings::default()).expect("possible");
        let disk = Persistent::bootstrap(members);
        let watched = Watched::ablated(raft_core::RuleSet::default());
        let mut node = Node::restart_with(config, disk, 1, watched);
        node.fire(raft_core::Timer::Election);
        let write = node.take_write().expect("its vote");
        node.durable(write.id);
        node
    }

    /// §5.2: invariants are checked of bare nodes as of a world.
    #[test]
    fn bare_nodes_are_checked() {
        let nodes = [alone(NodeId(1)), alone(NodeId(2))];
        let mut checker = Checker::default();
        checker.after(0, NodeId(1), &&nodes[..], None);
        assert_eq!(checker.violations(), []);
        checker.after(1, NodeId(2), &&nodes[..], Some(Index(1)));
        let broken: Vec<_> = checker
            .violations()
            .iter()
            .map(Violation::invariant)
            .collect();
        assert_eq!(broken, [Invariant::ElectionSafety]);
    }
}
