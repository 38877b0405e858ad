//! Whole clusters that change who takes part (chapter 4 of the dissertation):
//! with commands in between, with servers that fail at the worst moment, and
//! with the two leaders of raft-dev 2015.

use std::sync::Arc;

use crate::common::members::*;
use crate::common::*;
use raft_core::{Envelope, Index, NodeId, ReconfigureError, Ticks};

/// All of these go by the same configuration, have applied the same commands,
/// and hold on their disks what they say.
fn are_alike(cluster: &Cluster, members: &[u16]) {
    let first = NodeId(members[0]);
    for id in ids(members) {
        let node = cluster.node(id);
        assert_eq!(node.configuration(), cluster.node(first).configuration());
        assert_eq!(cluster.commands(id), cluster.commands(first), "{id}");
        assert_eq!(cluster.disks[&id], node.persistent());
    }
}

/// §4.1 to §4.3: from one server over three to five, and back to two without
/// the first leader; each command is applied everywhere, once and in order.
#[test]
fn a_cluster_grows_and_shrinks() {
    let mut cluster = Cluster::new(1);
    cluster.elect(S1);
    cluster.command(S1, 1);
    // To three: learn first, and then both at once, through C_old,new.
    cluster.join(S2);
    cluster.join(S3);
    cluster.change(S1, &[1], &[2, 3]);
    cluster.command(S1, 2);
    cluster.change(S1, &[1, 2, 3], &[]);
    assert!(!cluster.node(S1).configuration().is_joint());
    cluster.command(S1, 3);
    cluster.pass(HEARTBEAT);
    are_alike(&cluster, &[1, 2, 3]);
    // To five: one after the other, the second from a snapshot.
    cluster.join(S4);
    cluster.change(S1, &[1, 2, 3], &[4]);
    cluster.change(S1, &[1, 2, 3, 4], &[]);
    let applied = cluster.node(S1).last_applied();
    let state: Arc<[u8]> = Arc::from([7]);
    cluster
        .node_mut(S1)
        .compact(applied, state)
        .expect("applied");
    cluster.join(S5);
    cluster.change(S1, &[1, 2, 3, 4], &[5]);
    cluster.command(S1, 4);
    cluster.change(S1, &[1, 2, 3, 4, 5], &[]);
    cluster.pass(HEARTBEAT);
    are_alike(&cluster, &[1, 2, 3, 4]);
    assert_eq!(cluster.commands(S5), [4], "the rest is in its snapshot");
    assert!(cluster.node(S5).log().snapshot().last_included_index > Index::ZERO);
    // To two, neither of them the leader. A majority of five can go at once.
    cluster.change(S1, &[4, 5], &[]);
    assert_eq!(cluster.leaders(), [], "the leader has left");
    cluster.cut_off(&[1, 2, 3]);
    cluster.elect(S5);
    cluster.command(S5, 5);
    assert_eq!(cluster.node(S5).configuration(), &of(&[4, 5], &[]));
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.commands(S4), [1, 2, 3, 4, 5]);
    assert_eq!(cluster.commands(S5), [4, 5]);
    // Who knows that it was removed does not stand, and may come back.
    let before = cluster.node(S5).hard_state();
    cluster.cut_off.remove(&S1);
    cluster.pass(Ticks(3 * ELECTION_MAX.0));
    cluster.change(S5, &[4, 5], &[1]);
    cluster.command(S5, 6);
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.node(S5).hard_state(), before);
    assert_eq!(cluster.commands(S1), [1, 2, 3, 4, 5, 6]);
}

/// §4.2.1: a server that joins is a learner until it has the log, however long
/// that is; only then does it get a vote.
#[test]
fn a_server_joins_in_two_steps() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    for command in 0..50 {
        cluster.command(S1, command);
    }
    cluster.join(S4);
    cluster.cut_off(&[4]);
    cluster.change(S1, &[1, 2, 3], &[4]);
    let early = cluster.node_mut(S1).reconfigure(&ids(&[1, 2, 3, 4]), &[]);
    assert_eq!(early, Err(ReconfigureError::NotCaughtUp(S4)));
    cluster.cut_off.clear();
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.commands(S4), (0..50).collect::<Vec<_>>());
    cluster.change(S1, &[1, 2, 3, 4], &[]);
    are_alike(&cluster, &[1, 2, 3]);
    cluster.cut_off(&[1, 2]);
    cluster.elect(S4);
    assert!(!cluster.node(S4).role().is_leader(), "two of four");
    cluster.cut_off.remove(&S2);
    cluster.elect(S4);
    assert!(
        cluster.node(S4).role().is_leader(),
        "a voter like any other"
    );
}

/// Figure 4.6: of two, the leader is removed and fails when it alone has the
/// entry. The other cannot win without it, so it has to stand once more.
#[test]
fn a_removed_server_may_be_needed_to_finish_its_removal() {
    let mut cluster = Cluster::new(2);
    cluster.elect(S1);
    cluster.command(S1, 1);
    cluster.cut_off(&[1]);
    cluster.change(S1, &[2], &[]);
    cluster.restart(S1);
    cluster.cut_off.clear();
    cluster.elect(S2);
    assert_eq!(cluster.leaders(), [], "its log is behind");
    cluster.elect(S1);
    assert_eq!(cluster.leaders(), [S1], "by the vote of S2 alone");
    cluster.command(S1, 2);
    assert_eq!(cluster.leaders(), [], "now it is removed");
    cluster.cut_off(&[1]);
    cluster.elect(S2);
    cluster.command(S2, 3);
    assert_eq!(cluster.commands(S2), [1, 2, 3], "S2 is alone");
}

/// raft-dev, July 2015, CC4: two leaders, each with a change of one server
/// that the other does not know of, could both find a majority. So the second
/// first commits an entry of its own term, which the first then cannot pass.
#[test]
fn two_leaders_cannot_each_change_the_configuration() {
    let mut cluster = Cluster::new(4);
    cluster.join(S5);
    cluster.elect(S1);
    cluster.command(S1, 1);
    cluster.change(S1, &[1, 2, 3, 4], &[5]);
    cluster.pass(HEARTBEAT);
    // S1 adds S5, and only the two of them hear of it.
    cluster.cut_off(&[2, 3, 4]);
    cluster.change(S1, &[1, 2, 3, 4, 5], &[]);
    assert_eq!(cluster.node(S5).configuration(), &of(&[1, 2, 3, 4, 5], &[]));
    // S2 leads the four, and wants to remove S1.
    cluster.cut_off.clear();
    cluster.cut_off(&[1, 5]);
    cluster.elect(S2);
    assert_eq!(cluster.leaders(), [S1, S2]);
    let removed = cluster.node_mut(S2).reconfigure(&ids(&[2, 3, 4]), &[]);
    assert_eq!(removed, Err(ReconfigureError::NotYet));
    cluster.command(S2, 2);
    cluster.cut_off(&[4]);
    cluster.change(S2, &[2, 3, 4], &[]);
    cluster.command(S2, 3);
    let committed = cluster.commands(S2);
    assert_eq!(committed, [1, 2, 3], "by S2 and S3 of three");
    // Now S1 stands, and asks S4 and S5, which with it are three of five.
    cluster.cut_off.clear();
    cluster.cut_off(&[2, 3]);
    cluster.restart(S1);
    cluster.elect(S1);
    cluster.elect(S1);
    assert!(is_candidate(cluster.node(S1)), "S4 has a later entry");
    cluster.cut_off.clear();
    cluster.elect(S3);
    cluster.elect(S3);
    cluster.command(S3, 4);
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.commands(S4), [1, 2, 3, 4]);
}

/// §6: a leader fails in the middle of a joint change; whoever follows goes
/// back to C_old or on to C_new, and never has both.
#[test]
fn a_joint_change_is_finished_or_undone_by_the_next_leader() {
    for reached in [true, false] {
        let mut cluster = Cluster::new(3);
        cluster.join(S4);
        cluster.join(S5);
        cluster.elect(S1);
        cluster.change_when_ready(&[1, 2, 3], &[4, 5]);
        let alone: &[u16] = if reached { &[3, 5] } else { &[2, 3, 4, 5] };
        cluster.cut_off(alone);
        let node = cluster.node_mut(S1);
        let begun = node.reconfigure(&ids(&[1, 4, 5]), &[]);
        begun.expect("nothing is in the way");
        if reached {
            // S2 and S4 get C_old,new, but their answers are lost.
            cluster.deliver_one_way(S1);
        } else {
            cluster.settle();
        }
        cluster.cut_off.clear();
        cluster.cut_off(&[1]);
        cluster.elect(S2);
        assert_eq!(cluster.leaders(), [S1, S2]);
        assert_eq!(cluster.node(S2).configuration().is_joint(), reached);
        cluster.command(S2, 9);
        let expected = if reached {
            of(&[1, 4, 5], &[])
        } else {
            of(&[1, 2, 3], &[4, 5])
        };
        assert_eq!(cluster.node(S2).configuration(), &expected);
        cluster.cut_off.clear();
        if reached {
            // S2 is not in C_new, so that it has stepped down.
            assert_eq!(cluster.leaders(), [S1]);
            cluster.elect(S4);
            cluster.command(S4, 10);
        }
        cluster.pass(HEARTBEAT);
        cluster.pass(HEARTBEAT);
        are_alike(&cluster, &[1, 4, 5]);
        assert_eq!(cluster.node(S1).configuration(), &expected);
    }
}

impl Cluster {
    /// `S1` commits a first command, and changes the configuration.
    fn change_when_ready(&mut self, voters: &[u16], learners: &[u16]) {
        self.command(S1, 1);
        self.change(S1, voters, learners);
        self.pass(HEARTBEAT);
    }

    /// Whatever this server says is heard, and all answers are lost.
    fn deliver_one_way(&mut self, from: NodeId) {
        let said = flush(self.node_mut(from));
        for Envelope { to, message } in said {
            if !self.cut_off.contains(&to) {
                self.node_mut(to).receive(from, message);
                drop(flush(self.node_mut(to)));
            }
        }
        // Their disks are as prompt as ever.
        for (id, node) in &self.nodes {
            self.disks.insert(*id, node.persistent());
        }
    }
}

/// §4.2.3: a removed server that does not know it stands, and deposes the
/// leader where nobody sticks to that; but it cannot win.
#[test]
fn a_removed_server_that_does_not_know_cannot_win() {
    let mut cluster = Cluster::new(3);
    cluster.elect(S1);
    cluster.command(S1, 1);
    cluster.cut_off(&[3]);
    cluster.change(S1, &[1, 2], &[]);
    cluster.cut_off.clear();
    cluster.elect(S3);
    assert_eq!(cluster.leaders(), [], "it deposes S1, but cannot win");
    cluster.cut_off(&[3]);
    cluster.elect(S1);
    cluster.command(S1, 2);
    cluster.pass(HEARTBEAT);
    assert_eq!(cluster.commands(S2), [1, 2]);
}
