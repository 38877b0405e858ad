//! Elections: §5.1, §5.2 and the restriction of §5.4.1.

use std::collections::BTreeSet;

use crate::common::*;
use raft_core::{AppendOutcome, Message, Node, NodeId, Ticks};

/// §5.2: a follower that hears nothing over its election timeout raises its
/// term, votes for itself and asks all others, and not a tick earlier.
/// Fails without F2 or C1.
#[test]
fn a_follower_that_hears_nothing_starts_an_election() {
    let mut node = follower(3, &[1, 3]);
    let timeout = timer(&node).timeout;
    pass(&mut node, Ticks(timeout.0 - 1));
    assert!(is_follower(&node));
    node.tick();
    assert!(is_candidate(&node));
    assert_eq!((term(&node), node.hard_state().voted_for), (4, Some(S1)));
    let said = flush(&mut node);
    assert_eq!(
        said.iter().map(|said| said.to).collect::<Vec<_>>(),
        [S2, S3]
    );
    assert!(said.iter().all(|said| said.message == ask(4, 2, 3)));
}

/// §5.2: a majority of votes makes a leader, which shows it to all at once.
/// Fails without C2.
#[test]
fn a_majority_elects_and_is_told_at_once() {
    let mut node = candidate_of(5, 2, &[1]);
    assert_eq!(hear(&mut node, S2, vote(2, true)), []);
    assert!(is_candidate(&node), "two of five are no majority");
    let said = hear(&mut node, S3, vote(2, true));
    assert!(node.role().is_leader());
    assert_eq!(said.len(), 4);
    assert!(
        said.iter()
            .all(|said| said.message == append(2, (1, 1), &[], 0))
    );
}

/// §5.2: one vote a server, however often its grant arrives.
#[test]
fn a_grant_that_arrives_again_counts_once() {
    let mut node = candidate_of(5, 2, &[]);
    for _ in 0..3 {
        hear(&mut node, S2, vote(2, true));
    }
    assert!(is_candidate(&node));
}

/// §5.2: a refusal is no vote.
/// Fails without C2-vote.
#[test]
fn refusals_do_not_elect() {
    let mut node = candidate(2, &[]);
    hear(&mut node, S2, vote(2, false));
    hear(&mut node, S3, vote(2, false));
    assert!(is_candidate(&node));
}

/// §5.2: a grant stands, whatever the same voter says to the request asked again.
#[test]
fn a_refusal_after_the_grant_takes_nothing_back() {
    let mut node = candidate_of(5, 2, &[]);
    hear(&mut node, S2, vote(2, true));
    hear(&mut node, S2, vote(2, false));
    hear(&mut node, S3, vote(2, true));
    assert!(node.role().is_leader());
}

/// §5.1, §5.2: a vote for an election that is over counts in no other.
/// Fails without O1.
#[test]
fn votes_of_an_old_term_are_not_counted() {
    let mut node = candidate(2, &[]);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    assert_eq!(term(&node), 3);
    hear(&mut node, S2, vote(2, true));
    assert!(is_candidate(&node));
    hear(&mut node, S2, vote(3, true));
    assert!(node.role().is_leader());
}

/// §5.1: a grant of a term that this server never stood in elects nobody.
#[test]
fn a_grant_of_a_later_term_only_makes_a_follower() {
    let mut node = candidate(2, &[]);
    hear(&mut node, S2, vote(9, true));
    assert!(is_follower(&node));
    assert_eq!(term(&node), 9);
}

/// §5.1: a higher term is adopted first, and then the request is answered in
/// it: here with the vote that the old term had given to another.
/// Fails without A2.
#[test]
fn a_higher_term_steps_down_first_and_is_then_answered() {
    for mut node in [leader(4, &[1]), candidate(4, &[1]), follower(4, &[1])] {
        assert_eq!(granted(&mut node, S2, ask(7, 1, 1)), (7, true));
        assert!(is_follower(&node));
        assert_eq!(node.hard_state().voted_for, Some(S2));
    }
}

/// §5.1, §5.4.1: stepping down for a higher term is not yet a vote.
#[test]
fn a_higher_term_with_a_worse_log_steps_down_and_is_refused() {
    let mut node = leader(4, &[1, 4]);
    assert_eq!(granted(&mut node, S2, ask(7, 9, 3)), (7, false));
    assert!(is_follower(&node));
    assert_eq!(node.hard_state().voted_for, None);
}

/// §5.2: one vote a term, first come, first served; whoever has it is told so
/// again when the answer was lost.
/// Fails without RV2 or RV2-vote.
#[test]
fn one_vote_a_term_first_come_first_served() {
    let mut node = follower(1, &[]);
    assert_eq!(granted(&mut node, S2, ask(2, 0, 0)), (2, true));
    assert_eq!(granted(&mut node, S3, ask(2, 0, 0)), (2, false));
    assert_eq!(granted(&mut node, S2, ask(2, 0, 0)), (2, true));
    assert_eq!(node.hard_state().voted_for, Some(S2));
}

/// §5.2: a candidate has given its vote away, to itself.
#[test]
fn candidates_and_leaders_refuse_others_in_their_term() {
    for mut node in [candidate(2, &[]), leader(2, &[])] {
        assert_eq!(granted(&mut node, S3, ask(2, 5, 1)), (2, false));
    }
}

/// §5.2: the vote of a term is not free again once the candidate gives up.
#[test]
fn a_candidate_that_steps_down_keeps_its_vote() {
    let mut node = candidate(2, &[]);
    hear(&mut node, S2, append(2, (0, 0), &[], 0));
    assert!(is_follower(&node));
    assert_eq!(node.hard_state().voted_for, Some(S1));
    assert_eq!(granted(&mut node, S3, ask(2, 5, 2)), (2, false));
}

/// §5.1, Figure 2: a request of an old term is refused, in the present one.
/// Fails without RV1.
#[test]
fn an_old_candidate_is_refused_and_told_the_term() {
    let mut node = follower(5, &[]);
    assert_eq!(granted(&mut node, S2, ask(4, 9, 4)), (5, false));
    assert_eq!(node.hard_state().voted_for, None);
}

/// §5.4.1: the later last term wins; within one term, the longer log.
/// Fails without RV2-log.
#[test]
fn votes_go_only_to_logs_at_least_as_up_to_date() {
    let mine: &[u64] = &[1, 1, 3];
    let cases = [
        ((3, 3), true),
        ((4, 3), true),
        ((2, 3), false),
        ((1, 4), true),
        ((9, 2), false),
        ((0, 0), false),
    ];
    for ((index, last_term), expected) in cases {
        let mut node = follower(4, mine);
        let answer = granted(&mut node, S2, ask(5, index, last_term));
        assert_eq!(answer, (5, expected), "last entry {index} of {last_term}");
    }
}

/// §5.2: a candidate recognises the leader of its term, and no earlier one.
/// Fails without C3.
#[test]
fn a_candidate_yields_to_the_leader_of_its_term_only() {
    let mut node = candidate(4, &[]);
    hear(&mut node, S2, append(3, (0, 0), &[], 0));
    assert!(is_candidate(&node));
    hear(&mut node, S2, append(4, (0, 0), &[], 0));
    assert!(is_follower(&node));
    assert_eq!((term(&node), node.leader()), (4, Some(S2)));
}

/// §5.2: a term has one leader, so a leader yields to nobody in its own.
/// Fails without M2.
#[test]
fn a_leader_ignores_whoever_claims_its_term() {
    let mut node = leader(4, &[4]);
    assert_eq!(hear(&mut node, S2, append(4, (0, 0), &[3], 1)), []);
    assert_eq!(hear(&mut node, S2, install(4, 5, 3)), []);
    assert!(node.role().is_leader());
    assert_eq!((terms(&node), commit(&node)), (vec![4], 0));
}

/// §5.2: an election without a winner is followed by another, in a new term.
/// Fails without C4.
#[test]
fn a_candidate_whose_time_runs_out_starts_anew() {
    let mut node = candidate(2, &[]);
    hear(&mut node, S2, vote(2, false));
    let timeout = timer(&node).remaining;
    pass(&mut node, timeout);
    assert!(is_candidate(&node));
    assert_eq!(term(&node), 3);
    let asked = flush(&mut node);
    assert_eq!(asked.last().map(|said| &said.message), Some(&ask(3, 0, 0)));
    hear(&mut node, S2, vote(3, true));
    assert!(node.role().is_leader(), "the refusal was of the old term");
}

/// §5.1: servers ask again whoever does not answer, and only them.
/// Fails without C1-retry.
#[test]
fn a_candidate_asks_again_whoever_is_silent() {
    let mut node = candidate(2, &[]);
    hear(&mut node, S2, vote(2, false));
    pass(&mut node, HEARTBEAT);
    let said = poll(&mut node);
    assert_eq!(said.len(), 1);
    assert_eq!((said[0].to, &said[0].message), (S3, &ask(2, 0, 0)));
}

/// §5.2: timeouts are drawn from the range anew each time, and differently by
/// servers with different seeds.
/// Fails without T0.
#[test]
fn election_timeouts_are_random() {
    let mut node = follower(1, &[]);
    let mut drawn = BTreeSet::new();
    for _ in 0..100 {
        hear(&mut node, S2, append(1, (0, 0), &[], 0));
        let timeout = timer(&node).timeout;
        assert!((ELECTION_MIN..=ELECTION_MAX).contains(&timeout));
        drawn.insert(timeout);
    }
    assert!(drawn.len() > 30, "{} different ones", drawn.len());
    let first = |seed| {
        timer(&Node::restart(
            config(S1, settings()),
            among(3, disk(0, &[])),
            seed,
        ))
        .timeout
    };
    assert!((1..20).map(first).collect::<BTreeSet<_>>().len() > 10);
}

/// §5.2: a candidate draws its timeout anew at the start of each election, so that two that
/// have split the votes do not time out together again and again.
/// Fails without T2.
#[test]
fn each_election_has_a_timeout_of_its_own() {
    let mut node = follower(1, &[]);
    let mut drawn = BTreeSet::new();
    for elections in 1..=100 {
        let remaining = timer(&node).remaining;
        pass(&mut node, remaining);
        assert_eq!((is_candidate(&node), term(&node)), (true, 1 + elections));
        let begun = timer(&node);
        assert_eq!(begun.remaining, begun.timeout);
        assert!((ELECTION_MIN..=ELECTION_MAX).contains(&begun.timeout));
        drawn.insert(begun.timeout);
    }
    assert!(drawn.len() > 30, "{} different ones", drawn.len());
}

/// Whether `event` resets the election timer of a server that has waited for a while.
fn resets(mut node: Server, event: impl FnOnce(&mut Server)) -> bool {
    for _ in 0..55 {
        node.tick();
    }
    let before = timer(&node);
    event(&mut node);
    let after = timer(&node);
    if after != before {
        assert_eq!(
            after.remaining, after.timeout,
            "a reset starts from the top"
        );
    }
    after != before
}

/// §5.2: word from the current leader, a vote granted, and an election begun
/// reset the timer …
/// Fails without T1 or T3.
#[test]
fn the_three_events_that_reset_the_election_timer() {
    let mine = || follower(3, &[1, 3]);
    let heard = |message| move |node: &mut Server| node.receive(S2, message);
    let events: [(&str, Said); 7] = [
        ("a heartbeat", append(3, (2, 3), &[], 0)),
        ("entries", append(3, (2, 3), &[3], 0)),
        ("a new leader", append(4, (2, 3), &[], 0)),
        ("a check that fails", append(3, (9, 3), &[], 0)),
        ("a snapshot", install(3, 9, 3)),
        ("a snapshot that is not needed", install(3, 0, 0)),
        ("a vote granted", ask(4, 2, 3)),
    ];
    for (name, message) in events {
        assert!(resets(mine(), heard(message)), "{name}");
    }
    assert!(resets(mine(), |node| node.fire(raft_core::Timer::Election)));
    assert!(resets(candidate(3, &[]), |node| node
        .fire(raft_core::Timer::Election)));
    assert!(resets(candidate(3, &[]), heard(append(3, (0, 0), &[], 0))));
}

/// … and nothing else does: no refused vote, no leader of the past, no term
/// by itself, no answer, no client.
#[test]
fn nothing_else_resets_the_election_timer() {
    let mine = || follower(3, &[1, 3]);
    let heard = |message| move |node: &mut Server| node.receive(S2, message);
    let events: [(&str, Said); 9] = [
        ("a candidate with a worse log", ask(3, 9, 1)),
        ("that, in a new term", ask(8, 9, 1)),
        ("a candidate of the past", ask(2, 9, 3)),
        ("a leader of the past", append(2, (2, 3), &[], 0)),
        ("a snapshot of the past", install(2, 9, 2)),
        ("a vote", vote(3, true)),
        ("a vote of a new term", vote(8, false)),
        ("an answer of a new term", stored(8, 0, 0)),
        ("an answer to a snapshot", installed(3, 0)),
    ];
    for (name, message) in events {
        assert!(!resets(mine(), heard(message)), "{name}");
    }
    let client = |node: &mut Server| assert!(node.propose(5).is_err());
    assert!(!resets(mine(), client), "a client");
    let voted_already = |node: &mut Server| {
        node.receive(S2, ask(4, 2, 3));
        let reset = timer(node);
        node.receive(S3, ask(4, 2, 3));
        assert_eq!(timer(node), reset, "a second candidate");
    };
    assert!(resets(mine(), voted_already));
}

/// §5.2: a vote resets the timer when it is given, and not when it is said again. A
/// candidate that nobody can answer would otherwise keep all others from standing.
/// Fails without T3-once.
#[test]
fn a_vote_that_is_said_again_resets_no_timer() {
    let mut node = follower(3, &[1, 3]);
    assert_eq!(granted(&mut node, S2, ask(4, 2, 3)), (4, true));
    pass(&mut node, Ticks(5));
    let before = timer(&node);
    assert_eq!(granted(&mut node, S2, ask(4, 2, 3)), (4, true));
    assert_eq!(timer(&node), before);
}

/// §5.1: a candidate that steps down for a new term goes on waiting as it was.
#[test]
fn a_candidate_that_steps_down_keeps_its_timer() {
    let mut node = candidate(3, &[3]);
    pass(&mut node, Ticks(42));
    let before = timer(&node);
    hear(&mut node, S2, ask(8, 9, 1));
    assert!(is_follower(&node));
    assert_eq!(timer(&node), before);
}

/// §4.1 of the dissertation: a server that the configuration does not name is
/// answered, as it may be named by a later one; its own word does not count.
#[test]
fn a_stranger_is_answered_and_not_counted() {
    let stranger = NodeId(9);
    let mut node = candidate(3, &[]);
    assert_eq!(hear(&mut node, stranger, vote(3, true)), []);
    assert!(is_candidate(&node), "a stranger's vote was counted");
    assert_eq!(granted(&mut node, stranger, ask(8, 9, 9)), (8, true));
    let mut node = follower(1, &[]);
    assert!(matches!(
        answer(&mut node, stranger, append(2, (0, 0), &[2], 0)),
        Message::AppendEntriesReply(reply) if reply.outcome == AppendOutcome::Success
    ));
}

/// Nobody sends messages to itself.
#[test]
fn what_one_is_said_to_have_said_oneself_is_not_heard() {
    let mut node = candidate(3, &[]);
    assert_eq!(hear(&mut node, S1, vote(3, true)), []);
    assert_eq!(hear(&mut node, S1, ask(8, 9, 9)), []);
    assert!(is_candidate(&node));
    assert_eq!(term(&node), 3);
}

/// §5.2: even where there is no later term left, one vote a term holds.
#[test]
fn in_the_last_term_nobody_stands_twice() {
    let mut node = follower(1, &[]);
    assert!(granted(&mut node, S2, ask(u64::MAX, 0, 0)).1);
    let timeout = timer(&node).remaining;
    pass(&mut node, timeout);
    assert!(is_follower(&node));
    assert_eq!(node.hard_state().voted_for, Some(S2));
    assert!(node.ticks_to_deadline() >= ELECTION_MIN);

    let mut node = candidate(u64::MAX, &[]);
    let timeout = timer(&node).remaining;
    pass(&mut node, timeout);
    assert!(is_candidate(&node), "it may still win this election");
    assert!(timer(&node).remaining >= ELECTION_MIN);
}

/// §5.2: left alone, a cluster elects one leader and keeps it.
#[test]
fn a_cluster_elects_one_leader_and_keeps_it() {
    let mut cluster = Cluster::new(5);
    cluster.pass(Ticks(3 * ELECTION_MAX.0));
    let leaders = cluster.leaders();
    assert_eq!(leaders.len(), 1);
    let elected_in = term(cluster.node(leaders[0]));
    cluster.pass(Ticks(10 * ELECTION_MAX.0));
    assert_eq!(cluster.leaders(), leaders);
    assert_eq!(term(cluster.node(leaders[0])), elected_in);
}

/// §5.2: a leader that is cut off is replaced, and steps down on its return.
#[test]
fn a_leader_cut_off_is_replaced_and_yields_on_return() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.cut_off.insert(S1);
    cluster.pass(Ticks(4 * ELECTION_MAX.0));
    assert_eq!(cluster.leaders().len(), 2, "the old one does not know yet");
    cluster.cut_off.clear();
    cluster.pass(HEARTBEAT);
    let leaders = cluster.leaders();
    assert_eq!(leaders.len(), 1);
    assert_eq!(cluster.node(S1).leader(), Some(leaders[0]));
}

/// §5.2: where votes split, no one wins, and a later term decides.
#[test]
fn a_split_vote_is_resolved_in_a_later_term() {
    let mut cluster = Cluster::new(4);
    cluster.cut_off.extend([S3, S4]);
    cluster.elect(S1);
    cluster.cut_off = BTreeSet::from([S1, S2]);
    cluster.elect(S3);
    assert_eq!(cluster.leaders(), []);
    cluster.cut_off.clear();
    cluster.pass(Ticks(5 * ELECTION_MAX.0));
    assert_eq!(cluster.leaders().len(), 1);
    let leader = cluster.leaders()[0];
    assert!(term(cluster.node(leader)) > 1);
}

/// §5.2, §5.5: those who are silent are asked again once a heartbeat, and not
/// with every tick.
/// Fails without C1-retry.
#[test]
fn a_candidate_asks_again_once_a_heartbeat() {
    let mut node = candidate(2, &[]);
    node.advance(HEARTBEAT.minus(Ticks(1)));
    assert_eq!(flush(&mut node), []);
    node.tick();
    assert_eq!(flush(&mut node).len(), 2);
}

/// §5.2: an older request of the same candidate, come late, does not take the
/// place of a vote that waits for the disk.
#[test]
fn a_refusal_does_not_replace_a_grant_that_is_held() {
    let mut node = follower(1, &[]);
    node.receive(S2, ask(2, 0, 0));
    let write = take(&mut node);
    node.receive(S2, ask(1, 0, 0));
    assert_eq!(poll(&mut node), []);
    node.durable(write.id);
    let said: Vec<Said> = poll(&mut node).into_iter().map(|one| one.message).collect();
    assert_eq!(said, [vote(2, true), vote(2, false)]);
    // The candidate believes the vote, in either order.
    let mut candidate = candidate(2, &[]);
    for message in said.into_iter().rev() {
        hear(&mut candidate, S2, message);
    }
    assert!(candidate.role().is_leader());
}
