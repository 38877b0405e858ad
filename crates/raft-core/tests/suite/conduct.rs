//! A conduct is told of each rule that acts, and a rule that it takes away does not.
//!
//! What taking a rule away leads to in a cluster is shown elsewhere
//! (`docs/ablation.md`); here is what one server does in its place, where no
//! cluster would tell the difference.

use crate::common::members::{change, disk_of, joint, of, send};
use crate::common::*;
use raft_core::{
    AppendOutcome, Conduct, Envelope, Index, InstallOutcome, InstallSnapshotReply, Message, Node,
    Rule, RuleSet, Settings, Term,
};

/// Notes what acts, and goes without some rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Watching {
    noted: RuleSet,
    ablated: RuleSet,
}

impl Conduct for Watching {
    fn note(&mut self, rule: Rule) {
        assert!(!self.ablated.contains(rule), "{rule:?} acts all the same");
        self.noted.insert(rule);
    }

    fn keeps(&self, rule: Rule) -> bool {
        !self.ablated.contains(rule)
    }
}

type Watched = Node<u64, Watching>;

/// `S1` of three servers in term 1, which goes without these rules.
fn watched(log: &[u64], ablated: &[Rule]) -> Watched {
    watched_with(settings(), log, ablated)
}

fn watched_with(settings: Settings, log: &[u64], ablated: &[Rule]) -> Watched {
    let conduct = Watching {
        ablated: ablated.iter().copied().collect(),
        ..Watching::default()
    };
    Node::restart_with(config(S1, settings), among(3, disk(1, log)), 1, conduct)
}

/// Everything is written, and who is to be told is told.
fn settle(node: &mut Watched) {
    while let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    drain(|| node.poll_message());
}

/// `S1` of three servers, the leader of term 2.
fn watched_leader(log: &[u64], ablated: &[Rule]) -> Watched {
    let mut node = watched(log, ablated);
    lead(&mut node);
    node
}

/// Stands for election in term 2, and is elected by `S2`.
fn lead(node: &mut Watched) {
    node.fire(raft_core::Timer::Election);
    settle(node);
    node.receive(S2, vote(2, true));
    settle(node);
    assert!(node.role().is_leader());
}

/// The rules that `act` makes act.
fn noted(node: &mut Watched, act: impl FnOnce(&mut Watched)) -> Vec<Rule> {
    node.conduct_mut().noted = RuleSet::EMPTY;
    act(node);
    node.conduct().noted.iter().collect()
}

#[test]
fn a_set_holds_what_was_put_into_it() {
    let mut set = RuleSet::EMPTY;
    assert!(set.is_empty());
    for rule in Rule::ALL {
        assert!(!set.contains(*rule) && set.insert(*rule), "{rule:?} is new");
        assert!(set.contains(*rule) && !set.insert(*rule), "{rule:?} is in");
    }
    assert!(!set.is_empty());
    assert!(set.iter().eq(Rule::ALL.iter().copied()));
    let two: RuleSet = [Rule::OneVote, Rule::HigherTerm].into_iter().collect();
    assert_eq!(two.iter().count(), 2);
}

/// Whatever rule is taken away, with and without a pipeline, a server that
/// stands, leads and proposes has said at some time all that it says.
#[test]
fn it_comes_to_rest_without_any_rule() {
    for (rule, in_flight_max) in Rule::ALL.iter().flat_map(|rule| [(rule, 1), (rule, 3)]) {
        let bounded = Settings {
            in_flight_max,
            entries_max: 1,
            ..settings()
        };
        let mut node = watched_with(bounded, &[1], &[*rule]);
        node.fire(raft_core::Timer::Election);
        settle(&mut node);
        node.receive(S2, vote(term_of(&node), true));
        settle(&mut node);
        for last_index in 2..8 {
            let _ = node.propose(last_index);
            settle(&mut node);
            let term = term_of(&node);
            node.receive(S2, stored(term, last_index - 1, last_index));
            settle(&mut node);
            node.advance(HEARTBEAT);
            settle(&mut node);
        }
    }
}

fn term_of(node: &Watched) -> u64 {
    node.hard_state().current_term.0
}

/// Figure 2: a rule let a message leave where there was one that waited.
#[test]
fn a_write_that_nothing_waits_for_lets_nothing_leave() {
    let mut node = watched(&[1], &[]);
    node.receive(S2, ask(1, 1, 1));
    let rules = noted(&mut node, settle);
    assert!(rules.contains(&Rule::PersistFirst), "{rules:?}");
    let mut node = watched_leader(&[1], &[]);
    node.propose(201).expect("it leads");
    while node.poll_message().is_some() {}
    let rules = noted(&mut node, settle);
    assert!(!rules.contains(&Rule::PersistFirst), "{rules:?}");
}

/// §5.2, T2: without a new timer for each election, the old one begins again.
#[test]
fn without_a_new_timer_a_candidate_waits_as_long_again() {
    let mut node = watched(&[1], &[Rule::ResetOnElection]);
    let drawn = node.role().election().expect("a follower has a timer");
    node.advance(drawn.timeout);
    let timer = node.role().election().expect("a candidate has a timer");
    assert_eq!(
        (timer.timeout, timer.remaining),
        (drawn.timeout, drawn.timeout)
    );
}

/// A proposal and its commitment name the rules that they follow.
#[test]
fn a_commitment_names_its_rules() {
    let mut node = watched_leader(&[1], &[]);
    let proposed = noted(&mut node, |node| {
        node.propose(201).expect("it leads");
        settle(node);
    });
    assert!(proposed.contains(&Rule::AppendCommand) && proposed.contains(&Rule::SendEntries));
    assert!(!proposed.contains(&Rule::CommitMajority), "{proposed:?}");
    let committed = noted(&mut node, |node| node.receive(S2, stored(2, 1, 2)));
    assert!(committed.contains(&Rule::CommitMajority), "{committed:?}");
    assert!(!committed.contains(&Rule::BothMajorities), "{committed:?}");
}

/// §5.3, L3-wait: a heartbeat without the entries that there are says why.
#[test]
fn a_heartbeat_that_holds_entries_back_names_its_rule() {
    let pipelining = Settings {
        in_flight_max: 2,
        ..settings()
    };
    let mut node = watched_with(pipelining, &[1], &[]);
    lead(&mut node);
    node.receive(S2, stored(2, 1, 1));
    for command in [202, 203, 204] {
        let waits = noted(&mut node, |node| node.advance(HEARTBEAT));
        assert!(!waits.contains(&Rule::WaitForAnswer), "{waits:?}");
        node.propose(command).expect("it leads");
        settle(&mut node);
    }
    let waits = noted(&mut node, |node| node.advance(HEARTBEAT));
    assert!(waits.contains(&Rule::WaitForAnswer), "{waits:?}");
}

/// What of the two rules about whose configuration counts `act` makes act.
fn of_configurations(node: &mut Watched, act: impl FnOnce(&mut Watched)) -> Vec<Rule> {
    let mut rules = noted(node, act);
    let both = [Rule::LatestConfiguration, Rule::RollBackConfiguration];
    rules.retain(|rule| both.contains(rule));
    rules
}

/// §4.1, CC1 and CC2: a configuration that comes and one that goes are told apart.
#[test]
fn a_configuration_that_comes_is_not_one_that_goes() {
    let mut node = watched(&[], &[]);
    let four = vec![change(1, of(&[1, 2, 3, 4], &[]))];
    let rules = of_configurations(&mut node, |node| {
        node.receive(S2, send(1, (0, 0), four, 0));
    });
    assert_eq!(rules, [Rule::LatestConfiguration]);
    let rules = of_configurations(&mut node, |node| {
        node.receive(S3, send(2, (0, 0), entries(1, &[2]), 0));
    });
    assert_eq!(rules, [Rule::RollBackConfiguration]);
    let rules = of_configurations(&mut node, |node| {
        node.overwrite(disk_of(of(&[1, 2], &[]), 2, Vec::new()), Index::ZERO);
    });
    assert_eq!(rules, [Rule::LatestConfiguration], "nothing was cut off");
}

/// §4.1, CC2: a tool that touches only the rest of the disk changes nothing about
/// where the configuration lies.
#[test]
fn what_was_overwritten_with_the_same_still_goes_back() {
    let mut node = watched(&[], &[]);
    let four = vec![change(1, of(&[1, 2, 3, 4], &[]))];
    node.receive(S2, send(1, (0, 0), four, 0));
    node.overwrite(node.persistent(), Index::ZERO);
    let rules = of_configurations(&mut node, |node| {
        node.receive(S3, send(2, (0, 0), entries(1, &[2]), 0));
    });
    assert_eq!(rules, [Rule::RollBackConfiguration]);
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[]));
}

/// §4.1, CC1: without it a server goes by what is committed, and where a host
/// says that less is, by what was before.
#[test]
fn without_the_latest_configuration_the_committed_one_counts() {
    let mut node = watched(&[], &[Rule::LatestConfiguration]);
    let four = of(&[1, 2, 3, 4], &[]);
    node.receive(S2, send(1, (0, 0), vec![change(1, four.clone())], 0));
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[]));
    node.receive(S2, send(1, (1, 1), Vec::new(), 1));
    assert_eq!(*node.configuration(), four);
    node.overwrite(node.persistent(), Index::ZERO);
    assert_eq!(*node.configuration(), of(&[1, 2, 3], &[]));
}

/// §4.1: a server listens to whom it does not know, and a rule says so.
#[test]
fn strangers_are_heard_by_a_rule() {
    let mut node = watched(&[1], &[]);
    let rules = noted(&mut node, |node| node.receive(S2, ask(2, 1, 1)));
    assert!(!rules.contains(&Rule::AnswerAnybody), "{rules:?}");
    let rules = noted(&mut node, |node| node.receive(S5, ask(3, 1, 1)));
    assert!(rules.contains(&Rule::AnswerAnybody), "{rules:?}");
    let mut deaf = watched(&[1], &[Rule::AnswerAnybody]);
    assert_eq!(noted(&mut deaf, |node| node.receive(S5, ask(3, 1, 1))), []);
    assert_eq!(term_of(&deaf), 1);
}

/// §5.1: an answer is no question: the later term in it is entered, whoever it
/// comes from, and whether strangers are answered or not.
#[test]
fn the_term_in_a_strangers_answer_is_entered() {
    for ablated in [vec![], vec![Rule::AnswerAnybody]] {
        let mut node = watched(&[1], &ablated);
        let rules = noted(&mut node, |node| node.receive(S5, vote(3, false)));
        assert_eq!(term_of(&node), 3);
        assert!(!rules.contains(&Rule::AnswerAnybody), "{rules:?}");
    }
}

/// §6: two majorities are noted where there are two; where one of all is
/// enough, the voters of both configurations count alike.
#[test]
fn without_both_majorities_one_of_all_is_enough() {
    let disk = || disk_of(joint(&[1, 2, 3], &[1, 4, 5]), 1, Vec::new());
    for (ablated, wins) in [(vec![], false), (vec![Rule::BothMajorities], true)] {
        let mut node = watched(&[], &ablated);
        node.overwrite(disk(), Index::ZERO);
        node.fire(raft_core::Timer::Election);
        settle(&mut node);
        node.receive(S2, vote(2, true));
        let rules = noted(&mut node, |node| node.receive(S3, vote(2, true)));
        assert_eq!(node.role().is_leader(), wins, "three of five");
        assert!(!rules.contains(&Rule::BothMajorities), "{rules:?}");
        let rules = noted(&mut node, |node| node.receive(S4, vote(2, true)));
        assert!(node.role().is_leader());
        assert_eq!(rules.contains(&Rule::BothMajorities), !wins, "{rules:?}");
    }
}

/// §5.2, C3: only who stands has something to yield.
#[test]
fn a_follower_does_not_yield_and_a_candidate_may_not() {
    for ablated in [vec![], vec![Rule::YieldToLeader]] {
        let mut node = watched(&[1], &ablated);
        let heartbeat = |term| append(term, (1, 1), &[], 0);
        let rules = noted(&mut node, |node| node.receive(S2, heartbeat(1)));
        assert!(!rules.contains(&Rule::YieldToLeader), "{rules:?}");
        assert_eq!(node.leader(), Some(S2));
        node.fire(raft_core::Timer::Election);
        settle(&mut node);
        let rules = noted(&mut node, |node| node.receive(S2, heartbeat(2)));
        assert_eq!(rules.contains(&Rule::YieldToLeader), ablated.is_empty());
        assert_eq!(node.leader(), ablated.is_empty().then_some(S2));
    }
}

/// §5.3, AE5: commitIndex is news once.
#[test]
fn a_commit_index_is_noted_where_it_rises() {
    let mut node = watched(&[1], &[]);
    for rises in [true, false] {
        let rules = noted(&mut node, |node| {
            node.receive(S2, append(1, (1, 1), &[], 1));
        });
        assert_eq!(rules.contains(&Rule::FollowerCommit), rises, "{rules:?}");
    }
}

/// §5.3: what is there already is kept, by a rule where there is something to
/// keep; without it everything after the entry before is cut off.
#[test]
fn entries_are_kept_by_a_rule() {
    let kept = Rule::KeepWithoutConflict;
    let mut node = watched(&[1, 1], &[]);
    for (prev, log, keeps) in [
        (2, &[][..], false),
        (1, &[], true),
        (1, &[1], true),
        (0, &[1], true),
    ] {
        let rules = noted(&mut node, |node| {
            node.receive(S2, append(1, (prev, prev.min(1)), log, 0));
        });
        assert_eq!(
            rules.contains(&kept),
            keeps,
            "{log:?} after {prev}: {rules:?}"
        );
        assert_eq!(node.log().last_index(), Index(2));
    }
    let mut node = watched(&[1, 1], &[kept]);
    node.receive(S2, append(1, (2, 1), &[], 0));
    assert_eq!(
        node.log().last_index(),
        Index(2),
        "there is nothing to store"
    );
    node.receive(S2, append(1, (0, 0), &[1], 0));
    assert_eq!(node.log().last_index(), Index(1));
}

/// §10.2.1, L3-pipe: one message ahead of another is by a rule; the first is not.
#[test]
fn a_pipeline_is_noted_from_its_second_message_on() {
    let pipelining = Settings {
        in_flight_max: 2,
        ..settings()
    };
    let mut node = watched_with(pipelining, &[1], &[]);
    lead(&mut node);
    node.receive(S2, stored(2, 1, 1));
    for overtakes in [false, true] {
        let rules = noted(&mut node, |node| {
            node.propose(0).expect("it leads");
            settle(node);
        });
        assert_eq!(rules.contains(&Rule::Pipeline), overtakes, "{rules:?}");
    }
}

/// §7: a snapshot has the configuration of its last entry by a rule, where
/// that is another than before.
#[test]
fn a_snapshot_s_configuration_is_noted_where_it_changes() {
    let four = of(&[1, 2, 3, 4], &[]);
    for ablated in [vec![], vec![Rule::SnapshotConfiguration]] {
        let mut node = watched(&[], &ablated);
        let log = vec![change(1, four.clone()), change(1, four.clone())];
        node.receive(S2, send(1, (0, 0), log, 2));
        while node.poll_apply().is_some() {}
        let rules = noted(&mut node, |node| {
            node.compact(Index(1), [7].into()).expect("it is applied");
        });
        let changes = rules.contains(&Rule::SnapshotConfiguration);
        assert_eq!(changes, ablated.is_empty(), "{rules:?}");
        let kept = &node.log().snapshot().configuration;
        assert_eq!(**kept == four, ablated.is_empty());
    }
    let mut node = watched(&[1], &[]);
    node.receive(S2, append(1, (1, 1), &[], 1));
    while node.poll_apply().is_some() {}
    let rules = noted(&mut node, |node| {
        node.compact(Index(1), [7].into()).expect("it is applied");
    });
    assert!(!rules.contains(&Rule::SnapshotConfiguration), "{rules:?}");
}

fn installing(term: u64, last_included_index: u64, outcome: InstallOutcome) -> Said {
    Message::InstallSnapshotReply(InstallSnapshotReply {
        term: Term(term),
        request: request(term, last_included_index, last_included_index),
        outcome,
    })
}

/// The chunks of snapshots that are said to `S2`: of which, and from where on.
fn chunks(node: &mut Watched) -> Vec<(u64, u64)> {
    while let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    let said = drain(|| node.poll_message()).into_iter();
    let chunk = |said: Envelope<u64>| match said.message {
        Message::InstallSnapshot(m) if said.to == S2 => Some((m.last_included_index.0, m.offset)),
        _ => None,
    };
    said.filter_map(chunk).collect()
}

/// §7: a snapshot that was begun is finished by a rule, where there is a newer
/// one; without it the newer one is begun.
#[test]
fn an_older_snapshot_is_finished_by_a_rule() {
    let finish = Rule::FinishSnapshot;
    for (ablated, next) in [(vec![], (2, 1)), (vec![finish], (3, 0))] {
        let in_bytes = Settings {
            snapshot_bytes_max: 1,
            ..settings()
        };
        let mut node = watched_with(in_bytes, &[1], &ablated);
        lead(&mut node);
        let compact = |node: &mut Watched, last: u64| {
            node.propose(0).expect("it leads");
            settle(node);
            node.receive(S3, stored(2, last - 1, last));
            while node.poll_apply().is_some() {}
            let compacted = node.compact(Index(last), [1, 2, 3].into());
            compacted.expect("it is applied");
            settle(node);
        };
        compact(&mut node, 2);
        node.receive(
            S2,
            reply(2, 1, 2, AppendOutcome::TooShort { x_len: Index(1) }),
        );
        assert_eq!(chunks(&mut node), [(2, 0)]);
        let got_one = InstallOutcome::Stored { offset: 1 };
        let rules = noted(&mut node, |node| {
            node.receive(S2, installing(2, 2, got_one));
            assert_eq!(chunks(node), [(2, 1)]);
        });
        assert!(!rules.contains(&finish), "there is no newer one: {rules:?}");
        compact(&mut node, 3);
        let rules = noted(&mut node, |node| {
            node.advance(HEARTBEAT);
            assert_eq!(chunks(node), [next]);
        });
        assert_eq!(rules.contains(&finish), ablated.is_empty(), "{rules:?}");
    }
}

/// Whoever counts servers without a vote still steps down once it has none itself: each rule is
/// ablated alone (§4.2.2 of the dissertation).
#[test]
fn a_removed_leader_steps_down_whoever_counts() {
    let mut node = watched_leader(&[1], &[Rule::VotersOnly]);
    let (own, _) = node.propose(1).expect("it leads");
    settle(&mut node);
    node.receive(S2, stored(2, 1, own.0));
    let (index, _) = node
        .reconfigure(&[S2, S3], &[])
        .expect("its term has a committed entry");
    settle(&mut node);
    for follower in [S2, S3] {
        node.receive(follower, stored(2, own.0, index.0));
    }
    assert!(!node.role().is_leader());
}

/// C6: whoever goes without P1-heard says nothing while its disk is behind, of entries as of
/// snapshots.
#[test]
fn without_the_word_that_it_was_heard_nothing_is_said() {
    let bounded = Settings {
        unwritten_bytes_max: 16,
        ..settings()
    };
    for (ablated, answers) in [(&[][..], 1), (&[Rule::HeardWhileWriting][..], 0)] {
        for asked in [append(1, (2, 1), &[1], 0), install(1, 9, 1)] {
            let mut node = watched_with(bounded.clone(), &[1], ablated);
            node.receive(S2, append(1, (1, 1), &[1], 0));
            let _under_way = node.take_write();
            node.receive(S2, asked);
            assert_eq!(drain(|| node.poll_message()).len(), answers);
        }
    }
}
