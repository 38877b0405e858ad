//! Why a leader does not change its configuration (§4.1, §4.2.1 of the
//! dissertation, and raft-dev 2015). A refusal changes nothing at all.

use crate::common::members::*;
use crate::common::*;
use raft_core::{
    ConfigurationError, Index, NodeId, NotLeader, ReconfigureError, SERVERS_MAX, Settings,
};

/// The refusal of a change, which must not have left a trace.
fn refused(node: &mut Server, voters: &[u16], learners: &[u16]) -> ReconfigureError {
    let before = node.clone();
    let refused = node.reconfigure(&ids(voters), &ids(learners));
    let refused = refused.expect_err("something is in the way");
    assert!(*node == before, "{refused}: and yet something has happened");
    assert_eq!(flush(node), []);
    refused
}

/// §8: whoever does not lead says who does.
#[test]
fn only_a_leader_changes_the_configuration() {
    let mut node = follower(3, &[1]);
    hear(&mut node, S2, append(3, (1, 1), &[], 0));
    let leader = Some(S2);
    let error = ReconfigureError::NotLeader(NotLeader { leader });
    assert_eq!(refused(&mut node, &[1, 2], &[]), error);
    let error = ReconfigureError::NotLeader(NotLeader { leader: None });
    assert_eq!(refused(&mut candidate(3, &[1]), &[1, 2], &[]), error);
}

/// §3.10, TL2: a successor could not catch up with what goes on changing.
#[test]
fn nothing_is_changed_while_leadership_is_handed_over() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    node.transfer_leadership(S2).expect("it is a voter");
    flush(&mut node);
    let error = ReconfigureError::TransferUnderWay { to: S2 };
    assert_eq!(refused(&mut node, &[1, 2], &[]), error);
    node.transfer_leadership(S1).expect("that calls it off");
    reconfigure(&mut node, &[1, 2], &[]);
}

/// raft-dev, July 2015, CC4: another leader may have begun a change that this
/// one does not know of, unless an entry of its own term is committed.
#[test]
fn nothing_is_changed_before_an_entry_of_the_own_term_is_committed() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, entries(1, &[1, 1])));
    lead(&mut node);
    assert_eq!(refused(&mut node, &[1, 2], &[]), ReconfigureError::NotYet);
    node.propose(203).expect("it leads");
    let said = flush(&mut node);
    assert_eq!(refused(&mut node, &[1, 2], &[]), ReconfigureError::NotYet);
    agree(&mut node, S3, &said);
    assert_eq!(commit(&node), 3);
    reconfigure(&mut node, &[1, 2], &[]);
}

/// §8, raft-dev 2015: the no-op at the beginning of a term is such an entry.
/// Fails without L1-noop.
#[test]
fn a_no_op_lets_the_configuration_be_changed() {
    let with_no_op = Settings {
        no_op: true,
        ..settings()
    };
    let mut node = boot_with(with_no_op, disk_of(of(&[1, 2, 3], &[]), 0, vec![]));
    let said = lead(&mut node);
    assert_eq!(refused(&mut node, &[1, 2], &[]), ReconfigureError::NotYet);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 1);
    reconfigure(&mut node, &[1, 2], &[]);
}

/// §4.1, CC3: one change after the other.
#[test]
fn nothing_is_changed_before_the_last_change_is_committed() {
    let mut node = settled(of(&[1, 2, 3], &[4]));
    let said = reconfigure(&mut node, &[1, 2, 3, 4], &[]);
    let error = ReconfigureError::UnderWay { index: Index(2) };
    assert_eq!(refused(&mut node, &[1, 2, 3], &[4]), error);
    agree(&mut node, S2, &said);
    assert_eq!(refused(&mut node, &[1, 2, 3], &[4]), error);
    agree(&mut node, S3, &said);
    reconfigure(&mut node, &[1, 2, 3], &[4]);
}

/// §6, CC3: a change that passes through C_old,new is over with C_new.
#[test]
fn nothing_is_changed_on_the_way_through_c_old_new() {
    let mut node = settled(of(&[1, 2, 3], &[4, 5]));
    let said = reconfigure(&mut node, &[1, 4, 5], &[]);
    let index = Index(2);
    let error = ReconfigureError::UnderWay { index };
    assert_eq!(refused(&mut node, &[1, 2, 3], &[]), error);
    agree(&mut node, S2, &said);
    let said = agree(&mut node, S4, &said);
    assert_eq!((commit(&node), node.log().last_index()), (2, Index(3)));
    let error = ReconfigureError::UnderWay { index: Index(3) };
    assert_eq!(refused(&mut node, &[1, 4], &[]), error);
    agree(&mut node, S4, &said);
    assert_eq!(commit(&node), 3);
    reconfigure(&mut node, &[1, 4], &[]);
}

/// §4.2.1, CC9: a voter without the log could keep everybody waiting. In a
/// joint change the first of those who lag is named.
#[test]
fn who_has_not_caught_up_gets_no_vote() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let unknown = ReconfigureError::NotCaughtUp(S4);
    assert_eq!(refused(&mut node, &[1, 2, 3, 4], &[]), unknown);
    assert_eq!(refused(&mut node, &[4, 5], &[]), unknown);
    let said = reconfigure(&mut node, &[1, 2, 3], &[4, 5]);
    for voter in [S2, S3, S4] {
        agree(&mut node, voter, &said);
    }
    let learns = ReconfigureError::NotCaughtUp(S5);
    assert_eq!(refused(&mut node, &[3, 4, 5], &[]), learns);
    reconfigure(&mut node, &[1, 2, 3, 4], &[5]);
}

#[test]
fn what_is_so_already_is_not_changed() {
    let mut node = settled(of(&[1, 2, 3], &[4]));
    let error = ReconfigureError::Unchanged;
    assert_eq!(refused(&mut node, &[3, 2, 1], &[4]), error);
    reconfigure(&mut node, &[3, 2, 1], &[]);
}

#[test]
fn what_no_cluster_can_be_is_refused() {
    let error = ReconfigureError::Impossible;
    let mut node = settled(of(&[1, 2, 3], &[]));
    let nobody = error(ConfigurationError::NoVoters);
    assert_eq!(refused(&mut node, &[], &[1, 2, 3]), nobody);
    let twice = error(ConfigurationError::Twice(S2));
    assert_eq!(refused(&mut node, &[1, 2, 2], &[]), twice);
    assert_eq!(refused(&mut node, &[1, 2], &[2, 3]), twice);
    let max = u16::try_from(SERVERS_MAX).expect("few");
    let many: Vec<u16> = (4..=max + 1).collect();
    let too_many = error(ConfigurationError::TooMany);
    assert_eq!(refused(&mut node, &[1, 2, 3], &many), too_many);
    reconfigure(&mut node, &[1, 2, 3], &many[1..]);
}

/// §6: C_old,new names the servers of both, and is no less a configuration:
/// one with too many of them could not be read from a disk again.
#[test]
fn c_old_new_has_no_more_servers_than_any_other() {
    let max = u16::try_from(SERVERS_MAX).expect("few");
    let mut node = settled(of(&[1, 2, 3], &[]));
    let many: Vec<u16> = (4..max + 3).collect();
    let too_many = ReconfigureError::Impossible(ConfigurationError::TooMany);
    assert_eq!(refused(&mut node, &[1], &many), too_many);
    reconfigure(&mut node, &[1], &many[..many.len() - 2]);
    assert!(node.configuration().is_joint());
    assert_eq!(node.configuration().members().count(), SERVERS_MAX);
}

/// §4.1: who is not the leader is told first; what is wrong with the
/// configuration matters only to a leader.
#[test]
fn a_refusal_names_the_leader_first() {
    let mut node = follower(3, &[]);
    let error = ReconfigureError::NotLeader(NotLeader { leader: None });
    assert_eq!(refused(&mut node, &[], &[]), error);
    let texts = [
        ReconfigureError::NotYet.to_string(),
        ReconfigureError::NotCaughtUp(NodeId(4)).to_string(),
        ReconfigureError::UnderWay { index: Index(7) }.to_string(),
    ];
    assert!(texts[1].starts_with("S4 "), "{texts:?}");
    assert!(texts[2].contains("index 7"), "{texts:?}");
}

/// §8: a refusal says in words, too, who leads.
#[test]
fn who_is_redirected_can_read_where_to() {
    let told = NotLeader { leader: Some(S2) }.to_string();
    assert!(told.contains("S2"), "{told}");
    let untold = NotLeader { leader: None }.to_string();
    assert!(untold.contains("does not know who"), "{untold}");
}
