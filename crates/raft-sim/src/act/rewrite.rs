//! Changing what a server keeps behind its back.

use raft_core::{Entry, HardState, Index, NodeId, Persistent};

use super::Refusal;
use crate::action::Edit;
use crate::command::Command;
use crate::world::World;

impl World {
    /// Changes what a server keeps, in its memory and on its disk alike.
    pub(super) fn rewrite(&mut self, id: NodeId, edit: &Edit) {
        let now = self.now;
        self.unqueue_writes(id);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let mut done = Vec::new();
        while let Some(write) = server.disk.finish_next() {
            done.push(write);
        }
        let Some(running) = server.running_mut() else {
            return;
        };
        running.sync(now);
        let earlier = std::mem::take(&mut running.unreported);
        for write in earlier.into_iter().chain(done) {
            running.node.durable(write);
        }
        let node = &mut running.node;
        let mut persistent = node.persistent();
        let mut commit_index = node.commit_index();
        match edit {
            Edit::Commit(index) => commit_index = *index,
            Edit::Term(term) => {
                persistent.hard_state = HardState {
                    current_term: *term,
                    voted_for: None,
                };
            }
            Edit::VotedFor(vote) => persistent.hard_state.voted_for = *vote,
            _ => edit_log(&mut persistent, edit),
        }
        node.overwrite(persistent, commit_index);
        server.disk.image = node.persistent();
    }
}

fn edit_log(persistent: &mut Persistent<Command>, edit: &Edit) {
    let base = persistent.snapshot.last_included_index;
    let offset = |index: Index| {
        let offset = index.0.saturating_sub(base.0).saturating_sub(1);
        usize::try_from(offset).unwrap_or(usize::MAX)
    };
    let entries = &mut persistent.entries;
    match edit {
        Edit::Log(all) => {
            *entries = all
                .iter()
                .map(|(term, payload)| Entry {
                    term: *term,
                    payload: payload.clone(),
                })
                .collect();
        }
        Edit::Entry {
            index,
            term,
            payload,
        } => {
            let entry = Entry {
                term: *term,
                payload: payload.clone(),
            };
            match entries.get_mut(offset(*index)) {
                Some(place) => *place = entry,
                None => entries.push(entry),
            }
        }
        Edit::Delete(index) => {
            entries.remove(offset(*index));
        }
        Edit::Truncate(index) => entries.truncate(offset(*index)),
        Edit::Term(_) | Edit::VotedFor(_) | Edit::Commit(_) => {}
    }
    // A log that holds an entry of a term belongs to a server that has seen
    // that term (§5.1).
    let newest = persistent.entries.iter().map(|entry| entry.term).max();
    if let Some(term) = newest
        && term > persistent.hard_state.current_term
    {
        persistent.hard_state = HardState {
            current_term: term,
            voted_for: None,
        };
    }
}

/// Whether an edit names entries that there are.
pub(super) fn check_edit(
    server: NodeId,
    edit: &Edit,
    first: Index,
    last: Index,
) -> Result<(), Refusal> {
    let (index, lowest, highest) = match edit {
        Edit::Entry { index, .. } => (*index, first, last.next()),
        Edit::Delete(index) | Edit::Truncate(index) => (*index, first, last),
        Edit::Commit(index) => (*index, first.previous(), last),
        Edit::Log(_) | Edit::Term(_) | Edit::VotedFor(_) => return Ok(()),
    };
    if (lowest..=highest).contains(&index) {
        Ok(())
    } else {
        Err(Refusal::NoEntry {
            server,
            index,
            first,
            last,
        })
    }
}
