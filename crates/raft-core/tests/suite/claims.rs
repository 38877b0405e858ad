//! What each message waits for: what it claims, and no unrelated write (Figure 2: "updated
//! on stable storage before responding to RPCs"). A test for each row of the table in
//! `durability.rs`, and the bounds on what waits.

use crate::common::*;
use raft_core::{
    AppendOutcome, Index, InstallOutcome, InstallSnapshot, InstallSnapshotReply, Message, Node,
    PreVote, ProposeError, Settings, Term, TimeoutNow,
};

/// A follower in term 2 that has just been sent an entry, which its disk is still writing.
fn writing() -> Server {
    writing_with(settings())
}

fn writing_with(settings: Settings) -> Server {
    let mut node = Node::restart(config(S1, settings), among(3, disk(2, &[1])), 1);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let _under_way = take(&mut node);
    assert_eq!(poll(&mut node), [], "the success waits");
    node
}

/// What `node` says to this at once, whatever its disk does.
fn at_once(node: &mut Server, message: Said) -> Vec<Said> {
    node.receive(S2, message);
    poll(node).into_iter().map(|said| said.message).collect()
}

fn is_kept_until_durable(node: &mut Server, message: Said, answer: impl Fn(&Said) -> bool) {
    node.receive(S3, message);
    assert_eq!(poll(node), [], "the term is not durable");
    let write = take(node);
    assert_eq!(poll(node), []);
    node.durable(write.id);
    let said = poll(node);
    assert!(said.iter().any(|said| answer(&said.message)), "{said:?}");
}

#[test]
fn a_vote_rests_on_the_vote_and_not_on_entries() {
    let mut node = writing();
    assert_eq!(at_once(&mut node, ask(2, 0, 0)), [vote(2, false)]);
    // The write of the entry is not over; that of the vote comes after it in their order.
    node.receive(S3, ask(3, 9, 2));
    assert_eq!(poll(&mut node), []);
    let mut fresh = follower(2, &[1]);
    is_kept_until_durable(&mut fresh, ask(3, 9, 2), |said| *said == vote(3, true));
}

#[test]
fn a_request_for_a_vote_rests_on_the_vote() {
    let mut node = follower(2, &[1]);
    node.fire(raft_core::Timer::Election);
    assert_eq!(poll(&mut node), []);
    let write = take(&mut node);
    node.durable(write.id);
    assert_eq!(poll(&mut node).len(), 2);
}

#[test]
fn a_pre_vote_and_its_answer_rest_on_the_term() {
    let pre_voting = Settings {
        pre_vote: true,
        ..settings()
    };
    let mut node = writing_with(pre_voting.clone());
    let question = |term| {
        Message::PreVote(PreVote {
            term: Term(term),
            last_log_index: Index(9),
            last_log_term: Term(2),
        })
    };
    let said = at_once(&mut node, question(2));
    assert!(matches!(&said[..], [Message::PreVoteReply(_)]), "{said:?}");
    let mut fresh = Node::restart(config(S1, pre_voting), among(3, disk(2, &[1])), 1);
    is_kept_until_durable(&mut fresh, question(3), |said| {
        matches!(said, Message::PreVoteReply(_))
    });
    node.fire(raft_core::Timer::Election);
    let said = poll(&mut node);
    let asks = |said: &raft_core::Envelope<u64>| matches!(said.message, Message::PreVote(_));
    assert!(said.len() == 2 && said.iter().all(asks), "{said:?}");
}

#[test]
fn a_call_to_stand_rests_on_the_term() {
    let mut node = leader(2, &[1]);
    hear(&mut node, S2, stored(2, 1, 1));
    node.propose(202).expect("it leads");
    poll(&mut node);
    node.transfer_leadership(S2).expect("a voter");
    node.receive(S2, stored(2, 1, 2));
    // Its own entry is not written yet.
    let said = poll(&mut node);
    let call = Message::TimeoutNow(TimeoutNow { term: Term(2) });
    assert!(
        said.iter()
            .any(|said| said.to == S2 && said.message == call)
    );
}

#[test]
fn entries_and_snapshots_rest_on_the_term() {
    let mut node = leader(2, &[1]);
    node.propose(202).expect("it leads");
    assert_eq!(poll(&mut node).len(), 2, "§10.2.1: before they are written");
}

#[test]
fn a_success_rests_on_the_log_up_to_what_it_vouches_for() {
    let mut node = writing();
    // What is on the disk already is vouched for at once.
    assert_eq!(
        at_once(&mut node, append(2, (1, 1), &[], 0)),
        [stored(2, 1, 1)]
    );
    // What is not waits; whoever only asks is told that it was heard.
    let heard = |prev| reply(2, prev, 2, AppendOutcome::Writing);
    assert_eq!(at_once(&mut node, append(2, (2, 2), &[], 0)), [heard(2)]);
    // And so is whoever sends it again.
    assert_eq!(at_once(&mut node, append(2, (1, 1), &[2], 0)), [heard(1)]);
}

/// Of several writes under way it waits for the one that holds the last entry it vouches for.
#[test]
fn a_success_for_what_is_being_written_waits_for_that_write() {
    let mut node = follower(2, &[1]);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let first = take(&mut node);
    node.receive(S2, append(2, (2, 2), &[2], 0));
    let second = take(&mut node);
    assert_eq!(poll(&mut node), []);
    // The whole log is asked for, of which the second write is the last.
    let heard = reply(2, 3, 3, AppendOutcome::Writing);
    assert_eq!(at_once(&mut node, append(2, (3, 2), &[], 0)), [heard]);
    // And only what the first write holds, which is not the last.
    let heard = reply(2, 2, 2, AppendOutcome::Writing);
    assert_eq!(at_once(&mut node, append(2, (2, 2), &[], 0)), [heard]);
    let said = |node: &mut Server| -> Vec<Said> {
        poll(node).into_iter().map(|said| said.message).collect()
    };
    node.durable(first.id);
    assert_eq!(said(&mut node), [stored(2, 1, 2), stored(2, 2, 2)]);
    node.durable(second.id);
    assert_eq!(said(&mut node), [stored(2, 2, 3), stored(2, 3, 3)]);
}

/// §10.2.1: entries that follow wait for their own write, not for all there are.
#[test]
fn a_success_waits_for_no_later_write() {
    let mut node = follower(2, &[1]);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let first = take(&mut node);
    node.receive(S2, append(2, (2, 2), &[2], 0));
    let second = take(&mut node);
    node.receive(S2, append(2, (3, 2), &[2], 0));
    node.durable(first.id);
    let said = |node: &mut Server| -> Vec<Said> {
        poll(node).into_iter().map(|said| said.message).collect()
    };
    assert_eq!(said(&mut node), [stored(2, 1, 2)]);
    node.durable(second.id);
    assert_eq!(said(&mut node), [stored(2, 2, 3)]);
    flush(&mut node);
    assert_eq!(node.durable_index(), Index(4));
}

#[test]
fn a_refusal_rests_on_the_term() {
    let mut node = writing();
    let said = at_once(&mut node, append(2, (9, 2), &[], 0));
    let x_len = Index(3);
    assert_eq!(said, [reply(2, 9, 9, AppendOutcome::TooShort { x_len })]);
    let said = at_once(&mut node, append(1, (1, 1), &[], 0));
    assert!(
        matches!(&said[..], [Message::AppendEntriesReply(m)] if m.outcome == AppendOutcome::StaleTerm)
    );
    let mut fresh = follower(2, &[1]);
    is_kept_until_durable(&mut fresh, append(3, (9, 2), &[], 0), |said| {
        matches!(said, Message::AppendEntriesReply(_))
    });
}

fn outcomes(said: &[Said]) -> Vec<InstallOutcome> {
    let outcome = |said: &Said| match said {
        Message::InstallSnapshotReply(InstallSnapshotReply { outcome, .. }) => *outcome,
        other => panic!("another answer: {other:?}"),
    };
    said.iter().map(outcome).collect()
}

#[test]
fn installed_rests_on_the_snapshot_and_stored_on_the_term() {
    let mut node = follower(2, &[1]);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let entry = take(&mut node);
    assert_eq!(poll(&mut node), []);
    let Message::InstallSnapshot(whole) = install(2, 9, 2) else {
        unreachable!("it is one");
    };
    let first = Message::InstallSnapshot(InstallSnapshot {
        done: false,
        ..whole.clone()
    });
    let said = at_once(&mut node, first);
    assert_eq!(outcomes(&said), [InstallOutcome::Stored { offset: 1 }]);
    let last = Message::InstallSnapshot(InstallSnapshot { offset: 1, ..whole });
    assert_eq!(at_once(&mut node, last.clone()), [], "it is to be written");
    let said = at_once(&mut node, last);
    assert_eq!(outcomes(&said), [InstallOutcome::Writing], "asked again");
    let snapshot = take(&mut node);
    node.durable(snapshot.id);
    assert_eq!(
        poll(&mut node),
        [],
        "the write before it has to be done first"
    );
    node.durable(entry.id);
    let said = poll(&mut node).into_iter().map(|said| said.message);
    let is_install = |said: &Said| matches!(said, Message::InstallSnapshotReply(_));
    let installs: Vec<_> = said.filter(is_install).collect();
    assert_eq!(outcomes(&installs), [InstallOutcome::Installed]);
}

/// What a refused snapshot is answered tells nothing of the log, so it waits for no entry.
#[test]
fn a_refused_snapshot_rests_on_the_term() {
    let two_bytes = |term| match install(term, 9, 1) {
        Message::InstallSnapshot(one) => Message::InstallSnapshot(InstallSnapshot {
            data: [7, 7].into(),
            ..one
        }),
        other => other,
    };
    let takes_a_byte = Settings {
        snapshot_whole_bytes_max: 1,
        ..settings()
    };
    let mut node = writing_with(takes_a_byte.clone());
    let said = at_once(&mut node, two_bytes(2));
    assert_eq!(outcomes(&said), [InstallOutcome::TooLong]);
    let said = at_once(&mut node, two_bytes(1));
    assert_eq!(outcomes(&said), [InstallOutcome::StaleTerm]);
    let mut fresh = Node::restart(config(S1, takes_a_byte), among(3, disk(2, &[1])), 1);
    is_kept_until_durable(
        &mut fresh,
        two_bytes(3),
        |said| matches!(said, Message::InstallSnapshotReply(m) if m.outcome == InstallOutcome::TooLong),
    );
}

/// §6.2: a leader whose followers write for longer than an election timeout hears that they
/// are there, and stays.
/// Fails without P1-heard.
#[test]
fn a_slow_write_deposes_no_healthy_leader() {
    let checking = Settings {
        check_quorum: true,
        ..settings()
    };
    let mut leader = Node::restart(config(S1, checking), among(3, disk(1, &[1])), 1);
    leader.fire(raft_core::Timer::Election);
    flush(&mut leader);
    hear(&mut leader, S2, vote(2, true));
    let mut slow = Node::restart(config(S2, settings()), among(3, disk(2, &[1])), 2);
    leader.propose(202).expect("it leads");
    for said in flush(&mut leader).into_iter().filter(|said| said.to == S2) {
        slow.receive(S1, said.message);
    }
    let _never_done = slow.take_write();
    for _ in 0..5 * ELECTION_MAX.0 {
        leader.tick();
        for said in flush(&mut leader).into_iter().filter(|said| said.to == S2) {
            slow.receive(S1, said.message);
            for answer in poll(&mut slow) {
                leader.receive(S2, answer.message);
            }
        }
        assert!(leader.role().is_leader(), "a majority answers");
    }
    assert_eq!(
        commit(&leader),
        0,
        "and nothing is believed that is not written"
    );
}

/// C6: answers in ever new terms, and of ever new entries, do not pile up behind a disk
/// that stands still.
#[test]
fn what_waits_is_bounded_however_long_the_disk_stands_still() {
    let mut node = follower(1, &[1]);
    for term in 2..2_000 {
        node.receive(S2, append(term, (1, 1), &[], 0));
    }
    let said = flush(&mut node);
    assert_eq!(said.len(), 1, "of the last term");
    let mut node = follower(1, &[1]);
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let mut under_way = vec![take(&mut node).id];
    for index in 2..2_000 {
        node.receive(S2, append(2, (index, 2), &[2], 0));
        under_way.extend(node.take_write().map(|write| write.id));
    }
    assert_eq!(under_way.len(), 1024, "then changes gather");
    for write in under_way {
        node.durable(write);
    }
    let said = [poll(&mut node), flush(&mut node)].concat();
    let Some(Message::AppendEntriesReply(last)) = said.last().map(|said| &said.message) else {
        panic!("no answer: {said:?}");
    };
    assert_eq!(said.len(), 64, "the newest gave way");
    assert_eq!(
        last.request.last_index,
        Index(2_000),
        "and the last is the last"
    );
}

/// C6, L2-bound: a leader takes in so many bytes and no more, but one command however big.
#[test]
fn a_leader_takes_in_no_more_bytes_than_it_may() {
    let bounded = Settings {
        uncommitted_bytes_max: 24,
        ..settings()
    };
    let mut node = Node::restart(config(S1, bounded), among(3, disk(1, &[])), 1);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    hear(&mut node, S2, vote(2, true));
    // Each is eight bytes, and eight for its term.
    node.propose(1).expect("the first of a term");
    let waits = |uncommitted_bytes| ProposeError::TooManyBytesInFlight { uncommitted_bytes };
    node.propose(2)
        .expect("16 wait, and 8 more are no more than 24");
    assert_eq!(node.propose(3), Err(waits(32)));
    flush(&mut node);
    hear(&mut node, S2, stored(2, 0, 1));
    assert_eq!(commit(&node), 1);
    node.propose(3).expect("16 wait");
}

/// C6, L2-bound: where nothing waits, a command is taken in however big it is.
#[test]
fn a_command_that_is_larger_than_the_bound_is_taken_in_alone() {
    let bounded = Settings {
        uncommitted_bytes_max: 4,
        ..settings()
    };
    let mut node = Node::restart(config(S1, bounded), among(3, disk(1, &[])), 1);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    hear(&mut node, S2, vote(2, true));
    for index in 1..=3 {
        node.propose(7).expect("nothing waits");
        assert!(node.propose(8).is_err(), "the one before waits");
        flush(&mut node);
        hear(&mut node, S2, stored(2, index - 1, index));
        assert_eq!(commit(&node), index);
    }
}

/// C6, §5.3: a follower whose disk is behind takes nothing in, and answers as ever what has
/// nothing new for it.
#[test]
fn a_disk_that_is_behind_keeps_no_answer_back_to_what_is_known() {
    // The entry that is being written has eight bytes, and eight for its term.
    let mut node = writing_with(Settings {
        unwritten_bytes_max: 16,
        ..settings()
    });
    assert_eq!(
        at_once(&mut node, append(2, (0, 0), &[1], 0)),
        [stored(2, 0, 1)]
    );
    let writing = |last| reply(2, 1, last, AppendOutcome::Writing);
    assert_eq!(
        at_once(&mut node, append(2, (1, 1), &[2, 2], 2)),
        [writing(3)],
        "there is no room for the second"
    );
    assert_eq!((node.log().last_index(), commit(&node)), (Index(2), 0));
    assert_eq!(
        at_once(&mut node, append(2, (1, 1), &[2], 2)),
        [writing(2)],
        "the success waits already"
    );
    assert_eq!(commit(&node), 2, "what is known can be committed");
}

/// C6, §7: of a snapshot that never ends nothing is kept beyond a bound.
#[test]
fn a_snapshot_that_never_ends_is_not_kept() {
    let bounded = Settings {
        snapshot_whole_bytes_max: 3,
        ..settings()
    };
    let mut node = Node::restart(config(S1, bounded), among(3, disk(2, &[])), 1);
    let Message::InstallSnapshot(whole) = install(2, 9, 2) else {
        unreachable!("it is one");
    };
    let mut offset = 0;
    for _ in 0..50 {
        let chunk = InstallSnapshot {
            offset,
            done: false,
            ..whole.clone()
        };
        let said = at_once(&mut node, Message::InstallSnapshot(chunk));
        offset = match outcomes(&said)[..] {
            [InstallOutcome::Stored { offset: next }] => next,
            [InstallOutcome::TooLong] => 0,
            _ => panic!("no chunk was stored or refused: {said:?}"),
        };
        assert!(offset <= 3, "{offset} bytes are kept");
    }
}
