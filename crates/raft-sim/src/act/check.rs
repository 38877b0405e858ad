//! What the families ask alike before something is done.

use std::collections::BTreeSet;

use raft_core::NodeId;

use super::Refusal;
use crate::delay::Delay;
use crate::server::Server;
use crate::time::{DURATION_MAX, Micros};
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

/// Whoever builds an Action of parts may build more than a line can say: `so` is whether one can.
pub(super) fn said(so: bool) -> Result<(), Refusal> {
    so.then_some(()).ok_or(Refusal::NoTextForm)
}

pub(super) fn each_once<'a>(mut servers: impl Iterator<Item = &'a NodeId>) -> bool {
    let mut seen = BTreeSet::new();
    servers.all(|id| seen.insert(*id))
}

pub(super) fn can_be_said(delay: &Delay) -> bool {
    let is_time = |time: Micros| time <= DURATION_MAX;
    match *delay {
        Delay::Even(_) => true,
        Delay::Normal { mean, deviation } => is_time(mean) && is_time(deviation),
        Delay::Exponential { mean } => is_time(mean),
        Delay::Pareto { min, .. } => is_time(min),
    }
}
