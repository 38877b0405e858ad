//! Worlds that are kept, so that no replay is long.
//!
//! Copies of a world share what has not changed between them, which is most of their logs. So
//! what a kept world takes is told by what it does not share with the one before it.

use std::rc::Rc;
use std::sync::Arc;

use raft_core::{Entry, SharedVec, Snapshot};

use crate::command::Command;
use crate::observed::Observed;
use crate::server::Server;

/// About what an entry takes in memory, to count snapshots and messages as if they were entries.
const ENTRY_BYTES: usize = 64;

type Entries = SharedVec<Entry<Command>>;

/// Worlds of one history, in its order.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept(Vec<Checkpoint>);

/// A world that is kept.
#[derive(Debug, Clone)]
struct Checkpoint {
    world: Rc<Observed>,
    /// About what it takes beside the one before it, in log entries.
    entries: usize,
}

impl Kept {
    /// The world in which nothing has happened, and no other.
    pub(super) fn beginning(world: &Observed) -> Self {
        let mut kept = Self::default();
        kept.keep(world);
        kept
    }

    /// Keeps `world`, in the place of one that is kept for the same position.
    pub(super) fn keep(&mut self, world: &Observed) {
        let place = self
            .0
            .partition_point(|kept| kept.position() < world.event_count());
        let before = place.checked_sub(1).and_then(|place| self.0.get(place));
        let kept = Checkpoint {
            entries: entries_beside(world, before.map(|kept| &*kept.world)),
            world: Rc::new(world.clone()),
        };
        match self.0.get_mut(place) {
            Some(same) if same.position() == kept.position() => *same = kept,
            _ => self.0.insert(place, kept),
        }
    }

    /// The last one that is not after `position`.
    pub(super) fn last_until(&self, position: u64) -> Option<&Observed> {
        let place = self.0.partition_point(|kept| kept.position() <= position);
        let kept = self.0.get(place.checked_sub(1)?)?;
        Some(&kept.world)
    }

    /// Forgets those after `position`.
    pub(super) fn forget_after(&mut self, position: u64) {
        self.retain(|at| at <= position);
    }

    pub(super) fn retain(&mut self, keep: impl Fn(u64) -> bool) {
        self.0.retain(|kept| keep(kept.position()));
        // What was shared with one that is gone is now another's.
        let mut before = None;
        for kept in &mut self.0 {
            kept.entries = entries_beside(&kept.world, before);
            before = Some(&*kept.world);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// About what they take together, in log entries.
    pub(super) fn entry_count(&self) -> usize {
        self.0.iter().map(|kept| kept.entries).sum()
    }
}

impl Checkpoint {
    fn position(&self) -> u64 {
        self.world.event_count()
    }
}

/// About what `world` takes beside the world `before` it, in log entries.
fn entries_beside(world: &Observed, before: Option<&Observed>) -> usize {
    let servers = world.servers().iter();
    let servers = servers.map(|server| {
        let before = before.and_then(|before| before.server(server.id));
        entries_of(server, before)
    });
    let network = world.network();
    servers.sum::<usize>() + network.flights().len() + world.pending()
}

fn entries_of(server: &Server, before: Option<&Server>) -> usize {
    let disk = &server.disk.image;
    let before_disk = before.map(|before| &before.disk.image);
    let in_memory = log_of(server).map_or(0, |log| entries_more(log, before.and_then(log_of)));
    in_memory
        + entries_more(&disk.entries, before_disk.map(|disk| &disk.entries))
        + snapshot_more(&disk.snapshot, before_disk.map(|disk| &disk.snapshot))
}

fn log_of(server: &Server) -> Option<&Entries> {
    server.node().map(|node| node.log().entries())
}

fn entries_more(entries: &Entries, before: Option<&Entries>) -> usize {
    entries.len() - before.map_or(0, |before| entries.shared_with(before))
}

fn snapshot_more(snapshot: &Snapshot, before: Option<&Snapshot>) -> usize {
    let is_shared = before.is_some_and(|before| Arc::ptr_eq(&before.data, &snapshot.data));
    if is_shared {
        0
    } else {
        snapshot.data.len() / ENTRY_BYTES
    }
}
