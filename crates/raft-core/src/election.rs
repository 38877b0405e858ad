//! Leader election (§5.2) with the restriction on who can win (§5.4.1).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::message::{Message, RequestVote, RequestVoteReply};
use crate::node::Node;
use crate::persist::HardState;
use crate::role::{Candidate, Leader, Progress, Role};
use crate::rule::{Rule, Witness};
use crate::types::{Index, NodeId};

impl<C: Clone, W: Witness> Node<C, W> {
    /// The election timer has run out: this server starts an election.
    pub(crate) fn election_timeout(&mut self) {
        let current_term = self.hard_state.current_term;
        if current_term.next() == current_term {
            // The last term has no successor, and its vote may be given away:
            // to stand in it again would be a second vote in one term.
            return self.reset_election_timer();
        }
        self.witness.note(match self.role {
            Role::Candidate(_) => Rule::CandidateTimeout,
            Role::Follower(_) | Role::Leader(_) => Rule::FollowerTimeout,
        });
        self.witness.note(Rule::StartElection);
        self.witness.note(Rule::ResetOnElection);
        self.witness.note(Rule::RandomTimeout);
        self.hard_state = HardState {
            current_term: current_term.next(),
            voted_for: Some(self.config.id()),
        };
        self.durability.hard_state_changed = true;
        self.role = Role::Candidate(Candidate {
            votes: BTreeMap::new(),
            election: self.draw_election_timer(),
            retry_remaining: self.config.settings().heartbeat,
            own_vote: self.durability.everything(),
        });
        self.ask_for_votes();
    }

    pub(crate) fn retry_votes(&mut self) {
        self.witness.note(Rule::RetryVote);
        if let Role::Candidate(candidate) = &mut self.role {
            candidate.retry_remaining = self.config.settings().heartbeat;
        }
        self.ask_for_votes();
    }

    fn ask_for_votes(&mut self) {
        let request = RequestVote {
            term: self.hard_state.current_term,
            last_log_index: self.log.last_index(),
            last_log_term: self.log.last_term(),
        };
        let Role::Candidate(candidate) = &self.role else {
            return;
        };
        let silent: Vec<NodeId> = self
            .config
            .peers()
            .filter(|peer| !candidate.votes.contains_key(peer))
            .collect();
        for peer in silent {
            self.drop_held(peer, |held| matches!(held, Message::RequestVote(_)));
            self.send(peer, Message::RequestVote(request.clone()));
        }
    }

    pub(crate) fn request_vote(&mut self, candidate: NodeId, m: &RequestVote) {
        let vote_granted = self.may_vote_for(candidate, m);
        if vote_granted {
            self.witness.note(Rule::GrantVote);
            self.witness.note(Rule::ResetOnGrant);
            if self.hard_state.voted_for.is_none() {
                self.hard_state.voted_for = Some(candidate);
                self.durability.hard_state_changed = true;
            }
            self.reset_election_timer();
        }
        let reply = RequestVoteReply {
            term: self.hard_state.current_term,
            vote_granted,
        };
        self.drop_held(candidate, |held| {
            matches!(held, Message::RequestVoteReply(_))
        });
        self.send(candidate, Message::RequestVoteReply(reply));
    }

    fn may_vote_for(&mut self, candidate: NodeId, m: &RequestVote) -> bool {
        let voted_for = self.hard_state.voted_for;
        if m.term < self.hard_state.current_term {
            self.witness.note(Rule::VoteStaleTerm);
            false
        } else if voted_for.is_some_and(|other| other != candidate) {
            self.witness.note(Rule::OneVote);
            false
        } else if !self.log.is_up_to_date(m.last_log_index, m.last_log_term) {
            self.witness.note(Rule::UpToDate);
            false
        } else {
            true
        }
    }

    pub(crate) fn request_vote_reply(&mut self, voter: NodeId, m: &RequestVoteReply) {
        if m.term < self.hard_state.current_term {
            return self.witness.note(Rule::OldReply);
        }
        if let Role::Candidate(candidate) = &mut self.role {
            self.witness.note(Rule::CountVote);
            // A vote once granted stays granted: a second grant adds nothing,
            // and the same request asked again may be refused, if another
            // leader of this term has made the voter's log longer since.
            let vote = candidate.votes.entry(voter).or_insert(m.vote_granted);
            *vote |= m.vote_granted;
            self.count_votes();
        } else if self.role.is_leader() {
            // The election is over; §5.2 has nothing more to decide.
            self.witness.note(Rule::CountVote);
        } else {
            self.witness.note(Rule::OldReply);
        }
    }

    /// A candidate's vote for itself counts as soon as it would survive a
    /// crash, and not before.
    pub(crate) fn count_own_vote(&mut self) {
        if let Role::Candidate(candidate) = &mut self.role
            && self.durability.is_durable(candidate.own_vote)
            && !candidate.votes.contains_key(&self.config.id())
        {
            candidate.votes.insert(self.config.id(), true);
            self.count_votes();
        }
    }

    fn count_votes(&mut self) {
        if let Role::Candidate(candidate) = &self.role {
            let granted = candidate.votes.values().filter(|granted| **granted).count();
            if granted >= self.config.quorum() {
                self.become_leader();
            }
        }
    }

    fn become_leader(&mut self) {
        self.witness.note(Rule::WinElection);
        self.witness.note(Rule::InitProgress);
        let progress = Progress {
            next_index: self.log.last_index().next(),
            match_index: Index::ZERO,
            awaiting: None,
        };
        self.role = Role::Leader(Leader {
            progress: self.config.peers().map(|peer| (peer, progress)).collect(),
            heartbeat_remaining: self.config.settings().heartbeat,
        });
        self.heartbeat();
    }

    pub(crate) fn reset_election_timer(&mut self) {
        self.witness.note(Rule::RandomTimeout);
        let timer = self.draw_election_timer();
        match &mut self.role {
            Role::Follower(follower) => follower.election = timer,
            Role::Candidate(candidate) => candidate.election = timer,
            Role::Leader(_) => {}
        }
    }
}
