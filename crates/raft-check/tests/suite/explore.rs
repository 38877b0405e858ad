//! The search of all runs of a small cluster.

use std::sync::Arc;

use raft_check::explore::{
    Bounds, Counterexample, Instant, Limits, Progress, Report, Unbounded, Unsearchable, Verdict,
    explore,
};
use raft_core::{NodeId, Rule};
use raft_play::playbook::Playbook;
use raft_play::script;
use raft_sim::Invariant;
use raft_sim::run::{Stage, Trial};
use raft_sim::setup::Feature;

/// No test takes long, even where a fault of the search hides what it looks for.
const STATES_MAX: u64 = 100_000;

const LIMITS: Limits = Limits {
    workers: 1,
    bytes_max: usize::MAX,
};

fn searched(bounds: &Bounds) -> Report {
    explore(bounds, LIMITS, |progress| progress.states < STATES_MAX).expect("can be searched")
}

fn without(rule: Rule, bounds: &Bounds) -> Bounds {
    Bounds {
        ablated: [rule].into_iter().collect(),
        ..bounds.clone()
    }
}

fn shortest(bounds: &Bounds) -> Counterexample {
    match searched(bounds).verdict {
        Verdict::Broken(counterexample) => counterexample,
        verdict => panic!("{bounds:?}: {verdict:?}"),
    }
}

/// Any number of copies.
fn small() -> Bounds {
    Bounds {
        copies: None,
        ..Bounds::default()
    }
}

/// States, transitions and depth of what was searched whole: a change of any is one of Raft, or of
/// the search.
#[test]
fn small_clusters_are_searched_whole() {
    let one_term = |bounds| Bounds { terms: 1, ..bounds };
    let expected = [
        (
            Bounds {
                commands: 0,
                ..one_term(Bounds::default())
            },
            (714, 2453, 15),
        ),
        (one_term(small()), (543, 2007, 12)),
        (
            Bounds {
                commands: 0,
                ..small()
            },
            (2005, 8307, 14),
        ),
    ];
    for (bounds, (states, transitions, depth)) in expected {
        let report = searched(&bounds);
        assert_eq!(report.verdict, Verdict::Exhausted);
        let Progress {
            states: found,
            transitions: done,
            depth: deep,
            waiting,
            ..
        } = report.progress;
        assert_eq!(
            (found, done, deep, waiting),
            (states, transitions, depth, 0)
        );
    }
}

#[test]
fn any_number_of_workers_finds_the_same() {
    let all = [
        Bounds {
            commands: 0,
            ..small()
        },
        without(Rule::UpToDate, &small()),
        without(Rule::KeepWithoutConflict, &small()),
    ];
    for bounds in all {
        let alone = searched(&bounds);
        for workers in [2, 4] {
            let limits = Limits { workers, ..LIMITS };
            assert_eq!(explore(&bounds, limits, |_| true), Ok(alone.clone()));
        }
    }
}

/// The text of each counterexample is played as any playbook is, and what it expects to break
/// breaks in the laboratory.
#[test]
fn counterexamples_are_playbooks() {
    for (rule, bounds, steps, broken) in shortest_known() {
        let bounds = without(rule, &bounds);
        let counterexample = shortest(&bounds);
        let found = (counterexample.depth, counterexample.broken);
        assert_eq!(found, (steps, broken), "{rule:?}");
        breaks_as_it_expects(
            rule,
            &counterexample.playbook(&bounds).expect("the same system"),
        );
    }
}

/// Of rules: bounds in which something breaks without them, in how many steps, and what.
fn shortest_known() -> [(Rule, Bounds, usize, Invariant); 12] {
    let with_crash = Bounds {
        crashes: 1,
        ..small()
    };
    let with_read = Bounds {
        reads: 1,
        ..small()
    };
    let two_commands = Bounds {
        commands: 2,
        ..small()
    };
    [
        (
            Rule::ApplyCommitted,
            small(),
            7,
            Invariant::LeaderCompleteness,
        ),
        (Rule::HigherTerm, small(), 7, Invariant::ElectionSafety),
        (Rule::StartElection, small(), 3, Invariant::OneVoteATerm),
        (Rule::CountVote, small(), 4, Invariant::ElectionSafety),
        (Rule::WinElection, small(), 2, Invariant::ElectionSafety),
        (Rule::OneVote, small(), 3, Invariant::OneVoteATerm),
        (Rule::UpToDate, small(), 9, Invariant::LeaderCompleteness),
        (
            Rule::KeepWithoutConflict,
            small(),
            9,
            Invariant::CommitMonotone,
        ),
        (
            Rule::AppendNew,
            with_crash,
            9,
            Invariant::LeaderCompleteness,
        ),
        (
            Rule::DeleteConflict,
            two_commands.clone(),
            12,
            Invariant::StateMachineSafety,
        ),
        (
            Rule::ReadOwnTerm,
            with_read,
            12,
            Invariant::LinearizableRead,
        ),
        (
            Rule::KeepNewerState,
            Bounds {
                terms: 1,
                snapshots: 2,
                ..two_commands
            },
            14,
            Invariant::CommitMonotone,
        ),
    ]
}

/// Plays the text of a playbook, in which something breaks that it expects.
fn breaks_as_it_expects(rule: Rule, playbook: &Playbook) {
    let text = playbook.to_string();
    let playbook: Playbook = text.parse().expect("a playbook");
    let mut trial = Trial::new(&playbook.setup);
    let played = script::play(&playbook, &text, &mut trial);
    assert!(played.is_ok(), "{rule:?}: {played:?}");
    let broken = trial.world().checker().violations();
    assert!(!broken.is_empty(), "{rule:?}");
    assert!(playbook.unexpected(trial.world()).is_none(), "{rule:?}");
}

fn instant(text: &str, events: u64) -> Result<Instant, Unsearchable> {
    let playbook: Playbook = text.parse().expect("a playbook");
    let mut trial = Trial::new(&playbook.setup);
    script::play(&playbook, text, &mut trial).expect("it plays");
    Instant::of(&playbook.setup, &trial, events)
}

/// A search from the first instant of a run looks at what one looks at that begins with the cluster.
#[test]
fn the_beginning_of_a_run_is_the_beginning_of_a_search() {
    let bounds = Bounds {
        commands: 0,
        symmetry: false,
        ..small()
    };
    let begun = instant("servers 3\n", 0).expect("it can be searched");
    let from = bounds.clone().from_instant(Arc::new(begun));
    let (with, without) = (searched(&from), searched(&bounds));
    assert_eq!(with.verdict, Verdict::Exhausted);
    let of = |report: &Report| {
        let now = report.progress;
        (now.states, now.transitions, now.depth)
    };
    assert_eq!(of(&with), of(&without));
}

/// From an instant on, what was done before it need not be done, and a counterexample is the run
/// up to there and what follows.
#[test]
fn a_search_goes_on_from_an_instant() {
    let text = "servers 3\nablate RV2-log\ntimeout S1\nrun 60ms\npartition S1 S2 | S3\npropose S1 x\nrun 5ms\n";
    let alone = shortest(&without(Rule::UpToDate, &small()));
    let last = instant(text, 9).expect("it can be searched");
    let from = small().from_instant(Arc::new(last));
    let counterexample = shortest(&from);
    assert_eq!(counterexample.broken, alone.broken);
    assert!(counterexample.depth < alone.depth, "{counterexample:?}");
    let text = counterexample
        .playbook(&from)
        .expect("the same system")
        .to_string();
    let playbook: Playbook = text.parse().expect("a playbook");
    let mut trial = Trial::new(&playbook.setup);
    script::play(&playbook, &text, &mut trial).expect("it breaks what it says");
}

/// A message that arrives in that very instant may as well arrive later, and the run up to there still
/// leads to what breaks.
#[test]
fn a_search_goes_on_while_a_message_arrives() {
    // S2 has answered, and S3's answer is due in the same microsecond.
    let text =
        "servers 3\nablate RV2-log\nlatency 10ms\ntimeout S1\nrun 40ms\npropose S1 x\nrun 30ms\n";
    let playbook: Playbook = text.parse().expect("a playbook");
    let mut trial = Trial::new(&playbook.setup);
    script::play(&playbook, text, &mut trial).expect("it plays");
    let is_due = |at: &Instant| {
        let world = at.world();
        let mut flights = world.network().flights().values();
        flights.any(|flight| flight.due_at == world.now())
    };
    let all = (0..trial.world().event_count()).map(|events| instant(text, events));
    let last = all.map_while(Result::ok).filter(is_due).last();
    let from = small().from_instant(Arc::new(last.expect("two arrive at once")));
    let counterexample = shortest(&from);
    let playbook = counterexample.playbook(&from).expect("the same system");
    breaks_as_it_expects(Rule::UpToDate, &playbook);
}

/// Both votes are in flight and no other term may begin, so that all that happens comes of what was
/// under way in the term of the run.
#[test]
fn what_is_in_flight_arrives_in_the_terms_of_the_run() {
    let voted = instant("servers 3\ntimeout S1\nrun 60ms\n", 3).expect("it can be searched");
    let bounds = Bounds {
        terms: 0,
        commands: 0,
        ..small()
    };
    let report = searched(&bounds.from_instant(Arc::new(voted)));
    assert_eq!(report.verdict, Verdict::Exhausted);
    assert!(report.progress.depth > 2, "{report:?}");
}

#[test]
fn instants_that_time_has_a_hand_in_are_refused() {
    for (text, why) in [
        ("servers 6\n", Unsearchable::Servers(5)),
        ("servers 3\nclients 1\n", Unsearchable::Clients),
        ("servers 3\npause S2\n", Unsearchable::Paused(NodeId(2))),
        ("servers 3\ndisk S3 5ms\n", Unsearchable::Slow(NodeId(3))),
    ] {
        let events = u64::from(text.lines().count() > 1 && !text.contains("clients"));
        assert_eq!(instant(text, events), Err(why), "{text}");
    }
}

/// Who may join, and what is asked of a leader, is tried out; nothing of it breaks anything.
#[test]
fn changes_transfers_and_reads_are_searched() {
    let bounds = Bounds {
        servers: 2,
        voters: Some(1),
        terms: 1,
        reads: 1,
        ..small()
    };
    let states = |bounds: &Bounds| {
        let report = searched(bounds);
        assert_eq!(report.verdict, Verdict::Exhausted, "{bounds:?}");
        report.progress.states
    };
    let still = states(&bounds);
    let changing = Bounds {
        changes: 1,
        ..bounds.clone()
    };
    assert!(states(&changing) > still);
    let handing_over = Bounds {
        voters: None,
        transfers: 1,
        terms: 2,
        commands: 0,
        reads: 0,
        ..bounds
    };
    let kept = Bounds {
        transfers: 0,
        ..handing_over.clone()
    };
    assert!(states(&handing_over) > states(&kept));
}

/// A configuration names servers, so that two states that differ in their numbers may differ in more.
#[test]
fn servers_are_told_apart_where_the_configuration_changes() {
    let bounds = Bounds {
        terms: 2,
        crashes: 0,
        changes: 1,
        ..small()
    };
    let report = searched(&bounds);
    assert_eq!(
        report.verdict,
        Verdict::Stopped,
        "nothing breaks in what is looked at"
    );
    let plain = Bounds {
        symmetry: false,
        ..bounds
    };
    assert_eq!(searched(&plain), report);
}

/// Numbers of servers make no difference to how soon something breaks.
#[test]
fn symmetry_hides_no_shorter_run() {
    for rule in [Rule::CountVote, Rule::HigherTerm, Rule::CommitMajority] {
        let bounds = without(rule, &small());
        let plain = Bounds {
            symmetry: false,
            ..bounds.clone()
        };
        let (one, all) = (shortest(&bounds), shortest(&plain));
        assert_eq!(one.depth, all.depth, "{rule:?}");
    }
}

#[test]
fn a_search_that_is_not_exhaustive_says_so() {
    let bounds = small();
    let stopped = explore(&bounds, LIMITS, |progress| progress.states < 1000);
    let stopped = stopped.expect("can be searched");
    assert_eq!(stopped.verdict, Verdict::Stopped);
    assert!(stopped.progress.waiting > 0);
    let little = Limits {
        bytes_max: 1 << 20,
        ..LIMITS
    };
    let full = explore(&bounds, little, |_| true).expect("can be searched");
    assert_eq!(full.verdict, Verdict::OutOfMemory);
}

#[test]
fn what_cannot_be_searched_is_refused() {
    for servers in [0, 6] {
        let bounds = Bounds { servers, ..small() };
        assert_eq!(
            explore(&bounds, LIMITS, |_| true),
            Err(Unbounded::Servers(5))
        );
    }
    let bounds = Bounds {
        features: [Feature::CheckQuorum].into(),
        ..small()
    };
    let refused = Err(Unbounded::Feature(Feature::CheckQuorum));
    assert_eq!(explore(&bounds, LIMITS, |_| true), refused);
}
