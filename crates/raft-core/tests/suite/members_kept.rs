//! Where a configuration is kept: in the log, on the disk, in snapshots (§4.1
//! of the dissertation, and §7).

use std::sync::Arc;

use crate::common::members::*;
use crate::common::*;
use raft_core::{
    Apply, Configuration, Index, InstallSnapshot, Message, Payload, Persistent, Round, Settings,
    Snapshot, Term,
};

fn snapshot_of(last: (u64, u64), configuration: Configuration) -> Snapshot {
    Snapshot {
        configuration: Arc::new(configuration),
        ..snapshot(last.0, last.1)
    }
}

fn install_of(term: u64, snapshot: Snapshot) -> Said {
    Message::InstallSnapshot(InstallSnapshot {
        term: Term(term),
        last_included_index: snapshot.last_included_index,
        last_included_term: snapshot.last_included_term,
        configuration: snapshot.configuration,
        offset: 0,
        data: snapshot.data,
        done: true,
        round: Round::default(),
        attempt: raft_core::Attempt::default(),
    })
}

/// §4.1: after a restart the latest configuration of the log counts, whether
/// it was committed or not.
#[test]
fn a_configuration_survives_a_restart() {
    let log = vec![
        change(1, of(&[1, 2, 3], &[4])),
        change(1, of(&[1, 2, 3, 4], &[])),
    ];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    hear(&mut node, S2, send(1, (0, 0), log, 1));
    let mut again = boot(node.persistent());
    assert_eq!(commit(&again), 0);
    assert_eq!(*again.configuration(), of(&[1, 2, 3, 4], &[]));
    again.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut again)), [2, 3, 4]);
}

/// Figure 2: the entry is on the disk before anybody is told of it.
#[test]
fn a_configuration_is_acknowledged_only_once_it_is_durable() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    node.receive(S2, send(1, (0, 0), vec![change(1, of(&[1, 2], &[]))], 0));
    assert_eq!(*node.configuration(), of(&[1, 2], &[]), "it counts at once");
    assert_eq!(poll(&mut node), []);
    let write = take(&mut node);
    node.durable(write.id);
    assert_eq!(poll(&mut node).len(), 1);
}

/// §7, SN-conf: a snapshot holds the configuration as of its last entry,
/// whatever has come since.
#[test]
fn compaction_keeps_the_configuration_of_the_index() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    for learners in [&[4][..], &[4, 5]] {
        let said = reconfigure(&mut node, &[1, 2, 3], learners);
        everybody_agrees(&mut node, &said);
    }
    node.propose(104).expect("it leads");
    let said = flush(&mut node);
    everybody_agrees(&mut node, &said);
    assert_eq!(applied(&mut node), [2, 3, 4]);
    let began = node.log().snapshot().configuration.clone();
    assert_eq!(*began, of(&[1, 2, 3], &[]));
    for (index, learners) in [(1, &[][..]), (2, &[4]), (3, &[4, 5]), (4, &[4, 5])] {
        node.compact(Index(index), Arc::from([7])).expect("applied");
        let kept = &node.log().snapshot().configuration;
        assert_eq!(**kept, of(&[1, 2, 3], learners), "up to {index}");
        assert_eq!(*node.configuration(), of(&[1, 2, 3], &[4, 5]));
        assert_eq!(
            node.log().configuration(),
            node.log().configuration_at(Index(9))
        );
        let again = boot(node.persistent());
        assert_eq!(*again.configuration(), of(&[1, 2, 3], &[4, 5]));
    }
    assert_eq!(node.log().configuration_index(), Index(4));
}

/// §7, SN-conf: a configuration that is not committed yet is no part of the
/// snapshot, and may still be cut off behind it.
#[test]
fn a_configuration_behind_the_snapshot_can_be_cut_off() {
    let log = vec![
        change(1, of(&[1, 2, 3], &[4])),
        change(1, of(&[1, 2, 3, 4], &[])),
    ];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    hear(&mut node, S2, send(1, (0, 0), log, 1));
    assert_eq!(applied(&mut node), [1]);
    node.compact(Index(1), Arc::from([7])).expect("applied");
    assert_eq!(*node.configuration(), of(&[1, 2, 3, 4], &[]));
    hear(&mut node, S3, send(2, (1, 1), entries(2, &[2]), 0));
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[4]));
}

/// §7: whoever is sent a snapshot goes by its configuration.
#[test]
fn a_snapshot_brings_its_configuration() {
    let four = snapshot_of((9, 2), of(&[1, 2, 3, 4], &[5]));
    let mut node = boot(Persistent::default());
    assert_eq!(*node.configuration(), Configuration::default());
    assert_eq!(
        answer(&mut node, S2, install_of(2, four.clone())),
        installed(2, 9)
    );
    assert_eq!(*node.configuration(), *four.configuration);
    let mut again = boot(node.persistent());
    assert_eq!(*again.configuration(), *four.configuration);
    again.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut again)), [2, 3, 4]);
}

/// §7, CC2: the configuration of a log that is discarded goes with it, even
/// where it lay behind the snapshot.
#[test]
fn a_discarded_log_takes_its_configuration_with_it() {
    let log = vec![change(1, of(&[1, 2], &[])), change(1, of(&[1], &[]))];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, log));
    assert_eq!(*node.configuration(), of(&[1], &[]));
    let other = snapshot_of((1, 2), of(&[1, 2, 3], &[4]));
    hear(&mut node, S2, install_of(2, other));
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[4]));
    assert_eq!(node.log().last_index(), Index(1));
}

/// §7, IS6: one that lies behind the snapshot in the same log still counts.
#[test]
fn a_configuration_behind_a_snapshot_that_agrees_is_retained() {
    let log = vec![
        change(1, of(&[1, 2, 3], &[4])),
        change(1, of(&[1, 2, 3], &[])),
    ];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, log));
    hear(
        &mut node,
        S2,
        install_of(1, snapshot_of((1, 1), of(&[1, 2, 3], &[4]))),
    );
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[]));
    assert_eq!(node.log().snapshot().configuration.learners(), ids(&[4]));
    assert_eq!(node.log().configuration_index(), Index(2));
}

/// §7: a snapshot in the middle of a change holds C_old,new, and a server that
/// starts from it needs both majorities.
#[test]
fn a_snapshot_can_hold_c_old_new() {
    let halfway = joint(&[1, 2, 3], &[1, 4, 5]);
    let mut node = boot(disk_of(of(&[1, 2, 3], &[4, 5]), 1, Vec::new()));
    hear(
        &mut node,
        S2,
        send(1, (0, 0), vec![change(1, halfway.clone())], 1),
    );
    assert_eq!(applied(&mut node), [1]);
    node.compact(Index(1), Arc::from([7])).expect("applied");
    let mut again = boot(node.persistent());
    assert_eq!(*again.configuration(), halfway);
    lead(&mut again);
    // It knows that C_old,new is committed, as a snapshot holds nothing else.
    assert_eq!(*again.configuration(), of(&[1, 4, 5], &[]));
}

/// §7, M1: who was removed, and hears of it only by a snapshot, stands no more.
#[test]
fn who_learns_of_its_removal_from_a_snapshot_does_not_stand() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    hear(
        &mut node,
        S2,
        install_of(1, snapshot_of((4, 1), of(&[2, 3], &[]))),
    );
    node.fire(raft_core::Timer::Election);
    assert_eq!((flush(&mut node), term(&node)), (vec![], 1));
}

/// A tool that replaces what is on the disk replaces the configuration with
/// it, and a leader makes room for whom it did not know.
#[test]
fn an_overwritten_disk_brings_its_configuration() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let mut other = disk_of(of(&[1, 2, 4], &[]), 1, entries(1, &[1]));
    node.overwrite(other.clone(), Index(1));
    assert_eq!(*node.configuration(), of(&[1, 2, 4], &[]));
    assert_eq!(next_match(&node, S4).1, 0);
    other.entries.push(change(1, of(&[1, 2], &[])));
    node.overwrite(other, Index(1));
    assert_eq!(*node.configuration(), of(&[1, 2], &[]));
    assert_eq!(node.log().configuration_index(), Index(2));
}

/// §8: a no-op and a configuration are entries like any other to the host,
/// which is told of them, and no command is lost to them.
#[test]
fn whatever_is_committed_is_given_to_the_host() {
    let with_no_op = Settings {
        no_op: true,
        ..settings()
    };
    let mut node = boot_with(with_no_op, disk_of(of(&[1], &[]), 0, vec![]));
    lead(&mut node);
    flush(&mut node);
    node.propose(102).expect("it leads");
    flush(&mut node);
    reconfigure(&mut node, &[1], &[2]);
    let payloads = std::iter::from_fn(|| node.poll_apply()).map(|apply| match apply {
        Apply::Entry { payload, .. } => payload,
        Apply::Snapshot(_) => panic!("there is no snapshot"),
    });
    let expected = [
        Payload::NoOp,
        Payload::Command(102),
        change(1, of(&[1], &[2])).payload,
    ];
    assert_eq!(payloads.collect::<Vec<_>>(), expected);
}

/// §4.2.3: who may not stand forgets a leader that it hears no more, or it
/// would ignore for its sake those who may.
#[test]
fn who_may_not_stand_forgets_a_silent_leader() {
    let mut node = boot(disk_of(of(&[2, 3], &[1]), 1, Vec::new()));
    hear(&mut node, S2, append(1, (0, 0), &[], 0));
    assert_eq!(node.leader(), Some(S2));
    pass(&mut node, ELECTION_MAX);
    assert!(is_follower(&node), "a learner does not stand");
    assert_eq!(node.leader(), None);
}
