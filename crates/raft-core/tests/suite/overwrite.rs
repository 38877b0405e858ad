//! A tool that replaces what a running server keeps: what it forgets then,
//! and what it goes on with.

use crate::common::*;
use raft_core::{HardState, Index, Message, Persistent, Snapshot, Term};

/// What `S1` of three keeps in `term`, with its vote given to `voted_for`.
fn image(term: u64, voted_for: Option<raft_core::NodeId>, log: &[u64]) -> Persistent<u64> {
    Persistent {
        hard_state: HardState {
            current_term: Term(term),
            voted_for,
        },
        ..among(3, disk(term, log))
    }
}

/// Nothing waits for what was under way, and what comes after is waited for
/// as ever.
#[test]
fn what_was_overwritten_is_durable_and_what_follows_is_not() {
    let mut node = follower(1, &[1]);
    granted(&mut node, S2, ask(2, 1, 1));
    node.receive(S2, append(2, (1, 1), &[2], 0));
    let under_way = take(&mut node);
    node.receive(S3, ask(3, 2, 2));
    node.overwrite(image(5, None, &[1, 5]), Index::ZERO);
    assert_eq!((node.take_write(), node.durable_index()), (None, Index(2)));
    node.receive(S2, append(5, (2, 5), &[], 0));
    assert_eq!(poll(&mut node).len(), 1, "all that it rests on is written");

    node.receive(S2, append(5, (2, 5), &[5], 0));
    node.durable(under_way.id);
    assert_eq!((poll(&mut node), node.durable_index()), (vec![], Index(2)));
    let write = take(&mut node);
    assert!(write.id > under_way.id, "no two writes have one number");
    assert_eq!(poll(&mut node), []);
    node.durable(write.id);
    assert_eq!((poll(&mut node).len(), node.durable_index()), (1, Index(3)));
}

/// §5.1, §5.2: whoever led or stood in a term does not in another, and who
/// stood with its own vote does not with another's.
#[test]
fn another_term_or_vote_makes_a_follower() {
    let mut node = leader(2, &[1]);
    node.overwrite(image(2, Some(S1), &[1]), Index::ZERO);
    assert!(node.role().is_leader(), "nothing has changed");
    node.overwrite(image(3, Some(S1), &[1]), Index::ZERO);
    assert!(is_follower(&node));

    let mut node = candidate(2, &[1]);
    node.overwrite(image(2, Some(S1), &[1, 1]), Index::ZERO);
    assert!(is_candidate(&node), "neither term nor vote has changed");
    node.overwrite(image(2, Some(S2), &[1]), Index::ZERO);
    assert!(is_follower(&node));
}

/// §3.10: a successor that nothing is under way to is sent what it lacks at
/// once, even what no proposal has put into the log.
#[test]
fn a_successor_is_sent_what_was_added() {
    let mut node = leader(2, &[1]);
    node.overwrite(image(2, Some(S1), &[1, 2]), Index::ZERO);
    assert_eq!(flush(&mut node), [], "nothing was proposed");
    node.transfer_leadership(S2).expect("one of the voters");
    let said = flush(&mut node);
    assert_eq!(appends(&said, S3), []);
    let sent = appends(&said, S2);
    assert_eq!(sent.len(), 1, "{said:?}");
    assert_eq!(sent[0].prev_log_index, Index(1));
    assert_eq!(sent[0].entries[..], entries(2, &[2])[..]);
}

/// §7: the state machine is given a snapshot only where it is ahead of it.
/// Fails without IS8.
#[test]
fn a_snapshot_that_is_applied_is_not_given_again() {
    let mut node = follower(1, &[]);
    node.overwrite(image(1, None, &[1]), Index(1));
    assert_eq!(applied(&mut node), [1], "and no snapshot of nothing");
    let compacted = |last| Persistent {
        snapshot: snapshot(last, 1),
        ..disk(1, &[])
    };
    node.overwrite(compacted(1), Index(1));
    assert_eq!(applied(&mut node), []);
    node.overwrite(compacted(2), Index(2));
    assert_eq!(applied(&mut node), [-2]);
}

/// No log is so long, but a disk may say that one is: what would follow the
/// last index there is has none, and is not applied under another one's.
#[test]
fn there_is_an_end_to_what_is_applied() {
    let mut node = follower(1, &[]);
    let beyond = Persistent {
        snapshot: snapshot(u64::MAX - 1, 1),
        entries: entries(1, &[1, 1, 1]).into(),
        ..disk(1, &[])
    };
    node.overwrite(beyond, Index(u64::MAX));
    let given: Vec<_> = std::iter::from_fn(|| node.poll_apply()).take(9).collect();
    assert_eq!(given.len(), 2, "the snapshot and the last index: {given:?}");
}

/// §7: who is found to lack what the log no longer has is sent the snapshot
/// with what the others are sent, and nobody has to ask for it twice.
#[test]
fn a_proposal_brings_a_snapshot_to_whoever_needs_one() {
    let mut node = leader(2, &[1]);
    let compacted = Persistent {
        snapshot: Snapshot {
            configuration: voters(3),
            ..snapshot(5, 2)
        },
        entries: vec![].into(),
        ..image(2, Some(S1), &[])
    };
    node.overwrite(compacted, Index(5));
    node.propose(7).expect("it leads");
    let said = flush(&mut node);
    let sent_to = |id| {
        said.iter()
            .any(|said| said.to == id && matches!(said.message, Message::InstallSnapshot(_)))
    };
    assert!(sent_to(S2) && sent_to(S3), "{said:?}");
}

/// §5.2: a candidate whose vote for itself had not been written has it on the
/// disk now.
#[test]
fn an_overwritten_candidate_has_its_own_vote() {
    let mut node = follower(1, &[]);
    node.fire(raft_core::Timer::Election);
    node.overwrite(node.persistent(), Index::ZERO);
    assert!(is_candidate(&node));
    assert_eq!(node.take_write(), None);
    hear(&mut node, S2, vote(2, true));
    assert!(node.role().is_leader());
}
