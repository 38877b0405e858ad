//! Log replication: §5.3, what may be committed (§5.4.2), and whom clients
//! are sent to (§8).

use crate::common::*;
use raft_core::{
    AppendOutcome, Index, Message, Node, NodeId, NotLeader, ProposeError, Request, Settings, Term,
    Ticks,
};

const fn too_short(x_len: u64) -> AppendOutcome {
    AppendOutcome::TooShort {
        x_len: Index(x_len),
    }
}

const fn conflict(x_term: u64, x_index: u64, x_len: u64) -> AppendOutcome {
    AppendOutcome::Conflict {
        x_term: Term(x_term),
        x_index: Index(x_index),
        x_len: Index(x_len),
    }
}

/// §5.3, AE2: entries are refused unless the log has the one before them;
/// a heartbeat makes the same check and commits nothing without it.
#[test]
fn the_consistency_check_is_made_for_heartbeats_too() {
    for log in [&[][..], &[4]] {
        let mut node = follower(4, &[1, 2, 3]);
        let refused = outcome(&mut node, append(4, (5, 3), log, 3));
        assert_eq!(refused, too_short(4));
        let refused = outcome(&mut node, append(4, (3, 2), log, 3));
        assert_eq!(refused, conflict(3, 3, 4));
        assert_eq!((terms(&node), commit(&node)), (vec![1, 2, 3], 0));
        let stored = outcome(&mut node, append(4, (3, 3), log, 3));
        assert_eq!((stored, commit(&node)), (AppendOutcome::Success, 3));
    }
}

/// §5.3, AE1: a leader of the past is refused, told the term, and changes nothing.
#[test]
fn a_leader_of_the_past_is_refused() {
    let mut node = follower(4, &[1]);
    let answer = answer(&mut node, S2, append(3, (0, 0), &[3], 1));
    let expected = Message::AppendEntriesReply(raft_core::AppendEntriesReply {
        term: Term(4),
        request: request(3, 0, 1),
        outcome: AppendOutcome::StaleTerm,
    });
    assert_eq!(answer, expected);
    assert_eq!(
        (terms(&node), commit(&node), node.leader()),
        (vec![1], 0, None)
    );
}

/// §5.3, AE3 and AE4: a conflict deletes the entry and all that follow it,
/// and the new ones take their place.
#[test]
fn a_conflict_deletes_the_entry_and_all_after_it() {
    let mut node = follower(4, &[1, 2, 2, 2]);
    outcome(&mut node, append(4, (1, 1), &[3], 0));
    assert_eq!(terms(&node), [1, 3]);
    let commands: Vec<_> = node
        .log()
        .entries()
        .iter()
        .filter_map(|e| e.command())
        .collect();
    assert_eq!(commands, [&101, &302]);
}

/// §5.3, AE3: an AppendEntries that was overtaken does not shorten the log.
/// Fails without AE3-keep.
#[test]
fn an_old_append_keeps_what_follows() {
    let mut node = follower(4, &[1, 4, 4, 4]);
    for sent in [&[][..], &[1], &[1, 4]] {
        outcome(&mut node, append(4, (0, 0), sent, 0));
        assert_eq!(terms(&node), [1, 4, 4, 4]);
    }
    assert_eq!(node.take_write(), None, "there is nothing to write either");
    outcome(&mut node, append(4, (1, 1), &[4, 4, 4, 4], 0));
    assert_eq!(terms(&node), [1, 4, 4, 4, 4]);
}

/// §5.3, AE5: a follower commits what it was sent, not what it happens to have.
/// Fails without A1.
#[test]
fn a_follower_commits_no_further_than_the_last_entry_sent() {
    let mut node = follower(4, &[1, 2, 2, 2]);
    hear(&mut node, S2, append(4, (1, 1), &[], 9));
    assert_eq!(commit(&node), 1);
    hear(&mut node, S2, append(4, (1, 1), &[2], 9));
    assert_eq!(commit(&node), 2);
    assert_eq!(applied(&mut node), [1, 2]);
}

/// §5.3, AE5: leaderCommit or the last entry sent may be behind commitIndex,
/// which does not follow them back.
#[test]
fn a_follower_never_takes_a_commit_back() {
    let mut node = follower(4, &[4, 4]);
    hear(&mut node, S2, append(4, (2, 4), &[], 1));
    assert_eq!(commit(&node), 1);
    hear(&mut node, S2, append(4, (2, 4), &[], 2));
    hear(&mut node, S2, append(4, (1, 4), &[], 1));
    hear(&mut node, S2, append(4, (1, 4), &[], 9));
    assert_eq!(commit(&node), 2);
    assert_eq!(applied(&mut node), [1, 2]);
    assert_eq!(applied(&mut node), [], "each entry is given once");
}

/// §5.3: once elected, every nextIndex is the last index plus one, and every
/// matchIndex 0.
/// Fails without L3-init.
#[test]
fn a_new_leader_knows_nothing_of_others() {
    let node = leader(4, &[1, 2, 3]);
    assert_eq!(next_match(&node, S2), (4, 0));
    assert_eq!(next_match(&node, S3), (4, 0));
}

/// A leader's next AppendEntries after `follower_log` refused its first one,
/// and the refusal.
fn back_up(leader_log: &[u64], follower_log: &[u64]) -> (AppendOutcome, u64) {
    let mut leader = leader(7, leader_log);
    let mut other = follower(6, follower_log);
    let (last, last_term) = (leader.log().last_index().0, leader.log().last_term().0);
    // S1 of the one stands for S2 of the other.
    let refused = answer(&mut other, S2, append(7, (last, last_term), &[], 0));
    let Message::AppendEntriesReply(reply) = &refused else {
        panic!("no answer: {refused:?}");
    };
    let outcome = reply.outcome;
    let said = hear(&mut leader, S2, refused);
    let next = progress(&leader, S2).next_index.0;
    let sent = appends(&said, S2).remove(0);
    assert_eq!(sent.prev_log_index.0, next - 1, "it tries again at once");
    let again = answer(&mut other, S2, Message::AppendEntries(sent));
    hear(&mut leader, S2, again);
    assert_eq!(next_match(&leader, S2), (last + 1, last));
    assert_eq!(other.log().entries(), leader.log().entries());
    (outcome, next)
}

/// §5.3, with the lab's XTerm, XIndex and XLen: one refusal a term, not one
/// an entry.
/// Fails without L3b-term, L3b-index or L3b-len.
#[test]
fn the_four_cases_of_the_fast_back_up() {
    // The leader lacks XTerm: back to where the follower's XTerm begins.
    assert_eq!(
        back_up(&[4, 6, 6, 6], &[4, 5, 5, 5]),
        (conflict(5, 2, 5), 2)
    );
    // The leader has XTerm: back to one past its own last entry of it.
    assert_eq!(
        back_up(&[4, 4, 6, 6, 6], &[4, 4, 4, 4, 4]),
        (conflict(4, 1, 6), 3)
    );
    // The follower's log is too short: back to its end.
    assert_eq!(back_up(&[4, 6, 6, 6], &[4]), (too_short(2), 2));
    // It is empty: back to the beginning.
    assert_eq!(back_up(&[4, 6, 6, 6], &[]), (too_short(1), 1));
}

/// §5.3: matchIndex comes from what was sent, not from what the log holds by
/// the time the answer arrives, and an old answer does not take it back.
/// Fails without L3a.
#[test]
fn match_index_is_what_was_sent_and_never_goes_back() {
    let mut node = leader(2, &[1]);
    node.propose(1).expect("it leads");
    node.propose(2).expect("it leads");
    hear(&mut node, S2, stored(2, 1, 2));
    assert_eq!(next_match(&node, S2), (3, 2));
    hear(&mut node, S2, stored(2, 2, 3));
    assert_eq!(next_match(&node, S2), (4, 3));
    hear(&mut node, S2, stored(2, 1, 2));
    hear(&mut node, S2, stored(2, 1, 1));
    assert_eq!(next_match(&node, S2), (4, 3));
}

/// §5.3: nextIndex goes down only for the request that was sent last.
#[test]
fn refusals_that_come_late_are_dropped() {
    let mut node = leader(5, &[1, 1, 1, 1]);
    hear(&mut node, S2, reply(5, 4, 4, too_short(3)));
    assert_eq!(next_match(&node, S2), (3, 0));
    assert_eq!(hear(&mut node, S2, reply(5, 4, 4, too_short(2))), []);
    assert_eq!(next_match(&node, S2), (3, 0));
    hear(&mut node, S2, stored(5, 2, 4));
    assert_eq!(hear(&mut node, S2, reply(5, 2, 4, too_short(1))), []);
    assert_eq!(next_match(&node, S2), (5, 4));
}

/// §5.3: whatever a refusal proposes, nextIndex goes down, though not below
/// the first entry, so that backing up comes to an end.
#[test]
fn every_refusal_brings_next_index_down() {
    let hints = [
        too_short(0),
        too_short(99),
        conflict(1, 0, 0),
        conflict(7, 99, 99),
        conflict(7, 0, 5),
    ];
    for hint in hints {
        let mut node = leader(5, &[1, 1, 1]);
        let mut attempt = 0;
        for prev in (1..=3).rev() {
            let before = next_match(&node, S2).0;
            if before == prev + 1 {
                hear(
                    &mut node,
                    S2,
                    in_attempt(attempt, reply(5, prev, prev, hint)),
                );
                let after = next_match(&node, S2).0;
                assert!((1..before).contains(&after), "{hint:?}: {after}");
                attempt += 1;
            }
        }
        assert_eq!(next_match(&node, S2), (1, 0), "{hint:?}");
        assert_eq!(hear(&mut node, S2, reply(5, 0, 3, hint)), []);
    }
}

/// Figure 2: a follower whose disk lost what it had acknowledged is sent it
/// again; nextIndex goes below matchIndex, and matchIndex never back.
#[test]
fn what_a_follower_lost_is_sent_again() {
    let mut node = leader(5, &[1, 1, 1, 1]);
    hear(&mut node, S2, stored(5, 4, 4));
    let refused = reply(5, 4, 4, too_short(2));
    assert_eq!(
        hear(&mut node, S2, refused.clone()),
        [],
        "asked before or after?"
    );
    let said = hear(&mut node, S2, in_attempt(1, refused));
    assert_eq!(next_match(&node, S2), (2, 4));
    let sent = appends(&said, S2)[0].request();
    assert_eq!((sent.prev_log_index.0, sent.last_index.0), (1, 4));
    hear(&mut node, S2, in_attempt(2, stored(5, 1, 4)));
    assert_eq!(next_match(&node, S2), (5, 4));
}

/// §5.3: an answer cannot vouch for entries that the leader does not have.
/// Fails without M2.
#[test]
fn an_answer_that_claims_more_than_was_sent_is_ignored() {
    let mut node = leader(2, &[2, 2]);
    hear(&mut node, S2, stored(2, 2, 3));
    hear(&mut node, S2, stored(2, u64::MAX, u64::MAX));
    hear(&mut node, S2, installed(2, 9));
    assert_eq!((next_match(&node, S2), commit(&node)), ((3, 0), 0));
}

/// §5.1: what was sent in an earlier term has no say in this one, even if
/// the same server led in both and the answer is dressed in the new term.
/// Fails without O1.
#[test]
fn answers_to_an_earlier_term_are_dropped() {
    let mut node = leader(4, &[2, 2]);
    for outcome in [
        AppendOutcome::Success,
        too_short(1),
        AppendOutcome::StaleTerm,
    ] {
        assert_eq!(hear(&mut node, S2, reply(3, 2, 2, outcome)), []);
        let dressed = Message::AppendEntriesReply(raft_core::AppendEntriesReply {
            term: Term(4),
            request: request(3, 2, 2),
            outcome,
        });
        assert_eq!(hear(&mut node, S2, dressed), []);
        assert_eq!(next_match(&node, S2), (3, 0));
    }
}

/// §5.1: a leader that learns of a higher term by an answer steps down.
#[test]
fn an_answer_of_a_higher_term_ends_the_leadership() {
    let answers = [stored(5, 1, 1), installed(5, 1), vote(5, false)];
    for answer in answers {
        let mut node = leader(4, &[4]);
        assert_eq!(hear(&mut node, S2, answer), []);
        assert!(is_follower(&node));
        assert_eq!((term(&node), commit(&node)), (5, 0));
    }
}

/// §5.3, L4: a majority has to store an entry, the leader among it.
/// Fails without L2.
#[test]
fn an_entry_is_committed_once_a_majority_stores_it() {
    let mut node = leader_of(5, 2, &[]);
    node.propose(1).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(2, 0, 1));
    hear(&mut node, S2, stored(2, 0, 1));
    assert_eq!(commit(&node), 0, "two of five, one of them heard twice");
    hear(&mut node, S5, reply(2, 0, 1, too_short(1)));
    assert_eq!(commit(&node), 0, "a refusal stores nothing");
    hear(&mut node, S3, stored(2, 0, 1));
    assert_eq!(commit(&node), 1);
    assert_eq!(applied(&mut node), [1]);
}

/// §5.4.2, Figure 8: an entry of an earlier term on a majority is not
/// committed by counting, only along with one of the leader's own term.
/// Fails without L4-term.
#[test]
fn only_entries_of_the_own_term_are_committed_by_counting() {
    let mut node = leader_of(5, 4, &[1, 2]);
    hear(&mut node, S2, stored(4, 0, 2));
    hear(&mut node, S3, stored(4, 0, 2));
    hear(&mut node, S4, stored(4, 0, 2));
    assert_eq!(commit(&node), 0, "S5 may still overwrite it, as in (d)");
    assert_eq!(node.majority_index(), Some(Index(2)));
    node.propose(1).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(4, 2, 3));
    assert_eq!(commit(&node), 0);
    hear(&mut node, S3, stored(4, 2, 3));
    assert_eq!(
        commit(&node),
        3,
        "all before it is committed too, as in (e)"
    );
    assert_eq!(applied(&mut node), [1, 2, 3]);
}

/// §5.3: a request that is lost is sent again with the next heartbeat.
#[test]
fn a_lost_append_is_sent_again() {
    let mut node = leader(2, &[]);
    node.propose(1).expect("it leads");
    let lost = flush(&mut node);
    assert_eq!(appends(&lost, S2).len(), 1);
    pass(&mut node, HEARTBEAT);
    assert_eq!(appends(&flush(&mut node), S2), appends(&lost, S2));
}

/// §5.2, L1: a leader speaks at each interval, and not in between.
#[test]
fn heartbeats_go_out_at_each_interval() {
    let mut node = leader(2, &[]);
    for _ in 0..5 {
        pass(&mut node, Ticks(HEARTBEAT.0 - 1));
        assert_eq!(poll(&mut node), []);
        node.tick();
        assert_eq!(poll(&mut node).len(), 2);
    }
}

/// §5.3: one AppendEntries carries so many entries and no more; the rest
/// follows on the answer.
#[test]
fn a_long_log_goes_out_in_several_messages() {
    let small = Settings {
        entries_max: 2,
        ..settings()
    };
    let mut node = Node::restart(config(S1, small), among(3, disk(1, &[1, 1, 1, 1])), 1);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    hear(&mut node, S2, vote(2, true));
    let first = hear(&mut node, S2, reply(2, 4, 4, too_short(1)));
    let span = |said| {
        let m: Request = appends(said, S2)[0].request();
        (m.prev_log_index.0, m.last_index.0)
    };
    assert_eq!(span(&first), (0, 2));
    let second = hear(&mut node, S2, in_attempt(1, stored(2, 0, 2)));
    assert_eq!(span(&second), (2, 4));
    assert_eq!(hear(&mut node, S2, in_attempt(1, stored(2, 2, 4))), []);
}

/// §8: whoever does not lead sends the client to whoever does.
/// Fails without L2-redirect.
#[test]
fn a_redirect_names_the_leader() {
    let refused = |leader| Err(ProposeError::NotLeader(NotLeader { leader }));
    let mut node = follower(3, &[]);
    assert_eq!(node.propose(1), refused(None));
    hear(&mut node, S2, append(3, (0, 0), &[], 0));
    assert_eq!(node.propose(1), refused(Some(S2)));
    hear(&mut node, S3, ask(4, 0, 0));
    assert_eq!(
        node.propose(1),
        refused(None),
        "a new term has a new leader"
    );
    assert_eq!(candidate(3, &[]).propose(1), refused(None));
    assert_eq!(leader(3, &[3]).propose(1), Ok((Index(2), Term(3))));
}

/// §5.3: proposals made while an answer is awaited share the next request.
/// Fails without L3-wait.
#[test]
fn twelve_proposals_cost_few_requests() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.appends_sent = 0;
    for command in 0..12 {
        cluster.propose(S1, command);
    }
    cluster.settle();
    assert_eq!(commit(cluster.node(S1)), 12);
    assert_eq!(cluster.appends_sent, 4, "two for each of the two followers");
}

/// §5.3: all state machines apply the same commands in the same order.
#[test]
fn everybody_applies_the_same() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S2);
    for command in [7, 8, 9] {
        cluster.propose(S2, command);
    }
    cluster.pass(HEARTBEAT);
    for applied in cluster.applied.values() {
        assert_eq!(applied, &[(1, 7), (2, 8), (3, 9)]);
    }
}

/// §5.3, Figure 7: a leader brings every kind of follower to its own log.
#[test]
fn the_followers_of_figure_7_are_brought_into_line() {
    let logs: [&[u64]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    let mut cluster = Cluster::with_disks(logs.map(|log| disk(7, log)).to_vec());
    cluster.elect(S1);
    assert_eq!(cluster.leaders(), [S1]);
    cluster.propose(S1, 42);
    cluster.pass(HEARTBEAT);
    for follower in (1..=7).map(NodeId) {
        let expected = [logs[0], &[8]].concat();
        assert_eq!(terms(cluster.node(follower)), expected, "{follower}");
        assert_eq!(commit(cluster.node(follower)), 11, "{follower}");
    }
}

/// §5.3: a leader without a majority commits nothing, and what it alone had
/// gives way to what the others agreed on.
#[test]
fn what_a_minority_took_gives_way() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.cut_off.insert(S1);
    cluster.propose(S1, 13);
    cluster.elect(S2);
    cluster.propose(S2, 7);
    cluster.settle();
    assert_eq!(commit(cluster.node(S1)), 0);
    cluster.cut_off.clear();
    cluster.pass(HEARTBEAT);
    cluster.pass(HEARTBEAT);
    for applied in cluster.applied.values() {
        assert_eq!(applied, &[(1, 7)]);
    }
}
