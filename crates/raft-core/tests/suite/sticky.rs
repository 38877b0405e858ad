//! A server that hears its leader ignores candidates (§4.2.3), and answers
//! those that could not disturb it all the same.

use crate::common::*;
use raft_core::{Message, PreVote, PreVoteReply, Settings, Term, Ticks};

fn pre_vote(term: u64) -> Said {
    Message::PreVote(PreVote {
        term: Term(term),
        last_log_index: raft_core::Index(9),
        last_log_term: Term(9),
    })
}

/// A follower in term 1 that has just heard its leader, `S2`.
fn hearing() -> Server {
    let checking = Settings {
        check_quorum: true,
        ..settings()
    };
    let mut node = members::boot_with(checking, among(3, disk(1, &[1])));
    node.advance(ELECTION_MIN.minus(Ticks(1)));
    hear(&mut node, S2, append(1, (1, 1), &[], 0));
    node
}

/// A question in a later term would make it leave its leader.
#[test]
fn a_later_term_that_is_only_asked_about_is_ignored() {
    for term in [2, 3, 9] {
        let mut node = hearing();
        assert_eq!(hear(&mut node, S3, pre_vote(term)), []);
        assert_eq!((node.leader(), term_in(&node)), (Some(S2), 1));
    }
}

/// One in its own term or before is answered, so that who asks hears of the term.
#[test]
fn a_question_in_no_later_term_is_refused_in_words() {
    let refusal = Message::PreVoteReply(PreVoteReply {
        term: Term(1),
        vote_granted: false,
    });
    for term in [0, 1] {
        let mut node = hearing();
        assert_eq!(answer(&mut node, S3, pre_vote(term)), refusal);
    }
}

fn term_in(node: &Server) -> u64 {
    node.hard_state().current_term.0
}
