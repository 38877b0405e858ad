//! Snapshots that are sent in chunks: §7, Figure 13. What is lost costs one
//! chunk, what comes twice or too late costs nothing, and a state machine is
//! given a snapshot only once all of it is there.

use std::sync::Arc;

use crate::common::transfer::*;
use crate::common::*;
use proptest::prelude::*;
use raft_core::{
    Index, InstallOutcome, InstallSnapshot, InstallSnapshotReply, Message, Mode, Node, Settings,
    Term,
};

/// A chunk of a snapshot up to index 4 whose state has been cut into chunks.
fn chunk(term: u64, offset: u64, data: &[u8], done: bool) -> Said {
    match install(term, 4, 2) {
        Message::InstallSnapshot(m) => Message::InstallSnapshot(InstallSnapshot {
            offset,
            data: Arc::from(data),
            done,
            ..m
        }),
        other => other,
    }
}

/// What `S1`, a follower in term 3, answers to it: how much it has.
fn has(node: &mut Server, message: Said) -> InstallOutcome {
    match answer(node, S2, message) {
        Message::InstallSnapshotReply(reply) => reply.outcome,
        other => panic!("no answer to InstallSnapshot: {other:?}"),
    }
}

/// Figure 13, IS2 to IS4: each chunk is written where it belongs, and the
/// last one makes the snapshot.
#[test]
fn chunks_of_any_size_make_the_snapshot() {
    for bytes in [0, 1, 2, 7, 12] {
        for size in 1..=bytes + 1 {
            let mut pair = Pair::new(bytes, size);
            let mut chunk = pair.begin();
            let mut chunks = 1;
            while !chunk.done {
                assert_eq!(chunk.data.len(), size);
                assert_eq!(chunk.offset, (size * (chunks - 1)) as u64);
                assert_eq!(pair.loaded, []);
                chunk = pair.next();
                chunks += 1;
            }
            assert_eq!(chunks, bytes.div_ceil(size).max(1));
            pair.settle();
            assert_eq!(pair.loaded, [pair.leader.log().snapshot().clone()]);
            assert_eq!(pair.loaded[0].data, state(4, bytes));
            assert_eq!(next_match(&pair.leader, S2), (5, 4));
            pair.check();
        }
    }
}

/// Figure 13, IS4: before the last chunk nothing has changed but a buffer.
#[test]
fn half_a_snapshot_is_none() {
    let mut node = follower(3, &[1, 2]);
    hear(&mut node, S2, append(3, (1, 1), &[], 1));
    let before = node.persistent();
    let stored = |offset| InstallOutcome::Stored { offset };
    assert_eq!(has(&mut node, chunk(3, 0, &[1, 2], false)), stored(2));
    assert_eq!(has(&mut node, chunk(3, 2, &[3], false)), stored(3));
    assert_eq!(node.persistent(), before);
    assert_eq!((commit(&node), applied(&mut node)), (1, vec![1]));
    let whole = has(&mut node, chunk(3, 3, &[4], true));
    assert_eq!(whole, InstallOutcome::Installed);
    assert_eq!(*node.log().snapshot().data, [1, 2, 3, 4]);
    assert_eq!((commit(&node), applied(&mut node)), (4, vec![-4]));
}

/// Figure 13, IS3: what does not follow is not taken, whether it comes again
/// or too early; the answer says what would.
#[test]
fn a_chunk_that_does_not_follow_is_not_taken() {
    let mut node = follower(3, &[]);
    let stored = |offset| InstallOutcome::Stored { offset };
    assert_eq!(has(&mut node, chunk(3, 2, &[3, 4], true)), stored(0));
    assert_eq!(has(&mut node, chunk(3, 0, &[1, 2], false)), stored(2));
    assert_eq!(has(&mut node, chunk(3, 0, &[1, 2], false)), stored(2));
    assert_eq!(has(&mut node, chunk(3, 0, &[1, 2, 3, 4], true)), stored(2));
    assert_eq!(has(&mut node, chunk(3, 3, &[4], true)), stored(2));
    assert_eq!(has(&mut node, chunk(3, u64::MAX, &[4], true)), stored(2));
    let whole = has(&mut node, chunk(3, 2, &[3, 4], true));
    assert_eq!(whole, InstallOutcome::Installed);
    assert_eq!(*node.log().snapshot().data, [1, 2, 3, 4]);
    // After that, any chunk is of what is there already.
    for (offset, done) in [(0, false), (2, true), (9, false)] {
        let again = has(&mut node, chunk(3, offset, &[9], done));
        assert_eq!(again, InstallOutcome::Installed);
    }
    assert_eq!(*node.log().snapshot().data, [1, 2, 3, 4]);
    assert_eq!(applied(&mut node), [-4]);
}

/// §7: the chunks are of use while the snapshot holds more than is committed,
/// and take no room after that.
#[test]
fn chunks_are_kept_until_all_of_them_is_committed() {
    let snapshot_of_4 = |node: &mut Server| has(node, chunk(3, 0, &[1, 2], false));
    for committed in [4, 5] {
        let [mut node, mut other] = [follower(3, &[]), follower(3, &[])];
        snapshot_of_4(&mut node);
        hear(&mut other, S2, append(3, (0, 0), &[], 0));
        for node in [&mut node, &mut other] {
            let sent = append(3, (0, 0), &[2, 2, 2, 2, 2], committed);
            hear(node, S2, sent);
        }
        assert!(node == other, "something is left of the chunks");
    }
    let mut node = follower(3, &[]);
    snapshot_of_4(&mut node);
    hear(&mut node, S2, append(3, (0, 0), &[2, 2, 2, 2], 3));
    let rest = has(&mut node, chunk(3, 2, &[3], false));
    assert_eq!(rest, InstallOutcome::Stored { offset: 3 });
}

/// §7, IS-resume: what is lost is sent again with the next heartbeat, from
/// where the follower is, and not from the beginning.
#[test]
fn a_lost_chunk_costs_one_chunk() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    assert_eq!(pair.next().offset, 3);
    pair.wire.clear();
    pair.heartbeat();
    assert_eq!(pair.chunk().offset, 3, "the chunk was lost");
    pair.deliver(0);
    pair.wire.clear();
    pair.heartbeat();
    assert_eq!(pair.chunk().offset, 3, "the answer was lost");
    let next = pair.next();
    assert_eq!((next.offset, next.done), (6, true));
    pair.recover();
    assert_eq!(pair.loaded.len(), 1);
}

/// §7: while a snapshot is under way, nothing else is sent to this server, and
/// a refusal of something earlier does not end it.
#[test]
fn nothing_else_is_sent_meanwhile() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    let sent = pair.wire.clone();
    pair.leader.propose(9).expect("it leads");
    pair.collect();
    assert_eq!(pair.wire, sent, "new entries wait");
    let late = raft_core::AppendOutcome::TooShort { x_len: Index(1) };
    pair.leader.receive(S2, reply(2, 3, 3, late));
    pair.collect();
    assert_eq!(pair.wire, sent);
    let Mode::Snapshot(sending) = progress(&pair.leader, S2).mode else {
        panic!("it is being sent a snapshot");
    };
    assert_eq!(sending.offset, 0);
    pair.recover();
    assert_eq!(next_match(&pair.leader, S2), (6, 5));
}

/// §7: a follower that starts again has lost the chunks, says so, and gets
/// them once more.
#[test]
fn a_restart_of_the_follower_begins_the_snapshot_anew() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    assert_eq!(pair.next().offset, 3);
    pair.restart_follower();
    pair.settle();
    // What it says may have been overtaken, so that it is asked again.
    pair.heartbeat();
    assert_eq!(pair.next().offset, 0);
    pair.recover();
    assert_eq!(pair.loaded.len(), 1);
}

/// §7: another leader's snapshot up to the same entry may have other bytes, so
/// that chunks of both do not make one.
#[test]
fn another_leader_begins_anew() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    assert_eq!(pair.next().offset, 3);
    let of_first = pair.wire[0].1.clone();
    pair.another_leads(S3, 6);
    let second = pair.begin();
    assert_eq!((second.offset, second.term), (0, Term(3)));
    assert_eq!(pair.next().offset, 3);
    // §5.1: the first one's next chunk comes late, and is refused.
    let stale = answer(&mut pair.follower, S1, of_first);
    let Message::InstallSnapshotReply(stale) = stale else {
        panic!("another answer");
    };
    assert_eq!(stale.outcome, InstallOutcome::StaleTerm);
    pair.recover();
    assert_eq!(pair.loaded, [pair.leader.log().snapshot().clone()]);
    assert_eq!(pair.loaded[0].data, state(5, 6));
}

/// §7: even where the two snapshots have the same last entry.
#[test]
fn chunks_of_two_leaders_do_not_make_one_snapshot() {
    let mut node = follower(3, &[]);
    let stored = |offset| InstallOutcome::Stored { offset };
    assert_eq!(has(&mut node, chunk(3, 0, &[1, 2], false)), stored(2));
    assert_eq!(has(&mut node, chunk(4, 2, &[8, 9], true)), stored(0));
    assert_eq!(has(&mut node, chunk(4, 0, &[6, 7], false)), stored(2));
    let whole = has(&mut node, chunk(4, 2, &[8, 9], true));
    assert_eq!(whole, InstallOutcome::Installed);
    assert_eq!(*node.log().snapshot().data, [6, 7, 8, 9]);
}

/// §7, IS-finish: the snapshot that was begun is finished, though the leader
/// compacts faster than it sends; the rest follows.
#[test]
fn a_snapshot_that_was_begun_is_finished() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    for offset in [3, 6] {
        let begun = pair.next();
        pair.move_on(12);
        assert_eq!(
            (begun.last_included_index, begun.offset),
            (Index(4), offset)
        );
    }
    pair.deliver(0);
    assert_eq!(pair.loaded, [pair.taken[0].clone()]);
    assert_eq!(pair.leader.log().first_index(), Index(7));
    pair.recover();
    assert_eq!(pair.loaded.len(), 2, "then the newer one");
    assert_eq!(pair.follower.log().snapshot(), pair.leader.log().snapshot());
}

/// §7: a snapshot that is longer than the follower takes in is refused once and offered no
/// more, though the follower still hears that it is led; a newer one is offered.
#[test]
fn a_snapshot_that_is_too_long_is_offered_once() {
    let is_too_long = |pair: &Pair| match &progress(&pair.leader, S2).mode {
        Mode::Snapshot(sending) => (sending.is_too_long, sending.offset),
        other => panic!("no snapshot is being sent: {other:?}"),
    };
    let mut pair = Pair::new(9, 3);
    let bounded = Settings {
        snapshot_whole_bytes_max: 5,
        ..in_chunks(3)
    };
    pair.follower = Node::restart(config(S2, bounded), pair.disk.clone(), 2);
    pair.begin();
    assert_eq!(pair.next().offset, 3);
    assert_eq!(is_too_long(&pair), (false, 3));
    pair.settle();
    assert_eq!(is_too_long(&pair), (true, 0));
    for _ in 0..3 {
        pair.heartbeat();
        let offered = pair.chunk();
        assert!(offered.data.is_empty() && !offered.done, "{offered:?}");
        assert_eq!(offered.offset, 0);
        pair.settle();
        assert_eq!(pair.follower.leader(), Some(S1));
        assert_eq!(is_too_long(&pair), (true, 0));
    }
    assert_eq!(pair.loaded, []);
    // What is said of another snapshot says nothing of this one.
    pair.move_on(4);
    pair.heartbeat();
    pair.leader.receive(S2, too_long(4));
    assert_eq!(is_too_long(&pair), (false, 0));
    pair.settle();
    assert_eq!(pair.loaded, [pair.leader.log().snapshot().clone()]);
}

fn too_long(last_included_index: u64) -> Said {
    Message::InstallSnapshotReply(InstallSnapshotReply {
        term: Term(2),
        request: request(2, last_included_index, last_included_index),
        outcome: InstallOutcome::TooLong,
    })
}

/// Figure 13, §7: an answer of an earlier term, to another snapshot, or about
/// more bytes than there are, moves nothing.
#[test]
fn answers_that_make_no_sense_are_ignored() {
    let mut pair = Pair::new(9, 3);
    pair.begin();
    let sent = pair.wire.clone();
    let says = |term: u64, index: u64, offset: u64| {
        Message::InstallSnapshotReply(InstallSnapshotReply {
            term: Term(term),
            request: request(term, index, index),
            outcome: InstallOutcome::Stored { offset },
        })
    };
    for answer in [says(1, 4, 3), says(2, 3, 3), says(2, 4, 10), says(2, 4, 0)] {
        pair.leader.receive(S2, answer.clone());
        pair.collect();
        assert_eq!(pair.wire, sent, "{answer:?}");
    }
    pair.leader.receive(S2, says(2, 4, 9));
    pair.collect();
    let Some((_, Message::InstallSnapshot(last))) = pair.wire.last() else {
        panic!("no chunk");
    };
    assert!(last.done && last.data.is_empty(), "all bytes are there");
}

#[derive(Debug, Clone)]
enum Step {
    Deliver(usize),
    Lose(usize),
    Duplicate(usize),
    Heartbeat,
    MoveOn(usize),
    Restart,
    AnotherLeads(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..32, 0_usize..12).prop_map(|(kind, n)| match kind {
        0..15 => Step::Deliver(n % 3),
        15..18 => Step::Deliver(n),
        18..21 => Step::Lose(n),
        21..25 => Step::Duplicate(n),
        25..29 => Step::Heartbeat,
        29 => Step::MoveOn(n),
        30 => Step::Restart,
        _ => Step::AnotherLeads(n),
    });
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(crate::cases::cases(5_000))]

    /// §7: whatever is lost, duplicated or reordered, and whoever restarts, leads
    /// or compacts meanwhile: a state machine only ever gets a whole snapshot,
    /// and gets there once messages arrive again.
    #[test]
    fn however_it_is_sent_the_bytes_are_the_same(
        bytes in 0_usize..12,
        size in 1_usize..6,
        steps in steps(),
    ) {
        let mut pair = Pair::new(bytes, size);
        for step in steps {
            let under_way = pair.wire.len().max(1);
            match step {
                Step::Deliver(place) => pair.deliver(place),
                Step::Lose(place) if !pair.wire.is_empty() => {
                    pair.wire.remove(place % under_way);
                }
                Step::Duplicate(place) if !pair.wire.is_empty() => {
                    let copy = pair.wire[place % under_way].clone();
                    pair.wire.push(copy);
                }
                Step::Lose(_) | Step::Duplicate(_) => {}
                Step::Heartbeat => pair.heartbeat(),
                Step::MoveOn(bytes) => pair.move_on(bytes),
                Step::Restart => pair.restart_follower(),
                Step::AnotherLeads(bytes) => {
                    let other = third(pair.leader.config().id());
                    pair.another_leads(other, bytes);
                }
            }
            pair.check();
        }
        pair.recover();
    }
}
