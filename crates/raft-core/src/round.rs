//! Heartbeats (§5.2), and the rounds in which a leader counts them (§6.4 of the dissertation).
//!
//! A leader sends to everybody at each interval, so that nobody starts an election. Where it
//! has to know that it still leads, it counts what it sends in rounds: whoever answers a
//! message of a round has heard it in that round, and a round that a majority has answered is
//! confirmed. Reads and leases rest on that.

use crate::condition::{Field, less};
use crate::entry::Command;
use crate::message::Round;
use crate::node::Node;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::{NodeId, Ticks};

impl<C: Command, K: Conduct> Node<C, K> {
    /// The heartbeat interval is over, or the leadership has just begun.
    pub(crate) fn heartbeat_due(&mut self) {
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        // A lease is as old as the round that renews it.
        if leader.round_age.is_some() && leader.confirmed == leader.round {
            self.begin_round(true);
        } else {
            self.heartbeat(true);
        }
    }

    /// Asks everybody anew; what is in flight is sent again if it `resends`.
    pub(crate) fn begin_round(&mut self, resends: bool) {
        if let Role::Leader(leader) = &mut self.role {
            leader.round = leader.round.next();
            leader.round_age = leader.round_age.map(|_| Ticks(0));
        }
        self.heartbeat(resends);
        self.confirm_round();
    }

    /// Sends to every server, whether there is something new or not; what is
    /// in flight is sent again if it `resends`, as each interval does.
    fn heartbeat(&mut self, resends: bool) {
        if let Role::Leader(leader) = &mut self.role
            && resends
        {
            leader.heartbeat_remaining = self.config.settings().heartbeat;
        }
        if self.rules.follows(Rule::Heartbeat) {
            let mut next = self.role.follower_from(NodeId(0));
            while let Some(follower) = next {
                self.replicate_to(follower, resends);
                if resends && let Some(progress) = self.role.progress_mut(follower) {
                    progress.heartbeat_sent();
                }
                next = follower
                    .next()
                    .and_then(|next| self.role.follower_from(next));
            }
        }
        // A cluster of one has nobody to wait for.
        self.advance_commit_index();
    }

    /// A follower has answered what was sent to it in `round`; says whether that counts. It
    /// does not if the follower has been removed since, even if it was added again.
    pub(crate) fn heard_from(&mut self, follower: NodeId, round: Round) -> bool {
        let Role::Leader(leader) = &mut self.role else {
            return false;
        };
        let Some(progress) = leader.progress.get_mut(follower) else {
            self.rules.follows(Rule::VotersOnly);
            return false;
        };
        let is_of_before = less((Field::Round, round), (Field::JoinedRound, progress.joined));
        if self.rules.follows_if(Rule::JoinAnew, is_of_before) {
            return false;
        }
        progress.is_active = true;
        progress.answered = progress.answered.max(round.min(leader.round));
        if leader.confirmed < leader.round {
            self.confirm_round();
        }
        true
    }

    /// Looks whether a majority has answered the present round, or an earlier one.
    pub(crate) fn confirm_round(&mut self) {
        let settings = self.config.settings();
        // Clocks that run at slightly different rates must not matter.
        let lease = settings.election_timeout.start().minus(settings.heartbeat);
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let known = leader.confirmed;
        let heard = self.reached(leader, known, leader.round, |progress| progress.answered);
        let Role::Leader(leader) = &mut self.role else {
            return;
        };
        if heard <= leader.confirmed {
            return;
        }
        leader.confirmed = heard;
        if let Some(age) = leader.round_age
            && heard == leader.round
            && leader.transfer.is_none()
        {
            leader.lease_remaining = lease.minus(age);
        }
        if self.answer_confirmed_reads() {
            self.begin_round(false);
        }
    }
}

impl Round {
    pub(crate) const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}
