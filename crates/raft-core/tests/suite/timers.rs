//! The table of timers: which run in which role, and that one that is fired does what it does
//! when it runs out by itself.

use crate::common::members::{of, settled_with};
use crate::common::*;
use raft_core::{Message, Role, Settings, Ticks, Timer};

fn checking() -> Settings {
    Settings {
        check_quorum: true,
        ..settings()
    }
}

/// A leader of three that is about to hand over to `S2`, which has not got its last entry.
fn handing_over() -> Server {
    let mut node = settled_with(checking(), of(&[1, 2, 3], &[]));
    node.propose(7).expect("it leads");
    node.transfer_leadership(S2).expect("a voter");
    flush(&mut node);
    node
}

fn running(node: &Server) -> Vec<Timer> {
    node.timers().map(|(timer, _)| timer).collect()
}

fn remaining(node: &Server, timer: Timer) -> Option<Ticks> {
    let mut timers = node.timers();
    timers
        .find(|(which, _)| *which == timer)
        .map(|(_, left)| left)
}

/// §5.2, §3.10, §6.2: each role has timers of its own, and the next to run out is the deadline.
#[test]
fn each_role_has_its_own_timers() {
    let lone = leader(3, &[3]);
    let pre_vote = Settings {
        pre_vote: true,
        ..settings()
    };
    let mut pre_candidate =
        raft_core::Node::restart(config(S1, pre_vote), among(3, disk(2, &[])), 1);
    pre_candidate.fire(Timer::Election);
    assert!(matches!(pre_candidate.role(), Role::PreCandidate(_)));
    for (node, timers) in [
        (follower(3, &[]), vec![Timer::Election]),
        (candidate(3, &[]), vec![Timer::Election, Timer::Retry]),
        (pre_candidate, vec![Timer::Election, Timer::Retry]),
        (lone, vec![Timer::Heartbeat]),
        (
            handing_over(),
            vec![Timer::Heartbeat, Timer::Transfer, Timer::Quorum],
        ),
    ] {
        assert_eq!(running(&node), timers);
        let least = node.timers().map(|(_, left)| left).min();
        assert_eq!(least, Some(node.ticks_to_deadline()));
    }
}

/// A timer that is fired does what it does when its time is over; and one that does not run
/// does nothing.
#[test]
fn a_timer_that_is_fired_acts_as_if_its_time_were_over() {
    for (mut node, timer) in [
        (candidate(3, &[]), Timer::Retry),
        (leader(3, &[3]), Timer::Heartbeat),
    ] {
        let mut later = node.clone();
        let left = remaining(&node, timer).expect("it runs");
        later.advance(left);
        node.fire(timer);
        let said = flush(&mut node);
        assert!(!said.is_empty());
        assert_eq!(said, flush(&mut later), "{timer:?}");
        assert_eq!(remaining(&node, timer), Some(HEARTBEAT), "it begins anew");
    }
    for node in [follower(3, &[]), candidate(3, &[]), leader(3, &[3])] {
        for timer in Timer::ALL {
            let mut fired = node.clone();
            fired.fire(timer);
            let does = remaining(&node, timer).is_some();
            assert_eq!(fired != node, does, "{timer:?} of {:?}", node.role());
        }
    }
}

/// §3.10: a transfer that is given up lets commands in again.
#[test]
fn a_transfer_whose_timer_is_fired_is_given_up() {
    let mut node = handing_over();
    node.propose(8).expect_err("it hands over");
    node.fire(Timer::Transfer);
    assert_eq!(remaining(&node, Timer::Transfer), None);
    node.propose(8).expect("it goes on");
    assert!(node.role().is_leader());
}

/// §6.2: the leader looks who has answered, and steps down the second time that nobody has.
#[test]
fn a_leader_that_nobody_answers_steps_down_when_its_quorum_timer_is_fired() {
    let mut node = settled_with(checking(), of(&[1, 2, 3], &[]));
    node.fire(Timer::Quorum);
    assert!(node.role().is_leader(), "they had answered");
    let span = remaining(&node, Timer::Quorum);
    assert_eq!(span, Some(*settings().election_timeout.end()));
    node.fire(Timer::Quorum);
    assert_eq!(running(&node), [Timer::Election]);
}

/// §5.2: of several timers that run out at once, a leader that steps down sends no heartbeat.
#[test]
fn a_leader_that_steps_down_sends_no_heartbeat() {
    let mut node = settled_with(checking(), of(&[1, 2, 3], &[]));
    node.fire(Timer::Quorum);
    node.advance(Ticks(u64::MAX));
    assert!(is_follower(&node));
    let said = flush(&mut node);
    assert!(
        !said
            .iter()
            .any(|said| matches!(said.message, Message::AppendEntries(_))),
        "{said:?}"
    );
}
