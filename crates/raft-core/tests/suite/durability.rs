//! Figure 2: persistent state is "updated on stable storage before
//! responding to RPCs", and what a crash leaves.

use crate::common::*;
use raft_core::{
    AppendEntries, AppendOutcome, Index, Message, Persistent, Request, Round, Settings,
};

/// A disk on which all that `node` wants written is written.
fn written(node: &mut Server, mut image: Persistent<u64>) -> Persistent<u64> {
    while let Some(write) = node.take_write() {
        image.apply(&write);
        node.durable(write.id);
    }
    image
}

/// Figure 2: the vote is on the disk before the candidate hears of it.
/// Fails without P1.
#[test]
fn a_vote_leaves_only_after_it_is_durable() {
    let mut node = follower(1, &[]);
    node.receive(S2, ask(2, 0, 0));
    assert_eq!(poll(&mut node), [], "before the write is taken");
    let write = take(&mut node);
    assert_eq!(write.hard_state, Some(node.hard_state()));
    assert_eq!(poll(&mut node), [], "while it is being written");
    node.durable(write.id);
    assert_eq!(poll(&mut node).len(), 1);
}

/// Figure 2: a vote in a term that the disk knows already is a change as well.
#[test]
fn a_vote_in_the_present_term_is_written() {
    let mut node = follower(2, &[]);
    node.receive(S2, ask(2, 0, 0));
    assert_eq!(poll(&mut node), []);
    let written = take(&mut node).hard_state.expect("the vote");
    assert_eq!(written.voted_for, Some(S2));
}

/// Figure 2: even a refusal tells a term, which has to be durable.
#[test]
fn a_term_is_told_only_after_it_is_durable() {
    let mut node = follower(1, &[1]);
    node.receive(S2, ask(2, 0, 0));
    let write = take(&mut node);
    assert_eq!(poll(&mut node), []);
    node.durable(write.id);
    let said = poll(&mut node);
    assert_eq!(said[0].message, vote(2, false));
}

/// Figure 2: a candidate asks, and counts its own vote, once that is durable.
#[test]
fn a_candidate_votes_for_itself_on_its_disk_first() {
    let mut node = follower(1, &[]);
    node.fire(raft_core::Timer::Election);
    assert_eq!(poll(&mut node), []);
    let write = take(&mut node);
    hear(&mut node, S2, vote(2, true));
    assert!(is_candidate(&node), "it has one vote that would survive");
    node.durable(write.id);
    assert!(node.role().is_leader());

    let mut alone = start(1, Persistent::default());
    alone.fire(raft_core::Timer::Election);
    assert!(is_candidate(&alone));
    flush(&mut alone);
    assert!(alone.role().is_leader());
}

/// Figure 2: the end of an earlier write is not the end of the vote's.
#[test]
fn an_earlier_write_does_not_make_the_own_vote_count() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1], 0));
    let earlier = take(&mut node);
    node.fire(raft_core::Timer::Election);
    let own_vote = take(&mut node);
    hear(&mut node, S2, vote(2, true));
    node.durable(earlier.id);
    assert!(is_candidate(&node));
    node.durable(own_vote.id);
    assert!(node.role().is_leader());
}

/// Figure 2: a leader may send what it has not written (§10.2.1 of the
/// dissertation), but not in a term that a crash would take from it, even
/// where others have elected it without its own vote.
#[test]
fn a_leader_does_not_speak_in_a_term_that_is_not_durable() {
    for is_taken in [false, true] {
        let mut node = follower(1, &[1]);
        node.fire(raft_core::Timer::Election);
        let write = is_taken.then(|| take(&mut node));
        for voter in [S2, S3] {
            node.receive(voter, vote(2, true));
        }
        assert!(node.role().is_leader());
        assert_eq!(poll(&mut node), []);
        let write = write.unwrap_or_else(|| take(&mut node));
        node.durable(write.id);
        assert!(!appends(&poll(&mut node), S2).is_empty());
    }
}

/// Figure 2: term and vote outlive a crash, so that no term has two votes.
#[test]
fn a_restart_keeps_the_term_and_the_vote() {
    let mut node = follower(1, &[1]);
    node.receive(S2, ask(5, 1, 1));
    let image = written(&mut node, disk(1, &[1]));
    let mut node = start(3, image);
    assert_eq!(term(&node), 5);
    assert_eq!(terms(&node), [1]);
    assert_eq!((commit(&node), node.last_applied()), (0, Index(0)));
    assert_eq!(granted(&mut node, S3, ask(5, 9, 4)), (5, false));
    assert_eq!(granted(&mut node, S2, ask(5, 1, 1)), (5, true));
}

/// Figure 2: a leader that crashes leads no more, but its term stays its own.
#[test]
fn a_restart_of_a_leader_gives_a_follower_that_voted_for_itself() {
    let mut node = follower(1, &[]);
    node.fire(raft_core::Timer::Election);
    let mut node = start(3, written(&mut node, disk(1, &[])));
    assert!(is_follower(&node));
    assert_eq!(granted(&mut node, S2, ask(2, 9, 1)), (2, false));
}

/// Figure 2: entries are on the disk before the leader may count them.
#[test]
fn entries_are_acknowledged_only_after_they_are_durable() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1, 1], 0));
    let write = take(&mut node);
    assert_eq!(poll(&mut node), []);
    assert_eq!(node.durable_index(), Index(0));
    node.durable(write.id);
    assert_eq!(node.durable_index(), Index(2));
    let said = poll(&mut node);
    assert_eq!(said[0].message, stored(1, 0, 2));
}

/// Figure 2: neither is an entry acknowledged that an earlier message brought
/// and the disk still has under way.
#[test]
fn an_entry_sent_twice_is_not_acknowledged_early() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1], 0));
    let write = take(&mut node);
    node.receive(S2, append(1, (0, 0), &[1], 0));
    node.receive(S2, append(1, (1, 1), &[], 0));
    assert_eq!(node.take_write(), None);
    let answers = |node: &mut Server| {
        let said = poll(node).into_iter();
        said.map(|said| said.message).collect::<Vec<_>>()
    };
    assert_eq!(answers(&mut node), [reply(1, 1, 1, AppendOutcome::Writing)]);
    node.durable(write.id);
    assert_eq!(answers(&mut node), [stored(1, 0, 1), stored(1, 1, 1)]);
}

/// Dissertation §10.2.1: a leader may send entries while it writes them, and
/// counts itself only once they are durable.
#[test]
fn a_leader_counts_itself_only_once_durable() {
    let mut node = leader(2, &[]);
    node.propose(1).expect("it leads");
    assert_eq!(poll(&mut node).len(), 2, "sent before it is written");
    let write = take(&mut node);
    node.receive(S2, stored(2, 0, 1));
    assert_eq!(commit(&node), 0, "one of three has it for certain");
    node.durable(write.id);
    assert_eq!(commit(&node), 1);
}

/// Figure 2: nobody waits for entries of which nothing is said.
#[test]
fn what_says_nothing_of_new_entries_does_not_wait_for_them() {
    let mut node = leader(2, &[1]);
    node.propose(202).expect("it leads");
    poll(&mut node);
    node.receive(S3, ask(1, 1, 1));
    let said = poll(&mut node);
    assert_eq!((said[0].to, &said[0].message), (S3, &vote(2, false)));
    node.advance(HEARTBEAT);
    let said = poll(&mut node);
    assert_eq!((appends(&said, S2).len(), said.len()), (1, 2));
    assert!(node.take_write().is_some(), "they are not even written");
}

/// Figure 2, §10.2.1: nothing piles up behind the leader's own term. A newer
/// message takes the place of one that waits for it, but not of those that
/// are sent one ahead of the other.
#[test]
fn what_waits_for_the_leader_s_term_does_not_pile_up() {
    let pipelining = Settings {
        in_flight_max: 3,
        entries_max: 1,
        ..settings()
    };
    let mut node = members::boot_with(pipelining, among(3, disk(1, &[1])));
    node.fire(raft_core::Timer::Election);
    for voter in [S2, S3] {
        node.receive(voter, vote(2, true));
    }
    for _ in 0..5 {
        node.advance(HEARTBEAT);
    }
    node.receive(S2, stored(2, 1, 1));
    for command in [202, 203] {
        node.propose(command).expect("it leads");
        assert_eq!(poll(&mut node), []);
    }
    let said = flush(&mut node);
    let to_s2: Vec<Request> = appends(&said, S2)
        .iter()
        .map(AppendEntries::request)
        .collect();
    let mut expected = [request(2, 1, 1), request(2, 1, 2), request(2, 2, 3)];
    for (expected, sent) in expected.iter_mut().zip(&to_s2) {
        expected.round = sent.round;
    }
    assert_eq!(to_s2, expected);
    assert_eq!(appends(&said, S3).len(), 1);
}

/// Dissertation §10.2.1: a majority without the leader commits just as well.
#[test]
fn a_majority_of_others_commits_without_the_leader() {
    let mut node = leader(2, &[]);
    node.propose(1).expect("it leads");
    node.receive(S2, stored(2, 0, 1));
    node.receive(S3, stored(2, 0, 1));
    assert_eq!((commit(&node), node.durable_index()), (1, Index(0)));
}

/// A write counts once all before it are done, whatever order a disk reports.
#[test]
fn writes_count_in_their_order() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1], 0));
    let first = take(&mut node);
    node.receive(S2, append(1, (1, 1), &[1], 0));
    let second = take(&mut node);
    assert!(first.id < second.id);
    assert!(first.id.number() < second.id.number());
    node.durable(second.id);
    assert_eq!((poll(&mut node), node.durable_index()), (vec![], Index(0)));
    node.durable(first.id);
    assert_eq!(node.durable_index(), Index(2));
    assert_eq!(poll(&mut node).len(), 2);
    node.durable(first.id);
    node.durable(second.id);
    assert_eq!((poll(&mut node), node.durable_index()), (vec![], Index(2)));
}

/// The end of an old write does not vouch for entries that have since taken
/// the place of those it wrote.
#[test]
fn a_truncation_lowers_what_a_write_under_way_vouches_for() {
    let mut node = follower(2, &[]);
    node.receive(S2, append(2, (0, 0), &[1, 2, 2], 0));
    let old = take(&mut node);
    node.receive(S3, append(3, (1, 1), &[3, 3], 0));
    let new = take(&mut node);
    node.durable(old.id);
    assert_eq!(node.durable_index(), Index(1));
    let told = poll(&mut node);
    assert!(told.iter().all(|said| said.message != stored(3, 1, 3)));
    node.durable(new.id);
    assert_eq!(node.durable_index(), Index(3));
    assert_eq!(poll(&mut node).len(), 1);
}

/// What was durable and is then replaced is durable no more.
#[test]
fn a_truncation_takes_back_what_was_durable() {
    let mut node = follower(2, &[1, 2, 2]);
    assert_eq!(node.durable_index(), Index(3));
    node.receive(S2, append(3, (1, 1), &[3, 3], 0));
    assert_eq!(node.durable_index(), Index(1));
    flush(&mut node);
    assert_eq!(node.durable_index(), Index(3));
}

/// §7: a snapshot that takes the place of a conflicting log vouches for
/// nothing but what was committed before, until it is durable itself.
#[test]
fn a_log_discarded_for_a_snapshot_is_durable_no_more() {
    let mut node = follower(2, &[1, 2, 2, 2]);
    hear(&mut node, S2, append(2, (1, 1), &[], 1));
    node.receive(S2, install(3, 3, 3));
    assert_eq!(node.durable_index(), Index(1));
    flush(&mut node);
    assert_eq!(node.durable_index(), Index(3));
}

/// A report of a write that was never taken says nothing.
#[test]
fn unknown_writes_are_ignored() {
    let mut other = follower(1, &[]);
    other.fire(raft_core::Timer::Election);
    let unknown = take(&mut other).id;
    let mut node = follower(1, &[]);
    node.receive(S2, ask(2, 0, 0));
    node.durable(unknown);
    assert_eq!(poll(&mut node), []);
    let write = take(&mut node);
    node.durable(write.id);
    assert_eq!(poll(&mut node).len(), 1);
}

/// All changes since the last write make one, and then there is none.
#[test]
fn changes_gather_into_one_write() {
    let mut node = follower(1, &[1]);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    node.receive(S2, append(2, (2, 2), &[2], 0));
    let write = take(&mut node);
    assert_eq!(write.hard_state, Some(node.hard_state()));
    assert_eq!(write.entries, Some((Index(2), entries(2, &[2, 2]).into())));
    assert_eq!(write.snapshot, None);
    assert_eq!(node.take_write(), None);
}

/// §7: with a snapshot, only the entries after it are written.
#[test]
fn entries_that_the_snapshot_holds_are_not_written() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1, 1, 1], 0));
    node.receive(S2, install(1, 2, 1));
    let write = take(&mut node);
    assert_eq!(write.snapshot, Some(snapshot(2, 1)));
    assert_eq!(write.entries, Some((Index(3), entries(3, &[1]).into())));
}

/// Only what changed is written.
#[test]
fn a_heartbeat_writes_nothing() {
    let mut node = follower(2, &[1, 2]);
    node.receive(S2, append(2, (2, 2), &[], 2));
    assert_eq!(node.take_write(), None);
    assert_eq!(poll(&mut node).len(), 1, "and waits for nothing");
}

/// A disk that stands still makes nothing pile up.
#[test]
fn repeated_messages_do_not_pile_up_behind_a_slow_disk() {
    let mut node = follower(1, &[]);
    for _ in 0..100 {
        node.receive(S2, append(2, (0, 0), &[2], 0));
        node.receive(S3, ask(2, 0, 0));
        node.receive(S2, install(2, 0, 0));
    }
    assert_eq!(
        flush(&mut node).len(),
        5,
        "three answers, and two that it was heard"
    );

    let mut node = follower(1, &[]);
    node.fire(raft_core::Timer::Election);
    for _ in 0..ELECTION_MIN.0 {
        node.tick();
    }
    assert_eq!(flush(&mut node).len(), 2);
}

/// A disk that carries out every write holds what the server would keep.
#[test]
fn the_writes_add_up_to_what_the_server_keeps() {
    let mut node = follower(1, &[1, 1]);
    let mut image = among(3, disk(1, &[1, 1]));
    let messages = [
        append(2, (1, 1), &[2, 2, 2], 2),
        ask(5, 9, 9),
        append(5, (2, 2), &[5], 2),
        install(5, 3, 5),
        append(6, (3, 5), &[6, 6], 4),
        install(7, 9, 7),
        append(7, (9, 7), &[7], 9),
    ];
    for message in messages {
        node.receive(S2, message);
        image = written(&mut node, image);
        assert_eq!(image, node.persistent());
    }
    assert_eq!(image.last_index(), Index(10));
}

/// Figure 2: what was not durable is gone, and nobody was told of it.
#[test]
fn a_crash_loses_only_what_nobody_was_told() {
    let mut node = follower(1, &[1]);
    node.receive(S2, append(1, (1, 1), &[1], 0));
    let write = take(&mut node);
    assert_eq!(poll(&mut node), []);
    // The crash: the write never ended.
    let mut node = start(3, disk(1, &[1]));
    assert_eq!(node.log().last_index(), Index(1));
    assert!(write.entries.is_some());
    let answer = answer(&mut node, S2, append(1, (1, 1), &[1], 0));
    assert!(matches!(answer, Message::AppendEntriesReply(_)));
    assert_eq!(node.log().last_index(), Index(2));
}

/// Figure 2, §5.4.1: a whole cluster that crashes at once loses nothing that
/// was committed.
#[test]
fn a_committed_entry_survives_the_crash_of_all() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.propose(S1, 7);
    cluster.settle();
    for id in [S1, S2, S3] {
        cluster.restart(id);
    }
    cluster.elect(S3);
    cluster.propose(S3, 8);
    cluster.pass(HEARTBEAT);
    for applied in cluster.applied.values() {
        assert_eq!(applied, &[(1, 7), (2, 8)]);
    }
}

/// Figure 2: what is written is what the log holds, whichever messages
/// brought it and however they overlap.
#[test]
fn a_write_holds_what_the_log_holds() {
    let mut node = follower(1, &[1]);
    node.receive(S2, append(1, (0, 0), &[1, 1], 0));
    node.receive(S2, append(1, (2, 1), &[1], 0));
    let write = take(&mut node);
    let (from, entries) = write.entries.expect("two new entries");
    assert_eq!(from, Index(2));
    assert!(entries.iter().eq(node.log().from(from, usize::MAX)));
    // As many others take their place, in a message that begins further back.
    node.receive(S3, append(2, (0, 0), &[1, 2, 2], 0));
    let write = take(&mut node);
    let (from, entries) = write.entries.expect("two new entries");
    assert_eq!(from, Index(2));
    assert!(entries.iter().eq(node.log().from(from, usize::MAX)));
    assert_eq!(terms(&node), [1, 2, 2]);
}

/// An answer waits for the write that it needs and for no later one, however
/// often its request comes; whoever asks again is told the round in which that was (§6.4).
/// Fails without P1-heard.
#[test]
fn a_duplicate_does_not_put_an_answer_off() {
    let mut node = follower(1, &[]);
    node.receive(S2, append(1, (0, 0), &[1], 0));
    let first = take(&mut node);
    node.receive(S2, append(1, (1, 1), &[1], 0));
    let mut again = append(1, (0, 0), &[1], 0);
    if let Message::AppendEntries(m) = &mut again {
        m.round = Round(3);
    }
    node.receive(S2, again);
    node.durable(first.id);
    let said = poll(&mut node);
    let [answer, heard] = said.as_slice() else {
        panic!("one answer, of what is written: {said:?}");
    };
    assert_eq!(answer.message, stored(1, 0, 1));
    let Message::AppendEntriesReply(heard) = &heard.message else {
        panic!("no answer: {heard:?}");
    };
    assert_eq!(heard.outcome, AppendOutcome::Writing);
    assert_eq!(heard.request.round, Round(3));
}
