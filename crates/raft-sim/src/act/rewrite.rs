//! Changing what a server keeps behind its back.

use std::sync::Arc;

use raft_core::{
    Configuration, Entry, HardState, Index, Log, NodeId, Payload, Persistent, SharedVec, Snapshot,
    Term,
};

use super::Refusal;
use crate::action::{Edit, Entries, RewriteAction};
use crate::command::Command;
use crate::fact::Fact;
use crate::server::{Life, Server, StateMachine};
use crate::world::{World, clients};

impl World {
    pub(super) fn permits_rewrite(&self, action: &RewriteAction) -> Result<(), Refusal> {
        let RewriteAction { server, edit } = action;
        check_edit(self.existing(*server)?, edit)?;
        match edit {
            Edit::Configuration(members) => self.all_exist(members.all()),
            Edit::VotedFor(vote) => self.all_exist(vote.iter()),
            Edit::Log(_)
            | Edit::Snapshot(_)
            | Edit::Entry { .. }
            | Edit::Delete(_)
            | Edit::Truncate(_)
            | Edit::Term(_)
            | Edit::Commit(_) => Ok(()),
        }
    }

    /// Does it, and notes the log that there was before.
    pub(super) fn act_on_what_is_kept(&mut self, action: &RewriteAction) -> Fact {
        let RewriteAction { server, edit } = action;
        let before = self.server(*server).and_then(|server| server.node());
        let before = before.map(|node| node.log().clone());
        self.rewrite(*server, edit);
        let server = *server;
        Fact::Rewritten { server, before }
    }

    /// Changes what a server keeps, in its memory and on its disk alike; of a crashed server,
    /// on its disk.
    fn rewrite(&mut self, id: NodeId, edit: &Edit) {
        let (now, sessions) = (self.now, self.sessions);
        self.unqueue_writes(id);
        let Some(server) = self.server_mut(id) else {
            return;
        };
        let Life::Running(running) = &mut server.life else {
            let mut image = server.disk.image.clone();
            edit_persistent(&mut image, edit, sessions);
            server.disk.overwrite(image);
            return;
        };
        let mut done = Vec::new();
        while let Some(write) = server.disk.finish_next() {
            done.push(write);
        }
        running.sync(now);
        let earlier = std::mem::take(&mut running.unreported);
        for write in earlier.into_iter().chain(done) {
            running.node.durable(write);
        }
        let node = &mut running.node;
        let mut persistent = node.persistent();
        let mut commit_index = node.commit_index();
        if let Edit::Commit(index) = edit {
            commit_index = *index;
        }
        edit_persistent(&mut persistent, edit, sessions);
        node.overwrite(persistent, commit_index);
        server.disk.overwrite(node.persistent());
    }
}

fn edit_persistent(persistent: &mut Persistent<Command>, edit: &Edit, sessions: bool) {
    match edit {
        // It is not kept.
        Edit::Commit(_) => {}
        Edit::Term(term) => {
            persistent.hard_state = HardState {
                current_term: Term(term.get()),
                voted_for: None,
            };
        }
        Edit::VotedFor(vote) => persistent.hard_state.voted_for = *vote,
        Edit::Configuration(members) => {
            let [voters, learners] = [members.voters(), members.learners()];
            let members = Configuration::new(voters.iter().copied(), learners.iter().copied());
            if let Ok(members) = members {
                edit_configuration(persistent, Arc::new(members));
            }
        }
        Edit::Snapshot(all) => {
            edit_snapshot(persistent, all, sessions);
            raise_term(persistent, persistent.snapshot.last_included_term);
        }
        Edit::Log(_) | Edit::Entry { .. } | Edit::Delete(_) | Edit::Truncate(_) => {
            edit_log(persistent, edit);
            let newest = persistent.entries.iter().map(|entry| entry.term).max();
            raise_term(persistent, newest.unwrap_or_default());
        }
    }
}

/// Who holds an entry of a term has seen that term (§5.1).
fn raise_term(persistent: &mut Persistent<Command>, term: Term) {
    if term > persistent.hard_state.current_term {
        persistent.hard_state = HardState {
            current_term: term,
            voted_for: None,
        };
    }
}

/// A server goes by the latest configuration in its log, or by its snapshot's (§4.1).
fn edit_configuration(persistent: &mut Persistent<Command>, members: Arc<Configuration>) {
    let mut entries: Vec<_> = persistent.entries.iter().cloned().collect();
    let mut latest = entries.iter_mut().rev();
    match latest.find(|entry| entry.configuration().is_some()) {
        Some(entry) => entry.payload = Payload::Configuration(members),
        None => persistent.snapshot.configuration = members,
    }
    persistent.entries = entries.into();
}

/// A snapshot of these entries; of the log only what follows them directly stays, as a log has no
/// hole.
fn edit_snapshot(persistent: &mut Persistent<Command>, all: &Entries, sessions: bool) {
    let mut machine = StateMachine::default();
    let mut index = Index::ZERO;
    let mut last_included_term = Term(0);
    for entry in all.entries() {
        index = index.next();
        last_included_term = entry.term;
        clients::apply(&mut machine, index, &entry.payload, sessions);
    }
    let base = persistent.snapshot.last_included_index;
    let log = Log::new(persistent.snapshot.clone(), persistent.entries.clone());
    let (follows, configuration) = if index < base || index > log.last_index() {
        (SharedVec::new(), persistent.snapshot.configuration.clone())
    } else {
        let follows = log.from(index.next(), usize::MAX);
        let configuration = log.configuration_at(index).clone();
        (follows.cloned().collect(), configuration)
    };
    persistent.entries = follows;
    persistent.snapshot = Snapshot {
        last_included_index: index,
        last_included_term,
        configuration,
        data: if index == Index::ZERO {
            Arc::from([])
        } else {
            machine.save()
        },
    };
}

fn edit_log(persistent: &mut Persistent<Command>, edit: &Edit) {
    let base = persistent.snapshot.last_included_index;
    let offset = |index: Index| {
        let offset = index.0.saturating_sub(base.0).saturating_sub(1);
        usize::try_from(offset).unwrap_or(usize::MAX)
    };
    let mut entries: Vec<_> = persistent.entries.iter().cloned().collect();
    match edit {
        Edit::Log(all) => entries = all.entries().collect(),
        Edit::Entry { index, term, held } => {
            let entry = Entry {
                term: Term(term.get()),
                payload: held.payload(),
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
        Edit::Term(_)
        | Edit::VotedFor(_)
        | Edit::Commit(_)
        | Edit::Configuration(_)
        | Edit::Snapshot(_) => {}
    }
    persistent.entries = entries.into();
}

/// Whether an edit names entries that there are.
fn check_edit(server: &Server, edit: &Edit) -> Result<(), Refusal> {
    let image = &server.disk.image;
    let on_disk = (image.snapshot.last_included_index, image.last_index());
    let (base, last) = server.node().map_or(on_disk, |node| {
        (node.log().first_index().previous(), node.log().last_index())
    });
    let first = base.next();
    let (index, lowest, highest) = match edit {
        Edit::Entry { index, .. } => (*index, first, last.next()),
        Edit::Delete(index) | Edit::Truncate(index) => (*index, first, last),
        // It is in memory only.
        Edit::Commit(_) if server.node().is_none() => return Err(Refusal::NotRunning(server.id)),
        Edit::Commit(index) => (*index, base, last),
        Edit::Log(_)
        | Edit::Term(_)
        | Edit::VotedFor(_)
        | Edit::Configuration(_)
        | Edit::Snapshot(_) => return Ok(()),
    };
    if (lowest..=highest).contains(&index) {
        Ok(())
    } else {
        Err(Refusal::NoEntry {
            server: server.id,
            index,
            first: lowest,
            last: highest,
        })
    }
}
