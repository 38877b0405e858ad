//! Leases against everything that could make two servers answer at once
//! (§6.4.1 of the dissertation): restarts, late calls to stand, slow disks.

use std::collections::BTreeMap;

use crate::common::*;
use raft_core::{Envelope, Message, Node, NodeId, Persistent, Role, Round, Settings, Ticks};

fn leasing() -> Settings {
    Settings {
        check_quorum: true,
        lease_reads: true,
        ..settings()
    }
}

/// Three servers, with links to cut and calls to hold back.
struct Net {
    nodes: BTreeMap<NodeId, Server>,
    disks: BTreeMap<NodeId, Persistent<u64>>,
    cut_off: Vec<NodeId>,
    /// Calls to stand that are still under way.
    held: Vec<Envelope<u64>>,
}

impl Net {
    /// Three servers of which `S1` leads and has a lease.
    fn leased() -> Self {
        let start = |id| Node::restart(config(id, leasing()), among(3, disk(0, &[])), id.0.into());
        let mut net = Self {
            nodes: [S1, S2, S3].map(|id| (id, start(id))).into(),
            disks: [S1, S2, S3].map(|id| (id, Persistent::default())).into(),
            cut_off: Vec::new(),
            held: Vec::new(),
        };
        net.node(S1).fire(raft_core::Timer::Election);
        net.settle();
        assert!(net.node(S1).role().is_leader());
        net.node(S1).propose(1).expect("it leads");
        net.settle();
        net.pass(25);
        assert!(net.answers(S1), "the lease holds");
        net
    }

    fn node(&mut self, id: NodeId) -> &mut Server {
        self.nodes.get_mut(&id).expect("one of three")
    }

    fn pass(&mut self, ticks: u64) {
        for _ in 0..ticks {
            self.nodes.values_mut().for_each(Node::tick);
            self.settle();
        }
    }

    /// Delivers until nothing is under way but calls to stand.
    fn settle(&mut self) {
        for _ in 0..50 {
            let mut wire = Vec::new();
            for (id, node) in &mut self.nodes {
                if let Some(write) = node.take_write() {
                    self.disks.get_mut(id).expect("its disk").apply(&write);
                    node.durable(write.id);
                }
                wire.extend(poll(node).into_iter().map(|said| (*id, said)));
                drop(applied(node));
            }
            for (from, said) in wire {
                if matches!(said.message, Message::TimeoutNow(_)) {
                    self.held.push(said);
                } else if !self.cut_off.contains(&from) && !self.cut_off.contains(&said.to) {
                    self.node(said.to).receive(from, said.message);
                }
            }
        }
    }

    /// Whether a server answers a read at once.
    fn answers(&mut self, id: NodeId) -> bool {
        let node = self.node(id);
        let asked = node.read().is_ok();
        asked && node.poll_read().is_some_and(|read| read.outcome.is_ok())
    }
}

#[test]
fn who_restarts_keeps_the_promise_that_a_lease_rests_on_6_4_1() {
    let mut net = Net::leased();
    net.cut_off = vec![S1];
    let disk = net.disks[&S2].clone();
    let again = Node::restart(config(S2, leasing()), disk, 99);
    net.nodes.insert(S2, again);
    net.node(S3).fire(raft_core::Timer::Election);
    net.settle();
    let other_leads = net.node(S3).role().is_leader();
    assert!(
        !(other_leads && net.answers(S1)),
        "S1 answers while S3 leads"
    );
    // In the end it does vote.
    net.pass(3 * ELECTION_MAX.0);
    assert!(net.node(S3).role().is_leader() || net.node(S2).role().is_leader());
    assert!(!net.answers(S1));
}

/// Whoever answers promises to stick to the leader from when it answers, which
/// is after it was asked; so the lease counts from the question.
#[test]
fn a_lease_is_as_old_as_the_question_6_4_1() {
    let mut node = members::settled_with(leasing(), members::of(&[1, 2, 3], &[]));
    pass(&mut node, HEARTBEAT);
    let asked = flush(&mut node);
    node.advance(Ticks(50));
    flush(&mut node);
    members::agree(&mut node, S2, &asked);
    let lease = ELECTION_MIN.minus(HEARTBEAT).minus(Ticks(50));
    assert!(matches!(node.role(), Role::Leader(leader) if leader.lease_remaining == lease));
}

#[test]
fn no_lease_after_anybody_was_called_to_stand_6_4_1() {
    let mut net = Net::leased();
    net.node(S1).transfer_leadership(S2).expect("it leads");
    net.settle();
    // The call is slow, and the transfer is given up.
    net.pass(ELECTION_MIN.0 + 50);
    net.node(S1).propose(5).expect("it takes commands again");
    net.settle();
    net.pass(25);
    net.cut_off = vec![S1];
    let call = net.held.remove(0);
    net.node(S2).receive(S1, call.message);
    net.settle();
    assert!(net.node(S2).role().is_leader(), "it was called");
    assert!(!net.answers(S1), "S1 answers while S2 leads");
}

#[test]
fn a_disk_that_stands_still_does_not_gather_answers() {
    let mut node = Node::restart(config(S1, leasing()), among(3, disk(0, &[])), 1);
    let in_round = |round| match append(1, (0, 0), &[1], 0) {
        Message::AppendEntries(mut m) => {
            m.round = Round(round);
            Message::AppendEntries(m)
        }
        other => other,
    };
    node.receive(S2, in_round(0));
    let write = take(&mut node);
    for round in 1..1000 {
        node.receive(S2, in_round(round));
        assert!(node.poll_message().is_none());
    }
    node.durable(write.id);
    assert_eq!(
        poll(&mut node).len(),
        2,
        "the answer, and that the last was heard"
    );
}

/// §6.4.1: whoever has answered a leader is bound by that for the shortest
/// election timeout, also in a term that it has entered meanwhile.
#[test]
fn a_new_term_does_not_free_a_voter_from_its_promise_6_4_1() {
    let mut node = Node::restart(config(S1, leasing()), among(3, disk(0, &[])), 1);
    hear(&mut node, S2, append(1, (0, 0), &[1], 0));
    // A late answer of a higher term, such as one to a pre-vote of its own.
    hear(&mut node, S3, vote(2, false));
    assert_eq!(term(&node), 2);
    assert_eq!(hear(&mut node, S3, ask(2, 1, 1)), [], "S2 may have a lease");
    node.advance(ELECTION_MIN);
    flush(&mut node);
    assert!(granted(&mut node, S3, ask(9, 1, 1)).1, "its time is over");
}

/// §6.4.1: nor does whoever insists on an election.
#[test]
fn who_is_bound_by_a_lease_does_not_stand_6_4_1() {
    let mut node = Node::restart(config(S1, leasing()), among(3, disk(0, &[])), 1);
    hear(&mut node, S2, append(1, (0, 0), &[], 0));
    node.fire(raft_core::Timer::Election);
    assert_eq!(flush(&mut node), []);
    assert!(is_follower(&node));
}
