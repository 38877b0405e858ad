//! Leader election (§5.2) with the restriction on who can win (§5.4.1).

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::condition::{Field, equal, is_other, is_true, less};
use crate::configuration::Seat;
use crate::durability::Claim;
use crate::entry::{Command, Payload};
use crate::log::LogEnd;
use crate::message::{Message, RequestVote, RequestVoteReply, Round};
use crate::node::Node;
use crate::peer_map::PeerMap;
use crate::progress::Progress;
use crate::role::{Candidate, Leader, PreCandidate, Role, Uncommitted};
use crate::rule::{Conduct, Rule};
use crate::types::{Index, NodeId, Term, Ticks};

impl<C: Command, K: Conduct> Node<C, K> {
    /// The election timer has run out, or was fired: then the election begins before its time,
    /// whatever rule is ablated, but not where a lease rests on it that nobody does that.
    pub(crate) fn time_out(&mut self, is_fired: bool) {
        if is_fired && self.is_bound_by_lease() {
            return;
        }
        let rule = self.timeout_rule();
        if self.may_start_election() && (self.rules.follows(rule) || is_fired) {
            self.start_election();
        } else {
            self.wait_again();
        }
    }

    fn is_bound_by_lease(&mut self) -> bool {
        let hears = is_true(Field::HearsLeader, self.hears_leader());
        let leases = self.config.settings().lease_reads;
        leases && self.rules.follows_if(Rule::StickToLeader, hears)
    }

    const fn timeout_rule(&self) -> Rule {
        match self.role {
            Role::PreCandidate(_) | Role::Candidate(_) => Rule::CandidateTimeout,
            Role::Follower(_) | Role::Leader(_) => Rule::FollowerTimeout,
        }
    }

    /// Its time is over, and it starts no election: it hears no leader any more.
    fn wait_again(&mut self) {
        if let Role::Follower(follower) = &mut self.role {
            follower.leader = None;
        }
        self.reset_election_timer();
    }

    /// Starts an election, or asks first whether that would help.
    fn start_election(&mut self) {
        if self.config.settings().pre_vote && self.rules.follows(Rule::PreVoteFirst) {
            self.become_pre_candidate();
        } else {
            self.become_candidate(false);
        }
    }

    pub(crate) fn become_candidate(&mut self, by_transfer: bool) {
        let mut term = self.stable.current_term();
        if term.next() == term {
            // The last term has no successor, and its vote may be given away:
            // another election in it would be a second vote in one term.
            return self.reset_election_timer();
        }
        if self.rules.follows(Rule::StartElection) {
            term = term.next();
        }
        self.stable.set_hard_state(term, Some(self.config.id()));
        self.outbox.clear();
        let election = self.election_timer_for_election();
        self.role = Role::Candidate(Candidate {
            votes: PeerMap::default(),
            election,
            retry_remaining: self.config.settings().heartbeat,
            own_vote: self.stable.durability().of(Claim::Term),
            by_transfer,
        });
        self.ask_for_votes();
        self.count_own_vote();
    }

    pub(crate) fn retry_votes(&mut self) {
        let heartbeat = self.config.settings().heartbeat;
        if let Role::Candidate(Candidate {
            retry_remaining, ..
        })
        | Role::PreCandidate(PreCandidate {
            retry_remaining, ..
        }) = &mut self.role
        {
            *retry_remaining = heartbeat;
        }
        if self.rules.follows(Rule::RetryVote) {
            self.ask_for_votes();
            self.ask_for_pre_votes();
        }
    }

    fn ask_for_votes(&mut self) {
        let Role::Candidate(candidate) = &self.role else {
            return;
        };
        let request = RequestVote {
            term: self.stable.current_term(),
            last_log_index: self.stable.log().last_index(),
            last_log_term: self.stable.log().last_term(),
            by_transfer: candidate.by_transfer,
        };
        for peer in self.voters_to_ask(&candidate.votes) {
            self.send_newest(peer, Message::RequestVote(request.clone()));
        }
    }

    /// Those who have not answered yet.
    pub(crate) fn voters_to_ask(&self, votes: &PeerMap<bool>) -> Vec<NodeId> {
        let me = self.config.id();
        let members = self.configuration.members();
        let others = members.filter(|id| *id != me && self.seat(*id).votes());
        others.filter(|peer| !votes.contains_key(*peer)).collect()
    }

    pub(crate) fn request_vote(&mut self, candidate: NodeId, m: &RequestVote) {
        let vote_granted = self.may_vote_for(candidate, m) && self.rules.follows(Rule::GrantVote);
        if vote_granted {
            self.give_vote(candidate);
        }
        let reply = RequestVoteReply {
            term: self.stable.current_term(),
            vote_granted,
        };
        // A grant that waits for the disk is still true when an older request,
        // come late, is refused.
        self.outbox.supersede(candidate, |held| {
            matches!(held, Message::RequestVoteReply(old) if vote_granted || !old.vote_granted)
        });
        self.send(candidate, Claim::Term, || Message::RequestVoteReply(reply));
    }

    /// Only a vote that is new resets the timer (§5.2): a candidate asks again and
    /// again those whom it does not hear, and one whom nobody can answer would
    /// otherwise keep all others from starting an election for ever.
    fn give_vote(&mut self, candidate: NodeId) {
        let is_again = equal(
            (Field::VotedFor, self.stable.hard_state().voted_for),
            (Field::CandidateId, Some(candidate)),
        );
        if self.rules.weighs(Rule::ResetOnce, is_again) {
            if self.rules.follows(Rule::ResetOnce) {
                return;
            }
        } else {
            let term = self.stable.current_term();
            self.stable.set_hard_state(term, Some(candidate));
        }
        if self.rules.follows(Rule::ResetOnGrant) {
            self.reset_election_timer();
        }
    }

    /// Whether the vote of this term may go to `candidate`: it went to nobody else (§5.2), and the
    /// candidate's log is at least as up-to-date (§5.4.1).
    fn may_vote_for(&mut self, candidate: NodeId, m: &RequestVote) -> bool {
        let is_stale = less(
            (Field::Term, m.term),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        let is_given = is_other(
            (Field::VotedFor, self.stable.hard_state().voted_for),
            (Field::CandidateId, Some(candidate)),
        );
        let is_behind = less(
            (
                Field::CandidateLog,
                LogEnd::of(m.last_log_term, m.last_log_index),
            ),
            (Field::OwnLog, self.stable.log().end()),
        );
        let refused = self.rules.follows_if(Rule::VoteStaleTerm, is_stale)
            || self.rules.follows_if(Rule::OneVote, is_given)
            || self.rules.follows_if(Rule::UpToDate, is_behind);
        !refused
    }

    /// Whether an answer or a call is dropped since its term is over.
    pub(crate) fn is_of_an_old_term(&mut self, term: Term) -> bool {
        let is_old = less(
            (Field::Term, term),
            (Field::CurrentTerm, self.stable.current_term()),
        );
        self.rules.follows_if(Rule::OldReply, is_old)
    }

    pub(crate) fn request_vote_reply(&mut self, voter: NodeId, m: &RequestVoteReply) {
        if self.is_of_an_old_term(m.term) {
            return;
        }
        match self.role {
            Role::Candidate(_) => {
                if self.record_vote(voter, m.vote_granted) {
                    self.count_votes();
                }
            }
            // The election is over; §5.2 has nothing more to decide.
            Role::Leader(_) => {
                self.rules.follows(Rule::CountVote);
            }
            Role::Follower(_) | Role::PreCandidate(_) => {
                self.rules.follows(Rule::OldReply);
            }
        }
    }

    /// Records what `voter` has answered to whoever asks for votes, or asks whether it would get
    /// them; says whether it has one to give.
    pub(crate) fn record_vote(&mut self, voter: NodeId, vote_granted: bool) -> bool {
        let has_a_vote = self.seat(voter).votes();
        let (Role::Candidate(Candidate { votes, .. })
        | Role::PreCandidate(PreCandidate { votes, .. })) = &mut self.role
        else {
            return false;
        };
        if !has_a_vote {
            self.rules.follows(Rule::VotersOnly);
            return false;
        }
        let counts = vote_granted || !self.rules.keeps(Rule::CountVote);
        // A vote once granted stays granted: a second grant adds nothing,
        // and the same request asked again may be refused, if another
        // leader of this term has made the voter's log longer since.
        let granted = votes.get(voter) == Some(&true);
        votes.insert(voter, granted || counts);
        self.rules.follows(Rule::CountVote);
        true
    }

    /// A candidate's vote for itself counts as soon as it would survive a
    /// crash, and not before.
    pub(crate) fn count_own_vote(&mut self) {
        if let Role::Candidate(candidate) = &mut self.role
            && (self.stable.durability().is_durable(candidate.own_vote)
                || !self.rules.keeps(Rule::PersistFirst))
            && !candidate.votes.contains_key(self.config.id())
        {
            candidate.votes.insert(self.config.id(), true);
            self.count_votes();
        }
    }

    fn count_votes(&mut self) {
        if let Role::Candidate(candidate) = &self.role {
            let any = candidate.votes.values().any(|granted| *granted);
            let tallies = self.tallies(&candidate.votes);
            let won = self.wins(Rule::WinElection, tallies);
            if won || (any && !self.rules.keeps(Rule::WinElection)) {
                self.become_leader();
            }
        }
    }

    fn become_leader(&mut self) {
        self.rules.follows(Rule::WinElection);
        self.note_majorities();
        let mut next_index = Index::ZERO.next();
        if self.rules.follows(Rule::InitProgress) {
            next_index = self.stable.log().last_index().next();
        }
        let settings = self.config.settings();
        self.role = Role::Leader(Leader {
            progress: PeerMap::default(),
            seat: Seat::default(),
            heartbeat_remaining: settings.heartbeat,
            quorum_remaining: settings
                .check_quorum
                .then_some(*settings.election_timeout.end()),
            transfer: None,
            broadcast: None,
            uncommitted: Uncommitted {
                bytes: 0,
                counted_at: self.commit_index,
            },
            lease_remaining: Ticks(0),
            reads: VecDeque::new(),
            round: Round::default(),
            confirmed: Round::default(),
            round_age: settings.lease_reads.then_some(Ticks(0)),
        });
        self.count_uncommitted();
        let last_index = self.stable.log().last_index();
        self.seat_members(&Progress::new(next_index, Round::default(), last_index));
        if self.config.settings().no_op && self.rules.follows(Rule::NoOp) {
            self.append_own(Payload::NoOp);
        }
        self.heartbeat_due();
        self.configuration_committed();
    }
}
