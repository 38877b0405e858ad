//! Joint consensus: §6, and §4.3 of the dissertation. While `C_old,new` is the
//! latest configuration, nothing is agreed on without a majority of each.

use crate::common::members::*;
use crate::common::*;
use raft_core::{
    Configuration, Envelope, Index, Message, Persistent, PreVoteReply, Settings, Term, Ticks,
    TimeoutNow,
};

/// The leader of `S1 S2 S3` that has just appended `C_old,new` on its way to
/// `S1 S4 S5`, at index 2, and what it says of it.
fn in_between() -> (Server, Vec<Envelope<u64>>) {
    in_between_with(settings())
}

fn in_between_with(settings: Settings) -> (Server, Vec<Envelope<u64>>) {
    let mut node = settled_with(settings, of(&[1, 2, 3], &[4, 5]));
    let said = reconfigure(&mut node, &[1, 4, 5], &[]);
    assert_eq!(*node.configuration(), halfway());
    (node, said)
}

/// `C_old,new` of these tests.
fn halfway() -> Configuration {
    joint(&[1, 2, 3], &[1, 4, 5])
}

/// `S1` in term 1, on whose disk `C_old,new` is all there is.
fn joint_disk() -> Persistent<u64> {
    let log = vec![change(1, halfway())];
    disk_of(of(&[1, 2, 3], &[4, 5]), 1, log)
}

/// §6, CC5: more than one voter coming or going passes through C_old,new; one
/// alone, and any number of learners, does not need to.
#[test]
fn what_changes_more_than_one_voter_is_joint() {
    for (voters, learners, is_joint) in [
        (&[1, 2, 3, 4][..], &[5][..], false),
        (&[1, 2], &[4, 5], false),
        (&[1, 2], &[3], false),
        (&[1, 2, 3], &[], false),
        (&[1, 2, 3, 4, 5], &[], true),
        (&[1, 2, 4], &[5], true),
        (&[1], &[4, 5], true),
        (&[1], &[2, 3, 4, 5], true),
        (&[4, 5], &[], true),
    ] {
        let mut node = settled(of(&[1, 2, 3], &[4, 5]));
        reconfigure(&mut node, voters, learners);
        let configuration = node.configuration();
        assert_eq!(configuration.is_joint(), is_joint, "{configuration}");
        let old = if is_joint { ids(&[1, 2, 3]) } else { vec![] };
        assert_eq!(configuration.outgoing(), old);
        assert_eq!(configuration.voters(), ids(voters));
        assert_eq!(configuration.learners(), ids(learners));
    }
}

/// §6, CC6: neither the old majority nor the new one alone commits.
#[test]
fn an_entry_is_committed_by_both_majorities() {
    for (first, last) in [(&[S2, S3][..], S5), (&[S4, S5], S2)] {
        let (mut node, said) = in_between();
        for from in first {
            agree(&mut node, *from, &said);
            assert_eq!(commit(&node), 1, "{first:?} are half of it");
        }
        agree(&mut node, last, &said);
        assert_eq!(commit(&node), 2);
    }
}

/// §6: who of each half stores an entry, as far as the leader knows.
#[test]
fn a_leader_tells_who_of_each_half_stores_an_entry() {
    let (mut node, said) = in_between();
    agree(&mut node, S4, &said);
    let told: Vec<_> = node
        .halves(Index(2))
        .into_iter()
        .map(|half| (half.voters, half.tally.have, half.tally.need))
        .collect();
    let old = vec![(S1, true), (S2, false), (S3, false)];
    let new = vec![(S1, true), (S4, true), (S5, false)];
    assert_eq!(told, [(old, 1, 2), (new, 2, 2)]);
    let settled = settled(of(&[1, 2, 3], &[]));
    assert_eq!(settled.halves(Index(1)), [], "it is not joint");
}

/// §6, CC6: neither majority alone elects, nor lets a server stand (§9.6).
#[test]
fn a_candidate_needs_both_majorities() {
    for pre_vote in [false, true] {
        let settings = Settings {
            pre_vote,
            ..settings()
        };
        for (first, last) in [([S2, S3], S5), ([S4, S5], S2)] {
            let mut node = boot_with(settings.clone(), joint_disk());
            node.fire(raft_core::Timer::Election);
            assert_eq!(asked(&flush(&mut node)), [2, 3, 4, 5]);
            if pre_vote {
                let yes = || {
                    Message::PreVoteReply(PreVoteReply {
                        term: Term(1),
                        vote_granted: true,
                    })
                };
                for from in first {
                    hear(&mut node, from, yes());
                }
                assert_eq!(term(&node), 1, "{first:?} are half of it");
                hear(&mut node, last, yes());
            }
            assert_eq!(term(&node), 2);
            for from in first {
                hear(&mut node, from, vote(2, true));
            }
            assert!(is_candidate(&node), "{first:?} are half of it");
            hear(&mut node, last, vote(2, true));
            assert!(node.role().is_leader());
        }
    }
}

/// §6.2, CC6: a leader that one of the two majorities does not answer can
/// commit nothing, and steps down.
#[test]
fn a_leader_needs_answers_of_both_majorities() {
    let checking = Settings {
        check_quorum: true,
        ..settings()
    };
    for (who, stays) in [
        (&[S2, S3][..], false),
        (&[S4, S5], false),
        (&[S3, S4], true),
    ] {
        let (mut node, _) = in_between_with(checking.clone());
        for _ in 0..3 {
            pass(&mut node, ELECTION_MAX.minus(Ticks(1)));
            for from in who {
                hear(&mut node, *from, stored(1, 0, 0));
            }
            pass(&mut node, Ticks(1));
        }
        assert_eq!(node.role().is_leader(), stays, "{who:?} answer");
    }
}

/// §6.4, CC6: nobody else can lead only if both majorities say so.
#[test]
fn a_read_is_confirmed_by_both_majorities() {
    for (first, last) in [([S2, S3], S5), ([S4, S5], S2)] {
        let (mut node, _) = in_between();
        node.read().expect("it leads");
        let said = poll(&mut node);
        let asked = |from| said.iter().filter(move |said| said.to == from);
        for from in first {
            let answers = asked(from).filter_map(yes_to);
            for answer in answers.collect::<Vec<_>>() {
                hear(&mut node, from, answer);
            }
        }
        assert_eq!(node.poll_read(), None, "{first:?} are half of it");
        agree(&mut node, last, &said);
        assert!(node.poll_read().is_some_and(|read| read.outcome.is_ok()));
    }
}

/// §6, CC7: C_new follows C_old,new as soon as that is committed, and alone
/// counts from there on.
#[test]
fn c_new_follows_once_c_old_new_is_committed() {
    let (mut node, said) = in_between();
    agree(&mut node, S2, &said);
    assert!(node.configuration().is_joint());
    let said = agree(&mut node, S4, &said);
    assert_eq!((commit(&node), node.log().last_index()), (2, Index(3)));
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
    assert!(said.iter().all(|said| said.to != S2), "it is not needed");
    agree(&mut node, S4, &said);
    assert_eq!(commit(&node), 3);
    assert_eq!(applied(&mut node), [2, 3], "the host is told of both");
}

/// §6: of several steps at once: the leader is the only old voter and the only
/// new one is a server that has the log.
#[test]
fn a_single_voter_can_be_replaced_by_another() {
    let mut node = settled(of(&[1], &[2]));
    let said = reconfigure(&mut node, &[2], &[]);
    assert_eq!(*node.configuration(), joint(&[1], &[2]));
    assert_eq!(commit(&node), 1, "S1 alone is a majority of one half only");
    let said = agree(&mut node, S2, &said);
    assert_eq!(*node.configuration(), of(&[2], &[]));
    assert!(node.role().is_leader());
    agree(&mut node, S2, &said);
    assert_eq!((commit(&node), is_follower(&node)), (3, true));
}

/// §6, CC7: a leader that finds C_old,new in its log, but does not know it to
/// be committed, goes on with the change once it is.
#[test]
fn a_new_leader_finishes_the_change_of_another() {
    let mut node = boot(joint_disk());
    let said = lead(&mut node);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 0, "§5.4.2: that is of an earlier term");
    assert!(node.configuration().is_joint());
    node.propose(202).expect("it leads");
    let said = flush(&mut node);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 3);
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
}

/// §8: with a no-op it needs no client for that.
#[test]
fn a_no_op_finishes_the_change_of_another() {
    let with_no_op = Settings {
        no_op: true,
        ..settings()
    };
    let mut node = boot_with(with_no_op, joint_disk());
    let said = lead(&mut node);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 3);
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
}

/// §6, CC7: one that knows C_old,new to be committed does not wait.
#[test]
fn a_new_leader_that_knows_goes_on_at_once() {
    let mut node = boot(joint_disk());
    hear(&mut node, S2, send(1, (1, 1), vec![], 1));
    assert_eq!(commit(&node), 1);
    lead(&mut node);
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
    assert_eq!(terms(&node), [1, 2]);
}

/// §6, CC2: C_old,new that a minority took goes, and C_old counts as before.
#[test]
fn c_old_new_that_is_cut_off_counts_no_more() {
    let mut node = boot(joint_disk());
    assert!(node.configuration().is_joint());
    hear(&mut node, S3, send(2, (0, 0), entries(1, &[2]), 0));
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[4, 5]));
    node.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut node)), [2, 3]);
}

/// §6, CC2: C_new that a minority took goes too, and both majorities are
/// needed again.
#[test]
fn c_new_that_is_cut_off_gives_way_to_c_old_new() {
    let mut log = vec![change(1, halfway()), change(1, of(&[1, 4, 5], &[]))];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[4, 5]), 1, log.clone()));
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
    log = vec![change(2, of(&[1, 4, 5], &[]))];
    hear(&mut node, S3, send(2, (1, 1), entries(2, &[2]), 0));
    assert_eq!(*node.configuration(), halfway());
    // The leader that did this goes on to C_new by itself.
    hear(&mut node, S3, send(2, (2, 2), log, 2));
    assert_eq!(*node.configuration(), of(&[1, 4, 5], &[]));
}

/// §6, CC1, CC10: while joint, who is on its way out has a vote and may stand.
#[test]
fn who_is_on_its_way_out_votes_and_stands() {
    let log = vec![change(1, joint(&[1, 2, 3], &[3, 4, 5]))];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[4, 5]), 1, log));
    hear(&mut node, S2, send(1, (1, 1), vec![], 1));
    assert_eq!(commit(&node), 1, "it knows that it is to leave");
    node.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut node)), [2, 3, 4, 5]);
    hear(&mut node, S4, vote(2, true));
    hear(&mut node, S5, vote(2, true));
    assert!(is_candidate(&node), "its own is one of three of C_old");
    hear(&mut node, S3, vote(2, true));
    assert!(node.role().is_leader());
}

/// §6: a voter that is to be a learner counts in C_old until the change is over.
#[test]
fn a_voter_is_demoted_with_c_new() {
    let mut node = settled(of(&[1, 2, 3], &[4]));
    let said = reconfigure(&mut node, &[1, 4], &[2, 3]);
    agree(&mut node, S4, &said);
    assert_eq!(commit(&node), 1);
    let said = agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 2, "S1 S2 of C_old, S1 S4 of C_new");
    assert_eq!(*node.configuration(), of(&[1, 4], &[2, 3]));
    for learner in [S2, S3] {
        hear(&mut node, learner, stored(1, 2, 3));
    }
    assert_eq!(commit(&node), 2, "they are learners by now");
    agree(&mut node, S4, &said);
    assert_eq!(commit(&node), 3);
}

/// §3.10: a successor that loses its vote on the way is not called to stand.
#[test]
fn a_transfer_to_who_loses_its_vote_is_called_off() {
    let (call, voters) = (TimeoutNow { term: Term(1) }, [1, 4]);
    let mut node = settled(of(&[1, 2, 3], &[4]));
    let said = reconfigure(&mut node, &voters, &[2, 3]);
    node.transfer_leadership(S2).expect("it votes in C_old");
    agree(&mut node, S4, &said);
    let said = agree(&mut node, S3, &said);
    assert_eq!(*node.configuration(), of(&voters, &[2, 3]));
    node.propose(104)
        .expect("there is no successor to wait for");
    let later = hear(&mut node, S2, stored(1, 2, 4));
    let call = Message::TimeoutNow(call);
    assert!(said.iter().chain(&later).all(|said| said.message != call));
}

/// §6: the leader that is not in C_new manages the cluster until C_new is
/// committed, and does not count itself for that.
#[test]
fn a_leader_outside_c_new_leads_until_that_is_committed() {
    let mut node = settled(of(&[1, 2, 3], &[4, 5]));
    let said = reconfigure(&mut node, &[3, 4, 5], &[]);
    agree(&mut node, S3, &said);
    let said = agree(&mut node, S4, &said);
    assert_eq!((commit(&node), node.log().last_index()), (2, Index(3)));
    agree(&mut node, S3, &said);
    assert!(node.role().is_leader());
    assert_eq!(commit(&node), 2, "S3 is one of three");
    hear(&mut node, S5, stored(1, 2, 3));
    assert_eq!((commit(&node), is_follower(&node)), (3, true));
}

/// §6: what was begun goes on after a crash of everybody.
#[test]
fn c_old_new_survives_a_restart() {
    let (node, _) = in_between();
    let again = boot(node.persistent());
    assert_eq!(*again.configuration(), halfway());
    assert!(again.configuration().is_voter(S2) && again.configuration().is_voter(S5));
}
