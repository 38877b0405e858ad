//! What can be seen of a server: its state, read and never changed.

use crate::config::Config;
use crate::configuration::Configuration;
use crate::entry::Command;
use crate::log::Log;
use crate::node::Node;
use crate::persist::{HardState, Persistent};
use crate::quorum::majority;
use crate::role::{Candidate, PreCandidate, Role};
use crate::transfer::may_succeed;
use crate::types::{Index, NodeId};

/// How many votes one majority has given, of how many that are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// So many voters have granted theirs.
    pub have: usize,
    /// So many have to.
    pub need: usize,
}

impl<C: Command, K> Node<C, K> {
    /// Who it is and how it behaves.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Its term and vote.
    pub const fn hard_state(&self) -> HardState {
        self.stable.hard_state()
    }

    /// Who takes part, as far as it knows: the latest configuration in its
    /// log, committed or not (§4.1 of the dissertation).
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Its log.
    pub const fn log(&self) -> &Log<C> {
        self.stable.log()
    }

    /// The highest entry known to be committed.
    pub const fn commit_index(&self) -> Index {
        self.commit_index
    }

    /// The highest entry given to the state machine.
    pub const fn last_applied(&self) -> Index {
        self.last_applied
    }

    /// The role it plays.
    pub const fn role(&self) -> &Role {
        &self.role
    }

    /// The last entry that is certain to survive a crash.
    pub const fn durable_index(&self) -> Index {
        self.stable.durability().durable_index()
    }

    /// How far its election is: the votes of each majority that has to agree, that of `C_old`
    /// first while the configuration is joint (§6). Nothing unless it asks for votes.
    pub fn tally(&self) -> impl Iterator<Item = Tally> + '_ {
        let votes = match &self.role {
            Role::PreCandidate(PreCandidate { votes, .. })
            | Role::Candidate(Candidate { votes, .. }) => Some(votes),
            Role::Follower(_) | Role::Leader(_) => None,
        };
        let majorities = [self.configuration.outgoing(), self.configuration.voters()];
        votes.into_iter().flat_map(move |votes| {
            let majorities = majorities.into_iter().filter(|voters| !voters.is_empty());
            majorities.map(|voters| Tally {
                have: voters
                    .iter()
                    .filter(|id| votes.get(**id) == Some(&true))
                    .count(),
                need: majority(voters.len()),
            })
        })
    }

    /// To whom this server could hand its leadership over (§3.10 of the dissertation): to
    /// nobody unless it leads.
    pub fn successors(&self) -> impl Iterator<Item = NodeId> + '_ {
        let leader = match &self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower(_) | Role::PreCandidate(_) | Role::Candidate(_) => None,
        };
        leader.into_iter().flat_map(|leader| {
            let peers = leader.progress.iter().map(|(peer, _)| *peer);
            peers.filter(|peer| may_succeed(&self.configuration, leader, *peer))
        })
    }

    /// Who leads the current term, as far as it knows.
    pub fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Follower(follower) => follower.leader,
            Role::PreCandidate(_) | Role::Candidate(_) => None,
            Role::Leader(_) => Some(self.config.id()),
        }
    }

    /// All that it would keep if everything were written by now.
    pub fn persistent(&self) -> Persistent<C> {
        self.stable.persistent()
    }

    /// Whoever is told of each rule.
    pub const fn conduct(&self) -> &K {
        &self.rules.conduct
    }

    /// Whoever is told of each rule, to take from it what it noted.
    pub const fn conduct_mut(&mut self) -> &mut K {
        &mut self.rules.conduct
    }
}
