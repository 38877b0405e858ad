//! The running nodes of a cluster, as what all promised is checked on them.

use raft_core::NodeId;
use raft_sim::checker::Nodes;
use raft_sim::server::ServerNode;

/// The running nodes of a cluster, by ascending id.
pub(super) struct Together<'a>(pub(super) Vec<&'a ServerNode>);

impl Nodes for Together<'_> {
    fn nodes(&self) -> impl Iterator<Item = (NodeId, &ServerNode)> {
        self.0.iter().map(|node| (node.config().id(), *node))
    }

    fn node(&self, id: NodeId) -> Option<&ServerNode> {
        self.nodes()
            .find(|(other, _)| *other == id)
            .map(|(_, node)| node)
    }
}
