//! What the checker remembers of entries and servers.
//!
//! Terms only rise, so that lists by them are found, and copied with each
//! checkpoint, faster than trees.

use raft_core::{Entry, Index, NodeId, Payload, Term};

use crate::command::Command;
use crate::invariant::FirstCommit;
use crate::server::ServerNode;

/// An entry that some server holds committed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Committed {
    pub(super) term: Term,
    pub(super) payload: Payload<Command>,
    pub(super) first: FirstCommit,
}

/// What was first found committed at an index.
#[derive(Debug, Clone, Copy)]
pub struct EverCommitted<'a> {
    /// The index.
    pub index: Index,
    /// The term of the entry.
    pub term: Term,
    /// What it carries.
    pub payload: &'a Payload<Command>,
    /// Who was the first to hold it committed.
    pub first: FirstCommit,
}

/// What is remembered of one server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Memory {
    pub(super) term: Term,
    pub(super) voted_for: Option<NodeId>,
    /// The highest term that it has told anybody of.
    pub(super) shown_term: Term,
    /// Whom it told that it votes for them, by ascending term.
    pub(super) votes: Vec<(Term, NodeId)>,
    pub(super) commit_index: Index,
    pub(super) checked_commit: Index,
    pub(super) applied: Index,
    /// The term that it leads, and the last index of its log.
    pub(super) led: Option<(Term, Index)>,
}

impl super::Checker {
    /// What was first committed at each index from `first` on, in the order of the indices.
    pub fn committed_from(&self, first: Index) -> impl Iterator<Item = EverCommitted<'_>> {
        let known = self.committed.from(first);
        known.map(|(index, committed)| committed.at(index))
    }

    /// What was first committed at the highest index at which anything was.
    #[must_use]
    pub fn last_committed(&self) -> Option<EverCommitted<'_>> {
        let index = self.committed.last_index();
        Some(self.committed.get(index)?.at(index))
    }
}

impl Committed {
    const fn at(&self, index: Index) -> EverCommitted<'_> {
        EverCommitted {
            index,
            term: self.term,
            payload: &self.payload,
            first: self.first,
        }
    }

    /// The entry itself.
    pub(super) fn entry(&self) -> Entry<Command> {
        Entry {
            term: self.term,
            payload: self.payload.clone(),
        }
    }

    /// Whether it is this command.
    pub(super) fn is(&self, command: &Command) -> bool {
        matches!(&self.payload, Payload::Command(found) if found == command)
    }

    /// Whether `node` has this entry at `index`, itself or in a snapshot.
    pub(super) fn is_in(&self, node: &ServerNode, index: Index) -> bool {
        match node.log().get(index) {
            Some(entry) => entry.term == self.term && entry.payload == self.payload,
            None => index < node.log().first_index(),
        }
    }
}

/// What was first said of `term`: `now`, if nothing was.
pub(super) fn first_of_term(said: &mut Vec<(Term, NodeId)>, term: Term, now: NodeId) -> NodeId {
    match said.binary_search_by_key(&term, |(term, _)| *term) {
        Ok(place) => said[place].1,
        Err(place) => {
            said.insert(place, (term, now));
            now
        }
    }
}
