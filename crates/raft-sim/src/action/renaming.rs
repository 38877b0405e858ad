//! Actions for servers of other names.
//!
//! Whoever takes a server out of a cluster, or has its servers change places, needs the same
//! Actions about other servers. Here is each way in which an Action names servers; which of its
//! fields do is for each family to say.

use raft_core::NodeId;

use super::Action;
use crate::ids::Between;

/// The new names of servers; some may have none.
#[derive(Clone, Copy)]
pub(super) struct Renaming<'a>(&'a dyn Fn(NodeId) -> Option<NodeId>);

/// A server has no new name, and so there is no such Action.
pub(super) struct Nameless;

impl Renaming<'_> {
    pub(super) fn one(self, id: NodeId) -> Result<NodeId, Nameless> {
        (self.0)(id).ok_or(Nameless)
    }

    /// Of one server or of all.
    pub(super) fn one_or_all(self, id: Option<NodeId>) -> Result<Option<NodeId>, Nameless> {
        id.map(|id| self.one(id)).transpose()
    }

    /// Of one link or of all.
    pub(super) fn link(
        self,
        link: Option<(NodeId, NodeId)>,
    ) -> Result<Option<(NodeId, NodeId)>, Nameless> {
        link.map(|(from, to)| Ok((self.one(from)?, self.one(to)?)))
            .transpose()
    }

    pub(super) fn between(self, between: Between) -> Result<Between, Nameless> {
        Ok(match between {
            Between::Both(one, other) => Between::Both(self.one(one)?, self.one(other)?),
            Between::OneWay { from, to } => Between::OneWay {
                from: self.one(from)?,
                to: self.one(to)?,
            },
        })
    }

    /// Those that have a name.
    pub(super) fn list(self, ids: &[NodeId]) -> Vec<NodeId> {
        ids.iter().filter_map(|id| (self.0)(*id)).collect()
    }

    /// Those that have a name, of a list in which somebody has to be.
    pub(super) fn some(self, ids: &[NodeId]) -> Result<Vec<NodeId>, Nameless> {
        let left = self.list(ids);
        (!left.is_empty()).then_some(left).ok_or(Nameless)
    }
}

impl Action {
    /// The same, about the servers that `to` gives for those that it names.
    ///
    /// Who has no new name is left out of a list of servers. There is no such Action where the
    /// list would be empty that must not be, or where the Action is about that very server.
    pub fn map_servers(&self, to: impl Fn(NodeId) -> Option<NodeId>) -> Option<Self> {
        self.renamed(Renaming(&to)).ok()
    }

    fn renamed(&self, names: Renaming<'_>) -> Result<Self, Nameless> {
        Ok(match self {
            Self::Time(_) | Self::Client(_) => self.clone(),
            Self::Server(action) => Self::Server(action.renamed(names)?),
            Self::Machine(action) => Self::Machine(action.renamed(names)?),
            Self::Link(action) => Self::Link(action.renamed(names)?),
            Self::Message(action) => Self::Message(action.renamed(names)?),
            Self::Rewrite { server, edit } => Self::Rewrite {
                server: names.one(*server)?,
                edit: edit.renamed(names)?,
            },
        })
    }
}
