//! Changing who takes part (§6, and chapter 4 of the dissertation).
//!
//! A leader is told who the voters and the learners shall be, and takes the
//! way there that is safe: where one voter at most comes or goes, any two
//! majorities before and after have a server in common, and a single entry
//! does; otherwise it goes through the joint `C_old,new`, and on to `C_new`
//! once that is committed. A configuration counts from the moment it is in a
//! server's log, and no longer once its entry is deleted.
//!
//! One trap was found only after the dissertation had been printed: two
//! leaders can each begin a change that the other does not know of, and the
//! two need not overlap. So a leader changes nothing before it has committed
//! an entry of its own term (Ongaro, raft-dev, July 2015).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::condition::{Field, is_true, less, more};
use crate::configuration::{Configuration, ConfigurationError, SERVERS_MAX, Seat};
use crate::entry::{Command, Payload};
use crate::error::NotLeader;
use crate::node::Node;
use crate::progress::Progress;
use crate::role::Role;
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId, Term};

/// Why the configuration is not changed. Nothing has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReconfigureError {
    /// This server does not lead.
    #[error(transparent)]
    NotLeader(#[from] NotLeader),
    /// It leads, and is about to hand over to another server.
    #[error("leadership is being transferred to {to}")]
    TransferUnderWay {
        /// The successor.
        to: NodeId,
    },
    /// It leads, but has not committed an entry of its term yet: propose a
    /// command, or use [`Settings::no_op`](crate::Settings::no_op).
    #[error("no entry of the current term is committed yet")]
    NotYet,
    /// The last change is not committed yet.
    #[error("the previous configuration change, at index {index}, is still in progress")]
    UnderWay {
        /// Where it lies.
        index: Index,
    },
    /// A voter to be has not got the log yet: let it learn first.
    #[error("{0} has not caught up: make it a learner first, and wait")]
    NotCaughtUp(NodeId),
    /// There is nothing to change.
    #[error("the configuration is already like that")]
    Unchanged,
    /// No cluster can be like that.
    #[error(transparent)]
    Impossible(#[from] ConfigurationError),
}

impl<C: Command, K: Conduct> Node<C, K> {
    /// Begins to change the configuration to these voters and learners.
    /// [`Node::poll_apply`] gives each step of it once that is committed; the
    /// change is over with the first at or after the index answered here that
    /// is not joint. A learner is promoted by naming it among the voters, and
    /// has to have caught up by then: to store what the leader had when it
    /// joined, and to lack no more than one AppendEntries can carry.
    ///
    /// # Errors
    /// Says why nothing is changed.
    pub fn reconfigure(
        &mut self,
        voters: &[NodeId],
        learners: &[NodeId],
    ) -> Result<(Index, Term), ReconfigureError> {
        let wanted = Configuration::new(voters.iter().copied(), learners.iter().copied());
        self.may_reconfigure()?;
        let wanted = wanted?;
        if let Some(id) = self.lagging(&wanted) {
            return Err(ReconfigureError::NotCaughtUp(id));
        }
        if wanted == *self.configuration {
            return Err(ReconfigureError::Unchanged);
        }
        let in_one_step = wanted.voters_changed(&self.configuration) <= 1;
        let next = if in_one_step || !self.rules.follows(Rule::JointConsensus) {
            wanted
        } else {
            wanted.joint_from(&self.configuration)
        };
        if next.members().count() > SERVERS_MAX {
            return Err(ConfigurationError::TooMany.into());
        }
        let index = self.append_configuration(next);
        self.debug_check();
        Ok((index, self.stable.current_term()))
    }

    fn may_reconfigure(&mut self) -> Result<(), ReconfigureError> {
        let Role::Leader(leader) = &self.role else {
            return Err(ReconfigureError::NotLeader(self.redirect()));
        };
        let is_transferring = is_true(Field::Transferring, leader.transfer.is_some());
        if let Some(transfer) = leader.transfer
            && self.rules.follows_if(Rule::TransferHold, is_transferring)
        {
            return Err(ReconfigureError::TransferUnderWay { to: transfer.to });
        }
        let is_of_another_term = self.differs_from_own_term(self.commit_index);
        if self
            .rules
            .follows_if(Rule::ChangeInOwnTerm, is_of_another_term)
        {
            return Err(ReconfigureError::NotYet);
        }
        let index = self.stable.log().configuration_index();
        let is_uncommitted = more(
            (Field::ConfigurationIndex, index),
            (Field::CommitIndex, self.commit_index),
        );
        let is_joint = is_true(Field::IsJoint, self.configuration.is_joint());
        let is_under_way = self.rules.weighs(Rule::OneChange, is_uncommitted)
            || self.rules.weighs(Rule::OneChange, is_joint);
        if is_under_way && self.rules.follows(Rule::OneChange) {
            return Err(ReconfigureError::UnderWay { index });
        }
        Ok(())
    }

    /// A voter to be that does not have the log yet (§4.2.1 of the dissertation).
    fn lagging(&mut self, wanted: &Configuration) -> Option<NodeId> {
        let Role::Leader(leader) = &self.role else {
            return None;
        };
        let entries_max = self.config.settings().entries_max;
        let last_index = self.stable.log().last_index();
        let rules = &mut self.rules;
        let mut has_caught_up = |id, progress: &Progress| {
            let lacks_old = less(
                (Field::MatchIndex(id), progress.match_index),
                (Field::CatchUpIndex, progress.catch_up_index),
            );
            let lacks_much = more(
                (Field::LastLogIndex, last_index),
                (
                    Field::NearlyCaughtUp(id),
                    progress.match_index.plus(entries_max),
                ),
            );
            !rules.weighs(Rule::CatchUpFirst, lacks_old)
                && !rules.weighs(Rule::CatchUpFirst, lacks_much)
        };
        let mut new = wanted
            .voters()
            .iter()
            .copied()
            .filter(|id| *id != self.config.id() && !self.configuration.is_voter(*id));
        let lagging = new.find(|id| {
            let progress = leader.progress.get(*id);
            !progress.is_some_and(|progress| has_caught_up(*id, progress))
        })?;
        self.rules.follows(Rule::CatchUpFirst).then_some(lagging)
    }

    fn append_configuration(&mut self, configuration: Configuration) -> Index {
        let index = self.append_own(Payload::Configuration(Arc::new(configuration)));
        self.adopt_configuration(Rule::LatestConfiguration);
        index
    }

    /// Uses the latest configuration of the log from here on, as `rule` has it (§4.1 of the
    /// dissertation). To be called whenever the log has got another one, or has lost one.
    #[cold]
    pub(crate) fn adopt_configuration(&mut self, rule: Rule) {
        let latest = if self.rules.keeps(Rule::LatestConfiguration) {
            self.stable.log().configuration()
        } else {
            self.stable.log().configuration_at(self.commit_index)
        };
        if *latest == self.configuration {
            // The same in another place, as after taking or installing a snapshot.
            self.configuration = latest.clone();
            return;
        }
        let latest = latest.clone();
        if !self.rules.follows(rule) && rule == Rule::RollBackConfiguration {
            return;
        }
        self.configuration = latest;
        self.update_members();
    }

    /// Where servers go by committed configurations only, one may have become that.
    #[inline]
    pub(crate) fn adopt_committed_configuration(&mut self) {
        if !self.rules.keeps(Rule::LatestConfiguration) {
            self.adopt_configuration(Rule::LatestConfiguration);
        }
    }

    /// Gives each member its seat, if this server leads, and those that it
    /// did not know a progress like `fresh`; returns whether there were any.
    pub(crate) fn seat_members(&mut self, fresh: &Progress) -> bool {
        let me = self.config.id();
        let others = self.configuration.members().filter(|id| *id != me);
        let seats: Vec<(NodeId, Seat)> = others.map(|id| (id, self.seat(id))).collect();
        let own_seat = self.seat(me);
        let Role::Leader(leader) = &mut self.role else {
            return false;
        };
        leader.seat = own_seat;
        let is_member = |id| seats.iter().any(|(member, _)| *member == id);
        leader.progress.retain(is_member);
        if leader
            .transfer
            .is_some_and(|transfer| !self.configuration.is_voter(transfer.to))
        {
            leader.transfer = None;
        }
        let mut is_anyone_new = false;
        for (id, seat) in seats {
            if !leader.progress.contains_key(id) {
                leader.progress.insert(id, fresh.clone());
                is_anyone_new = true;
            }
            if let Some(progress) = leader.progress.get_mut(id) {
                progress.seat = seat;
            }
        }
        is_anyone_new
    }

    /// Makes room for new members, and lets go of those who have left.
    fn update_members(&mut self) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        let last_index = self.stable.log().last_index();
        let fresh = Progress::new(last_index.next(), leader.round.next(), last_index);
        if self.seat_members(&fresh) {
            // Whatever was said to an earlier bearer of the name is older.
            self.begin_round(false);
        } else {
            // Those who are left may be a majority that has answered already.
            self.confirm_round();
        }
    }

    /// What follows for a leader once its configuration is committed.
    pub(crate) fn configuration_committed(&mut self) {
        let Role::Leader(leader) = &self.role else {
            return;
        };
        if self.stable.log().configuration_index() > self.commit_index {
            return;
        }
        let mut votes = leader.seat.votes();
        if !self.rules.keeps(Rule::VotersOnly) {
            // Everybody has a seat then.
            votes = self.configuration.is_voter(self.config.id());
        }
        if self.configuration.is_joint() {
            if self.rules.follows(Rule::LeaveJoint) {
                self.append_configuration(self.configuration.leave_joint());
                self.advance_commit_index();
            }
        } else {
            let is_removed = is_true(Field::HasNoVote(self.config.id()), !votes);
            if self.rules.follows_if(Rule::RemovedLeader, is_removed) {
                self.become_follower(None);
            }
        }
    }

    /// Whether this server may start an election: it has a vote, or had one
    /// before a change that it does not know to be committed. Without it, the
    /// change might not get any further (§4.2.2 of the dissertation).
    pub(crate) fn may_start_election(&mut self) -> bool {
        let me = self.config.id();
        let before = self.stable.log().configuration_index().previous();
        let had_a_vote = || {
            before >= self.commit_index && self.stable.log().configuration_at(before).is_voter(me)
        };
        let has_vote = self.configuration.is_voter(me) || had_a_vote();
        let has_no_vote = is_true(Field::HasNoVote(me), !has_vote);
        !self
            .rules
            .follows_if(Rule::OnlyVotersStartElections, has_no_vote)
    }
}
