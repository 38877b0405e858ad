//! The messages that were lost without an event of their own: dropped by hand, or waiting at a server
//! that crashed. The history tells of all others; of these it cannot, and a diagram of the run has to
//! draw them, too.

use raft_core::NodeId;

use crate::event::{Event, EventKind};
use crate::fact::Fact;
use crate::time::Micros;
use crate::world::World;

/// A message between servers that was lost in the course of something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Struck {
    /// The event in which it was lost.
    pub event: u64,
    /// The event that sent it.
    pub cause: u64,
    /// Who sent it.
    pub from: NodeId,
    /// Who it was for.
    pub to: NodeId,
    /// When it would have arrived.
    pub due_at: Micros,
}

/// Those of a branch, in the order in which they were lost.
#[derive(Debug, Clone, Default)]
pub(super) struct StruckList(Vec<Struck>);

impl StruckList {
    /// Notes what was lost in `event`, after which the world is `world`.
    pub(super) fn note(&mut self, event: &Event, world: &World) {
        if matches!(event.kind, EventKind::Lost(..)) {
            return;
        }
        let lost = world.facts().iter().filter_map(|fact| {
            let Fact::Lost(loss) = fact else { return None };
            let rpc = loss.letter.rpc()?;
            Some(Struck {
                event: event.number,
                cause: loss.cause,
                from: rpc.from,
                to: rpc.to,
                due_at: loss.due_at,
            })
        });
        self.0.extend(lost);
    }

    /// Forgets what was after so many events.
    pub(super) fn forget_after(&mut self, length: u64) {
        let kept = self.0.partition_point(|struck| struck.event < length);
        self.0.truncate(kept);
    }

    pub(super) fn all(&self) -> &[Struck] {
        &self.0
    }
}
