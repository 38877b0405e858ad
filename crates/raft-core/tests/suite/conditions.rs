//! A conduct is told what each clause compared, in the order in which a server comes to them, and
//! whether that held (Figure 2).

use crate::common::*;
use raft_core::{Condition, Conduct, Field, Index, Node, NodeId, Part, Rule, Term, Timer, Value};

/// Writes down what is weighed, and what acts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Listening(Vec<String>);

impl Conduct for Listening {
    fn note(&mut self, rule: Rule) {
        self.0.push(format!("{} acts", rule.id()));
    }

    fn weigh(&mut self, rule: Rule, condition: Condition, holds: bool) {
        let Condition {
            left,
            relation,
            right,
        } = condition;
        assert_eq!(condition.holds(), holds, "{rule:?} {condition:?}");
        let id = rule.id();
        let (one, other) = (left.field.english(), right.field.english());
        let (a, b) = (number(left.value), number(right.value));
        self.0
            .push(format!("{id} {one} {relation} {other}: {a} {b} {holds}"));
    }
}

fn number(value: Value) -> String {
    match value {
        Value::Bool(is) => is.to_string(),
        Value::Count(n) | Value::Term(Term(n)) | Value::Index(Index(n)) => n.to_string(),
        Value::LogEnd(end) => format!("{}.{}", end.term, end.index),
        Value::Server(id) => id.to_string(),
        Value::Round(round) => round.0.to_string(),
        Value::Ticks(ticks) => ticks.0.to_string(),
        Value::Compacted => "compacted".into(),
        Value::Missing => "missing".into(),
        Value::Nobody => "null".into(),
    }
}

type Listener = Node<u64, Listening>;

/// `S1` of three servers.
fn listener(term: u64, log: &[u64]) -> Listener {
    let disk = among(3, disk(term, log));
    Node::restart_with(config(S1, settings()), disk, 1, Listening::default())
}

/// What is told while it takes this in.
fn told(node: &mut Listener, from: NodeId, message: Said) -> Vec<String> {
    node.conduct_mut().0.clear();
    node.receive(from, message);
    node.conduct().0.clone()
}

fn settle(node: &mut Listener) {
    while let Some(write) = node.take_write() {
        node.durable(write.id);
    }
    drain(|| node.poll_message());
}

/// `S1`, elected by `S2` in the term after this one.
fn leading(term: u64, log: &[u64]) -> Listener {
    let mut node = listener(term, log);
    node.fire(Timer::Election);
    settle(&mut node);
    node.receive(S2, vote(term + 1, true));
    settle(&mut node);
    assert!(node.role().is_leader());
    node
}

#[test]
fn a_refusal_names_what_differs_5_3() {
    let mut node = listener(7, &[4, 5, 5]);
    let asked = [
        "M1 S2 is not a member = : false true false",
        "A2 term > currentTerm: 7 7 false",
        "AE1 term < currentTerm: 7 7 false",
        "M2 is leader = : false true false",
        "C3 is a candidate = : false true false",
        "T1 acts",
        "T0 acts",
    ];
    let mut expected: Vec<String> = asked.map(String::from).to_vec();
    expected.push("AE2 log[3].term ≠ prevLogTerm: 5 6 true".into());
    expected.push("AE2 acts".into());
    assert_eq!(told(&mut node, S2, append(7, (3, 6), &[], 0)), expected);
    expected.truncate(7);
    expected.push("AE2 lastLogIndex < prevLogIndex: 3 5 true".into());
    expected.push("AE2 acts".into());
    assert_eq!(told(&mut node, S2, append(7, (5, 6), &[], 0)), expected);
}

#[test]
fn a_conflict_is_named_at_its_index_5_3() {
    let mut node = listener(7, &[4, 5, 5]);
    let heard = told(&mut node, S2, append(7, (1, 4), &[6, 6], 2));
    let asked = [
        "AE2 log[1].term ≠ prevLogTerm: 4 4 false",
        "AE3 log[2].term ≠ entries[2].term: 5 6 true",
        "AE3 acts",
        "AE4 entries known < entries sent: 0 2 true",
        "AE4 acts",
        "AE5 min(leaderCommit, last new entry) > commitIndex: 2 0 true",
        "AE5 acts",
    ];
    assert_eq!(heard[7..], asked);
}

#[test]
fn a_vote_is_refused_by_the_first_clause_that_holds_5_2() {
    let mut node = listener(3, &[1, 2]);
    let heard = told(&mut node, S3, ask(3, 9, 1));
    let asked = [
        "RV1 term < currentTerm: 3 3 false",
        "RV2-vote votedFor ∉ candidateId: null S3 false",
        "RV2-log candidate's last entry < own last entry: 1.9 2.2 true",
        "RV2-log acts",
    ];
    assert_eq!(heard[2..], asked);
    let heard = told(&mut node, S3, ask(3, 2, 2));
    assert_eq!(
        heard[4..],
        [
            "RV2-log candidate's last entry < own last entry: 2.2 2.2 false",
            "RV2 acts",
            "T3-once votedFor = candidateId: null S3 false",
            "T3 acts",
            "T0 acts"
        ]
    );
    let heard = told(&mut node, S2, ask(3, 2, 2));
    assert_eq!(
        heard[3..],
        [
            "RV2-vote votedFor ∉ candidateId: S3 S2 true",
            "RV2-vote acts"
        ]
    );
}

#[test]
fn an_entry_of_an_older_term_is_named_with_both_terms_5_4_2() {
    let mut node = leading(4, &[2, 4]);
    let heard = told(&mut node, S2, stored(5, 2, 2));
    let asked = [
        "A2 term > currentTerm: 5 5 false",
        "O1 is no longer leader = : false true false",
        "O1 term ≠ currentTerm: 5 5 false",
        "O1 term of the request ≠ currentTerm: 5 5 false",
        "CC12 round of the reply < round in which it was added: 0 0 false",
        "M2 prevLogIndex + entries > lastLogIndex: 2 2 false",
        "L3a acts",
        "L4 N that a majority stores > commitIndex: 2 0 true",
        "L4-term log[2].term ≠ currentTerm: 4 5 true",
        "L4-term acts",
    ];
    assert_eq!(heard, asked);
}

#[test]
fn votes_are_told_against_the_majority_5_2() {
    let mut node = listener(1, &[1]);
    node.fire(Timer::Election);
    settle(&mut node);
    let heard = told(&mut node, S2, vote(2, false));
    assert_eq!(
        heard[2..],
        ["C2-vote acts", "C2 votes ≥ majority: 1 2 false"]
    );
    let heard = told(&mut node, S3, vote(2, true));
    assert_eq!(
        heard[2..5],
        ["C2-vote acts", "C2 votes ≥ majority: 2 2 true", "C2 acts"]
    );
}

#[test]
fn a_second_change_is_refused_by_the_index_of_the_first_4_1() {
    let mut node = leading(1, &[1]);
    let (index, _) = node.propose(1).expect("it leads");
    settle(&mut node);
    node.receive(S2, stored(2, 1, index.0));
    node.reconfigure(&[S1, S2], &[]).expect("one goes");
    node.conduct_mut().0.clear();
    let _ = node.reconfigure(&[S1, S2, S3], &[]);
    assert_eq!(
        node.conduct().0,
        [
            "CC4 log[2].term ≠ currentTerm: 2 2 false",
            "CC3 configuration's index > commitIndex: 3 2 true",
            "CC3 acts"
        ]
    );
}

#[test]
fn names_are_said_in_both_languages() {
    assert_eq!(Field::NextIndex(S2).english(), "nextIndex[S2]");
    assert_eq!(Field::NextIndex(S2).chinese(), "nextIndex[S2]");
    assert_eq!(Field::Votes.chinese(), "票数");
    assert_eq!(Field::Constant.english(), "");
}

#[test]
fn every_rule_stands_in_the_box_that_its_name_says() {
    for rule in Rule::ALL {
        let part = match rule.id() {
            id if id.starts_with("AE") => Part::AppendEntries,
            id if id.starts_with("RV") => Part::RequestVote,
            id if id.starts_with("RD") => Part::Reads,
            id if id.starts_with("CC") => Part::Membership,
            id if id.starts_with("TL") => Part::Transfer,
            id if id.starts_with("PV") => Part::PreVote,
            "IS-send" | "IS-finish" | "SN" | "SN-conf" => Part::Snapshots,
            id if id.starts_with("IS") => Part::InstallSnapshot,
            "L2-redirect" => Part::AllServers,
            id if id.starts_with('L') || id == "O2" => Part::Leaders,
            id if id.starts_with('C') || id == "T2" => Part::Candidates,
            id if id.starts_with('T') || id.starts_with('F') => Part::Followers,
            _ => Part::AllServers,
        };
        assert_eq!(rule.part(), part, "{}", rule.id());
        assert!(Part::ALL.contains(&part));
    }
}
