//! A second opinion: stateright looks at the same clusters, as whole values and without symmetry,
//! and finds as many states, as deep.

mod model;

use raft_check::explore::{Bounds, Limits, Report, Verdict, explore};
use raft_core::{Rule, RuleSet};
use raft_sim::setup::Feature;

use model::{Found, searched};

fn ours(bounds: &Bounds) -> Report {
    let limits = Limits {
        workers: 1,
        bytes_max: usize::MAX,
    };
    explore(bounds, limits, |_| true).expect("it can be searched")
}

/// Three servers in one term, with nothing asked of them; each setting adds to it.
fn still() -> Bounds {
    Bounds {
        terms: 1,
        commands: 0,
        symmetry: false,
        ..Bounds::default()
    }
}

/// Small clusters, so that each thing that can happen happens in one.
fn settings() -> Vec<Bounds> {
    let pair = Bounds {
        servers: 2,
        ..still()
    };
    let any = Bounds {
        copies: None,
        ..still()
    };
    let alone = Bounds {
        servers: 1,
        ..still()
    };
    let mut all = vec![still(), any.clone()];
    let mut add = |to: &Bounds, change: fn(&mut Bounds)| {
        let mut bounds = to.clone();
        change(&mut bounds);
        all.push(bounds);
    };
    add(&any, |of| of.commands = 1);
    add(&any, |of| of.terms = 2);
    add(&pair, |of| (of.terms, of.commands) = (2, 1));
    add(&pair, |of| (of.copies, of.commands) = (Some(1), 1));
    add(&pair, |of| (of.crashes, of.terms) = (2, 2));
    add(&pair, |of| (of.commands, of.snapshots) = (2, 1));
    add(&pair, |of| (of.commands, of.reads) = (1, 2));
    add(&pair, |of| (of.terms, of.transfers) = (2, 1));
    add(&pair, |of| {
        (of.voters, of.changes, of.commands, of.copies) = (Some(1), 1, 1, None);
    });
    add(&pair, |of| {
        of.features = [Feature::PreVote, Feature::NoOp].into();
        of.copies = None;
    });
    add(&pair, |of| {
        of.features = [Feature::Pipelining, Feature::SnapshotChunks].into();
        (of.commands, of.snapshots, of.copies) = (2, 1, None);
    });
    add(&alone, |of| (of.terms, of.commands, of.crashes) = (3, 3, 2));
    all
}

#[test]
fn stateright_finds_as_many_states_as_deep() {
    for bounds in settings() {
        let report = ours(&bounds);
        assert_eq!(report.verdict, Verdict::Exhausted, "{bounds:?}");
        let expected = Found {
            states: report.progress.states,
            depth: report.progress.depth,
            broken: None,
        };
        assert_eq!(searched(&bounds), expected, "{bounds:?}");
    }
}

/// What breaks, and how soon, is the same with each reduction and without.
#[test]
fn stateright_finds_the_same_broken_as_soon() {
    let any = Bounds {
        terms: 2,
        copies: None,
        ..still()
    };
    let rules = [
        (Rule::StartElection, any.clone()),
        (Rule::CountVote, any.clone()),
        (Rule::WinElection, any.clone()),
        (Rule::OneVote, any.clone()),
        (
            Rule::CommitMajority,
            Bounds {
                commands: 1,
                ..any.clone()
            },
        ),
    ];
    for (rule, bounds) in rules {
        let bounds = Bounds {
            ablated: [rule].into_iter().collect::<RuleSet>(),
            ..bounds
        };
        let theirs = searched(&bounds).broken.expect("something breaks");
        for symmetry in [false, true] {
            let bounds = Bounds {
                symmetry,
                ..bounds.clone()
            };
            let Verdict::Broken(found) = ours(&bounds).verdict else {
                panic!("{rule:?}: nothing breaks");
            };
            assert_eq!(found.depth, theirs.0, "{rule:?}");
        }
    }
}
