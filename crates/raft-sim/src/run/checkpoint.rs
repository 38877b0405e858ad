//! A world that is kept, so that no replay is long.

use std::rc::Rc;

use raft_core::{Entry, NodeId};

use crate::command::Command;
use crate::server::Server;
use crate::world::World;

/// A copy of a world. What a server has in its memory mostly lies on its disk as well, and is
/// kept only once.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    world: World,
    /// The servers whose disks hold the very entries of their logs.
    mirrored: Vec<NodeId>,
}

impl Checkpoint {
    pub(super) fn of(world: &World) -> Self {
        let mut world = world.clone();
        let mut mirrored = Vec::new();
        for server in &mut world.servers {
            let entries = server.disk.image.entries.as_slice();
            if !entries.is_empty() && log_of(server) == Some(entries) {
                server.disk.image.entries = Vec::new();
                mirrored.push(server.id);
            }
        }
        Self { world, mirrored }
    }

    /// The world as it was.
    pub(super) fn world(&self) -> World {
        let mut world = self.world.clone();
        for id in &self.mirrored {
            if let Some(server) = world.server_mut(*id)
                && let Some(entries) = log_of(server).map(<[_]>::to_vec)
            {
                server.disk.image.entries = entries;
            }
        }
        world
    }

    /// How many log entries it holds: about what it takes.
    pub(super) fn entry_count(&self) -> usize {
        self.world.entry_count()
    }
}

fn log_of(server: &Server) -> Option<&[Entry<Command>]> {
    server.node().map(|node| node.log().entries())
}

/// Worlds of one history, by how many events came before each.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept(Vec<(u64, Rc<Checkpoint>)>);

impl Kept {
    /// The world in which nothing has happened, and no other.
    pub(super) fn beginning(world: &World) -> Self {
        let mut kept = Self::default();
        kept.keep(world);
        kept
    }

    /// Keeps `world`, in the place of one that is kept for the same position.
    pub(super) fn keep(&mut self, world: &World) {
        let position = world.event_count();
        let world = Rc::new(Checkpoint::of(world));
        match self.0.binary_search_by_key(&position, |(at, _)| *at) {
            Ok(place) => self.0[place].1 = world,
            Err(place) => self.0.insert(place, (position, world)),
        }
    }

    /// The last one that is not after `position`.
    pub(super) fn last_until(&self, position: u64) -> Option<&(u64, Rc<Checkpoint>)> {
        let place = self.0.partition_point(|(at, _)| *at <= position);
        self.0.get(place.checked_sub(1)?)
    }

    /// Forgets those after `position`.
    pub(super) fn forget_after(&mut self, position: u64) {
        self.retain(|at| at <= position);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        self.0.retain(|(at, _)| keep(*at));
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many log entries they hold together.
    pub(super) fn entry_count(&self) -> usize {
        self.0.iter().map(|(_, world)| world.entry_count()).sum()
    }
}
