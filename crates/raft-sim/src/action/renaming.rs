//! Actions for servers of other names.
//!
//! Whoever takes a server out of a cluster, or has its servers change places, needs the same
//! Actions about other servers. Here is each way in which an Action names servers; which of its
//! fields do is for each family to say.

use raft_core::NodeId;

use super::{Action, Members};
use crate::ids::{Between, Pair};

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
    pub(super) fn link(self, link: Option<Pair>) -> Result<Option<Pair>, Nameless> {
        link.map(|link| self.pair(link)).transpose()
    }

    pub(super) fn between(self, between: Between) -> Result<Between, Nameless> {
        Ok(match between {
            Between::Both(pair) => Between::Both(self.pair(pair)?),
            Between::OneWay(pair) => Between::OneWay(self.pair(pair)?),
        })
    }

    fn pair(self, pair: Pair) -> Result<Pair, Nameless> {
        let (from, to) = pair.ends();
        Pair::new(self.one(from)?, self.one(to)?).ok_or(Nameless)
    }

    pub(super) fn members(self, members: &Members) -> Result<Members, Nameless> {
        let (voters, learners) = (self.some(members.voters())?, self.list(members.learners()));
        Members::new(voters, learners).ok_or(Nameless)
    }

    /// Those that have a name.
    fn list(self, ids: &[NodeId]) -> Vec<NodeId> {
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
            Self::Rewrite(action) => Self::Rewrite(action.renamed(names)?),
        })
    }
}
