//! What the families ask alike before something is done.

use raft_core::NodeId;

use super::Refusal;
use crate::server::Server;
use crate::world::World;

impl World {
    pub(super) fn all_exist<'a>(
        &self,
        mut named: impl Iterator<Item = &'a NodeId>,
    ) -> Result<(), Refusal> {
        named.try_for_each(|id| self.existing(*id).map(|_| ()))
    }

    pub(super) fn existing(&self, id: NodeId) -> Result<&Server, Refusal> {
        self.server(id).ok_or(Refusal::NoServer(id))
    }

    pub(super) fn crashed(&self, id: NodeId) -> Result<&Server, Refusal> {
        let server = self.existing(id)?;
        match server.running() {
            Some(_) => Err(Refusal::AlreadyRunning(id)),
            None => Ok(server),
        }
    }

    /// Whether a running server is paused.
    pub(super) fn is_paused(&self, id: NodeId) -> Result<bool, Refusal> {
        let running = self.existing(id)?.running();
        running.map(|r| r.paused).ok_or(Refusal::NotRunning(id))
    }

    pub(super) fn acting(&self, id: NodeId) -> Result<(), Refusal> {
        if self.is_paused(id)? {
            Err(Refusal::Paused(id))
        } else {
            Ok(())
        }
    }
}
