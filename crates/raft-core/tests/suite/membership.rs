//! Changing one voter or learner at a time: §4.1 and §4.2 of the dissertation.
//! What needs two majorities is in `joint.rs`, whole clusters are in
//! `members_cluster.rs`.

use crate::common::members::*;
use crate::common::*;
use raft_core::{
    Index, Message, NodeId, Persistent, PreVoteReply, Round, Settings, Term, Ticks, TimeoutNow,
};

/// §4.1, CC1: what a leader has just appended counts, though it is on no
/// other server yet: two of what are now four are no majority.
#[test]
fn a_leader_goes_by_what_it_has_just_appended() {
    let mut node = settled(of(&[1, 2, 3], &[4]));
    let said = reconfigure(&mut node, &[1, 2, 3, 4], &[]);
    assert_eq!(*node.configuration(), of(&[1, 2, 3, 4], &[]));
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 1);
    agree(&mut node, S4, &said);
    assert_eq!(commit(&node), 2);
}

/// §4.1, CC1: of two, the one that stays is a majority at once.
#[test]
fn from_two_voters_to_one_needs_nobody_else() {
    let mut node = settled(of(&[1, 2], &[]));
    assert_eq!(reconfigure(&mut node, &[1], &[]), []);
    assert_eq!(commit(&node), 2);
    assert!(node.role().is_leader());
    node.propose(103).expect("it leads");
    flush(&mut node);
    assert_eq!(commit(&node), 3);
}

/// §4.1, §4.2.1: of one voter, two are made, and from then on both have to agree.
#[test]
fn from_one_voter_to_two_needs_both() {
    let mut node = settled(of(&[1], &[2]));
    let said = reconfigure(&mut node, &[1, 2], &[]);
    assert_eq!(commit(&node), 1, "its own word is no majority any more");
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 2);
}

/// §4.1, CC1: a follower goes by a configuration before it is committed, and
/// asks those whom it names, for as many votes as it wants.
#[test]
fn a_follower_goes_by_what_it_has_been_sent() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    let five = change(1, of(&[1, 2, 3, 4, 5], &[]));
    hear(&mut node, S2, send(1, (0, 0), vec![five], 0));
    node.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut node)), [2, 3, 4, 5]);
    hear(&mut node, S2, vote(2, true));
    assert!(is_candidate(&node), "two of five are no majority");
    hear(&mut node, S5, vote(2, true));
    assert!(node.role().is_leader());
}

/// §4.1: a server that joins sends and gets nothing before it is a member.
#[test]
fn a_new_member_is_sent_the_log_and_one_that_left_is_not() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[1, 2, 3], &[4]);
    assert_eq!(appends(&said, S4).len(), 1, "it is heard of at once");
    everybody_agrees(&mut node, &said);
    let said = reconfigure(&mut node, &[1, 2, 3], &[]);
    assert!(said.iter().all(|said| said.to != S4));
    everybody_agrees(&mut node, &said);
    pass(&mut node, HEARTBEAT);
    let to: Vec<u16> = poll(&mut node).iter().map(|said| said.to.0).collect();
    assert_eq!(to, [2, 3]);
}

/// §4.1, CC2: where the entry is deleted, the configuration before it counts.
#[test]
fn a_configuration_that_is_cut_off_counts_no_more() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    let four = change(1, of(&[1, 2, 3, 4], &[]));
    hear(&mut node, S2, send(1, (0, 0), vec![four], 0));
    hear(&mut node, S3, send(2, (0, 0), entries(1, &[2]), 0));
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[]));
    node.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut node)), [2, 3]);
    hear(&mut node, S2, vote(3, true));
    assert!(node.role().is_leader(), "two of three");
}

/// §4.1, CC2: the one before may be in the log itself, or be replaced by what
/// takes the place of the deleted entry.
#[test]
fn a_configuration_gives_way_to_the_one_before_or_to_another() {
    let log = vec![
        change(1, of(&[1, 2, 3], &[4])),
        change(1, of(&[1, 2, 3, 4], &[])),
    ];
    for (new, expected) in [
        (entries(2, &[2]), of(&[1, 2, 3], &[4])),
        (vec![change(2, of(&[1, 2], &[4]))], of(&[1, 2], &[4])),
    ] {
        let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, log.clone()));
        hear(&mut node, S3, send(2, (1, 1), new, 0));
        assert_eq!(*node.configuration(), expected);
        assert_eq!(**node.log().configuration(), expected);
    }
}

/// §4.2.1, CC8: a learner's answers commit nothing, elect nobody, confirm no
/// read and keep no leader.
#[test]
fn a_learner_is_not_counted() {
    let mut node = settled(of(&[1, 2, 3], &[4, 5]));
    node.propose(102).expect("it leads");
    let said = flush(&mut node);
    agree(&mut node, S4, &said);
    agree(&mut node, S5, &said);
    assert_eq!(commit(&node), 1, "one voter of three");
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 2);

    applied(&mut node);
    node.read().expect("it leads");
    let said = poll(&mut node);
    agree(&mut node, S4, &said);
    agree(&mut node, S5, &said);
    assert_eq!(node.poll_read(), None);
    agree(&mut node, S3, &said);
    assert!(node.poll_read().is_some_and(|read| read.outcome.is_ok()));
}

/// §4.2.1, CC8: nor is a learner's vote, which it gives like anybody else (M1).
#[test]
fn a_learners_vote_elects_nobody() {
    for pre_vote in [false, true] {
        let settings = Settings {
            pre_vote,
            ..settings()
        };
        let mut node = boot_with(settings, disk_of(of(&[1, 2, 3], &[4, 5]), 1, vec![]));
        node.fire(raft_core::Timer::Election);
        assert_eq!(asked(&flush(&mut node)), [2, 3], "learners are not asked");
        for learner in [S4, S5] {
            say_yes(&mut node, learner);
        }
        assert!(!node.role().is_leader());
        assert_eq!(term(&node), if pre_vote { 1 } else { 2 });
        while !node.role().is_leader() {
            say_yes(&mut node, S3);
        }
    }
}

/// A yes to whatever this server asks at the moment.
fn say_yes(node: &mut Server, from: NodeId) {
    let yes = if is_candidate(node) {
        vote(term(node), true)
    } else {
        Message::PreVoteReply(PreVoteReply {
            term: node.hard_state().current_term,
            vote_granted: true,
        })
    };
    hear(node, from, yes);
}

/// §6.2, CC8: a leader that only learners answer steps down.
#[test]
fn learners_keep_no_leader() {
    let checking = Settings {
        check_quorum: true,
        ..settings()
    };
    for (who, stays) in [(S4, false), (S2, true)] {
        let mut node = settled_with(checking.clone(), of(&[1, 2, 3], &[4]));
        for _ in 0..3 {
            pass(&mut node, ELECTION_MAX.minus(Ticks(1)));
            hear(&mut node, who, stored(1, 0, 0));
            pass(&mut node, Ticks(1));
        }
        assert_eq!(node.role().is_leader(), stays, "{who} answers");
    }
}

/// §4.2.2, CC8, CC11: a leader that removes itself does not count itself: of
/// the two who stay both have to agree. It leads until then, and no longer.
#[test]
fn a_leader_that_removes_itself_steps_down_once_that_is_committed() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[2, 3], &[]);
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 1, "itself and S2 are one of two");
    node.propose(103)
        .expect("it leads for as long as it has to");
    let said = flush(&mut node);
    agree(&mut node, S2, &said);
    assert!(node.role().is_leader());
    pass(&mut node, HEARTBEAT);
    let said = poll(&mut node);
    agree(&mut node, S3, &said);
    assert!(is_follower(&node));
    assert_eq!(commit(&node), 3, "what lies behind is committed with it");
}

/// §4.2.2: of two voters, the leader goes; the other's word is enough.
#[test]
fn of_two_voters_the_leader_can_leave() {
    let mut node = settled(of(&[1, 2], &[]));
    let said = reconfigure(&mut node, &[2], &[]);
    assert_eq!(commit(&node), 1);
    agree(&mut node, S2, &said);
    assert_eq!((commit(&node), is_follower(&node)), (2, true));
}

/// §4.2.2, CC11: a leader that becomes a learner has no more business to lead.
#[test]
fn a_leader_that_becomes_a_learner_steps_down() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[2, 3], &[1]);
    agree(&mut node, S2, &said);
    agree(&mut node, S3, &said);
    assert_eq!((commit(&node), is_follower(&node)), (2, true));
    let before = term(&node);
    pass(&mut node, Ticks(5 * ELECTION_MAX.0));
    assert_eq!((term(&node), is_follower(&node)), (before, true));
}

/// §4.2.1, CC9: a server is promoted once it has what was in the log when it
/// became a learner.
#[test]
fn a_learner_is_promoted_once_it_has_caught_up() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[1, 2, 3], &[4]);
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 2, "S3 and the learner are slow");
    node.reconfigure(&ids(&[1, 2, 3, 4]), &[])
        .expect_err("it has nothing yet");
    everybody_agrees(&mut node, &said);
    let said = reconfigure(&mut node, &[1, 2, 3, 4], &[]);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 3);
}

/// §4.2.1, CC9: and it has to be close to the end of the log by then: no
/// further away than what one message carries.
#[test]
fn a_learner_that_has_fallen_behind_is_not_promoted() {
    let small = Settings {
        entries_max: 2,
        ..settings()
    };
    let mut node = settled_with(small, of(&[1, 2, 3], &[4]));
    for (behind, may) in [(1, true), (2, true), (3, false)] {
        node.propose(100 + behind).expect("it leads");
        let said = flush(&mut node);
        for voter in [S2, S3] {
            agree(&mut node, voter, &said);
        }
        let mut copy = node.clone();
        let promoted = copy.reconfigure(&ids(&[1, 2, 3, 4]), &[]);
        assert_eq!(promoted.is_ok(), may, "{behind} entries behind");
    }
}

/// §4.2.1, CC9: a voter may become a learner and a voter again; it is as far
/// as it was.
#[test]
fn a_voter_that_was_made_a_learner_has_caught_up() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[1, 2], &[3]);
    everybody_agrees(&mut node, &said);
    assert_eq!(next_match(&node, S3), (3, 2));
    let said = reconfigure(&mut node, &[1, 2, 3], &[]);
    everybody_agrees(&mut node, &said);
    assert_eq!(commit(&node), 3);
}

/// §4.2.2, CC10: neither a learner, nor a server that has been removed, nor one
/// that knows of no cluster yet stands, however long it hears nothing.
#[test]
fn who_has_no_vote_does_not_stand() {
    let learner = disk_of(of(&[2, 3], &[1]), 1, Vec::new());
    let mut removed = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    let ablated = change(1, of(&[2, 3], &[]));
    hear(&mut removed, S2, send(1, (0, 0), vec![ablated], 1));
    let nobody = Persistent::default();
    for mut node in [boot(learner), removed, boot(nobody)] {
        let before = node.hard_state();
        pass(&mut node, Ticks(5 * ELECTION_MAX.0));
        node.fire(raft_core::Timer::Election);
        assert_eq!(flush(&mut node), []);
        assert!(is_follower(&node));
        assert_eq!(node.hard_state(), before);
    }
}

/// §3.10, CC10: not even when told to: the call may be older than the removal.
#[test]
fn who_has_no_vote_does_not_stand_when_called_either() {
    let mut node = boot(disk_of(of(&[2, 3], &[1]), 1, Vec::new()));
    let call = Message::TimeoutNow(TimeoutNow { term: Term(1) });
    assert_eq!(hear(&mut node, S2, call.clone()), []);
    assert_eq!((term(&node), is_follower(&node)), (1, true));
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    hear(&mut node, S2, call);
    assert!(is_candidate(&node), "a voter does");
}

/// §4.2.2, Figure 4.6, CC10: as long as its removal may be uncommitted, a
/// server stands, as it may be the only one to have the entry. Its own vote
/// does not count.
#[test]
fn who_may_not_be_removed_yet_stands_without_a_vote_of_its_own() {
    let log = vec![change(1, of(&[2, 3], &[]))];
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, log));
    node.fire(raft_core::Timer::Election);
    assert_eq!(asked(&flush(&mut node)), [2, 3]);
    hear(&mut node, S2, vote(2, true));
    assert!(is_candidate(&node), "that is one vote of two");
    hear(&mut node, S3, vote(2, true));
    assert!(node.role().is_leader());
    node.propose(202).expect("it leads");
    let said = flush(&mut node);
    agree(&mut node, S2, &said);
    agree(&mut node, S3, &said);
    // §5.4.2: with an entry of its term, the change is committed as well.
    assert_eq!((commit(&node), is_follower(&node)), (2, true));
}

/// §4.1, CC12: what a server said before it was removed and added again was
/// said of a disk that may be another one now.
#[test]
fn who_is_added_again_starts_anew() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    node.propose(102).expect("it leads");
    let sent = flush(&mut node);
    let late = sent.iter().find(|said| said.to == S3).cloned();
    let late = late.expect("S3 was sent the command");
    agree(&mut node, S2, &sent);
    let said = reconfigure(&mut node, &[1, 2], &[]);
    agree(&mut node, S2, &said);
    let said = reconfigure(&mut node, &[1, 2], &[3]);
    agree(&mut node, S2, &said);
    assert_eq!(commit(&node), 4);

    for late in [
        yes_to(&late).expect("an AppendEntries"),
        installed(1, 2),
        stored(1, 2, 4),
    ] {
        assert_eq!(hear(&mut node, S3, late), []);
        assert_eq!(next_match(&node, S3).1, 0, "that was the other S3");
    }
    // What it says to what it has been sent since does count.
    agree(&mut node, S3, &said);
    assert_eq!(next_match(&node, S3), (5, 4));
}

/// §4.1, CC12: an answer from who is no member counts for nothing.
#[test]
fn who_has_left_is_not_counted() {
    let mut node = settled(of(&[1, 2, 3, 4], &[]));
    node.propose(102).expect("it leads");
    flush(&mut node);
    reconfigure(&mut node, &[1, 2, 3], &[]);
    hear(&mut node, S4, stored(1, 1, 2));
    hear(&mut node, S4, stored(1, 1, 3));
    assert_eq!(commit(&node), 1);
    hear(&mut node, S3, stored(1, 1, 3));
    assert_eq!(commit(&node), 3);
}

/// §4.1, M1: a server whose configuration is old votes for whom it does not
/// know, and is brought up to date by whom it does not know.
#[test]
fn whoever_asks_is_answered() {
    let mut node = boot(disk_of(of(&[1, 2, 3], &[]), 1, Vec::new()));
    assert_eq!(granted(&mut node, S5, ask(2, 0, 0)), (2, true));
    let new = of(&[4, 5], &[1]);
    let said = hear(
        &mut node,
        S5,
        send(2, (0, 0), vec![change(2, new.clone())], 0),
    );
    assert_eq!((said[0].to, said.len()), (S5, 1));
    assert_eq!((node.leader(), node.configuration()), (Some(S5), &new));
}

/// §4.2.1, M1: a learner votes when it is asked: whoever asks may know of its
/// promotion when it does not itself.
#[test]
fn a_learner_votes_when_it_is_asked() {
    let mut node = boot(disk_of(of(&[2, 3], &[1]), 1, entries(1, &[1])));
    assert_eq!(granted(&mut node, S2, ask(2, 0, 0)), (2, false), "§5.4.1");
    assert_eq!(granted(&mut node, S2, ask(3, 1, 1)), (3, true));
    assert_eq!(granted(&mut node, S3, ask(3, 1, 1)), (3, false), "once");
}

/// §4.2.1: a learner is sent the log, commits and applies like anybody else.
#[test]
fn a_learner_follows() {
    let mut node = boot(disk_of(of(&[2, 3], &[1]), 1, Vec::new()));
    hear(&mut node, S2, append(1, (0, 0), &[1, 1], 1));
    assert_eq!((terms(&node), commit(&node)), (vec![1, 1], 1));
    assert_eq!(applied(&mut node), [1]);
}

/// §6.4: a read that waits for servers which are no longer asked is answered
/// by those who are left, though that is only the leader itself.
#[test]
fn a_read_does_not_wait_for_who_was_removed() {
    let mut node = settled(of(&[1, 2], &[]));
    node.read().expect("it leads");
    flush(&mut node);
    assert_eq!(node.poll_read(), None, "S2 is silent");
    reconfigure(&mut node, &[1], &[]);
    assert_eq!(commit(&node), 2);
    pass(&mut node, HEARTBEAT);
    assert!(node.poll_read().is_some_and(|read| read.outcome.is_ok()));
    assert_eq!(applied(&mut node), [2]);
    node.read().expect("it leads");
    assert!(node.poll_read().is_some(), "the next one waits for nobody");
}

/// §3.10: a transfer ends where its successor loses its vote.
#[test]
fn nobody_is_called_to_stand_who_has_no_vote() {
    let mut node = settled(of(&[1, 2, 3], &[4]));
    assert!(node.transfer_leadership(S4).is_err());
    assert!(node.transfer_leadership(NodeId(9)).is_err());
    node.transfer_leadership(S2).expect("it is a voter");
    let call = Message::TimeoutNow(TimeoutNow { term: Term(1) });
    assert!(poll(&mut node).iter().any(|said| said.message == call));
}

/// §4.1: a round that begins because somebody joins is one of its own, so that
/// nothing said before can be taken for an answer to it.
#[test]
fn each_who_joins_is_spoken_to_in_a_new_round() {
    let mut node = settled(of(&[1, 2, 3], &[]));
    let said = reconfigure(&mut node, &[1, 2, 3], &[4]);
    assert_eq!(appends(&said, S4)[0].round, Round(1));
    everybody_agrees(&mut node, &said);
    let said = reconfigure(&mut node, &[1, 2, 3], &[4, 5]);
    assert_eq!(appends(&said, S5)[0].round, Round(2));
    assert_eq!(node.log().configuration_index(), Index(3));
}
