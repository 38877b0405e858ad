//! Committed entries: each is the same everywhere, and in the log of every later leader.

use raft_core::{Entry, Index, Payload, Term};

use super::Checker;
use super::memory::Committed;
use super::nodes::Nodes;
use crate::command::Command;
use crate::invariant::{Breach, FirstCommit};

impl Checker {
    /// Whatever is committed at an index anywhere is the same everywhere.
    /// `found` is the entry's term and what it holds.
    pub(super) fn check_committed(
        &mut self,
        now: FirstCommit,
        index: Index,
        (term, payload): (Term, &Payload<Command>),
    ) -> bool {
        let Some(known) = self.committed.get(index) else {
            let payload = payload.clone();
            let entry = Committed {
                term,
                payload,
                first: now,
            };
            self.committed.put(index, entry);
            return true;
        };
        let agrees = known.term == term && known.payload == *payload;
        if agrees && known.first.term <= now.term {
            return true;
        }
        let mut first = known.clone();
        if agrees {
            first.first = now;
        } else {
            first.first.term = first.first.term.min(now.term);
        }
        self.committed.put(index, first.clone());
        if agrees {
            return true;
        }
        let breach = Breach::CommitsDiffer {
            first: first.entry(),
            now: Entry {
                term,
                payload: payload.clone(),
            },
        };
        self.report(now.event, breach, vec![now.by], index);
        false
    }

    /// An entry is committed only now: the leaders that there are of later
    /// terms must have it as well.
    pub(super) fn check_later_leaders(&mut self, event: u64, nodes: &impl Nodes, index: Index) {
        let Some(entry) = self.committed.get(index) else {
            return;
        };
        let lacking = nodes.nodes().find_map(|(id, node)| {
            let later = node.hard_state().current_term > entry.first.term;
            let lacks = later && node.role().is_leader() && !entry.is_in(node, index);
            lacks.then(|| (id, node.log().get(index).cloned()))
        });
        if let Some((id, held)) = lacking {
            let committed = entry.entry();
            let breach = Breach::LeaderLacks { committed, held };
            self.report(event, breach, vec![id], index);
        }
    }
}
