//! Whether reads see all that was committed when they began (§8).

use raft_core::{Index, NodeId, ReadId};

use super::Checker;
use crate::invariant::Breach;

impl Checker {
    /// A client asked `server` for a read.
    pub(super) fn read_begun(&mut self, server: NodeId, read: ReadId) {
        let committed = self.committed.last_index();
        self.reads.push((server, read, committed));
    }

    /// `server` answered a read from a machine that had applied this much, or
    /// could not answer it.
    pub(super) fn read_answered(
        &mut self,
        event: u64,
        server: NodeId,
        read: ReadId,
        applied: Option<Index>,
    ) {
        let mut reads = self.reads.iter();
        let Some(place) = reads.position(|(asked, id, _)| (*asked, *id) == (server, read)) else {
            return;
        };
        let (_, _, committed) = self.reads.remove(place);
        if let Some(applied) = applied.filter(|applied| *applied < committed) {
            let breach = Breach::StaleRead {
                known: committed,
                applied,
            };
            self.report(event, breach, vec![server], committed);
        }
    }
}
