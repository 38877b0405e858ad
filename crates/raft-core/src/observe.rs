//! What can be seen of a server: its state, read and never changed.

use crate::config::Config;
use crate::configuration::Configuration;
use crate::entry::Command;
use crate::log::Log;
use crate::node::Node;
use crate::persist::{HardState, Persistent};
use crate::role::Role;
use crate::types::{Index, NodeId};

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

    /// Who leads the current term, as far as it knows.
    pub fn leader(&self) -> Option<NodeId> {
        match &self.role {
            Role::Follower(follower) => follower.leader,
            Role::PreCandidate(_) | Role::Candidate(_) => None,
            Role::Leader(_) => Some(self.config.id()),
        }
    }

    /// Whether it does what is asked of a leader: takes proposals and reads, hands its leadership
    /// over, changes the configuration. Any other server answers who leads (§8).
    pub const fn takes_requests(&self) -> bool {
        self.role.is_leader()
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
