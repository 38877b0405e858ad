//! The search of all runs of a small cluster.

use raft_check::explore::{
    Bounds, Counterexample, Limits, Progress, Report, Unbounded, Verdict, explore,
};
use raft_core::Rule;
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
    let with_crash = Bounds {
        crashes: 1,
        ..small()
    };
    let expected = [
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
    ];
    for (rule, bounds, steps, broken) in expected {
        let bounds = without(rule, &bounds);
        let counterexample = shortest(&bounds);
        let found = (counterexample.depth, counterexample.broken);
        assert_eq!(found, (steps, broken), "{rule:?}");
        let playbook = counterexample.playbook(&bounds).expect("the same system");
        let text = playbook.to_string();
        let playbook: Playbook = text.parse().expect("a playbook");
        let mut trial = Trial::new(&playbook.setup);
        let played = script::play(&playbook, &text, &mut trial);
        assert!(played.is_ok(), "{rule:?}: {played:?}");
        let broken = trial.world().checker().violations();
        assert!(!broken.is_empty(), "{rule:?}");
        assert!(playbook.unexpected(trial.world()).is_none(), "{rule:?}");
    }
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
