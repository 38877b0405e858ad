//! The two halves of what the checker remembers: what each server owes by itself, and what all of
//! them promised together.
//!
//! A search through all runs meets the same servers in many clusters and the same promises beside
//! many servers, so it keeps the halves apart, each as little as decides over what is found from
//! here on: when something happened and who was first is only told, and what was promised in a term
//! that is over cannot be broken any more without a term going back, which is found by itself.

use raft_core::{NodeId, Term};

use super::Checker;
use super::by_index::ByIndex;
use super::clients::Clients;
use super::memory::Memory;
use crate::invariant::{FirstCommit, Invariant};

impl Invariant {
    /// Whether one server breaks it by itself, whatever the others have done.
    #[must_use]
    pub const fn is_of_one_server(self) -> bool {
        match self {
            Self::LeaderAppendOnly
            | Self::TermMonotone
            | Self::OneVoteATerm
            | Self::CommitMonotone
            | Self::AppliedInOrder => true,
            Self::ElectionSafety
            | Self::LogMatching
            | Self::LeaderCompleteness
            | Self::StateMachineSafety
            | Self::LinearizableRead
            | Self::ExactlyOnce => false,
        }
    }
}

impl Checker {
    /// What each server owes by itself. Seeing the facts of one server, it finds what
    /// [`Invariant::is_of_one_server`], and nothing else that it reports means anything.
    #[must_use]
    pub fn of_servers(mut self) -> Self {
        for server in &mut self.servers {
            server.forget_old_votes();
        }
        Self {
            servers: self.servers,
            ..Self::default()
        }
    }

    /// What all servers promised together: who led which term, what was committed, and what was so
    /// when a read began. Seeing a fact, it finds all that no server breaks by itself; it may look
    /// at a server that has not changed as if it had.
    #[must_use]
    pub fn of_all(self) -> Self {
        let mut committed = ByIndex::default();
        for (index, entry) in self.committed.from(raft_core::Index::ZERO) {
            let mut entry = entry.clone();
            entry.first = FirstCommit {
                by: NodeId(0),
                term: entry.first.term,
                event: 0,
            };
            committed.put(index, entry);
        }
        Self {
            leaders: self.leaders,
            committed,
            machines: self.machines,
            servers: Vec::new(),
            reads: self.reads,
            clients: Clients::default(),
            violations: Vec::new(),
        }
    }

    /// The earliest term of which it remembers who led it.
    #[must_use]
    pub fn first_led(&self) -> Option<Term> {
        self.leaders.first().map(|(term, _)| *term)
    }

    /// Forgets who led the terms before this one, in which no server is any more.
    pub fn forget_leaders_before(&mut self, term: Term) {
        self.leaders.retain(|(led, _)| *led >= term);
    }

    /// The same of a cluster whose servers have other numbers; what each owes by itself aside.
    #[must_use]
    pub fn renamed(mut self, name: impl Fn(NodeId) -> NodeId) -> Self {
        for (_, leader) in &mut self.leaders {
            *leader = name(*leader);
        }
        for (asked, _, _) in &mut self.reads {
            *asked = name(*asked);
        }
        self.reads.sort_unstable();
        self
    }
}

impl Memory {
    /// Keeps the last vote that it told anybody of: to give another in an earlier term, its term
    /// would have to go back first.
    fn forget_old_votes(&mut self) {
        let earlier = self.votes.len().saturating_sub(1);
        self.votes.drain(..earlier);
    }
}
