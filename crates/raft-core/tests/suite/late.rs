//! Answers that come when the question is no longer asked (§5.1).

use crate::common::members::{of, settled_with};
use crate::common::*;
use raft_core::{AppendOutcome, Attempt, Index, Message, PreVoteReply, Role, Settings, Term};

/// §9.6 of the dissertation: who would have voted for it in an earlier term
/// has not been asked about this one.
#[test]
fn a_pre_vote_of_an_earlier_term_does_not_count() {
    let pre_voting = Settings {
        pre_vote: true,
        ..settings()
    };
    let mut node = members::boot_with(pre_voting, among(3, disk(3, &[1])));
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    let granted_in = |term| {
        Message::PreVoteReply(PreVoteReply {
            term: Term(term),
            vote_granted: true,
        })
    };
    hear(&mut node, S2, granted_in(2));
    assert!(matches!(node.role(), Role::PreCandidate(_)));
    hear(&mut node, S2, granted_in(3));
    assert!(is_candidate(&node));
}

fn refused(term: u64, prev_log_index: u64, last_index: u64) -> Said {
    let x_len = Index(1);
    reply(
        term,
        prev_log_index,
        last_index,
        AppendOutcome::TooShort { x_len },
    )
}

/// §5.3: where one message at a time is sent, only the refusal of that one
/// brings nextIndex down, also once the logs have agreed somewhere.
/// Fails without O2.
#[test]
fn a_refusal_of_what_was_not_sent_last_is_dropped() {
    let mut node = leader(2, &[1; 5]);
    hear(&mut node, S2, stored(2, 2, 2));
    assert_eq!(next_match(&node, S2), (6, 2));
    assert_eq!(hear(&mut node, S2, refused(2, 3, 3)), []);
    assert_eq!(next_match(&node, S2), (6, 2));
}

/// §10.2.1: a refusal that contradicts matchIndex may have been overtaken by the answer
/// that raised it, whichever index it is about; nothing is sent for it. A disk that has
/// lost entries refuses what it is asked afterwards too.
#[test]
fn a_refusal_that_contradicts_match_index_is_asked_about_again() {
    let pipelining = Settings {
        in_flight_max: 3,
        ..settings()
    };
    let mut node = settled_with(pipelining, of(&[1, 2, 3], &[]));
    for index in [2, 3] {
        node.propose(100 + index).expect("it leads");
        flush(&mut node);
        hear(&mut node, S2, stored(1, index - 1, index));
    }
    assert_eq!(next_match(&node, S2), (4, 3));
    assert_eq!(hear(&mut node, S2, refused(1, 3, 3)), []);
    assert_eq!(next_match(&node, S2), (4, 3));
    assert_eq!(
        hear(&mut node, S2, refused(1, 3, 3)),
        [],
        "of the same attempt"
    );
    pass(&mut node, HEARTBEAT);
    let asked = appends(&flush(&mut node), S2)[0].request();
    assert_eq!(
        (asked.prev_log_index, asked.attempt),
        (Index(3), Attempt(1))
    );
    let again = hear(&mut node, S2, in_attempt(1, refused(1, 3, 3)));
    let sent = appends(&again, S2)[0].request();
    assert_eq!((sent.prev_log_index, sent.last_index), (Index(0), Index(3)));
}
