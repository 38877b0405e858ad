//! Handing leadership over (§3.10 of the dissertation).
//!
//! The leader stops taking commands, waits until its successor has every
//! entry, and tells it to start an election at once. There are three ways
//! out: the successor wins and its higher term ends this leadership; somebody
//! else does; or an election timeout passes and the leader goes on as before.
//! The transfer is part of what a leader knows, so none of them can forget it.

use crate::condition::{Field, equal};
use crate::configuration::Configuration;
use crate::entry::Command;
use crate::error::NotLeader;
use crate::message::{Message, TimeoutNow};
use crate::node::Node;
use crate::role::{Leader, Role, Transfer};
use crate::rule::{Conduct, Rule};
use crate::types::{NodeId, Ticks};

/// Why leadership cannot be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// This server does not lead.
    #[error(transparent)]
    NotLeader(#[from] NotLeader),
    /// The successor has no vote in this cluster.
    #[error("{0} is not another voter")]
    NotAVoter(NodeId),
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Begins to hand leadership over to `to`. Whether that comes about shows
    /// in who leads; until then, and for at most an election timeout, no
    /// command is taken. While it is under way,
    /// [`Leader::transfer`](crate::Leader::transfer) says so; a leader that has
    /// none any more and still leads has given it up. To transfer to the leader
    /// itself calls it off.
    ///
    /// # Errors
    /// Says why not, when this server does not lead or `to` cannot.
    pub fn transfer_leadership(&mut self, to: NodeId) -> Result<(), TransferError> {
        let Role::Leader(leader) = &mut self.role else {
            return Err(TransferError::NotLeader(self.redirect()));
        };
        if to == self.config.id() {
            leader.transfer = None;
            return Ok(());
        }
        if !may_succeed(&self.configuration, leader, to) {
            return Err(TransferError::NotAVoter(to));
        }
        leader.transfer = Some(Transfer {
            to,
            remaining: *self.config.settings().election_timeout.start(),
        });
        // The successor will not wait until the lease is over.
        leader.lease_remaining = Ticks(0);
        self.rules.follows(Rule::TransferCatchUp);
        self.send_if_idle(to);
        self.continue_transfer(to);
        Ok(())
    }

    /// Tells the successor to start an election if it has just been brought up to date.
    pub(crate) fn continue_transfer(&mut self, follower: NodeId) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        if leader
            .transfer
            .is_none_or(|transfer| transfer.to != follower)
        {
            return;
        }
        let Some(progress) = leader.progress.get(follower) else {
            return;
        };
        let is_up_to_date = equal(
            (Field::MatchIndex(follower), progress.match_index),
            (Field::LastLogIndex, self.stable.log().last_index()),
        );
        if self.rules.weighs(Rule::TransferCatchUp, is_up_to_date)
            || !self.rules.keeps(Rule::TransferCatchUp)
        {
            self.rules.follows(Rule::TransferCatchUp);
            // However late the call arrives, whoever hears it starts an election, and
            // nobody sticks to this leader: it has no lease in this term again.
            if let Role::Leader(leader) = &mut self.role {
                leader.lease_remaining = Ticks(0);
                leader.round_age = None;
            }
            let request = TimeoutNow {
                term: self.stable.current_term(),
            };
            self.send_newest(follower, Message::TimeoutNow(request));
        }
    }

    /// Gives the transfer up: its time is over.
    pub(crate) fn abort_transfer(&mut self) {
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        if self.rules.follows(Rule::TransferAbort) {
            leader.transfer = None;
        } else if let Some(transfer) = &mut leader.transfer {
            transfer.remaining = *self.config.settings().election_timeout.start();
        }
    }

    pub(crate) fn timeout_now(&mut self, _leader: NodeId, m: &TimeoutNow) {
        if self.is_of_an_old_term(m.term) {
            return;
        }
        if self.role.is_leader() {
            self.leads_too();
            return;
        }
        if self.may_start_election() && self.rules.follows(Rule::TimeoutNow) {
            // Its leader wants it to win, so there is nobody to ask first.
            self.become_candidate(true);
        }
    }
}

impl<C: Command, K> Node<C, K> {
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
}

/// Whether the leader could hand its leadership over to `to`: only who votes may be elected.
pub(crate) fn may_succeed(configuration: &Configuration, leader: &Leader, to: NodeId) -> bool {
    configuration.is_voter(to) && leader.progress.contains_key(to)
}
