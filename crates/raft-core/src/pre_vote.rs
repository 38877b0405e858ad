//! Pre-Vote (§9.6 of the dissertation): ask first, then start an election.
//!
//! A server that was cut off has timed out again and again. If each timeout
//! had raised its term, its first message after its return would depose the
//! leader that everybody else is content with. So it asks beforehand whether
//! a majority would vote for it. The question changes nothing on either side:
//! no term is raised, no vote is spent, no timer is reset.

use crate::condition::{Field, differ, is_true, less};
use crate::entry::Command;
use crate::log::LogEnd;
use crate::message::{Message, PreVote, PreVoteReply};
use crate::node::Node;
use crate::role::{PreCandidate, Role};
use crate::rule::{Conduct, Rule};
use crate::types::NodeId;

impl<C: Command, K: Conduct> Node<C, K> {
    pub(crate) fn become_pre_candidate(&mut self) {
        let election = self.election_timer_for_election();
        self.role = Role::PreCandidate(PreCandidate {
            votes: [(self.config.id(), true)].into_iter().collect(),
            election,
            retry_remaining: self.config.settings().heartbeat,
        });
        self.ask_for_pre_votes();
        self.count_pre_votes();
    }

    pub(crate) fn ask_for_pre_votes(&mut self) {
        let Role::PreCandidate(candidate) = &self.role else {
            return;
        };
        let request = PreVote {
            term: self.stable.current_term(),
            last_log_index: self.stable.log().last_index(),
            last_log_term: self.stable.log().last_term(),
        };
        for peer in self.voters_to_ask(&candidate.votes) {
            self.send_newest(peer, Message::PreVote(request.clone()));
        }
    }

    pub(crate) fn pre_vote(&mut self, candidate: NodeId, m: &PreVote) {
        let vote_granted = self.is_fit(m) || !self.rules.keeps(Rule::PreVoteGrant);
        self.rules.follows(Rule::PreVoteGrant);
        let reply = PreVoteReply {
            // An asker that is behind learns of the term here: left in the
            // dark, it would ask for ever.
            term: self.stable.current_term(),
            vote_granted,
        };
        self.send_newest(candidate, Message::PreVoteReply(reply));
    }

    /// Whether it would vote as it is asked, were this an election: it is of the same term, has no
    /// more up-to-date log, and hears no leader.
    fn is_fit(&mut self, m: &PreVote) -> bool {
        let is_of_another_term = differ(
            (Field::Term, m.term),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        let is_behind = less(
            (
                Field::CandidateLog,
                LogEnd::of(m.last_log_term, m.last_log_index),
            ),
            (Field::OwnLog, self.stable.log().end()),
        );
        let hears_leader = is_true(Field::HearsLeader, self.hears_leader());
        let refuses = self.rules.weighs(Rule::PreVoteGrant, is_of_another_term)
            || self.rules.weighs(Rule::PreVoteGrant, is_behind)
            || self.rules.weighs(Rule::PreVoteGrant, hears_leader);
        !refuses
    }

    pub(crate) fn pre_vote_reply(&mut self, voter: NodeId, m: &PreVoteReply) {
        if self.is_of_an_old_term(m.term) {
            return;
        }
        if !matches!(self.role, Role::PreCandidate(_)) {
            self.rules.follows(Rule::OldReply);
        } else if self.record_vote(voter, m.vote_granted) {
            self.count_pre_votes();
        }
    }

    fn count_pre_votes(&mut self) {
        if let Role::PreCandidate(candidate) = &self.role {
            let tallies = self.tallies(&candidate.votes);
            if self.wins(Rule::PreVoteFirst, tallies) {
                self.become_candidate(false);
            }
        }
    }
}
