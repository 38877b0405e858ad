//! Log compaction: §7.

use std::sync::Arc;

use crate::common::*;
use raft_core::{AppendOutcome, Apply, CompactError, Envelope, Index, Message, Persistent, TermAt};

/// `S1`, a follower in `term` whose log begins with a snapshot.
fn compacted(term: u64, base: (u64, u64), log: &[u64]) -> Server {
    let image = Persistent {
        snapshot: snapshot(base.0, base.1),
        entries: entries(base.0 + 1, log).into(),
        ..disk(term, &[])
    };
    start(3, image)
}

/// A leader of `term` that has committed and applied all of `log`, the last
/// entry of which is of its term.
fn settled_leader(term: u64, log: &[u64]) -> Server {
    let mut node = leader(term, &log[..log.len() - 1]);
    let (last, _) = node.propose(9).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(term, last.0 - 1, last.0));
    assert_eq!(applied(&mut node).len(), log.len());
    node
}

/// §7, IS6: the entries after the snapshot's last one stay if the log has that.
#[test]
fn a_snapshot_that_the_log_has_retains_what_follows() {
    let mut node = follower(3, &[1, 2, 3, 3]);
    assert_eq!(answer(&mut node, S2, install(3, 2, 2)), installed(3, 2));
    assert_eq!(terms(&node), [3, 3]);
    assert_eq!(node.log().first_index(), Index(3));
    assert_eq!((commit(&node), applied(&mut node)), (2, vec![-2]));
}

/// §7, IS7: otherwise the whole log goes, whether it is too short or of
/// another term there.
#[test]
fn a_snapshot_that_the_log_lacks_takes_its_place() {
    for log in [&[1, 1, 1, 1][..], &[1]] {
        let mut node = follower(3, log);
        assert_eq!(answer(&mut node, S2, install(3, 2, 2)), installed(3, 2));
        assert_eq!(terms(&node), []);
        assert_eq!((node.log().last_index(), commit(&node)), (Index(2), 2));
        assert_eq!(applied(&mut node), [-2]);
        let entries = append(3, (2, 2), &[3], 3);
        assert_eq!(outcome(&mut node, entries), AppendOutcome::Success);
        assert_eq!(applied(&mut node), [3]);
    }
}

/// §7: a snapshot of what is committed here already is answered, but the
/// state machine does not go back.
/// Fails without IS5.
#[test]
fn a_snapshot_that_comes_late_changes_nothing() {
    let mut node = follower(3, &[1, 2, 3]);
    hear(&mut node, S2, append(3, (3, 3), &[], 3));
    assert_eq!(applied(&mut node), [1, 2, 3]);
    assert_eq!(answer(&mut node, S2, install(3, 2, 2)), installed(3, 2));
    assert_eq!(answer(&mut node, S2, install(3, 3, 3)), installed(3, 3));
    assert_eq!(terms(&node), [1, 2, 3]);
    assert_eq!((commit(&node), applied(&mut node)), (3, vec![]));
}

/// §5.1, IS1: a leader of the past installs nothing, and is told the term.
#[test]
fn a_snapshot_of_an_old_leader_is_refused() {
    let mut node = follower(3, &[1]);
    let Message::InstallSnapshotReply(reply) = answer(&mut node, S2, install(2, 9, 2)) else {
        panic!("another answer");
    };
    assert_eq!((reply.term.0, reply.request), (3, request(2, 9, 9)));
    assert_eq!((terms(&node), commit(&node)), (vec![1], 0));
}

/// §5.1: the term comes from the message; a snapshot of older entries does
/// not take it back.
#[test]
fn a_snapshot_does_not_take_the_term_back() {
    let mut node = follower(5, &[]);
    hear(&mut node, S2, install(6, 4, 2));
    assert_eq!(term(&node), 6);
    let image = node.persistent();
    assert_eq!(term(&start(3, image)), 6);
}

/// §7: what is compacted is committed, so a prevLogIndex in it agrees; it is
/// neither a conflict nor beyond the end.
#[test]
fn a_compacted_prev_log_index_is_no_conflict() {
    let mut node = compacted(3, (4, 2), &[3]);
    assert_eq!(node.log().term_at(Index(3)), TermAt::Compacted);
    let early = append(3, (2, 2), &[], 5);
    assert_eq!(outcome(&mut node, early), AppendOutcome::Success);
    assert_eq!(commit(&node), 4, "nothing was sent of what follows");
    let across = append(3, (2, 2), &[2, 2, 3, 3], 6);
    assert_eq!(outcome(&mut node, across), AppendOutcome::Success);
    assert_eq!((terms(&node), commit(&node)), (vec![3, 3], 6));
    assert_eq!(applied(&mut node), [5, 6]);
}

/// §7: the snapshot's last entry still answers the consistency check.
#[test]
fn the_snapshots_last_term_answers_the_check() {
    let mut node = compacted(3, (4, 2), &[]);
    let next = append(3, (4, 2), &[3], 0);
    assert_eq!(outcome(&mut node, next), AppendOutcome::Success);
    let mut node = compacted(3, (4, 2), &[]);
    let beyond = outcome(&mut node, append(3, (5, 3), &[], 0));
    assert_eq!(beyond, AppendOutcome::TooShort { x_len: Index(5) });
}

/// §5.4.1, §7: a log that is all snapshot is judged by the snapshot's last entry.
#[test]
fn a_snapshot_is_as_up_to_date_as_its_last_entry() {
    let cases = [
        ((4, 2), true),
        ((3, 2), false),
        ((9, 1), false),
        ((1, 3), true),
    ];
    for ((index, last_term), expected) in cases {
        let mut node = compacted(3, (4, 2), &[]);
        let answer = granted(&mut node, S2, ask(4, index, last_term));
        assert_eq!(answer, (4, expected), "last entry {index} of {last_term}");
    }
    let mut node = compacted(3, (4, 2), &[]);
    node.fire(raft_core::Timer::Election);
    assert_eq!(flush(&mut node)[0].message, ask(4, 4, 2));
}

/// §7: only what the state machine has applied can be compacted, and once.
/// Fails without SN.
#[test]
fn only_applied_entries_are_compacted() {
    let mut node = settled_leader(2, &[1, 1, 2]);
    let data: Arc<[u8]> = Arc::from([1]);
    let not_applied = CompactError::NotApplied {
        last_applied: Index(3),
    };
    assert_eq!(node.compact(Index(4), data.clone()), Err(not_applied));
    assert_eq!(node.compact(Index(2), data.clone()), Ok(()));
    assert_eq!(
        (node.log().first_index(), terms(&node)),
        (Index(3), vec![2])
    );
    let compacted = CompactError::AlreadyCompacted {
        last_included_index: Index(2),
    };
    for index in [0, 1, 2] {
        assert_eq!(node.compact(Index(index), data.clone()), Err(compacted));
    }
    let write = take(&mut node);
    assert_eq!(write.snapshot.as_ref(), Some(node.log().snapshot()));
    assert_eq!(
        write.entries, None,
        "the entries that stay are there already"
    );
    assert_eq!(applied(&mut node), [], "its own state is no news to it");
}

/// §7: whoever needs what is compacted gets the snapshot, then the rest.
/// Fails without IS-send.
#[test]
fn a_leader_sends_its_snapshot_in_place_of_what_is_gone() {
    let mut node = settled_leader(2, &[1, 1, 1, 2]);
    node.compact(Index(3), Arc::from([7])).expect("applied");
    let empty = AppendOutcome::TooShort { x_len: Index(1) };
    let said = hear(&mut node, S3, reply(2, 3, 3, empty));
    assert_eq!(said.len(), 1);
    assert_eq!(
        (said[0].to, &said[0].message),
        (S3, &in_attempt(1, install(2, 3, 1)))
    );
    let said = hear(&mut node, S3, in_attempt(1, installed(2, 3)));
    assert_eq!(next_match(&node, S3), (4, 3));
    let rest = appends(&said, S3)[0].request();
    assert_eq!((rest.prev_log_index, rest.last_index), (Index(3), Index(4)));
}

/// §7: the rest of the log is reached without the snapshot where it is not needed.
#[test]
fn a_follower_at_the_snapshots_end_gets_entries() {
    let mut node = settled_leader(2, &[1, 1, 1, 2]);
    node.compact(Index(3), Arc::from([7])).expect("applied");
    let behind = AppendOutcome::TooShort { x_len: Index(4) };
    let said = hear(&mut node, S3, reply(2, 4, 4, behind));
    assert_eq!(said, [], "that is not what was sent last");
    let mut node = settled_leader(2, &[1, 1, 1, 2]);
    hear(&mut node, S3, stored(2, 3, 3));
    node.compact(Index(3), Arc::from([7])).expect("applied");
    pass(&mut node, HEARTBEAT);
    assert_eq!(appends(&poll(&mut node), S3)[0].request(), request(2, 3, 4));
}

/// Figure 2, §7: a snapshot is acknowledged only once it is durable.
#[test]
fn a_snapshot_is_acknowledged_only_after_it_is_durable() {
    let mut node = follower(3, &[]);
    node.receive(S2, install(3, 4, 2));
    let write = take(&mut node);
    assert_eq!(write.snapshot, Some(snapshot(4, 2)));
    assert_eq!(poll(&mut node), []);
    node.durable(write.id);
    assert_eq!(poll(&mut node)[0].message, installed(3, 4));
}

/// §7: a conflicting log is gone from the disk as well, and does not come
/// back behind the snapshot after a crash.
#[test]
fn a_discarded_log_does_not_come_back() {
    let before = disk(3, &[1, 1, 1, 1]);
    let mut node = start(3, before.clone());
    node.receive(S2, install(3, 2, 2));
    let mut image = before;
    image.apply(&take(&mut node));
    assert_eq!(image, node.persistent());
    assert_eq!(terms(&start(3, image)), []);
}

/// §7: a server starts again from its snapshot, whose state its host restores.
#[test]
fn a_restart_begins_at_the_snapshot() {
    let mut node = compacted(3, (4, 2), &[3]);
    assert_eq!((commit(&node), node.last_applied()), (4, Index(4)));
    assert_eq!(applied(&mut node), []);
    hear(&mut node, S2, append(3, (5, 3), &[], 5));
    assert_eq!(applied(&mut node), [5]);
}

/// §7: the state machine gets the state first, then the entries after it.
#[test]
fn the_snapshot_is_applied_before_what_follows() {
    let mut node = follower(3, &[1]);
    hear(&mut node, S2, append(3, (1, 1), &[], 1));
    hear(&mut node, S2, install(3, 4, 2));
    hear(&mut node, S2, append(3, (4, 2), &[3], 5));
    let first = node.poll_apply();
    assert_eq!(first, Some(Apply::Snapshot(snapshot(4, 2))), "not entry 1");
    assert_eq!(applied(&mut node), [5]);
}

/// §7: a server that slept through the entries catches up by the snapshot.
#[test]
fn a_cluster_brings_a_sleeper_up_by_snapshot() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.cut_off.insert(S3);
    for command in 0..10 {
        cluster.propose(S1, command);
        cluster.settle();
    }
    let node = cluster.node_mut(S1);
    node.compact(Index(8), Arc::from([7])).expect("applied");
    cluster.cut_off.clear();
    cluster.pass(HEARTBEAT);
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.node(S3).log().first_index(), Index(9));
    assert_eq!(cluster.applied[&S3], [(9, 8), (10, 9)]);
    assert_eq!(commit(cluster.node(S3)), 10);
    assert_eq!(cluster.disks[&S3], cluster.node(S3).persistent());
}

/// §7 with §10.2.1 of the dissertation: a snapshot holds committed entries
/// only, and does not wait for what the leader itself is still writing.
#[test]
fn a_snapshot_does_not_wait_for_the_leader_s_own_writes() {
    let mut node = leader(2, &[1, 2]);
    hear(&mut node, S2, stored(2, 0, 2));
    assert_eq!(applied(&mut node), [1, 2]);
    node.compact(Index(2), Arc::from([7]))
        .expect("it is applied");
    flush(&mut node);
    node.propose(9).expect("it leads");
    let _unreported = take(&mut node);
    let x_len = Index(1);
    node.receive(S3, reply(2, 2, 2, AppendOutcome::TooShort { x_len }));
    let said = poll(&mut node);
    let sent =
        |said: &Envelope<u64>| said.to == S3 && matches!(said.message, Message::InstallSnapshot(_));
    assert!(said.iter().any(sent), "{said:?}");
}

/// §7: what a snapshot holds is committed, whatever anybody says of its last
/// entry; nobody honest says anything else.
#[test]
fn the_snapshots_last_entry_cannot_be_cut_off() {
    let mut node = compacted(9, (3, 2), &[2]);
    let said = append(9, (1, 1), &[1, 9, 9], 0);
    assert_eq!(outcome(&mut node, said), AppendOutcome::Success);
    assert_eq!((commit(&node), node.durable_index()), (3, Index(4)));
    assert_eq!(terms(&node), [9]);
    assert_eq!(node.log().first_index(), Index(4));
}
