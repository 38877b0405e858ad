//! Every clause of the algorithm acts somewhere, and whatever a server does is
//! due to one.
//!
//! The runs are all playbooks, random minutes, and two scenes for
//! what happens in neither. No rule is ablated in them: what servers do
//! that ignore rules, or hear from such servers, proves nothing.

use raft_sim::action::ServerAction;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use raft_core::{Rule, RuleSet, Timer};
use raft_play::open;
use raft_play::text::Line;
use raft_play::words::{Language, describe};
use raft_sim::client::calls::{Call, Says};
use raft_sim::client::{Operation, ReadBy};
use raft_sim::event::{Event, EventKind};
use raft_sim::letter::Letter;
use raft_sim::outcome::Declined;
use raft_sim::said::Said;
use raft_sim::{Action, Micros, Run};

const RANDOM_RUNS: u64 = 60;

/// Rules that no run reaches, and why. They are reached where nodes are
/// driven by hand.
const BY_HAND: &[(Rule, &str)] = &[(
    Rule::IgnoreNonsense,
    "no simulated server lies: see ablation/by_hand.rs, and tests/hostile.rs of raft-core",
)];

/// What happens neither in a playbook nor by chance.
const SCENES: &[(&str, &str)] = &[
    (
        "a leader that is cut off is offered more commands than it takes",
        "servers 3\ntimeout S1\nrun 100ms\ndisconnect S1\npropose S1 x1..x10000\n\
         propose S1 y1..y10000",
    ),
    (
        "a server is removed and added again before its answer arrives",
        "servers 3\nlatency 10ms\ntimeout S1\nrun 40ms\npropose S1 x\nrun 15ms\ndelay M12 200ms\n\
         run 30ms\nreconfigure S1 voters S1 S2\nrun 40ms\n\
         reconfigure S1 voters S1 S2 learners S3\nrun 1s",
    ),
];

/// What happens on a server and is not a clause of the algorithm: faults, and
/// requests that are refused in any state because of their contents. Nothing
/// that a server decides may be added here.
const WITHOUT_RULE: &[&str] = &[
    "a client's request waits for a paused server, or asks nothing of the algorithm",
    "a crash, restart, pause, resume, disconnect or connect",
    "a leader called off a transfer",
    "a leader looked who has answered, and a majority has",
    "a message waits for a paused server",
    "a request to change nothing",
    "a rewrite of what a server keeps",
    "a transfer to who has no vote",
    "a write is done, and nothing waited for it",
    "a write fails, and the server stops",
];

/// Which of them an event is.
fn without_rule(event: &Event) -> Option<&'static str> {
    let which = match &event.kind {
        EventKind::Acted(action) => of_action(action)?,
        EventKind::Timer(Timer::Quorum) => 3,
        EventKind::Parked(_, Letter::Rpc(_)) => 4,
        EventKind::Parked(_, Letter::Call(_)) => 0,
        EventKind::Delivered(_, Letter::Call(call)) if is_local_read(call) => 0,
        EventKind::Declined(_, Declined::Unchanged) => 5,
        EventKind::Declined(_, Declined::NotAVoter(_)) => 7,
        EventKind::Written => 8,
        EventKind::WriteFailed => 9,
        _ => return None,
    };
    WITHOUT_RULE.get(which).copied()
}

fn of_action(action: &Action) -> Option<usize> {
    if let Action::Rewrite(_) = action {
        return Some(6);
    }
    if let Action::Server(ServerAction::Transfer { from, to }) = action {
        return (from == to).then_some(2);
    }
    if let Action::Server(ServerAction::Fire(_, Timer::Quorum)) = action {
        return Some(3);
    }
    let line = Line(action).to_string();
    let verb = line.split(' ').next()?;
    let mut verbs = "crash restart pause resume disconnect connect".split(' ');
    verbs.any(|one| one == verb).then_some(1)
}

fn is_local_read(call: &Call) -> bool {
    let local = ReadBy::Local;
    matches!(&call.says, Says::Request(Operation::Get { by, .. }) if *by == local)
}

/// What happened in each run, by the name of the run.
static RUNS: LazyLock<Vec<(String, Vec<Event>)>> = LazyLock::new(|| {
    let mut runs = Vec::new();
    let mut play = |name: String, text: &str| {
        let run = open(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        runs.push((name, run.events().iter().collect()));
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    for folder in fs::read_dir(root).expect("the playbooks") {
        for file in fs::read_dir(folder.expect("a folder").path()).expect("its files") {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a playbook");
            let kept = text.lines().filter(|line| !line.starts_with("ablate "));
            let kept: Vec<&str> = kept.collect();
            play(path.display().to_string(), &kept.join("\n"));
        }
    }
    for (name, text) in SCENES {
        play((*name).to_owned(), text);
    }
    for seed in 0..RANDOM_RUNS {
        let run = crate::chaos::random_run(seed, Micros::from_secs(60), RuleSet::EMPTY);
        runs.push((format!("seed {seed}"), run.events().iter().collect()));
    }
    runs
});

#[test]
fn every_rule_acts_somewhere() {
    let mut acted = BTreeSet::new();
    for (_, events) in RUNS.iter() {
        acted.extend(events.iter().flat_map(|event| event.rules.to_vec()));
    }
    for rule in Rule::ALL {
        let by_hand = BY_HAND.iter().find(|(by_hand, _)| by_hand == rule);
        assert_ne!(
            acted.contains(rule),
            by_hand.is_some(),
            "{}: {by_hand:?}",
            rule.id()
        );
    }
}

#[test]
fn whatever_a_server_does_is_done_by_a_rule() {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for (run, events) in RUNS.iter() {
        for event in events {
            let at = || format!("{run}, event {}", event.number + 1);
            if event.server.is_none() {
                assert!(event.rules.is_empty(), "{}", at());
            } else if event.rules.is_empty() {
                let which = without_rule(event).unwrap_or_else(|| {
                    panic!(
                        "{}: {}: by no rule",
                        at(),
                        describe(event, Language::English)
                    )
                });
                *found.entry(which).or_default() += 1;
            }
        }
    }
    let expected: BTreeSet<&str> = WITHOUT_RULE.iter().copied().collect();
    assert_eq!(found.keys().copied().collect::<BTreeSet<_>>(), expected);
}

/// A leader that sends no snapshots sends nothing in their place, and still comes to rest.
#[test]
fn without_snapshots_a_leader_passes_on_to_the_next_follower() {
    let run = open(
        "servers 3\nsnapshots every 5\nablate IS-send\nlatency 5ms\ntimeout S1\nrun 120ms\n\
         propose S1 a\nrun 20ms\nlatency S3 -> S1 300ms\npropose S1 b\nrun 15ms\n\
         propose S1 c d\nrun 340ms\npropose S1 e\nrun 1s",
    );
    let run = run.expect("it plays to its end");
    let last = run
        .world()
        .server(raft_core::NodeId(2))
        .and_then(|server| server.node());
    assert_eq!(
        last.map(raft_sim::server::ServerNode::commit_index),
        Some(raft_core::Index(5))
    );
}

/// The scenes are about what they say.
#[test]
fn the_scenes_are_what_they_are_called() {
    let scene = |number: usize| {
        let (name, text) = SCENES[number];
        open(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let last = |run: &Run| run.events().last().expect("an event").kind.clone();
    assert!(matches!(
        last(&scene(0)),
        EventKind::Declined(_, Declined::TooMuchInFlight(16_384))
    ));
    let again = scene(1);
    let late = again
        .events()
        .iter()
        .find(|event| event.rules.contains(&Rule::JoinAnew));
    assert!(
        late.as_ref().is_some_and(
            |event| matches!(&event.kind, EventKind::Delivered(_, Letter::Rpc(arrival))
            if matches!(arrival.said, Said::AppendEntriesReply { .. }))
        ),
        "{late:?}"
    );
}
