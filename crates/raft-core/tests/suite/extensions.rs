//! What the dissertation adds to the paper: asking before standing (§9.6),
//! checking the quorum (§6.2) and sticking to a leader (§4.2.3), handing
//! leadership over (§3.10), and reads without log entries (§6.4).

use crate::common::*;
use raft_core::{
    ConfigError, Index, Message, Node, NotLeader, PreVote, PreVoteReply, ProposeError, Read,
    ReadError, ReadId, RequestVote, Role, Round, Settings, Term, Ticks, TimeoutNow, TransferError,
};

fn with(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = settings();
    change(&mut settings);
    settings
}

fn pre_voting() -> Settings {
    with(|settings| settings.pre_vote = true)
}

fn checking() -> Settings {
    with(|settings| settings.check_quorum = true)
}

fn leasing() -> Settings {
    with(|settings| {
        settings.check_quorum = true;
        settings.lease_reads = true;
    })
}

/// `S1` of three servers with these settings, a follower in `term`.
fn server(settings: Settings, term: u64, log: &[u64]) -> Server {
    Node::restart(config(S1, settings), among(3, disk(term, log)), 1)
}

/// `S1` of three servers with these settings, the leader of term 1, whose
/// followers have answered nothing yet.
fn leading(settings: Settings) -> Server {
    let mut node = Node::restart(config(S1, settings), among(3, disk(0, &[])), 1);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    if matches!(node.role(), Role::PreCandidate(_)) {
        hear(&mut node, S2, pre_vote_answer(0, true));
    }
    hear(&mut node, S2, vote(1, true));
    assert!(node.role().is_leader());
    node
}

fn pre_vote_question(term: u64, last_log_index: u64, last_log_term: u64) -> Said {
    Message::PreVote(PreVote {
        term: Term(term),
        last_log_index: Index(last_log_index),
        last_log_term: Term(last_log_term),
    })
}

fn pre_vote_answer(term: u64, vote_granted: bool) -> Said {
    Message::PreVoteReply(PreVoteReply {
        term: Term(term),
        vote_granted,
    })
}

/// The answer to a pre-vote: in which term, and whether yes.
fn would_vote(node: &mut Server, message: Said) -> (u64, bool) {
    match answer(node, S2, message) {
        Message::PreVoteReply(reply) => (reply.term.0, reply.vote_granted),
        other => panic!("no answer to a pre-vote: {other:?}"),
    }
}

fn is_pre_candidate(node: &Server) -> bool {
    matches!(node.role(), Role::PreCandidate(_))
}

/// A heartbeat's answer in term 1 that names `round`.
fn answered(round: u64) -> Said {
    match stored(1, 0, 0) {
        Message::AppendEntriesReply(mut reply) => {
            reply.request.round = Round(round);
            Message::AppendEntriesReply(reply)
        }
        other => other,
    }
}

/// The leader of term 1 that has committed its first command on all servers.
fn settled(settings: Settings) -> Server {
    let mut node = leading(settings);
    node.propose(101).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(1, 0, 1));
    hear(&mut node, S3, stored(1, 0, 1));
    assert_eq!(commit(&node), 1);
    assert_eq!(applied(&mut node), [1]);
    node
}

/// Fails without PV1.
#[test]
fn a_pre_candidate_keeps_its_term_and_its_vote_9_6() {
    let mut node = server(pre_voting(), 3, &[1, 3]);
    node.fire(raft_core::Timer::Election);
    assert!(is_pre_candidate(&node));
    assert_eq!(term(&node), 3, "no term is raised for a question");
    assert_eq!(node.hard_state().voted_for, None);
    assert!(node.take_write().is_none(), "and nothing is to be written");
    let asked = poll(&mut node);
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|envelope| envelope.message == pre_vote_question(3, 2, 3)),
        "{asked:?}"
    );
}

#[test]
fn a_pre_candidate_stands_once_a_majority_would_vote_9_6() {
    let mut node = server(pre_voting(), 3, &[]);
    node.fire(raft_core::Timer::Election);
    hear(&mut node, S2, pre_vote_answer(3, false));
    assert!(is_pre_candidate(&node), "a no is no yes");
    hear(&mut node, S3, pre_vote_answer(3, true));
    assert!(is_candidate(&node));
    assert_eq!(term(&node), 4);
}

#[test]
fn a_pre_vote_binds_nobody_9_6() {
    let mut node = server(pre_voting(), 3, &[]);
    let before = timer(&node);
    assert_eq!(would_vote(&mut node, pre_vote_question(3, 0, 0)), (3, true));
    assert_eq!(node.hard_state().voted_for, None);
    assert_eq!(timer(&node), before, "and no timer is reset");
    let (_, again) = granted(&mut node, S3, ask(4, 0, 0));
    assert!(again, "another candidate still gets the vote");
}

/// Fails without PV2.
#[test]
fn a_log_that_is_behind_gets_no_pre_vote_5_4_1() {
    let mut node = server(pre_voting(), 3, &[1, 3]);
    assert_eq!(
        would_vote(&mut node, pre_vote_question(3, 5, 1)),
        (3, false)
    );
    assert_eq!(would_vote(&mut node, pre_vote_question(3, 2, 3)), (3, true));
}

/// Fails without PV2.
#[test]
fn who_hears_a_leader_would_not_vote_9_6() {
    let mut node = server(pre_voting(), 3, &[]);
    hear(&mut node, S3, append(3, (0, 0), &[], 0));
    assert_eq!(
        would_vote(&mut node, pre_vote_question(3, 9, 3)),
        (3, false)
    );
    pass(&mut node, ELECTION_MIN);
    if is_follower(&node) {
        assert_eq!(would_vote(&mut node, pre_vote_question(3, 9, 3)), (3, true));
    }
}

#[test]
fn an_asker_that_is_behind_learns_the_term() {
    // etcd#8243: ignored, it would ask for ever.
    let mut node = server(pre_voting(), 7, &[]);
    assert_eq!(
        would_vote(&mut node, pre_vote_question(3, 9, 3)),
        (7, false)
    );
}

/// Fails without L5.
#[test]
fn a_leader_that_nobody_answers_steps_down_6_2() {
    let mut node = leading(checking());
    // The votes that elected it count for the first look.
    pass(&mut node, ELECTION_MAX);
    assert!(node.role().is_leader());
    pass(&mut node, ELECTION_MAX);
    assert!(is_follower(&node));
    assert_eq!(term(&node), 1, "without a new term");
}

#[test]
fn a_leader_that_a_majority_answers_stays_6_2() {
    let mut node = leading(checking());
    for _ in 0..5 {
        pass(&mut node, ELECTION_MAX.minus(Ticks(1)));
        hear(&mut node, S2, answered(0));
        pass(&mut node, Ticks(1));
        assert!(node.role().is_leader());
    }
}

/// Fails without RV0.
#[test]
fn a_server_sticks_to_the_leader_it_hears_4_2_3() {
    let mut node = server(checking(), 3, &[]);
    hear(&mut node, S3, append(3, (0, 0), &[], 0));
    assert!(hear(&mut node, S2, ask(9, 9, 9)).is_empty(), "no answer");
    assert_eq!(term(&node), 3, "and no new term");
    let by_leader = Message::RequestVote(RequestVote {
        term: Term(4),
        last_log_index: Index(0),
        last_log_term: Term(0),
        by_transfer: true,
    });
    assert_eq!(
        granted(&mut node, S2, by_leader),
        (4, true),
        "but its leader may let go"
    );
}

#[test]
fn a_leader_with_a_majority_is_not_deposed_by_a_candidate_4_2_3() {
    let mut node = leading(checking());
    assert!(hear(&mut node, S3, ask(9, 9, 9)).is_empty());
    assert!(node.role().is_leader());
    // One that refuses its entries for their term has to be believed.
    hear(
        &mut node,
        S3,
        reply(9, 0, 0, raft_core::AppendOutcome::StaleTerm),
    );
    assert!(is_follower(&node));
}

/// Fails without TL1.
#[test]
fn a_transfer_first_brings_the_successor_up_to_date_3_10() {
    let mut node = leading(settings());
    node.propose(101).expect("it leads");
    flush(&mut node);
    assert_eq!(node.transfer_leadership(S2), Ok(()));
    assert!(flush(&mut node).is_empty(), "S2 lacks an entry");
    let refused = node.propose(102);
    assert_eq!(refused, Err(ProposeError::TransferUnderWay { to: S2 }));
    let said = hear(&mut node, S2, stored(1, 0, 1));
    let call = Message::TimeoutNow(TimeoutNow { term: Term(1) });
    assert!(
        said.iter().any(|e| e.to == S2 && e.message == call),
        "{said:?}"
    );
}

/// Fails without TL3.
#[test]
fn a_successor_stands_at_once_3_10() {
    let mut node = server(pre_voting(), 1, &[1]);
    let said = hear(
        &mut node,
        S2,
        Message::TimeoutNow(TimeoutNow { term: Term(1) }),
    );
    assert!(is_candidate(&node), "it does not ask first");
    assert_eq!(term(&node), 2);
    let by_transfer = |m: &Said| matches!(m, Message::RequestVote(m) if m.by_transfer);
    assert!(
        said.iter().all(|envelope| by_transfer(&envelope.message)),
        "{said:?}"
    );
    // A call from an earlier term, come late, calls nobody.
    hear(
        &mut node,
        S2,
        Message::TimeoutNow(TimeoutNow { term: Term(1) }),
    );
    assert_eq!(term(&node), 2);
}

/// Fails without TL4.
#[test]
fn a_transfer_is_cleared_on_every_way_out_3_10() {
    let transfer = |node: &Server| match node.role() {
        Role::Leader(leader) => leader.transfer,
        _ => None,
    };
    let mut node = leading(settings());
    assert_eq!(node.transfer_leadership(S2), Ok(()));
    pass(&mut node, ELECTION_MIN.minus(Ticks(1)));
    assert!(transfer(&node).is_some(), "there is time left");
    pass(&mut node, Ticks(1));
    assert_eq!(transfer(&node), None, "its time is over");
    assert!(node.propose(101).is_ok());
    assert_eq!(node.transfer_leadership(S3), Ok(()));
    assert_eq!(node.transfer_leadership(S1), Ok(()), "called off");
    assert_eq!(transfer(&node), None);
    assert_eq!(node.transfer_leadership(S3), Ok(()));
    hear(&mut node, S2, ask(2, 9, 9));
    assert!(is_follower(&node), "somebody else stands");
    let refused = node.transfer_leadership(S3);
    assert_eq!(
        refused,
        Err(TransferError::NotLeader(NotLeader { leader: None }))
    );
    let mut node = leading(settings());
    assert_eq!(
        node.transfer_leadership(S4),
        Err(TransferError::NotAVoter(S4))
    );
}

/// Fails without RD1.
#[test]
fn no_read_before_an_entry_of_the_own_term_is_committed_6_4() {
    let mut node = leading(settings());
    assert_eq!(node.read(), Err(ReadError::NotYet));
    let mut follower = server(settings(), 1, &[]);
    let redirected = ReadError::NotLeader(NotLeader { leader: None });
    assert_eq!(follower.read(), Err(redirected));
}

/// Fails without RD2.
#[test]
fn a_read_waits_until_a_majority_confirms_the_leader_6_4() {
    let mut node = settled(settings());
    assert_eq!(node.read(), Ok(ReadId(1)));
    assert_eq!(node.reads_waiting(), 1);
    let asked = flush(&mut node);
    assert_eq!(asked.len(), 2, "everybody is asked: {asked:?}");
    hear(&mut node, S2, answered(0));
    assert_eq!(
        node.poll_read(),
        None,
        "what answers an older message proves nothing"
    );
    hear(&mut node, S2, answered(1));
    let read = Read {
        id: ReadId(1),
        outcome: Ok(Index(1)),
    };
    assert_eq!(node.reads_waiting(), 1, "for whom it is polled");
    assert_eq!(node.poll_read(), Some(read));
    assert_eq!(node.reads_waiting(), 0);
    assert_eq!(node.poll_read(), None, "once");
}

#[test]
fn reads_that_come_during_a_round_share_the_next_6_4() {
    let mut node = settled(settings());
    assert_eq!(node.read(), Ok(ReadId(1)));
    flush(&mut node);
    for id in 2..=9 {
        assert_eq!(node.read(), Ok(ReadId(id)));
    }
    assert!(
        flush(&mut node).is_empty(),
        "they wait for the round under way"
    );
    assert_eq!(
        hear(&mut node, S2, answered(1)).len(),
        2,
        "then one round for all"
    );
    assert_eq!(node.poll_read().map(|read| read.id), Some(ReadId(1)));
    assert_eq!(node.poll_read(), None);
    hear(&mut node, S3, answered(2));
    let answered: Vec<_> = std::iter::from_fn(|| node.poll_read()).collect();
    assert_eq!(answered.len(), 8);
}

/// A round that is under way asks for all reads that came before it began.
#[test]
fn no_round_is_begun_while_another_asks_for_the_same_6_4() {
    let mut node = settled(settings());
    node.read().expect("it leads");
    node.read().expect("it leads");
    let learner = raft_core::NodeId(4);
    node.reconfigure(&[S1, S2, S3], &[learner])
        .expect("it leads");
    let said = flush(&mut node);
    assert_eq!(appends(&said, S2).last().map(|m| m.round), Some(Round(2)));
    assert_eq!(
        hear(&mut node, S2, answered(1)),
        [],
        "the second is under way"
    );
    assert!(node.poll_read().is_some());
    assert!(node.poll_read().is_none());
    assert_eq!(hear(&mut node, S2, answered(2)), []);
    assert!(node.poll_read().is_some());
}

/// Fails without RD3.
#[test]
fn a_read_waits_for_the_state_machine_6_4() {
    let mut node = settled(settings());
    node.propose(102).expect("it leads");
    flush(&mut node);
    hear(&mut node, S2, stored(1, 1, 2));
    assert_eq!(commit(&node), 2);
    assert_eq!(node.read(), Ok(ReadId(1)));
    hear(&mut node, S2, answered(1));
    assert_eq!(node.poll_read(), None, "entry 2 is not applied yet");
    assert_eq!(applied(&mut node), [2]);
    assert!(node.poll_read().is_some());
}

#[test]
fn a_deposed_leader_answers_no_read_6_4() {
    let mut node = settled(settings());
    assert_eq!(node.read(), Ok(ReadId(1)));
    hear(&mut node, S2, ask(2, 9, 9));
    let lost = Read {
        id: ReadId(1),
        outcome: Err(NotLeader { leader: None }),
    };
    assert_eq!(node.poll_read(), Some(lost));
    hear(&mut node, S3, answered(1));
    assert_eq!(node.poll_read(), None);
}

/// Fails without RD4.
#[test]
fn within_its_lease_a_leader_reads_without_asking_6_4_1() {
    let mut node = settled(leasing());
    let read = |node: &mut Server| {
        node.read().expect("it leads");
        node.poll_read().is_some()
    };
    assert!(!read(&mut node), "nobody has confirmed it yet");
    pass(&mut node, HEARTBEAT);
    hear(&mut node, S2, answered(1));
    assert!(
        node.poll_read().is_none(),
        "that read came after round 1 began"
    );
    hear(&mut node, S2, answered(2));
    assert!(node.poll_read().is_some());
    flush(&mut node);
    assert!(read(&mut node), "the lease holds");
    assert!(flush(&mut node).is_empty(), "and nobody was asked");
    pass(&mut node, ELECTION_MIN);
    flush(&mut node);
    assert!(!read(&mut node), "the lease is over");
}

#[test]
fn a_lease_ends_where_a_transfer_begins_6_4_1() {
    let mut node = settled(leasing());
    pass(&mut node, HEARTBEAT);
    hear(&mut node, S2, answered(1));
    assert_eq!(node.transfer_leadership(S2), Ok(()));
    node.read().expect("it leads");
    assert!(node.poll_read().is_none(), "its successor may lead already");
}

#[test]
fn a_lease_needs_servers_that_stick_to_their_leader_6_4_1() {
    let lone = with(|settings| settings.lease_reads = true);
    let refused = raft_core::Config::new(S1, lone);
    assert_eq!(refused, Err(ConfigError::LeaseWithoutCheckQuorum));
}

#[test]
fn a_cluster_of_one_reads_by_itself() {
    let mut node = Node::restart(config(S1, settings()), among(1, disk(0, &[])), 1);
    node.fire(raft_core::Timer::Election);
    flush(&mut node);
    node.propose(101).expect("it leads");
    flush(&mut node);
    assert_eq!(applied(&mut node), [1]);
    node.read().expect("it leads");
    assert!(node.poll_read().is_some());
}
